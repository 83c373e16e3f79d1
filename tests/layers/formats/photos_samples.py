"""Small photos with what cameras and phones write into them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

GPS, EXIF = 0x8825, 0x8769


def rational(numerator: int, denominator: int = 1) -> IFDRational:
    """Return a fraction as EXIF writes it; 0/0 stands for what is not known."""
    return IFDRational(numerator, denominator)


def degrees(whole: int, minutes: int, hundredths: int) -> tuple[IFDRational, ...]:
    """Return degrees, minutes, seconds."""
    return rational(whole), rational(minutes), rational(hundredths, 100)


def place(**changed: Any) -> dict[int, Any]:
    """Return what a receiver notes at 22°30′36.00″N 113°24′18.00″E, looking east from 25.5 m."""
    tags: dict[str, Any] = {
        "north": "N",
        "latitude": degrees(22, 30, 3600),
        "east": "E",
        "longitude": degrees(113, 24, 1800),
        "below": b"\x00",
        "altitude": rational(255, 10),
        "clock": (rational(2), rational(3), rational(4)),
        "reference": "T",
        "direction": rational(9000, 100),
        "date": "2024:05:01",
    } | changed
    numbers = {"north": 1, "latitude": 2, "east": 3, "longitude": 4, "below": 5, "altitude": 6, "clock": 7}
    numbers |= {"reference": 16, "direction": 17, "datum": 18, "date": 29, "accuracy": 31}
    return {numbers[name]: value for name, value in tags.items() if value is not None}


def photo(
    path: Path, gps: dict[int, Any] | None = None, taken: str = "2024:05:01 10:03:04", **tags: Any
) -> Path:
    """Write a photo of 32 x 24 pixels."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(EXIF)[36867] = taken
    if "shift" in tags:
        exif.get_ifd(EXIF)[36881] = tags["shift"]
    if "orientation" in tags:
        exif[274] = tags["orientation"]
    if gps is not None:
        exif.get_ifd(GPS).update(gps)
    Image.new("RGB", (32, 24), (90, 120, 60)).save(path, "JPEG", exif=exif)
    return path


def valid_files(folder: Path) -> list[Path]:
    """Write a few small valid photos."""
    return [
        photo(folder / "现场1.jpg", place()),
        photo(folder / "无位置.jpg"),
        photo(
            folder / "south.jpeg", place(north="S", east="W", reference="M"), shift="+08:00", orientation=6
        ),
    ]
