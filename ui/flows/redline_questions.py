"""What the red-line check must ask: what to do with a file, what its coordinates are, which layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from layers.words import _
from ui.dialogs.port import Dialogs, SystemOffer, Verb
from ui.flows.redline_work import MOST_SHOWN

if TYPE_CHECKING:
    from layers.guard.model import Candidate, Verdict
    from layers.importing.doubt import UncertainError
    from layers.importing.request import ImportRequest

# in these files red lines are sent; other families are data to import
_FAMILIES = (".txt", ".dwg", ".dxf", ".kml", ".kmz", ".ovkml", ".shp", ".zip", ".gpx")
_BESIDE = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".shp.xml")
_MOST_VERBS = 5


class RedlineQuestions:
    """Asks by the window's dialogs."""

    def __init__(self, dialogs: Dialogs) -> None:
        self._dialogs = dialogs

    def red_lines(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Return the files that may be red lines."""
        return tuple(path for path in paths if path.suffix.lower() in _FAMILIES and path.is_file())

    def others(self, paths: Sequence[Path], taken: Sequence[Path]) -> tuple[Path, ...]:
        """Return the files that are neither taken nor parts of a shapefile that is."""
        beside = {path.with_suffix(ending) for path in taken for ending in _BESIDE}
        return tuple(path for path in paths if path not in taken and path not in beside)

    def what_to_do(self, paths: Sequence[Path]) -> str:
        """Ask whether files are imported (``import``), checked (``check``) or left."""
        return self._dialogs.choose(
            _("What is to be done with “{names}”?").format(names=_names(paths)),
            _("As a layer it stays in the project; the red-line check only tells what lies under it."),
            (
                Verb("leave", _("Do nothing")),
                Verb("import", _("Import as a layer")),
                Verb("check", _("Red-line check")),
            ),
        )

    def as_one(self, chosen: Mapping[str, Sequence[str]]) -> bool | None:
        """Ask whether several areas are one red line; None to leave it."""
        count = sum(len(uids) for uids in chosen.values())
        if count == 1:
            return False
        each = Verb("each", _("Each by itself"))
        one = Verb("one", _("All as one red line") if len(chosen) == 1 else _("Those of a layer as one"))
        verb = self._dialogs.choose(
            _("{count} areas are selected").format(count=f"{count:,}"),
            _("Areas that make up one piece of land are checked as one red line."),
            (Verb("leave", _("Do nothing")), *((each,) if count <= MOST_SHOWN else ()), one),
        )
        return {"each": False, "one": True}.get(verb)

    def write_many(self, path: Path, count: int) -> bool:
        """Ask whether the many red lines of a file are to be written into a folder."""
        verb = self._dialogs.choose(
            _("“{file}” holds {count} red lines").format(file=path.name, count=f"{count:,}"),
            _("So many are not shown one by one; the tables of each are written into a folder."),
            (Verb("leave", _("Do nothing")), Verb("write", _("Choose a folder…"))),
        )
        return verb == "write"

    def answers(self, error: BaseException, request: ImportRequest) -> tuple[ImportRequest, ...] | None:
        """Return how a file is to be read after an error that asks something.

        None where the error asks nothing, or the file is not told enough by an answer; nothing where the
        officer leaves it.
        """
        from layers.importing.doubt import UncertainError
        from zsgis.redline import LayerChoiceError

        if isinstance(error, UncertainError):
            return self._what_it_is(error, request)
        if isinstance(error, LayerChoiceError):
            names = self._which_layers(request.path, error.layers)
            return tuple(replace(request, source_layer=name) for name in names)
        return None

    def _what_it_is(self, error: UncertainError, request: ImportRequest) -> tuple[ImportRequest, ...] | None:
        from layers.guard.model import Aspect

        for verdict in error.verdicts:
            if verdict.aspect is Aspect.CRS:
                return self.system(request, verdict.candidates)
            if verdict.aspect is Aspect.ENCODING and verdict.candidates:
                value = self._chosen(request.path, verdict)
                return (replace(request, encoding=value),) if value else ()
        return None

    def system(
        self, request: ImportRequest, candidates: Sequence[Candidate] = ()
    ) -> tuple[ImportRequest, ...]:
        """Ask what the coordinates of a file are; nothing where the officer leaves it."""
        value = self._dialogs.coordinate_system(
            _("What are the coordinates of “{file}”?").format(file=request.path.name),
            _("What the file says of itself leaves it open, and it is never guessed.")
            if candidates
            else _("Nothing in the file tells it: ask whoever sent it, and choose or type it."),
            (
                *(SystemOffer(each.value, each.title, each.reason) for each in candidates),
                *_usual(candidates),
            ),
        )
        return (replace(request, crs=value),) if value else ()

    def _chosen(self, path: Path, verdict: Verdict[Candidate]) -> str:
        shown = verdict.candidates[:_MOST_VERBS]
        # the likeliest last: there the key Enter goes
        verbs = [Verb(each.value, each.title) for each in reversed(shown)]
        if len(shown) == 1:
            # one button alone would look like an announcement
            verbs.insert(0, Verb("", _("Do nothing")))
        return self._dialogs.choose(
            _("{question} of “{column}”").format(question=verdict.aspect.words, column=path.name),
            "\n".join(f"{each.title}：{each.reason}" for each in shown),
            verbs,
        )

    def _which_layers(self, path: Path, layers: Sequence[str]) -> Sequence[str]:
        question = _("Which layer of “{file}” is the red line?").format(file=path.name)
        explanation = _("Several layers hold areas; which of them is the red line is never guessed.")
        if len(layers) > _MOST_VERBS:
            return self._dialogs.choose_several(question, explanation, [(name, name) for name in layers])
        verb = self._dialogs.choose(question, explanation, [Verb(name, name) for name in layers])
        return (verb,) if verb else ()


def _usual(candidates: Sequence[Candidate]) -> Iterator[SystemOffer]:
    """Yield the usual systems that are no candidates."""
    from layers.crs import describe_crs, parse_crs
    from layers.map_systems import USUAL_SYSTEMS

    hinted = {each.value for each in candidates}
    for code in USUAL_SYSTEMS:
        if str(code) not in hinted:
            yield SystemOffer(str(code), f"{describe_crs(parse_crs(code))}   EPSG {code}")


def _names(paths: Sequence[Path]) -> str:
    if len(paths) == 1:
        return paths[0].name
    return _("{name} and {count} more").format(name=paths[0].name, count=len(paths) - 1)
