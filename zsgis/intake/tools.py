"""What bringing files in works with: who reads, and the user's own mappings and datum parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from layers.importing.mappings import MappingShelf

if TYPE_CHECKING:
    from layers.datum_parameters import ParameterBook
    from layers.formats.model import SourceReader


@dataclass(frozen=True)
class IntakeTools:
    """The reader of files and what the user keeps outside projects.

    Parameters
    ----------
    reader : SourceReader
    folder : Path
        The user's configuration; need not exist yet.
    """

    reader: SourceReader
    folder: Path

    @property
    def shelf(self) -> MappingShelf:
        """The remembered mappings."""
        return MappingShelf(self.folder / "mappings")

    @property
    def book(self) -> ParameterBook:
        """The user's own datum parameters."""
        from layers.datum_parameters import ParameterBook

        return ParameterBook(self.folder / "datum_parameters.json")


def configuration_folder() -> Path:
    """Return the user's folder for what the program keeps outside projects."""
    return platformdirs.user_config_path("zsgis", appauthor=False)
