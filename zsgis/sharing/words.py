"""How it is said who has a project."""

from __future__ import annotations

from layers.store.owner_lock import Owner
from layers.words import _


def owner_text(owner: Owner | None) -> str:
    """Return who an owner is: a name and a computer."""
    if owner is None:
        return _("Somebody")
    if not owner.name:
        return _("Somebody at computer {machine}").format(machine=owner.machine)
    return _("{name} at computer {machine}").format(name=owner.name, machine=owner.machine)


def since_text(owner: Owner) -> str:
    """Return since when somebody has a project, by his own clock."""
    return owner.since.strftime("%Y-%m-%d %H:%M")
