"""The dated rule that says which of the three great classes a disputed land class counts to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from layers.errors import InputError, UsageError
from layers.locations import resource_path
from layers.words import _


@dataclass(frozen=True)
class Topic:
    """One question about which sources disagree.

    Attributes
    ----------
    options : tuple of str
        The answers a bureau may choose from (农用地, 建设用地, 未利用地).
    choice : str
        The answer in force.
    choice_for : mapping
        A standard's key to an answer of its own.
    codes : mapping
        A standard's key to the codes the answer holds for.
    """

    key: str
    title: str
    options: tuple[str, ...]
    choice: str
    source: str
    codes: Mapping[str, tuple[str, ...]]
    choice_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LandClass3Rules:
    """The rule file as read, or with the bureau's own answers in place of its own."""

    key: str
    title: str
    version: str
    status: str
    source: str
    topics: tuple[Topic, ...]

    def choice(self, standard: str, code: str) -> str:
        """Return the great class the rule gives a code; empty where it says nothing about it."""
        for topic in self.topics:
            if code in topic.codes.get(standard, ()):
                return topic.choice_for.get(standard, topic.choice)
        return ""

    def with_choices(self, choices: Mapping[str, str]) -> LandClass3Rules:
        """Return the rule with other answers, by topic key; they hold for every standard.

        Raises
        ------
        UsageError
            When a topic is unknown or its options do not hold the answer.
        """
        known = {topic.key: topic for topic in self.topics}
        for key, answer in choices.items():
            if key not in known:
                raise UsageError(
                    _("There is no question “{key}” in rule “{rule}”.").format(key=key, rule=self.key),
                    remedy=_("Known: {names}").format(names=", ".join(known)),
                )
            if answer not in known[key].options:
                raise UsageError(
                    _("“{answer}” is not an answer to “{title}”.").format(
                        answer=answer, title=known[key].title
                    ),
                    remedy=_("Known: {names}").format(names=", ".join(known[key].options)),
                )
        topics = tuple(
            Topic(t.key, t.title, t.options, choices[t.key], t.source, t.codes) if t.key in choices else t
            for t in self.topics
        )
        return LandClass3Rules(self.key, self.title, self.version, self.status, self.source, topics)


@lru_cache(maxsize=8)
def land_class3_rules(name: str = "land_class3") -> LandClass3Rules:
    """Read a rule file by its name under ``resources/rules/``.

    Raises
    ------
    InputError
        When there is no such file, or an answer in force is not among its options.
    """
    path = resource_path("rules", f"{name}.toml")
    if not path.is_file():
        raise InputError(
            _("There is no rule file “{name}”.").format(name=name),
            where=path.name,
            remedy=_("Restore the file under resources/rules."),
        )
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    topics = tuple(_topic(entry, path.name) for entry in data["topics"])
    return LandClass3Rules(
        data["key"], data["title"], data["version"], data["status"], data["source"], topics
    )


def _topic(entry: Mapping[str, object], where: str) -> Topic:
    def text(key: str) -> str:
        return str(entry[key])

    def mapping(key: str) -> dict[str, object]:
        value = entry.get(key, {})
        return dict(value) if isinstance(value, dict) else {}

    options = entry["options"]
    topic = Topic(
        key=text("key"),
        title=text("title"),
        options=tuple(str(option) for option in options) if isinstance(options, list) else (),
        choice=text("choice"),
        source=text("source"),
        codes={
            key: tuple(str(code) for code in codes) if isinstance(codes, list) else ()
            for key, codes in mapping("codes").items()
        },
        choice_for={key: str(value) for key, value in mapping("choice_for").items()},
    )
    for answer in (topic.choice, *topic.choice_for.values()):
        if answer not in topic.options:
            raise InputError(
                _("“{answer}” is not an answer to “{title}”.").format(answer=answer, title=topic.title),
                where=where,
                remedy=_("Known: {names}").format(names=", ".join(topic.options)),
            )
    return topic
