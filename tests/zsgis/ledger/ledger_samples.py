"""A project of three squares, and what happens to it after its runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from layers.edits import ChangeFeature, Edit
from layers.locations import resource_path
from layers.store import Project
from tests.zsgis.stock_samples import at, project_with, three_parcels, two_zones


def sample_project(path: Path) -> Project:
    """Return a field, a factory and a laboratory of 100 m2 each, zones 甲 and 乙 over them."""
    return project_with(path, three_parcels(), two_zones())


def uid_of(project: Project, kind: str, name: str) -> tuple[str, str]:
    """Return a layer and the feature in it that has a name."""
    (info,) = project.layers_of(kind)
    frame = project.read(info.uid, columns=["name"])
    return info.uid, str(frame.index[frame["name"] == name][0])


def narrow_the_factory(project: Project) -> str:
    """Take the eastern 5 m off the factory (parcel 2): 50 m2 remain; return its uid."""
    layer, uid = uid_of(project, "land_use", "2")
    project.apply(Edit("改形状", (ChangeFeature(layer, uid, geometry=at(10, 0, 15, 10)),)))
    return uid


def own_rule(folder: Path, name: str = "fragmentation") -> Path:
    """Return a bureau's own copy of a rule file."""
    return Path(shutil.copy(resource_path("rules", f"{name}.toml"), folder / "own.toml"))
