"""What servers say of themselves, as XML: read without entities, within bounds, whatever the namespace."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import defusedxml
from defusedxml.ElementTree import ParseError, fromstring

from layers.errors import InputError
from layers.words import _

_LARGEST = 30_000_000
_MOST_PARTS = 2_000_000
_DEEPEST = 100


def parsed(data: bytes) -> Element:
    """Return the root of a document.

    Raises
    ------
    InputError
        When it is no XML, is too large or nested, or declares entities; also when the server wrote an
        exception report: its text is then the message.
    """
    if len(data) > _LARGEST:
        raise InputError(_("The server's description is too large."))
    try:
        root: Element = fromstring(data, forbid_dtd=False)
    except (ParseError, defusedxml.DefusedXmlException, ValueError, LookupError) as error:
        raise InputError(
            _("The server's description cannot be read: it is no XML in order."),
            remedy=_("Check the address."),
            details=str(error)[:300],
        ) from error
    _require_bounded(root)
    if tag_of(root) in ("ExceptionReport", "ServiceExceptionReport"):
        said = " ".join(" ".join(part.split()) for part in root.itertext() if part.strip())
        raise InputError(_("The server refuses: {text}").format(text=said[:200] or tag_of(root)))
    return root


def tag_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parts(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    for child in element if element is not None else ():
        if tag_of(child) == name:
            yield child


def part(element: Element | None, *path: str) -> Element | None:
    """Return the first element along a path of names; None where there is none."""
    for name in path:
        element = next(parts(element, name), None)
    return element


def text_of(element: Element | None, *path: str) -> str:
    """Return the text of the element along a path; empty where there is none."""
    found = part(element, *path)
    return (found.text or "").strip() if found is not None else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute whatever its namespace; empty where it is missing."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value.strip()
    return ""


def numbers(text: str) -> list[float]:
    """Return the finite numbers of a text; empty where something else stands in it."""
    try:
        found = [float(word) for word in text.replace(",", " ").split()]
    except ValueError:
        return []
    return found if all(math.isfinite(number) for number in found) else []


def _require_bounded(root: Element) -> None:
    count, level = 0, [root]
    for _depth in range(_DEEPEST):
        if not level:
            return
        count += len(level)
        if count > _MOST_PARTS:
            break
        level = [child for element in level for child in element]
    raise InputError(_("The server's description is too large."))
