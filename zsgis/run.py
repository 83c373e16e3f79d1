"""A capability run on a project: parameters checked, the result signed, the run recorded."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from layers.errors import UsageError
from layers.progress import NoProgress, Progress
from layers.words import _
from zsgis import __version__
from zsgis.capability import Capability, Parameters, ordered_fields
from zsgis.registry import capability
from zsgis.result import Result
from zsgis.run_records import kept_record

if TYPE_CHECKING:
    from layers.store import Project


def run_capability(
    project: Project,
    key: str,
    parameters: Mapping[str, Any] | Parameters | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run a capability and record the run in the project, unless it is open for reading only.

    Parameters
    ----------
    parameters : mapping or Parameters, optional
        As typed (text is read as each parameter's type) or checked already.

    Raises
    ------
    UsageError
        For an unknown capability or parameter, or a value that does not fit; the message names it.
    InputError
        When the project's data cannot be used.
    JobCancelled
        When the user stopped the job; nothing is recorded.
    """
    chosen = capability(key)
    checked = check_parameters(chosen, parameters or {})
    signed = signed_result(project, chosen, checked, progress)
    if not project.read_only:
        project.record_run(record_of(signed))
    return signed


def signed_result(
    project: Project, chosen: Capability, checked: Parameters, progress: Progress | None = None
) -> Result:
    """Run a capability and sign its result; the project is not told.

    Raises
    ------
    InputError
        When the project's data cannot be used.
    JobCancelled
        When the user stopped the job.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    result = chosen.run(project, checked, progress or NoProgress())
    record = dataclasses.replace(
        result.run,
        uid=str(uuid.uuid4()),
        capability=chosen.key,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - clock, 3),
        program_version=__version__,
        parameters=checked.model_dump(mode="json"),
    )
    return dataclasses.replace(result, run=record)


def record_of(result: Result) -> dict[str, Any]:
    """Return what a project keeps of a signed result."""
    return kept_record(
        result.run,
        title=result.title,
        facts=result.facts,
        tables=result.tables,
        marks={"demo": result.demo, "schematic": result.schematic, "secrecy": result.secrecy},
    )


def check_parameters(chosen: Capability, parameters: Mapping[str, Any] | Parameters) -> Parameters:
    """Return the parameters as the capability's own type.

    Raises
    ------
    UsageError
        Names every parameter that is unknown or out of range, and the ones there are.
    """
    if isinstance(parameters, chosen.parameters):
        return parameters
    given = parameters.model_dump() if isinstance(parameters, Parameters) else dict(parameters)
    try:
        return chosen.parameters.model_validate(given)
    except ValidationError as error:
        wrong = [_fault_words(chosen, fault) for fault in error.errors()]
        names = ", ".join(str(fault["loc"][0]) for fault in error.errors() if fault["loc"])
        raise UsageError(
            _("Parameters do not fit: {names}.").format(names=names),
            remedy=" ".join(wrong),
        ) from error


def _fault_words(chosen: Capability, fault: Mapping[str, Any]) -> str:
    """Return what is wrong with one parameter and what it may be."""
    name = str(fault["loc"][0]) if fault["loc"] else ""
    fields, limits = ordered_fields(chosen.parameters), fault.get("ctx", {})
    if name not in fields:
        return _("There is no parameter “{name}”; there are: {names}.").format(
            name=name, names=", ".join(fields)
        )
    words = {"name": name, "title": _(fields[name].title or name)}
    if fault["type"] == "literal_error":
        allowed = ", ".join(str(value) for value in get_args(fields[name].annotation))
        return _("{title} ({name}) is one of: {allowed}.").format(**words, allowed=allowed)
    if "ge" in limits:
        return _("{title} ({name}) is at least {limit}.").format(**words, limit=limits["ge"])
    if "le" in limits:
        return _("{title} ({name}) is at most {limit}.").format(**words, limit=limits["le"])
    return _("“{value}” is no value for {title} ({name}).").format(**words, value=fault.get("input"))
