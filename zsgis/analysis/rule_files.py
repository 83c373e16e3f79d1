"""Rule files of analyses: the one that ships, or a bureau's own by its path; read into a declared model."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from layers.errors import InputError
from layers.locations import resource_path
from layers.words import _

_MOST_BYTES = 1_000_000


class RuleFile(BaseModel):
    """What every rule file states of itself.

    Attributes
    ----------
    status : str
        现行, 征求意见稿 or 待核实; only rules in force decide, others hint.
    sha256 : str
        Of the file as read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    version: str
    status: str
    source: str
    sha256: str = ""

    @property
    def words(self) -> str:
        """What a run record calls the rule."""
        return f"{self.title} {self.version} ({self.status}) {self.sha256[:12]}"


Rule = TypeVar("Rule", bound=RuleFile)


def read_rule(model: type[Rule], asked: str, shipped: str) -> Rule:
    """Read a rule file.

    Parameters
    ----------
    asked : str
        A path to a TOML file, the name of a file under ``resources/rules``, or empty for the shipped one.
    shipped : str
        Name of the file that comes with the program.

    Raises
    ------
    InputError
        When there is no such file, it is far too large, or it holds no such rule; names the entry at fault.
    """
    path = resource_path("rules", f"{asked or shipped}.toml")
    if asked and not path.is_file():
        path = Path(asked)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unusable(path, _("it is larger than a rule file can be"))
        data = path.read_bytes()
        entries = tomllib.loads(data.decode("utf-8-sig"))
        return model.model_validate({**entries, "sha256": hashlib.sha256(data).hexdigest()})
    except ValidationError as error:
        raise _unusable(path, entries_at_fault(error)) from error
    except UnicodeError as error:
        raise _unusable(path, _("it is no text in UTF-8")) from error
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise _unusable(path, str(error)) from error


def entries_at_fault(error: ValidationError) -> str:
    """Return the first entries that a model refuses, each with its reason."""
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:3]
    )


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(
        _("The rule file cannot be used: {reason}").format(reason=reason),
        where=str(path),
        remedy=_("Correct the file, or use the rules that come with the program."),
    )
