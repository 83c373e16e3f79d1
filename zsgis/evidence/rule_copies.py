"""The rule files that decided: copies with their SHA-256 and status, and what became of them since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from layers.locations import resource_path
from layers.words import _
from zsgis.evidence.model import RULES
from zsgis.evidence.packing import Packer, safe_name
from zsgis.ledger.lights import SHIPPED
from zsgis.ledger.standing import RunStanding
from zsgis.run_records import KeptRule, KeptRun

_MOST_BYTES = 1_000_000


def pack_rules(packer: Packer, standings: Sequence[RunStanding], lights: str, plan: Path) -> tuple[str, ...]:
    """Write each rule file once, and a list of them; return what could not be put in, a sentence each.

    A rule that was changed since a run is there as it stands now, and the list says so: the run keeps its
    title, date, status and SHA-256, not its text.

    Parameters
    ----------
    lights : str
        The bureau's own rule for lights by its path; empty for the one that ships.
    plan : Path
        The folder of the plan, whose indicators the ledger is made of.
    """
    used: dict[tuple[str, str], tuple[KeptRule, list[int]]] = {}
    for standing in standings:
        if isinstance(standing.run, KeptRun):
            for rule in standing.run.rule_files:
                used.setdefault((rule.file, rule.sha256), (rule, []))[1].append(standing.number)
    documents: list[dict[str, Any]] = []
    notes: list[str] = []
    for (_file, sha256), (rule, numbers) in sorted(used.items()):
        document = {**rule.model_dump(exclude={"role"}), "runs": numbers}
        content = _content(_path_of(rule.file))
        if content is None:
            document |= {"copy": "", "state": "gone"}
            notes.append(_("The rule “{rule}” is gone; only its SHA-256 is kept.").format(rule=rule.title))
        else:
            same = hashlib.sha256(content).hexdigest() == sha256
            document |= {"copy": _put(packer, rule.file, content), "state": "same" if same else "changed"}
            if not same:
                text = _("The rule “{rule}” was changed since a run; the copy is of today.")
                notes.append(text.format(rule=rule.title))
        documents.append(document)
    light = Path(lights) if lights else resource_path("rules", f"{SHIPPED}.toml")
    for role, path in [("ledger_lights", light), *(("plan", each) for each in sorted(plan.rglob("*.toml")))]:
        content = _content(path)
        if content is not None:
            copy = _put(packer, f"{plan.name}-{path.stem}" if role == "plan" else path.stem, content)
            sha = hashlib.sha256(content).hexdigest()
            documents.append({"file": path.name, "role": role, "sha256": sha, "copy": copy, "state": "same"})
    packer.json(f"{RULES}/rules.json", documents)
    return tuple(dict.fromkeys(notes))


def _path_of(file: str) -> Path:
    shipped = resource_path("rules", f"{file}.toml")
    return shipped if shipped.is_file() else Path(file)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None
    except OSError:
        return None


def _put(packer: Packer, file: str, content: bytes) -> str:
    """Write a copy, once for each content, and return its name."""
    stem = safe_name(file if not file.endswith(".toml") else Path(file).stem)
    name = f"{RULES}/{stem}-{hashlib.sha256(content).hexdigest()[:12]}.toml"
    if name not in packer.entries:
        packer.data(name, content)
    return name
