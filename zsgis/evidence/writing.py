"""Writing an evidence folder: gathered, packed, proved, entered in the register."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.edits import Author
from layers.errors import InputError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.standing import is_schematic
from layers.whole_file import whole_file
from layers.words import _
from zsgis import __version__
from zsgis.evidence.gathering import Gathered, gather
from zsgis.evidence.inputs import pack_inputs
from zsgis.evidence.ledger_files import pack_ledger
from zsgis.evidence.log import pack_log
from zsgis.evidence.model import (
    FORM,
    FORM_VERSION,
    MANIFEST,
    README,
    SUMS,
    WHAT,
    EvidenceOrder,
    EvidenceReport,
)
from zsgis.evidence.packing import Forward, Packer
from zsgis.evidence.readme import readme_text
from zsgis.evidence.rule_copies import pack_rules
from zsgis.evidence.run_files import folder_of, pack_run
from zsgis.evidence.secrecy import require_allowed, secrecy_of
from zsgis.evidence.sheet_files import pack_sheets
from zsgis.ledger.indicators import plan_folder
from zsgis.run_records import KeptRun
from zsgis.run_records.exports import ExportNote, FileNote, record_export

if TYPE_CHECKING:
    from layers.store import Project

_CHUNK = 1 << 20


def write_evidence(
    project: Project, order: EvidenceOrder, progress: Progress | None = None
) -> EvidenceReport:
    """Write the evidence folder of a project and enter it in the project's register of exports.

    The file appears whole or not at all. The same project, order and records give the same file.

    Raises
    ------
    SecrecyError
        When something in it is 秘密 or higher and nobody approved, or it could not be entered.
    InputError
        When the file exists already or cannot be written, or the project was changed meanwhile.
    JobCancelled
        When the user stopped; nothing is left behind.
    """
    reporter = progress or NoProgress()
    secrecy = secrecy_of(project)
    require_allowed(project, secrecy, order.approval)
    _require_place(project, order)
    versions = _versions(project)
    with tempfile.TemporaryDirectory(prefix="zsgis-evidence-") as place:
        gathered = gather(project, order, Path(place), ProgressPart(reporter, 0.0, 0.8))
        with whole_file(order.out, _("The evidence folder cannot be written: {reason}")) as draft:
            packing = _Packing(project, order, gathered, secrecy)
            files = packing.write(draft, Forward(ProgressPart(reporter, 0.8, 0.99)))
            digest = _sha256(draft)
            if _versions(project) != versions:
                raise InputError(
                    _("The project was changed while its evidence was gathered."),
                    where=str(project.path),
                    remedy=_("Write the evidence folder again."),
                )
            # from here on it is there: nobody can stop it any more
            reporter.step(1.0)
    registered = _entered(project, order, secrecy, digest, demo=packing.demo)
    found = gathered.standings
    return EvidenceReport(
        path=order.out,
        sha256=digest,
        files=files,
        runs=len(found),
        holding=sum(1 for standing in found if standing.current),
        secrecy=secrecy,
        notes=packing.notes,
        registered=registered,
    )


def _require_place(project: Project, order: EvidenceOrder) -> None:
    if project.holds(order.out):
        raise InputError(
            _("The evidence folder cannot be written onto the project file itself."),
            where=str(order.out),
            remedy=_("Choose another name."),
        )
    if order.out.exists() and not order.overwrite:
        raise InputError(
            _("The file exists already; it was left as it is."),
            where=str(order.out),
            remedy=_("Choose another name, or allow overwriting."),
        )
    if not order.out.parent.is_dir():
        raise InputError(
            _("The folder does not exist."),
            where=str(order.out.parent),
            remedy=_("Make the folder first."),
        )


def _versions(project: Project) -> dict[str, int]:
    return {info.uid: info.version for info in project.layers()}


def _entered(project: Project, order: EvidenceOrder, secrecy: str, digest: str, *, demo: bool) -> bool:
    """Enter the export; what cannot be entered does not stay."""
    if project.read_only:
        return False
    out = order.out
    try:
        file = FileNote(out.name, str(out.resolve()), digest, out.stat().st_size)
        title = _("Evidence folder of “{title}”").format(title=project.title)
        record_export(project, ExportNote(WHAT, title, (file,), secrecy, order.approval, demo))
    except BaseException:
        with suppress(OSError):
            out.unlink()
        raise
    return True


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class _Packing:
    """One folder being written."""

    def __init__(self, project: Project, order: EvidenceOrder, gathered: Gathered, secrecy: str) -> None:
        infos = project.layers()
        self._project = project
        self._order = order
        self._gathered = gathered
        self._secrecy = secrecy
        self._names = {info.uid: info.name for info in infos}
        self.demo = any(info.demo for info in infos)
        self._schematic = any(is_schematic(info.status) for info in infos)
        self.notes: tuple[str, ...] = gathered.notes

    def write(self, draft: Path, progress: Progress) -> int:
        """Write every entry and return their number."""
        with zipfile.ZipFile(draft, "w", allowZip64=True) as archive:
            packer = Packer(archive, self._order.moment, progress)
            self._contents(packer, progress)
            manifest = self._manifest()
            packer.text(README, readme_text(manifest, self._gathered.standings, self.notes), marked=True)
            manifest["files"] = [
                {"name": name, "sha256": entry.sha256, "bytes": entry.size}
                for name, entry in packer.entries.items()
            ]
            packer.json(MANIFEST, manifest)
            packer.text(SUMS, packer.sums())
        return len(packer.entries)

    def _contents(self, packer: Packer, progress: Progress) -> None:
        gathered, order = self._gathered, self._order
        runs = [standing.run for standing in gathered.standings if isinstance(standing.run, KeptRun)]
        pack_inputs(packer, gathered.layers, runs)
        notes = list(
            pack_rules(packer, gathered.standings, order.lights, plan_folder(order.plan, order.folders))
        )
        for number, standing in enumerate(gathered.standings):
            text = _("Packing run {number}").format(number=standing.number)
            progress.step(0.8 * number / len(gathered.standings), text)
            notes += pack_run(packer, standing, gathered.records.get(standing.run.uid, {}), self._names)
            for picture in gathered.pictures.get(standing.run.uid, ()):
                packer.file(f"{folder_of(standing)}/{picture.name}", picture)
        notes += pack_sheets(packer, self._project, ProgressPart(progress, 0.8, 0.9))
        pack_ledger(packer, gathered.ledger)
        notes += pack_log(packer, self._project, self._names, progress)
        self.notes = (*self.notes, *notes)

    def _manifest(self) -> dict[str, Any]:
        author, order = Author.here(), self._order
        return {
            "form": FORM,
            "form_version": FORM_VERSION,
            "program": {"name": "zsgis", "version": __version__},
            "project": {
                "uid": self._project.uid,
                "title": self._project.title,
                "file": self._project.path.name,
                "crs": self._project.crs.to_string(),
            },
            "made": {
                "moment": order.moment.isoformat(timespec="seconds"),
                "who": author.name,
                "machine": author.machine,
            },
            "plan": order.plan.key,
            "ledger_on": order.on.isoformat(),
            "run_again": order.again,
            "secrecy": self._secrecy,
            "approval": {"by": order.approval.by.strip(), "why": order.approval.why.strip()},
            "demo": self.demo,
            "schematic": self._schematic,
            "runs": [
                {
                    "number": standing.number,
                    "uid": standing.run.uid,
                    "capability": standing.run.capability,
                    "verdict": standing.verdict.value,
                    "reasons": list(standing.reasons),
                }
                for standing in self._gathered.standings
            ],
            "notes": list(self.notes),
        }
