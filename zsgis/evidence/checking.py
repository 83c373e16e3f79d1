"""An evidence folder looked at again: whether it is whole, and what became of its project since."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.evidence.model import FORM_VERSION, INPUTS, MANIFEST, README, RULES, SUMS, WHAT, EvidenceCheck
from zsgis.evidence.packing import Forward
from zsgis.evidence.reading import EvidenceFile, manifest_of, open_evidence
from zsgis.ledger.input_changes import LayersNow, input_changes
from zsgis.run_records import KeptInput, KeptRule, KeptRun
from zsgis.run_records.exports import KeptExport, exports_of
from zsgis.run_records.model import NO_FIGURES
from zsgis.run_records.rules import rule_now

if TYPE_CHECKING:
    from layers.store import Project

_CHUNK = 1 << 20


def check_evidence(
    path: Path, project: Project | None = None, progress: Progress | None = None
) -> EvidenceCheck:
    """Hold every entry of a folder against its SHA-256, and the folder against its project.

    Whoever changes an entry can state another SHA-256 in the folder too. Only the project's register of
    exports, which keeps that of the whole file, tells such a folder from the one that was written.

    Raises
    ------
    InputError
        When the file cannot be opened as an evidence folder.
    JobCancelled
        When the user stopped.
    """
    reporter = progress or NoProgress()
    with open_evidence(path) as file:
        manifest = manifest_of(file)
        faults, good = _faults(file, manifest, Forward(ProgressPart(reporter, 0.0, 0.6)))
        made = _text(manifest.get("made"), "moment")
        if project is None or not manifest:
            return EvidenceCheck(path, made, good, faults)
        changes = _Since(project, file, manifest)
        told = tuple(changes.told(ProgressPart(reporter, 0.6, 1.0)))
    return EvidenceCheck(path, made, good, faults, told, _entry_of(project, path))


def _faults(
    file: EvidenceFile, manifest: Mapping[str, Any], progress: Progress
) -> tuple[tuple[str, ...], int]:
    stated = file.sums()
    if not stated:
        return (_("The list of SHA-256 ({name}) is missing or damaged.").format(name=SUMS),), 0
    said: list[str] = []
    if not manifest:
        text = _("“{name}” is missing, damaged, or not of the form {version} that this program reads.")
        said.append(text.format(name=MANIFEST, version=FORM_VERSION))
    good = 0
    there = Counter(file.names)
    for number, (name, sha256) in enumerate(stated.items()):
        progress.step(number / len(stated), _("Proving {name}").format(name=name))
        if name not in there:
            said.append(_("“{name}” is missing.").format(name=name))
        elif file.sha256(name, progress) != sha256:
            said.append(_("“{name}” was changed or is damaged.").format(name=name))
        else:
            good += 1
    said += [
        _("“{name}” does not belong to the folder.").format(name=name)
        for name, count in there.items()
        if count > 1 or name not in {*stated, SUMS}
    ]
    said += _unlike_manifest(manifest, stated)
    return tuple(said), good


def _unlike_manifest(manifest: Mapping[str, Any], stated: Mapping[str, str]) -> Iterator[str]:
    if not manifest:
        return
    files = manifest.get("files")
    listed = (
        {str(each.get("name")): each.get("sha256") for each in files if isinstance(each, dict)}
        if isinstance(files, list)
        else {}
    )
    if listed != {name: sha256 for name, sha256 in stated.items() if name != MANIFEST}:
        yield _("“{one}” and “{other}” state different things.").format(one=MANIFEST, other=SUMS)
    if README not in stated:
        yield _("“{name}” is missing.").format(name=README)


def _text(value: Any, key: str) -> str:
    return str(value.get(key, "")) if isinstance(value, Mapping) else ""


def _entry_of(project: Project, path: Path) -> KeptExport | None:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return next(
        (
            entry
            for entry in exports_of(project, WHAT)
            if any(file.sha256 == digest.hexdigest() for file in entry.files)
        ),
        None,
    )


class _Since:
    """What became of a project since a folder was made of it."""

    def __init__(self, project: Project, file: EvidenceFile, manifest: Mapping[str, Any]) -> None:
        self._project = project
        self._file = file
        self._manifest = manifest

    def told(self, progress: Progress) -> Iterator[str]:
        """Yield a sentence for each thing that is another now."""
        uid = _text(self._manifest.get("project"), "uid")
        if uid != self._project.uid:
            yield _("The folder was made of another project (“{title}”).").format(
                title=_text(self._manifest.get("project"), "title")
            )
            return
        progress.step(0.0, _("Comparing layers"))
        yield from self._layers()
        progress.step(0.6, _("Comparing rules"))
        yield from self._rules()
        yield from self._runs()
        progress.step(1.0)

    def _listed(self, name: str) -> list[Mapping[str, Any]]:
        found = self._file.document(name)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def _layers(self) -> Iterator[str]:
        then = [
            KeptInput(
                layer_uid=str(each.get("uid", "")),
                name=str(each.get("name", "")),
                version=_number(each.get("version")),
                feature_count=_number(each.get("features")),
                sha256=str(each.get("sha256", "")),
            )
            for each in self._listed(f"{INPUTS}/layers.json")
        ]
        # the layers are looked at as if they were the inputs of one run
        stood_on = KeptRun(uid="", capability="", inputs=tuple(then))
        for change in input_changes(LayersNow(self._project), stood_on):
            yield change.text
        known = {each.layer_uid for each in then}
        for info in self._project.layers():
            if info.uid not in known:
                yield _("Layer “{layer}” is new.").format(layer=info.name)

    def _rules(self) -> Iterator[str]:
        for each in self._listed(f"{RULES}/rules.json"):
            if not each.get("runs"):
                continue
            kept = KeptRule(
                role="", **{key: str(each.get(key, "")) for key in KeptRule.model_fields if key != "role"}
            )
            now = rule_now(kept)
            if now is None:
                yield _("The rule “{rule}” is gone or cannot be read.").format(rule=kept.title)
            elif now.sha256 != kept.sha256 and each.get("state") == "same":
                yield _("The rule “{rule}” was changed.").format(rule=kept.title)

    def _runs(self) -> Iterator[str]:
        then = self._manifest.get("runs")
        uids = (
            {str(each.get("uid")) for each in then if isinstance(each, dict)}
            if isinstance(then, list)
            else set()
        )
        now = {
            str(record.get("uid"))
            for record in self._project.runs()
            if record.get("capability") not in NO_FIGURES
        }
        if gone := uids - now:
            yield _("{count} runs of the folder are no longer in the project.").format(count=len(gone))
        if new := now - uids:
            yield _("{count} analyses were run since.").format(count=len(new))


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
