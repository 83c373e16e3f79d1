"""What class and whose land a feature is, by the rule of its section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.classification import LandClass3Rules, Standard
from layers.classification.model import UNKNOWN_COLOR
from layers.kinds import code_names, kind
from layers.ownership import Ownership
from layers.words import _
from zsgis.redline.model import ClassKey
from zsgis.redline.near import Near
from zsgis.redline.rules import Effect, RedlineRules, SectionRule, heaviest

GREAT_CLASSES = ("农用地", "建设用地", "未利用地", "海域", "非建设用地", "混合", "")
"""三大类 and what stands beside them, in the order printed; empty where it cannot be told."""

_BETWEEN = " / "


@dataclass(frozen=True)
class Reading:
    """What a section's features are read by.

    Attributes
    ----------
    of : Standard or None
        Land classification of the layer's codes.
    great : LandClass3Rules
        Which of the three great classes a disputed class counts to.
    """

    rule: SectionRule
    rules: RedlineRules
    of: Standard | None
    great: LandClass3Rules

    def keys(self, near: Near) -> tuple[ClassKey, ...]:
        """Return each feature's class, n of them."""
        by_values: dict[tuple[str, ...], ClassKey] = {}
        fields = (
            *self.rule.class_fields,
            *([self.rule.presence.field] if self.rule.presence else []),
        )
        rows = zip(*(near.values[name] for name in fields), strict=True) if fields else [()] * len(near.uids)
        found = []
        for row in rows:
            if row not in by_values:
                by_values[row] = self._key(near.info.kind, dict(zip(fields, row, strict=True)))
            found.append(by_values[row])
        return tuple(found)

    def owners(self, near: Near) -> tuple[Ownership | None, ...]:
        """Return whose land each feature is, n of them; None where the section does not ask."""
        name = self.rule.ownership_field
        if not name:
            return (None,) * len(near.uids)
        return tuple(self.rules.ownership.whose(value) for value in near.values[name])

    def effect(self, key: ClassKey) -> Effect:
        """Return what a hit on a class means."""
        own = [self.rule.effects[value] for value in (key.label, *key.values) if value in self.rule.effects]
        return self.rule.weighed(heaviest(*own) if own else self.rule.hit)

    def _key(self, kind_key: str, row: dict[str, str]) -> ClassKey:
        class_field = kind(kind_key).class_field
        words, values = [], []
        if self.rule.presence is not None:
            presence = self.rule.presence
            words.append(presence.filled if row[presence.field] else presence.empty)
            values.append(words[0])
        code = ""
        for name in self.rule.class_fields:
            if name == class_field and self.of is not None:
                code = self.of.normalise(row[name])
                words.append(self._class_words(code))
                values.append(code)
            elif row[name]:
                words.append(code_names(kind_key, name).get(row[name], row[name]))
                values.append(row[name])
        label = _BETWEEN.join(word for word in words if word)
        parent = self.of.ancestor(code, 1) if self.of is not None and code else ""
        return ClassKey(
            label=label or self.rule.class_as or _("(not stated)"),
            code=code,
            great_class=self._great_class(code) if self.rule.land_classes else "",
            parent=parent,
            parent_name=self.of.name(parent) if self.of is not None and parent else "",
            values=tuple(values),
            color=self.of.color(code) if self.of is not None else UNKNOWN_COLOR,
        )

    def _class_words(self, code: str) -> str:
        if not code or self.of is None:
            return _("Unclassified")
        name = self.of.name(code)
        return code if name == code else f"{code} {name}"

    def _great_class(self, code: str) -> str:
        if self.of is None or not code:
            return ""
        land_class = self.of.classes.get(code)
        told = self.great.choice(self.of.key, code) or (land_class.land_class3 if land_class else "")
        return told if told in GREAT_CLASSES else ""

    def ordered(self, keys: Sequence[ClassKey]) -> tuple[ClassKey, ...]:
        """Return the distinct classes as they are printed: by great class and standard, else by name."""

        def place(key: ClassKey) -> tuple[object, ...]:
            in_standard = self.of.sort_key(key.code) if self.of is not None and key.code else (0, "")
            return GREAT_CLASSES.index(key.great_class), not key.code, in_standard, key.label

        return tuple(sorted(set(keys), key=place))
