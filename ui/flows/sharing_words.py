"""What is said above the map of how a project stands among several people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.words import _

if TYPE_CHECKING:
    from zsgis.sharing.standing import SharedState

Verbs = tuple[tuple[str, str], ...]


def said_of(state: SharedState) -> tuple[str, Verbs]:
    """Return what is said above the map, and the verbs beside it."""
    from zsgis.sharing.standing import Role
    from zsgis.sharing.words import owner_text, since_text

    copy = ("copy", _("Take a working copy"))
    reload = (("reload", _("Show what is new")),) if state.updated else ()
    if state.role is Role.LOST:
        return state.why_lost, (("rescue", _("Go on in a working copy")),)
    if state.role is Role.OWNER:
        return _said_of_copy(state)
    if state.role is Role.READER:
        who = owner_text(state.owner)
        since = since_text(state.owner) if state.owner is not None else ""
        text = _("For reading only: {who} has been working in it since {since}.").format(who=who, since=since)
        news = _("There is something new.") if state.updated else ""
        return f"{text}{news}", (*reload, copy, ("wait", _("Edit as soon as it is free")))
    if state.role is Role.FREE:
        return _("Open for reading; nobody is working in it now."), (
            *reload,
            ("edit", _("Start editing")),
        )
    if state.role is Role.NEWER:
        return _("Made by a newer version of the program: what is known is shown, nothing changed."), reload
    return (_("There is something new."), reload) if state.updated else ("", ())


def _said_of_copy(state: SharedState) -> tuple[str, Verbs]:
    origin = state.origin
    if origin is None:
        return "", ()
    taken = origin.taken.astimezone().strftime("%Y-%m-%d %H:%M")
    text = _("Working copy of {name}, taken {time}.").format(name=origin.project.stem, time=taken)
    if origin.handed_in is not None:
        when = origin.handed_in.astimezone().strftime("%Y-%m-%d %H:%M")
        return text + _("Handed in {time}.").format(time=when), ()
    return text, (("hand_in", _("Hand it in…")),)
