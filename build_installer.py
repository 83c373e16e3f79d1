"""Builds the one-folder program: runs without installation, offline, without rights.

    python build_installer.py [--out dist] [--no-smoke]

The folder's name states the system it was built for and, on Linux, the glibc it needs: the highest symbol
version any ELF file in it asks for. The finished program is then run in an empty environment, and its
demonstration must give the same figures as this checkout's.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
COLLECT_SUBMODULES = ("rasterio", "pyogrio", "zsgis", "layers", "ui")
COLLECT_DATA = ("rasterio", "pyogrio", "pyproj", "folium", "branca", "xyzservices")
FONTS = ("wqy/wqy-microhei.ttc", "noto/NotoSansCJKsc-Regular.otf")
# Present in the environment, used by nothing the program does.
EXCLUDED = ("matplotlib", "tkinter", "pytest", "mypy", "hypothesis", "IPython", "setuptools", "pip")
GLIBC = re.compile(r"^GLIBC_(\d+)\.(\d+)")


def package_folder(name: str) -> Path:
    """Return the folder of an installed package."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{name} is not installed here; run: make test")
    return Path(next(iter(spec.submodule_search_locations)))


def data_arguments() -> list[str]:
    """Return PyInstaller's arguments for the files that lie beside the code."""
    pairs = [(ROOT / "resources", "resources")]
    pairs += [
        (package_folder("mpl_font") / "fonts" / font, f"mpl_font/fonts/{Path(font).parent}") for font in FONTS
    ]
    pairs.append((package_folder("xstatic.pkg.leaflet") / "data", "xstatic/pkg/leaflet/data"))
    return [f"--add-data={source}{os.pathsep}{target}" for source, target in pairs]


def pyinstaller_arguments(name: str, work: Path, dist: Path) -> list[str]:
    """Return the whole call of PyInstaller."""
    arguments = [
        sys.executable,
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--clean",
        "--onedir",
        "--log-level=WARN",
    ]
    arguments += [f"--name={name}", f"--workpath={work}", f"--specpath={work}", f"--distpath={dist}"]
    arguments += [f"--paths={ROOT}", "--hidden-import=xstatic.pkg.leaflet", "--hidden-import=mpl_font"]
    arguments += [f"--collect-submodules={package}" for package in COLLECT_SUBMODULES]
    arguments += [f"--collect-data={package}" for package in COLLECT_DATA]
    arguments += [f"--exclude-module={package}" for package in EXCLUDED]
    arguments += data_arguments()
    arguments.append(str(ROOT / "zsgis" / "__main__.py"))
    return arguments


def glibc_needed(files: Iterable[Path]) -> tuple[int, int]:
    """Return the highest glibc version that any ELF file among ``files`` asks for; (0, 0) for none."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile
    from elftools.elf.gnuversions import GNUVerNeedSection

    highest = (0, 0)
    for path in files:
        with path.open("rb") as file:
            if file.read(4) != b"\x7fELF":
                continue
            try:
                sections = list(ELFFile(file).iter_sections())
                needs = [s for s in sections if isinstance(s, GNUVerNeedSection)]
                names = [aux.name for need in needs for _, auxes in need.iter_versions() for aux in auxes]
            except ELFError as error:
                raise SystemExit(f"{path} cannot be read as an ELF file: {error}") from error
        versions = [(int(m[1]), int(m[2])) for name in names if (m := GLIBC.match(name))]
        highest = max([highest, *versions])
    return highest


def bundle_name(version: str, glibc: tuple[int, int]) -> str:
    """Return the name of the finished folder."""
    system = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}[platform.system()]
    name = f"zsgis-{version}-{system}-{platform.machine().lower()}"
    return f"{name}-glibc{glibc[0]}.{glibc[1]}" if glibc > (0, 0) else name


def empty_environment(home: Path) -> dict[str, str]:
    """Return an environment with nothing in it but what the system cannot start a program without."""
    if platform.system() == "Windows":
        return {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return {"HOME": str(home)}


def demo_figures(program: list[str], environment: dict[str, str] | None) -> object:
    """Run ``demo`` and return the figures it answers with."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*program, "demo", str(Path(folder) / "out"), "--json"],
            env=environment if environment is None else environment | empty_environment(Path(folder)),
            cwd=folder,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{program[0]} demo ended with {done.returncode}:\n{done.stderr.decode()}")
        return json.loads(done.stdout)["figures"]


def build(out: Path) -> Path:
    """Build the folder and return it under its final name."""
    from zsgis import __version__

    with tempfile.TemporaryDirectory() as work:
        subprocess.run(pyinstaller_arguments("zsgis", Path(work) / "work", Path(work) / "dist"), check=True)
        built = Path(work) / "dist" / "zsgis"
        shutil.copy2(ROOT / "LICENSE", built / "LICENSE")
        glibc = glibc_needed(p for p in built.rglob("*") if p.is_file() and not p.is_symlink())
        final = out / bundle_name(__version__, glibc)
        shutil.rmtree(final, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        shutil.move(built, final)
    return final


def smoke(bundle: Path) -> None:
    """Run the finished program in an empty environment and compare its figures with the checkout's."""
    program = bundle / ("zsgis.exe" if platform.system() == "Windows" else "zsgis")
    bundled = demo_figures([str(program)], {})
    here = demo_figures([sys.executable, "-m", "zsgis"], None)
    if bundled != here:
        raise SystemExit(f"the bundle's figures differ:\n{bundled}\n{here}")


def main() -> None:
    """Build, then try."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=ROOT / "dist")
    ask.add_argument("--no-smoke", action="store_true", help="do not run the finished program")
    given = ask.parse_args()
    bundle = build(given.out.resolve())
    if not given.no_smoke:
        smoke(bundle)
    size_mb = sum(p.stat().st_size for p in bundle.rglob("*") if p.is_file()) / 1e6
    print(f"{bundle}  {size_mb:.0f} MB{'' if given.no_smoke else '  figures agree'}")  # noqa: T201


if __name__ == "__main__":
    main()
