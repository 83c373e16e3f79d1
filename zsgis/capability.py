"""What a capability is: parameters declared once, a pure computation, a result whose tables carry units.

The panel in the window, the command, the help page and the run record derive from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import Project
    from zsgis.result import Result


class Parameters(BaseModel):
    """Base of every capability's parameters.

    Each field states ``title`` and ``description`` as message ids, its range as pydantic
    constraints, and in ``json_schema_extra`` what the panel needs:

    ``{"unit": "m2"}``
        the unit shown behind the number;
    ``{"layer": ["platforms", "zones"]}``
        the value names a layer of the project of one of these kinds (its ``uid`` or name; empty
        means the first that fits; with ``"optional": True``, ``-`` means none);
    ``{"raster": "one"}``
        the value names a raster of the project (its ``uid`` or name) or a file; with ``"by key"`` the text
        names one for each of several keys (:mod:`zsgis.pairs`), which the capability's ``keys`` tells;
    ``{"file": ["toml"]}``
        the value is the path of a file with one of these endings;
    ``{"offered": {"policy_m0": "New industry"}, "empty": "the one that ships"}``
        for rasters and files: other values that may be named, with their titles, and what an empty value
        stands for (message ids);
    ``{"choices": {"m2": "Square metres"}}``
        titles of the allowed values (message ids);
    ``{"editor": "comparisons"}``
        the text holds comparisons in pairs, and is edited as a matrix;
    ``{"advanced": True}``
        few ever change it: it stands behind the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


def ordered_fields(model: type[Parameters]) -> dict[str, FieldInfo]:
    """Return a model's fields by name, in the order of their declaration, advanced ones last."""
    fields = model.model_fields.items()
    return dict(sorted(fields, key=lambda item: is_advanced(item[1])))


def is_advanced(info: FieldInfo) -> bool:
    """Tell whether a parameter is declared as advanced."""
    extra = info.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("advanced", False))


@dataclass(frozen=True)
class Capability:
    """One thing the program can do with a project.

    Attributes
    ----------
    key : str
        Name in commands, ``stock``.
    title, summary : str
        Message ids: the name on the panel and one sentence that says what it answers.
    stage : str
        Where it stands on the rail: ``analysis``, ``securing``, ``sheets``, ``field``, ``ledger``.
    parameters : type of Parameters
    run : callable
        ``run(project, parameters, progress) -> Result``; reads the project, changes nothing.
    notes : tuple of str
        Message ids for the help page: definitions, and how odd data are handled, a paragraph each.
    keys : mapping of str to callable
        For a parameter whose text names something by key: from what stands in the form to the keys there
        are, each with its title.
    """

    key: str
    title: str
    summary: str
    stage: str
    parameters: type[Parameters]
    run: Callable[[Project, Parameters, Progress], Result]
    notes: tuple[str, ...] = ()
    keys: Mapping[str, Callable[[Mapping[str, Any]], tuple[tuple[str, str], ...]]] = field(
        default_factory=dict
    )
