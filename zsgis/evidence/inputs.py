"""The layers as they stand: what each is and the SHA-256 of what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from layers.crs import describe_crs
from layers.kind import AreaBasis
from layers.kinds import KINDS, kind
from layers.progress import Progress
from layers.words import _
from zsgis.evidence.model import INPUTS
from zsgis.evidence.packing import Packer
from zsgis.run_records import KeptRun

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


def layer_documents(project: Project, progress: Progress) -> list[dict[str, Any]]:
    """Return every layer with the fingerprint of what it holds, JSON-able."""
    infos = project.layers()
    documents = []
    for number, info in enumerate(infos):
        progress.step(number / len(infos), _("Fingerprint of {layer}").format(layer=info.name))
        documents.append(_document(info, project.content_hash(info.uid)))
    return documents


def _document(info: LayerInfo, sha256: str) -> dict[str, Any]:
    return {
        "uid": info.uid,
        "name": info.name,
        "kind": info.kind,
        "version": info.version,
        "features": info.feature_count,
        "sha256": sha256,
        "crs": info.crs.to_string(),
        "crs_words": describe_crs(info.crs),
        "area_basis": _basis(info),
        "standard": info.standard,
        "status": info.status,
        "secrecy": info.secrecy,
        "demo": info.demo,
    }


def _basis(info: LayerInfo) -> str:
    if info.kind not in KINDS:
        return ""
    basis = kind(info.kind).area_basis
    if info.crs.is_geographic and basis is AreaBasis.PLANAR:
        basis = AreaBasis.ELLIPSOIDAL
    return basis.value


def pack_inputs(packer: Packer, documents: Sequence[dict[str, Any]], runs: Sequence[KeptRun]) -> None:
    """Write the layers, and the files from outside that runs stood on."""
    packer.json(f"{INPUTS}/layers.json", list(documents))
    columns = {
        "name": _("Layer"),
        "kind": _("Kind"),
        "uid": _("Identifier"),
        "version": _("Version"),
        "features": _("Features"),
        "sha256": _("SHA-256"),
        "crs_words": _("Coordinate system"),
        "area_basis": _("Area basis"),
        "standard": _("Land-class standard"),
        "status": _("Data status"),
        "secrecy": _("Secrecy"),
    }
    rows = [list(columns.values()), *([each[key] for key in columns] for each in documents)]
    packer.rows(f"{INPUTS}/layers.csv", rows)
    outside = [
        {"run": run.uid, "name": used.name, "role": used.role, "sha256": used.sha256, "crs": used.crs}
        for run in runs
        for used in run.inputs
        if not used.layer_uid
    ]
    if outside:
        packer.json(f"{INPUTS}/files.json", outside)
