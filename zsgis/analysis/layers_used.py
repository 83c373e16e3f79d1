"""Which layers of a project an analysis works on, and the record that proves which data they held."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from layers.crs import describe_crs
from layers.errors import InputError
from layers.kind import AreaBasis
from layers.kinds import kind
from layers.words import _
from zsgis.result import InputRecord, RunRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.store import LayerInfo, Project

AREA_BASIS_SETTING = "area_basis"


def find_layer(project: Project, name: str, kinds: Sequence[str]) -> LayerInfo | None:
    """Return the layer with this name or uid; for an empty name the first of the first kind that is there.

    Raises
    ------
    InputError
        When the named layer does not exist or is of another kind.
    """
    if name:
        info = project.layer(name)
        if info.kind not in kinds:
            raise InputError(
                _("Layer “{layer}” is of kind “{kind}” and does not serve here.").format(
                    layer=info.name, kind=_(kind(info.kind).title)
                ),
                remedy=_("Choose a layer of one of these kinds: {kinds}").format(
                    kinds="、".join(_(kind(key).title) for key in kinds)
                ),
            )
        return info
    for key in kinds:
        found = project.layers_of(key)
        if found:
            return found[0]
    return None


def area_basis_of(project: Project, info: LayerInfo, asked: str) -> AreaBasis:
    """Return the basis on which a layer's areas count.

    ``auto`` means the bureau's choice for the kind where the project holds one, else the kind's own. A
    recorded area cannot be cut, so a kind without a measured basis counts on the ellipsoid.
    """
    chosen = asked
    if asked == "auto":
        chosen = project.setting(AREA_BASIS_SETTING, {}).get(info.kind, kind(info.kind).area_basis)
    measured = (AreaBasis.ELLIPSOIDAL, AreaBasis.PLANAR)
    return AreaBasis(chosen) if chosen in measured else AreaBasis.ELLIPSOIDAL


def input_record(project: Project, info: LayerInfo, role: str, *, area_basis: str = "") -> InputRecord:
    """Return the record of one input, with the fingerprint of what the layer holds."""
    return InputRecord(
        role=role,
        layer_uid=info.uid,
        name=info.name,
        kind=info.kind,
        version=info.version,
        feature_count=info.feature_count,
        sha256=project.content_hash(info.uid),
        crs=describe_crs(info.crs),
        standard=info.standard,
        area_basis=area_basis,
    )


@contextmanager
def fingerprinted_meanwhile(project: Project, infos: Sequence[LayerInfo]) -> Iterator[None]:
    """Let the layers' fingerprints be computed in another thread while the block computes with what was read.

    The project remembers them: :func:`input_record` then only waits for what is not done. Whatever goes
    wrong is met there again. Nothing else may be read from the project inside the block: it would wait.
    """
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fingerprint")
    try:
        for info in infos:
            pool.submit(project.content_hash, info.uid)
        yield
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def unsigned_record(
    inputs: tuple[InputRecord, ...], method: tuple[str, ...], rules: Mapping[str, str]
) -> RunRecord:
    """Return what a capability knows of its run; who ran it, when and how long is filled in by the runner."""
    return RunRecord(
        uid="",
        capability="",
        started="",
        seconds=0.0,
        program_version="",
        parameters={},
        inputs=inputs,
        method=method,
        rules=rules,
    )
