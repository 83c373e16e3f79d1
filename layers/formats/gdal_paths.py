"""Which paths GDAL's bridge takes as they are: it reads others as addresses of something else."""

from __future__ import annotations

from pathlib import Path

from layers.errors import InputError
from layers.words import _

_SIGNS = (";", "!")


def require_plain_path(path: Path, shown: str) -> None:
    """Refuse a path that would be cut at a sign in it.

    Parameters
    ----------
    shown : str
        What the error calls it.

    Raises
    ------
    InputError
        When it is such a path.
    """
    from pyogrio.util import vsi_path

    if any(sign in str(path) for sign in _SIGNS) and vsi_path(str(path)) != str(path):
        raise InputError(
            _(
                "The name of the file or of a folder above it holds a sign that cannot stand there: {signs}"
            ).format(signs=" ".join(sign for sign in _SIGNS if sign in str(path))),
            where=shown,
            remedy=_("Rename it, or use another folder."),
        )
