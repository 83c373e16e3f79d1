"""Filters a project keeps: those with a name, and the last ones used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.filtering import MOST_CHARACTERS

if TYPE_CHECKING:
    from layers.store import Project

SETTING = "filters"
_MOST_USED = 20
_MOST_NAMED = 500


class KeptFilter(BaseModel):
    """A filter and the layer it is for; ``name`` is empty for one that was only used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: str = Field(max_length=64)
    text: str = Field(max_length=MOST_CHARACTERS)
    name: str = Field(default="", max_length=200)


class KeptFilters(BaseModel):
    """The filters of a project; ``used`` has the latest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    named: tuple[KeptFilter, ...] = Field(default=(), max_length=_MOST_NAMED)
    used: tuple[KeptFilter, ...] = Field(default=(), max_length=_MOST_USED)

    @classmethod
    def of(cls, project: Project) -> KeptFilters:
        """Return what a project keeps, as :meth:`read`."""
        return cls.read(project.setting(SETTING, {}))

    @classmethod
    def read(cls, stored: Any) -> KeptFilters:
        """Return what was stored; an entry that is not of this form is passed over, the others stay."""
        parts = stored if isinstance(stored, dict) else {}
        return cls(
            named=_entries(parts.get("named"))[-_MOST_NAMED:], used=_entries(parts.get("used"))[:_MOST_USED]
        )

    def with_used(self, layer: str, text: str) -> KeptFilters:
        """Return the filters with this one as the latest."""
        rest = [kept for kept in self.used if (kept.layer, kept.text) != (layer, text)]
        used = (KeptFilter(layer=layer, text=text), *rest)
        return KeptFilters(named=self.named, used=used[:_MOST_USED])

    def with_named(self, name: str, layer: str, text: str) -> KeptFilters:
        """Return the filters with this one under a name; one of the same name and layer gives way."""
        named = (*self.without(name, layer).named, KeptFilter(layer=layer, text=text, name=name))
        return KeptFilters(named=named[-_MOST_NAMED:], used=self.used)

    def without(self, name: str, layer: str) -> KeptFilters:
        """Return the filters without the one of this name."""
        named = tuple(kept for kept in self.named if (kept.name, kept.layer) != (name, layer))
        return KeptFilters(named=named, used=self.used)

    def of_layer(self, layer: str) -> tuple[KeptFilter, ...]:
        """Return a layer's filters: those with a name in its order, then the latest used."""
        named = sorted((kept for kept in self.named if kept.layer == layer), key=lambda kept: kept.name)
        return (*named, *(kept for kept in self.used if kept.layer == layer))


def _entries(stored: Any) -> tuple[KeptFilter, ...]:
    found = []
    for entry in stored if isinstance(stored, list | tuple) else ():
        try:
            found.append(KeptFilter.model_validate(entry))
        except ValidationError:
            continue
    return tuple(found)
