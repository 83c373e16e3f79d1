"""Whether an evidence folder may leave the house: the highest secrecy in it, and on whose word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.errors import SecrecyError
from layers.secrecy import highest, is_secret
from layers.words import _

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.run_records.exports import Approval


def secrecy_of(project: Project) -> str:
    """Return the highest secrecy of a project's layers and of what its records were made from.

    Raises
    ------
    InputError
        For a word that is no level.
    """
    return highest(
        *(info.secrecy for info in project.layers()),
        *(str(record.get("secrecy") or "") for record in project.runs()),
    )


def require_allowed(project: Project, secrecy: str, approval: Approval) -> None:
    """Refuse a folder that is 秘密 or higher without an approval, or where it cannot be entered.

    Raises
    ------
    SecrecyError
    """
    if not is_secret(secrecy):
        return
    names = "、".join(info.name for info in project.layers() if is_secret(info.secrecy))
    if not approval.given:
        raise SecrecyError(
            _("The evidence folder would be {secrecy}: {layers}.").format(
                secrecy=secrecy, layers=names or _("recorded runs were made from secret layers")
            ),
            where=str(project.path),
            remedy=_("State who approved it and why; both are entered in the register of exports."),
        )
    if project.read_only:
        raise SecrecyError(
            _("Something secret is written only where it can be entered in the register of exports."),
            where=str(project.path),
            remedy=_("Open the project for writing."),
        )
