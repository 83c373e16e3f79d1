"""Repairs worked out on a project's features, and written into the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from layers.checking.model import CheckReport
from layers.checking.repairs import Choices, Current, Repair, RepairPlan, complete_only, propose_repairs
from layers.edits import Change, ChangeFeature, Edit, Keep, RemoveFeature
from layers.errors import InputError
from layers.progress import Progress
from layers.store.values import plain_values
from layers.words import _

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class ProjectFeatures:
    """The features of a layer as they stand in the project now."""

    project: Project
    info: LayerInfo
    report: CheckReport

    @property
    def crs(self) -> Any:
        """The layer's coordinate system."""
        return self.info.crs

    @property
    def factors(self) -> tuple[float, float]:
        """Metres per unit of x and y, in the middle of the layer."""
        from math import cos, radians

        from layers.crs import metres_per_unit

        unit = metres_per_unit(self.info.crs)
        if not self.info.crs.is_geographic or self.info.bounds is None:
            return unit, unit
        return unit * cos(radians((self.info.bounds[1] + self.info.bounds[3]) / 2)), unit

    def features(self, rows: Sequence[int]) -> Mapping[int, Current]:
        """Return features by the rows they had when they were checked; those that are gone are left out."""
        known = {self.report.called.uid(row): row for row in rows}
        names = [field.name for field in self.info.fields]
        try:
            frame = self.project.read(self.info.uid, columns=[*names, "zs_version"], uids=list(known))
        except InputError:
            frame = self.project.read(self.info.uid, columns=[*names, "zs_version"])
            frame = frame[frame.index.isin(list(known))]
        found: dict[int, Current] = {}
        columns = {name: plain_values(frame[name]) for name in names}
        versions = [int(version) for version in frame["zs_version"]]
        for place, (uid, shape) in enumerate(frame.geometry.items()):
            values = {name: column[place] for name, column in columns.items()}
            found[known[str(uid)]] = Current(str(uid), versions[place], shape, values)
        return found

    def near(self, box: tuple[float, float, float, float]) -> Mapping[str, Any]:
        """Return the shapes that meet a box, by ``zs_uid``."""
        frame = self.project.read(self.info.uid, columns=[], bounds=box)
        return {str(uid): shape for uid, shape in frame.geometry.items()}


def plan_repairs(
    project: Project, report: CheckReport, numbers: Iterable[int], choices: Choices, progress: Progress
) -> RepairPlan:
    """Return what would repair some findings of a project's layer; nothing is changed.

    Raises
    ------
    InputError
        When the layer is no longer in the project.
    JobCancelled
        When the user stopped.
    """
    features = ProjectFeatures(project, project.layer(report.layer_uid), report)
    return propose_repairs(report, numbers, features, choices, progress)


def repair_edit(layer_uid: str, repairs: Sequence[Repair]) -> Edit:
    """Return repairs as one edit: all of them or none, one step of undo."""
    return Edit(
        _("Repair after a check"),
        tuple(_change(layer_uid, one) for one in repairs),
    )


def _change(layer_uid: str, repair: Repair) -> Change:
    if repair.removed:
        return RemoveFeature(layer_uid, repair.uid, repair.version)
    shape = Keep.SHAPE if repair.after is None else repair.after
    return ChangeFeature(
        layer_uid, repair.uid, shape, repair.values_after, repair.version, parents=repair.parents
    )


def chosen_only(plan: RepairPlan, uids: Iterable[str]) -> RepairPlan:
    """Return a plan with the repairs of some features only, without those that make no sense alone."""
    wanted = set(uids)
    return replace(plan, repairs=complete_only(one for one in plan.repairs if one.uid in wanted))
