"""The commands that look back: a feature's history, a project's edits, all as it was at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.words import _
from zsgis.commands.console import Outcome, run_command

if TYPE_CHECKING:
    from layers.edits import EditHead, FeatureVersion
    from layers.progress import Progress
    from layers.store import LayerInfo, Project


def add_history_commands(app: typer.Typer) -> None:
    """Add ``zsgis history``, ``zsgis edits`` and ``zsgis restore`` to the command line."""

    @app.command("history", help=_("Tell how a feature came to be what it is: who, when, what."))
    def history(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        layer: Annotated[str, typer.Argument(help=_("Name of the layer."), metavar="LAYER")],
        feature: Annotated[
            str, typer.Argument(help=_("Its identifier (zs_uid), or its name."), metavar="FEATURE")
        ],
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        run_command(lambda _progress: tell_history(project, layer, feature), as_json=as_json)

    @app.command("edits", help=_("List the edits of a project, the latest first."))
    def edits(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        layer: Annotated[str, typer.Option(help=_("Only edits of this layer."))] = "",
        limit: Annotated[int, typer.Option(min=1, help=_("How many at most."))] = 50,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        run_command(lambda _progress: list_edits(project, layer, limit), as_json=as_json)

    @app.command("restore", help=_("Put the features of all layers back to how they stood at a moment."))
    def restore(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        at: Annotated[
            str, typer.Option("--at", help=_("When: 2026-11-22, or 2026-11-22T14:30:00; local time."))
        ],
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        run_command(lambda progress: restore_project(project, at, progress), as_json=as_json)


def tell_history(path: Path, layer: str, feature: str) -> Outcome:
    """Return the history of one feature."""
    from layers.store import Project
    from zsgis.merging.origins import origin_document, origin_line, origins_of

    with Project.open(path, read_only=True) as project:
        info = project.layer(layer)
        zs_uid = _feature(project, info, feature)
        versions = project.history(info.uid, zs_uid)
        origins = origins_of(project, info.uid, zs_uid)
    aliases = {one.name: one.alias for one in info.fields} | {"geometry": _("shape")}
    document = {
        "layer": info.name,
        "feature": zs_uid,
        "history": [_version_document(version) for version in versions],
        "in_copies": [origin_document(origin) for origin in origins],
    }
    lines = tuple(
        line
        for before, version in zip((None, *versions), versions, strict=False)
        for line in _version_lines(before, version, aliases)
    )
    return Outcome(document, (*lines, *(origin_line(origin) for origin in origins)))


def list_edits(path: Path, layer: str, limit: int) -> Outcome:
    """Return the latest edits of a project or a layer."""
    from layers.store import Project

    with Project.open(path, read_only=True) as project:
        heads = project.edits(layer_uid=project.layer(layer).uid if layer else "", limit=limit)
    lines = tuple(f"{_head_line(head)}  {_features(head.count)}" for head in heads)
    return Outcome({"edits": [_head_document(head) for head in heads]}, lines or (_("Nothing was edited."),))


def restore_project(path: Path, at: str, progress: Progress) -> Outcome:
    """Put a project back to a moment; one step of undo."""
    from zsgis.sharing.opening import open_to_write

    moment = parse_moment(at)
    with open_to_write(path, progress) as project:
        record = project.restore(moment, progress)
        later = _layers_since(project, moment)
        names = {info.uid: info.name for info in project.layers()}
    said = [] if record is None else [_head_line(record.head), _features(record.head.count)]
    lines = [" ".join(said) or _("Everything stands as it did then; nothing was changed.")]
    if later["added"]:
        lines.append(_("Came later and stay as they are: {names}").format(names="、".join(later["added"])))
    if later["removed"]:
        lines.append(
            _("Were removed later and come back from a backup only: {names}").format(
                names="、".join(later["removed"])
            )
        )
    return Outcome(
        {
            "at": moment.isoformat(),
            "edit": None if record is None else _head_document(record.head),
            "layers": [] if record is None else [names.get(uid, uid) for uid in record.layer_versions],
            "layers_added_later": later["added"],
            "layers_removed_later": later["removed"],
        },
        tuple(lines),
    )


def parse_moment(text: str) -> datetime:
    """Return a moment from what was typed, local time where it names no zone; a day means its end.

    Raises
    ------
    UsageError
        When it is none.
    """
    from layers.errors import UsageError

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            _("“{text}” is no moment.").format(text=text),
            remedy=_("Write it like 2026-11-22T14:30:00."),
        ) from error
    if len(text.strip()) <= len("2026-11-22"):
        moment += timedelta(days=1) - timedelta(milliseconds=1)
    return moment.astimezone()


def _feature(project: Project, info: LayerInfo, said: str) -> str:
    from layers.errors import InputError
    from layers.kinds import kind
    from layers.store.uids import is_uid

    if is_uid(said):
        return said
    column = kind(info.kind).name_field
    frame = project.read(info.uid, columns=[column])
    found = [str(uid) for uid in frame.index[frame[column] == said]]
    if len(found) == 1:
        return found[0]
    raise InputError(
        _("{count} features of layer “{layer}” are called “{name}”.").format(
            count=len(found), layer=info.name, name=said
        ),
        remedy=_("Give the identifier (zs_uid) instead: {uids}").format(uids=", ".join(found[:5]))
        if found
        else _("Give the identifier (zs_uid) instead; a removed feature has no name any more."),
    )


def _layers_since(project: Project, moment: datetime) -> dict[str, list[str]]:
    """Return the names of layers that were added and removed after a moment."""
    told: dict[str, list[str]] = {"added": [], "removed": []}
    words = {"add_layer": ("added", "after"), "remove_layer": ("removed", "before")}
    for entry in project.journal():
        if entry["action"] in words and datetime.fromisoformat(entry["time"]) > moment:
            where, side = words[entry["action"]]
            told[where].append(str((entry[side] or {}).get("name", "")))
    return told


def _head_document(head: EditHead) -> dict[str, Any]:
    return {
        "uid": head.uid,
        "number": head.number,
        "time": head.time.isoformat(),
        "who": head.author.name,
        "machine": head.author.machine,
        "what": head.title,
        "kind": head.kind.value,
        "features": head.count,
        "reason": head.reason,
    }


def _version_document(version: FeatureVersion) -> dict[str, Any]:
    state = version.state
    return {
        **_head_document(version.head),
        "changed": list(version.changed),
        "parents": list(version.parents),
        "certain": version.certain,
        "version": None if state is None else state.version,
        "values": None if state is None else dict(state.values),
        "wkt": None if state is None or state.geometry is None else state.geometry.wkt,
    }


def _version_lines(
    before: FeatureVersion | None, version: FeatureVersion, aliases: dict[str, str]
) -> list[str]:
    lines = [_head_line(version.head)]
    old = before.state if before is not None else None
    new = version.state
    if not version.certain:
        lines.append("    " + _("How it stood here cannot be told: another program changed it later."))
    elif new is None:
        lines.append("    " + _("removed"))
    elif old is not None:
        for name in version.changed:
            then, now = (
                ("", "")
                if name == "geometry"
                else (_plain(old.values.get(name)), _plain(new.values.get(name)))
            )
            said = f"{then} → {now}" if name != "geometry" else _("changed")
            lines.append(f"    {aliases.get(name, name)}: {said}")
    if version.parents:
        lines.append("    " + _("made from {uids}").format(uids=", ".join(version.parents)))
    return lines


def _head_line(head: EditHead) -> str:
    time = head.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    who = "@".join(part for part in (head.author.name, head.author.machine) if part)
    kinds = {"undo": _("Undo"), "redo": _("Redo")}
    word = kinds.get(head.kind.value, "")
    return f"{time}  {who}  {word} {head.title}".replace("   ", "  ")


def _features(count: int) -> str:
    return _("{count} features").format(count=f"{count:,}")


def _plain(value: Any) -> str:
    return "-" if value is None else str(value)
