"""Everything a folder is made from, gathered before anything is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.evidence.inputs import layer_documents
from zsgis.evidence.model import EvidenceOrder
from zsgis.evidence.packing import safe_name
from zsgis.evidence.run_files import pictures_of
from zsgis.ledger.entries import Ledger, ledger_of
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.verifying import standings, verify
from zsgis.result import Result
from zsgis.run_records import KeptRun

if TYPE_CHECKING:
    from layers.store import Project


@dataclass(frozen=True)
class Gathered:
    """What goes into a folder.

    Attributes
    ----------
    layers : list of dict
        As the layers stood, with their fingerprints.
    records : mapping
        The records of the runs as the project keeps them, by uid.
    pictures : mapping
        Files of charts and maps by the uid of the run they belong to.
    """

    layers: list[dict[str, Any]]
    standings: tuple[RunStanding, ...]
    records: Mapping[str, Mapping[str, Any]]
    ledger: Ledger
    pictures: Mapping[str, tuple[Path, ...]]
    notes: tuple[str, ...]


class _Pictures:
    """Charts and maps drawn as results come by, so that no result is held longer than needed."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._drawn: dict[str, tuple[Path, ...]] = {}

    def draw(self, key: str, result: Result) -> None:
        folder = self._place / safe_name(f"{len(self._drawn):04d}")
        folder.mkdir()
        files = []
        for name, content in pictures_of(result):
            file = folder / name
            file.write_bytes(content)
            files.append(file)
        self._drawn[key] = tuple(files)

    def of(self, key: str) -> tuple[Path, ...] | None:
        return self._drawn.get(key)


def gather(project: Project, order: EvidenceOrder, place: Path, progress: Progress) -> Gathered:
    """Look at layers, runs and ledger of a project.

    Parameters
    ----------
    place : Path
        A folder of its own for pictures.

    Raises
    ------
    InputError
        When indicators, or the rule for lights, cannot be used.
    JobCancelled
        When the user stopped.
    """
    layers = layer_documents(project, ProgressPart(progress, 0.0, 0.15))
    pictures = _Pictures(place)
    looking = ProgressPart(progress, 0.15, 0.75)
    found = (
        verify(project, looking, made=lambda run, result: pictures.draw(_key(run), result))
        if order.again
        else standings(project, looking)
    )
    ledger = ledger_of(
        project,
        order.plan,
        order.on,
        ProgressPart(progress, 0.75, 0.85),
        folders=order.folders,
        lights=order.lights,
        found=found,
    )
    records = {str(record.get("uid", "")): record for record in project.runs()}
    chosen, notes = _chosen(found, order, pictures, ProgressPart(progress, 0.85, 1.0))
    return Gathered(layers, found, records, ledger, chosen, notes)


def _key(run: KeptRun) -> str:
    return json.dumps([run.capability, run.parameters], sort_keys=True, default=str)


def _chosen(
    found: tuple[RunStanding, ...], order: EvidenceOrder, pictures: _Pictures, progress: Progress
) -> tuple[dict[str, tuple[Path, ...]], tuple[str, ...]]:
    """Return the pictures of runs: of a result at hand, or made again where that gave the same figures."""
    chosen: dict[str, tuple[Path, ...]] = {}
    without = []
    for number, standing in enumerate(found):
        run = standing.run
        if not isinstance(run, KeptRun):
            continue
        progress.step(number / len(found), _("Charts and maps"))
        if run.uid in order.results:
            pictures.draw(run.uid, order.results[run.uid])
            chosen[run.uid] = pictures.of(run.uid) or ()
        elif standing.current and (made := pictures.of(_key(run))) is not None:
            chosen[run.uid] = made
        else:
            without.append(str(standing.number))
    if not without:
        return chosen, ()
    text = _(
        "Runs {numbers} have no charts and maps: these are not kept with a run, and were not made again."
    )
    return chosen, (text.format(numbers="、".join(without)),)
