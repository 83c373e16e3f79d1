"""Where a picture's file lies: remembered from the project's folder, so that both can move together."""

from __future__ import annotations

from pathlib import Path

from layers.pictures.model import Picture


def remembered_path(file: Path, project_folder: Path) -> str:
    """Return a file's path as a project keeps it: relative where the file lies in the project's folder."""
    whole, folder = file.absolute(), project_folder.absolute()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else str(whole)


def resolved(picture: Picture, project_folder: Path) -> Picture:
    """Return a picture with an absolute path, where it has a path at all."""
    path = getattr(picture, "path", None)
    if path is None:
        return picture
    return picture.model_copy(update={"path": str(project_folder.absolute() / path)})
