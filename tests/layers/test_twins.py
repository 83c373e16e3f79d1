"""Features that another program copied from one layer into another, with their identifier."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from layers.edits import ChangeFeature, Edit, RemoveFeature
from layers.findings import Severity
from layers.progress import NoProgress
from layers.store import LayerInfo, Project
from layers.store.naming import quoted
from layers.store.uids import is_uid
from tests.layers.store_samples import add_parcels, new_project
from tests.layers.test_edits import change_name_elsewhere
from zsgis.checking.checking import check_project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of two layers; another program pasted two features of the first into the second."""
    with new_project(tmp_path) as project:
        source, target = add_parcels(project), add_parcels(project, 2, "另一图层")
        path, uids = project.path, uids_of(project, source)
        project.apply(Edit("改", (ChangeFeature(source.uid, uids[0], values={"name": "甲"}),)))
    paste(path, source, target, uids[:2])
    return path


def paste(path: Path, source: LayerInfo, target: LayerInfo, uids: list[str]) -> None:
    with sqlite3.connect(path) as other:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(name, 1, lambda _blob: 0)
        for uid in uids:
            copy = (
                "INSERT INTO {target} (zs_uid, zs_version, name)"
                " SELECT zs_uid, zs_version, name FROM {source} WHERE zs_uid = ?"
            )
            other.execute(copy.format(target=quoted(target.table), source=quoted(source.table)), (uid,))
    other.close()


def uids_of(project: Project, layer: LayerInfo) -> list[str]:
    return [state.zs_uid for state in project.states(layer.uid)]


def layers_of(project: Project) -> tuple[LayerInfo, LayerInfo]:
    """Return the layer that was copied from and the one that was pasted into."""
    first, second = sorted(project.layers(), key=lambda layer: layer.feature_count)
    return first, second


def test_copies_between_layers_get_identifiers_of_their_own_and_it_is_told(path: Path) -> None:
    with Project.open(path, read_only=True) as project:
        assert project.parted == ()
        source, target = layers_of(project)
        known, doubled = uids_of(project, source), uids_of(project, target)
        assert set(known) & set(doubled) == set(known[:2])
        versions = {layer.uid: layer.version for layer in project.layers()}
    with Project.open(path) as project:
        assert [(one.layer, one.count) for one in project.parted] == [(target.name, 2)]
        assert uids_of(project, source) == known
        now = uids_of(project, target)
        assert now[:2] == doubled[:2]
        assert all(is_uid(uid) for uid in now)
        assert not set(now) & set(known)
        assert {layer.uid: layer.version for layer in project.layers()} == {
            **versions,
            target.uid: versions[target.uid] + 1,
        }
        # what a drawing or a merge knows of the layer does not hold any more, and nobody says it does
        assert project.changes_since(target.uid, versions[target.uid]) is None
        assert [one.certain for one in project.history(source.uid, known[0])] == [True, True]
        assert not project.history(target.uid, now[2])[0].certain
        project.apply(Edit("删", (RemoveFeature(target.uid, now[2]),)))
        project.undo()
        assert uids_of(project, target) == now
    with Project.open(path) as project:
        assert project.parted == ()


def test_the_check_of_a_project_names_them(path: Path) -> None:
    """Opened to read, nothing is parted; opened to write there is nothing left to find."""
    with Project.open(path, read_only=True) as project:
        source, target = layers_of(project)
        doubled = set(uids_of(project, source)) & set(uids_of(project, target))
        assert project.doubled_uids(source.uid) == dict.fromkeys(doubled, target.name)
        reports = {report.layer: report for report in check_project(project, (), NoProgress())}
        for here, there in ((source, target), (target, source)):
            report = reports[here.name]
            findings = [report.finding(number) for number in report.numbers("key.doubled_uid")]
            assert {finding.uid for finding in findings} == doubled
            assert {finding.wanted for finding in findings} == {there.name}
            assert all(there.name in finding.text for finding in findings)
            assert {finding.severity for finding in findings} == {Severity.ERROR}
    with Project.open(path) as project:
        for report in check_project(project, (), NoProgress()):
            assert list(report.numbers("key.doubled_uid")) == []


def test_what_was_changed_outside_and_then_copied_keeps_its_identifier(path: Path) -> None:
    with Project.open(path) as project:
        source, target = layers_of(project)
        third = uids_of(project, source)[2]
    change_name_elsewhere(path, third, "外改")
    paste(path, source, target, [third])
    with Project.open(path) as project:
        assert [one.layer for one in project.parted] == [target.name]
        assert third in uids_of(project, source)
        assert third not in uids_of(project, target)
