"""KML as bytes: from the file itself, or from inside a KMZ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.formats.xml_guard import FILE_BYTES_AT_MOST, XmlText, decoded, read_bounded
from layers.formats.zip_guard import ZipLimits, holds_archives, list_members, open_members
from layers.progress import Progress
from layers.words import _

_LIMITS = ZipLimits(
    member_bytes=FILE_BYTES_AT_MOST, total_bytes=2 * FILE_BYTES_AT_MOST, ratio_from_bytes=64 * 2**20
)


@dataclass(frozen=True)
class OpenedKml:
    """A KML file in UTF-8.

    Attributes
    ----------
    where : str
        The file, and for a KMZ the file inside it.
    left_out : tuple of str
        Other KML files in a KMZ, which the first one may point to.
    """

    text: XmlText
    where: str
    left_out: tuple[str, ...]


def open_kml(path: Path, encoding: str, progress: Progress) -> OpenedKml:
    """Return the KML of a file, told apart by its first bytes and not by its name.

    Raises
    ------
    InputError
        When it cannot be read, or a KMZ holds no KML or several and no ``doc.kml``.
    """
    with_zip = _is_zip(path)
    if not with_zip:
        return OpenedKml(decoded(read_bounded(path), str(path), encoding), str(path), ())
    members = list_members(path, limits=_LIMITS)
    names = [member.name for member in members if member.suffix == ".kml"]
    if not names:
        archives = holds_archives(members)
        raise InputError(
            _("The KMZ holds no KML."),
            where=str(path),
            remedy=_("It holds another archive ({name}): unpack that one.").format(name=archives[0])
            if archives
            else _("Check that it is what its name says and that it is whole."),
        )
    main = _main(path, names)
    body = next(body for name, body in open_members(path, wanted=(".kml",), limits=_LIMITS) if name == main)
    progress.step(0.0, _("Reading features"))
    where = f"{path} / {main}"
    if not body:
        raise InputError(_("The file is empty."), where=where, remedy=_("Get the file once more."))
    return OpenedKml(decoded(body, where, encoding), where, tuple(name for name in names if name != main))


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False  # reading says what is wrong


def _main(path: Path, names: list[str]) -> str:
    main = next((name for name in names if name.lower() == "doc.kml"), names[0])
    if len(names) > 1 and main.lower() != "doc.kml":
        raise InputError(
            _("The KMZ holds {count} KML files and does not say which comes first.").format(count=len(names)),
            where=str(path),
            remedy=_("Unpack it and import them one by one: {names}").format(names="、".join(names[:10])),
        )
    return main
