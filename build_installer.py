"""Builds the one-folder program: runs without installation, offline, without rights.

    python build_installer.py [--out dist] [--no-smoke]

The folder's name states the system it was built for and, on Linux, the glibc it needs: the highest symbol
version any ELF file in it asks for. Before it gets that name the program is tried: in a folder with a Chinese
name that cannot be written, with an empty environment and a fresh home, without rights where it may give them
up. Its demonstration must give the same figures as this checkout's, reading and writing must not mind the
settings of another GIS, and the window's processes must draw layers and a raster and prepare coarser levels.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
SYSTEMS = {"Linux": "linux", "Windows": "windows", "Darwin": "macos"}
# A name that breaks programs which take paths apart.
TRIAL_FOLDER = "中山 试用"
NOBODY = 65534
WINDOW_PATIENCE_S = 180

# The floors load much of themselves when it is first asked for.
FLOORS = ("zsgis", "layers", "ui")
# Found by name at run time, not imported.
HIDDEN_IMPORTS = (
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "mpl_font",
    "xstatic.pkg.leaflet",
)
# Reached by an import of some dependency, used by nothing the program does.
EXCLUDED_LIBRARIES = ("IPython", "sqlite3", "tkinter")
EXCLUDED_TOOLS = ("hypothesis", "mypy", "pip", "pytest", "selenium", "setuptools", "trio")

# Settings of another GIS or another Qt on the machine: their data and plug-ins do not fit ours.
FOREIGN_GIS = ("GDAL_CONFIG_FILE", "GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_DATA", "PROJ_LIB", "PROJ_NETWORK")
FOREIGN_QT = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")
START_HOOK = f"import os\nfor name in {FOREIGN_GIS + FOREIGN_QT}:\n    os.environ.pop(name, None)\n"

# What PyInstaller takes from a package when the program imports it, in place of its own choice.
_COMPILED_PACKAGE = """
from PyInstaller.utils.hooks import collect_data_files, collect_submodules
name = "{name}"
hiddenimports = collect_submodules(name, filter=lambda module: not module.startswith(name + ".tests"))
datas = collect_data_files(name, excludes=["tests/**"])
"""
_QT_MODULE = """
from pathlib import PurePath
from PyInstaller.utils.hooks.qt import add_qt6_dependencies
hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
unwanted = {unwanted}
def is_wanted(pair):
    source, target = map(PurePath, pair)
    return "plugins" not in target.parts or not any(
        target.name == folder and name in source.name for folder, name in unwanted)
binaries = [pair for pair in binaries if is_wanted(pair)]
datas = [pair for pair in datas if PurePath(pair[0]).suffix != ".qm"
         or PurePath(pair[0]).name == "qtbase_zh_CN.qm"]
"""
# (folder, part of the name). GTK would come whole from this machine; the others are not for desktops.
UNWANTED_QT_PLUGINS = (
    ("platformthemes", "qgtk3"),
    ("imageformats", "qpdf"),
    ("egldeviceintegrations", ""),
    ("generic", ""),
    ("platforms", "qeglfs"),
    ("platforms", "qlinuxfb"),
    ("platforms", "qminimal"),
    ("platforms", "qvkkhrdisplay"),
    ("platforms", "qvnc"),
)
_CHOSEN_FILES = """
from PyInstaller.utils.hooks import collect_data_files
datas = collect_data_files("{name}", includes={files})
"""
HOOKS: Mapping[str, str] = {
    "pyogrio": _COMPILED_PACKAGE.format(name="pyogrio"),
    "rasterio": _COMPILED_PACKAGE.format(name="rasterio"),
    "PyQt6.QtCore": _QT_MODULE.format(unwanted=UNWANTED_QT_PLUGINS),
    "PyQt6.QtGui": _QT_MODULE.format(unwanted=UNWANTED_QT_PLUGINS),
    "babel": _CHOSEN_FILES.format(
        name="babel",
        files=["global.dat", "locale-data/root.dat", "locale-data/en*.dat", "locale-data/zh*.dat"],
    ),
    "mpl_font": _CHOSEN_FILES.format(name="mpl_font", files=["fonts/wqy/wqy-microhei.ttc"]),
    "xstatic.pkg.leaflet": _CHOSEN_FILES.format(
        name="xstatic.pkg.leaflet", files=["data/leaflet.js", "data/leaflet.css", "data/images/*"]
    ),
}
# These stay the system's. Any other library the folder lacks is not installed on the machine that builds.
SYSTEM_LIBRARY = re.compile(
    r"ld-linux|lib(c|m|dl|rt|pthread|resolv|util|crypt|z|xcb|GL|EGL|wayland-(client|cursor|egl))\.so"
)
_GLIBC = re.compile(r"^GLIBC_(\d+)\.(\d+)")


def hook_files(folder: Path) -> None:
    """Write PyInstaller's hooks, and the one that runs when the program starts, into a new folder."""
    folder.mkdir(parents=True)
    for module, text in HOOKS.items():
        (folder / f"hook-{module}.py").write_text(text, encoding="utf-8")
    (folder / "at_start.py").write_text(START_HOOK, encoding="utf-8")


def direct_dependencies() -> list[str]:
    """Return the names of the packages that ``pyproject.toml`` asks for."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [re.split(r"[^\w.-]", wanted)[0] for wanted in declared["project"]["dependencies"]]


def pyinstaller_arguments(system: str, work: Path, dist: Path) -> list[str]:
    """Return PyInstaller's arguments; ``work`` holds the hooks, ``dist`` will hold the program's folder."""
    arguments = ["--noconfirm", "--onedir", "--log-level=WARN", "--name=zsgis"]
    arguments += [f"--workpath={work}", f"--specpath={work}", f"--distpath={dist}", f"--paths={ROOT}"]
    arguments += [f"--additional-hooks-dir={work / 'hooks'}"]
    arguments += [f"--runtime-hook={work / 'hooks' / 'at_start.py'}"]
    arguments += [f"--collect-submodules={floor}" for floor in FLOORS]
    arguments += [f"--hidden-import={module}" for module in HIDDEN_IMPORTS]
    arguments += [f"--exclude-module={module}" for module in EXCLUDED_LIBRARIES + EXCLUDED_TOOLS]
    arguments += [f"--add-data={ROOT / 'resources'}:resources"]
    # Their records carry the licences, which have to go with the program.
    arguments += [f"--recursive-copy-metadata={name}" for name in direct_dependencies()]
    if system == "windows":
        # One program for the command line and for a double click, which must not leave a console standing.
        arguments.append("--hide-console=hide-early")
    return [*arguments, str(ROOT / "zsgis" / "__main__.py")]


@dataclass(frozen=True)
class ElfNeeds:
    """What the ELF files of a folder need.

    Attributes
    ----------
    glibc : tuple of int
        The highest glibc version any file asks for; (0, 0) where there is no ELF file.
    askers : tuple of Path
        The files that ask for that version.
    libraries : set of str
        Names of the shared libraries that the system must have.
    """

    glibc: tuple[int, int]
    askers: tuple[Path, ...]
    libraries: AbstractSet[str]


def read_elf(path: Path) -> tuple[tuple[int, int], set[str]]:
    """Return the glibc version and the shared libraries an ELF file asks for; nothing for other files."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.dynamic import DynamicSection
    from elftools.elf.elffile import ELFFile
    from elftools.elf.gnuversions import GNUVerNeedSection

    highest, libraries = (0, 0), set[str]()
    with path.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return highest, libraries
        try:
            for section in ELFFile(file).iter_sections():
                if isinstance(section, GNUVerNeedSection):
                    names = [aux.name for _, auxes in section.iter_versions() for aux in auxes]
                    found = [(int(m[1]), int(m[2])) for name in names if (m := _GLIBC.match(name))]
                    highest = max([highest, *found])
                elif isinstance(section, DynamicSection):
                    libraries |= {vars(tag)["needed"] for tag in section.iter_tags("DT_NEEDED")}
        except ELFError as error:
            raise SystemExit(f"{path} cannot be read as an ELF file: {error}") from error
    return highest, libraries


def elf_needs(folder: Path) -> ElfNeeds:
    """Return what the ELF files of a program's folder need together."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    needs = {path: read_elf(path) for path in files if not path.is_symlink()}
    highest = max([(0, 0), *(glibc for glibc, _ in needs.values())])
    askers = sorted(path for path, (glibc, _) in needs.items() if glibc == highest > (0, 0))
    asked = {library for _, libraries in needs.values() for library in libraries}
    # The starting file does not look into the folder below it.
    by_starter = {library for path, (_, found) in needs.items() if path.parent == folder for library in found}
    return ElfNeeds(highest, tuple(askers), by_starter | asked - {path.name for path in files})


def bundle_name(version: str, system: str, machine: str, glibc: tuple[int, int]) -> str:
    """Return the name of the finished folder."""
    name = f"zsgis-{version}-{system}-{machine.lower()}"
    return f"{name}-glibc{glibc[0]}.{glibc[1]}" if glibc > (0, 0) else name


def program_file(bundle: Path, system: str) -> Path:
    """Return the file in the bundle that starts the program."""
    return bundle / ("zsgis.exe" if system == "windows" else "zsgis")


def empty_environment(system: str, home: Path, present: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with a fresh home and nothing more than the system needs to start a program."""
    if system != "windows":
        return {"HOME": str(home)}
    own = {name: str(home) for name in ("USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP")}
    return own | {name: present[name] for name in ("SYSTEMROOT",) if name in present}


def foreign_environment(folder: Path) -> dict[str, str]:
    """Return the settings of another GIS whose data, in ``folder``, are not ours and not even readable."""
    (folder / "proj.db").write_text("not a database", encoding="utf-8")
    return dict.fromkeys(FOREIGN_GIS + FOREIGN_QT, str(folder)) | {
        "PROJ_NETWORK": "ON",
        "PYTHONHOME": str(folder),
        "PYTHONPATH": str(folder),
    }


@dataclass(frozen=True)
class Trial:
    """A program to be tried: how it is called, as whom, with which environment."""

    command: Sequence[str]
    environment: Mapping[str, str] | None
    folder: Path
    as_nobody: bool = False

    def _who(self) -> dict[str, Any]:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.as_nobody else {}

    def run(self, *arguments: str, **more: str) -> dict[str, Any]:
        """Run one command and return its JSON document; a command that fails ends the build."""
        environment = None if self.environment is None else {**self.environment, **more}
        done = subprocess.run(
            [*self.command, *arguments, "--json"],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            check=False,
            **self._who(),
        )
        if done.returncode not in {0, 1}:  # 1: done, with findings
            raise SystemExit(
                f"{arguments[0]} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}"
            )
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def open_window(self, project: Path, raster: Path) -> None:
        """Open the window without a screen and see that it lives until its processes have done their work.

        Parameters
        ----------
        project : Path
            A project with a layer large enough for coarser levels, and with ``raster``.
        raster : Path
            The file that a drawing process has to open.
        """
        with tempfile.TemporaryFile() as said:
            window = subprocess.Popen(
                [*self.command, "open", str(project)],
                env={**(self.environment or {}), "QT_QPA_PLATFORM": "offscreen"},
                cwd=self.folder,
                stdout=said,
                stderr=subprocess.STDOUT,
                **self._who(),
            )
            try:
                missed = _wait_for_window(window, self.folder, raster)
            finally:
                window.kill()  # its drawing processes end with it
                window.wait()
            said.seek(0)
            text = said.read().decode(errors="replace")
        if missed or "Traceback" in text:
            raise SystemExit(f"the window does not work; missed: {', '.join(missed) or 'nothing'}\n{text}")


def _wait_for_window(window: subprocess.Popen[bytes], home: Path, raster: Path) -> list[str]:
    """Return what the window's processes have not done in time; where Linux is not, only levels are seen."""
    missed = {"levels"} | ({"layers", "raster"} if Path("/proc/self/maps").exists() else set())
    ends = time.monotonic() + WINDOW_PATIENCE_S
    while missed and time.monotonic() < ends and window.poll() is None:
        time.sleep(0.5)
        tasks = Path(f"/proc/{window.pid}/task").glob("*/children")
        children = [child for task in tasks for child in task.read_text().split()]
        if any("/zsgis/drawing" in _mapped_files(child) for child in children):
            missed.discard("layers")
        if any(_holds(child, raster) for child in children):
            missed.discard("raster")
        if any(home.rglob("levels/levels.json")):
            missed.discard("levels")
    return sorted(missed if window.poll() is None else missed | {"life"})


def _mapped_files(process: str) -> str:
    try:
        return Path(f"/proc/{process}/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has just ended
        return ""


def _holds(process: str, file: Path) -> bool:
    try:
        return any(link.exists() and link.samefile(file) for link in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it has just ended
        return False


def add_raster(project_file: Path) -> Path:
    """Write a small GeoTIFF beside a project and take it in, over all its layers; return the GeoTIFF."""
    import numpy as np
    import rasterio

    from layers.pictures.adding import raster_facts, raster_picture
    from layers.store import Project
    from layers.store.uids import new_uid
    from zsgis.arrangement import PICTURES_SETTING

    file = project_file.with_name("影像.tif")
    with Project.open(project_file) as project:
        bounds = np.array([layer.bounds for layer in project.layers() if layer.bounds])
        (left, bottom), (right, top) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
        cells = np.arange(3 * 64 * 64, dtype=np.uint8).reshape(3, 64, 64)
        with rasterio.open(
            file,
            "w",
            driver="GTiff",
            width=64,
            height=64,
            count=3,
            dtype=cells.dtype,
            crs=project.crs.to_wkt(),
            transform=rasterio.transform.from_bounds(left, bottom, right, top, 64, 64),
        ) as written:
            written.write(cells)
        picture = raster_picture(
            raster_facts(file), uid=new_uid(), name=file.stem, project_folder=project_file.parent
        )
        project.set_setting(PICTURES_SETTING, [picture.model_dump(mode="json")])
    return file


def set_writable(folder: Path, *, writable: bool) -> None:
    """Give or take the owner's right to write in a folder and all below it."""
    for path in (path for path in (folder, *folder.rglob("*")) if not path.is_symlink()):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IWUSR if writable else mode & ~0o222)


def try_program(bundle: Path, system: str, scratch: Path, expected: Any) -> None:
    """Try the finished program with files in ``scratch``; a failure ends the build."""
    home, settings = scratch / "家", foreign_environment(scratch)
    home.mkdir()
    as_nobody = system == "linux" and os.geteuid() == 0
    if as_nobody:
        os.chown(home, NOBODY, NOBODY)
    environment = empty_environment(system, home, os.environ)
    trial = Trial([str(program_file(bundle, system))], environment, home, as_nobody)
    set_writable(bundle, writable=False)
    try:
        found = trial.run("demo", str(home / "out"))["figures"]
        if found != expected:
            raise SystemExit("the bundle's demonstration gives other figures than the checkout's")
        project = next((home / "out").glob("*.gpkg"))
        towns = trial.run("layers", str(project))["layers"][-1]["name"]
        trial.run("export", str(project), towns, str(home / "图层.shp"), **settings)
        trial.run("new", str(home / "新.gpkg"), "--crs", "4547", **settings)
        trial.run("import", str(home / "新.gpkg"), str(home / "图层.shp"), "--as", "zones", **settings)
        trial.open_window(project, add_raster(project))
    finally:
        set_writable(bundle, writable=True)


def build(work: Path, system: str) -> Path:
    """Build the program's folder inside ``work`` and return it."""
    if system == "linux" and not shutil.which("objcopy"):
        raise SystemExit("objcopy is missing; please type: sudo apt-get install binutils")
    hook_files(work / "build" / "hooks")
    arguments = pyinstaller_arguments(system, work / "build", work / TRIAL_FOLDER)
    subprocess.run([sys.executable, "-m", "PyInstaller", *arguments], cwd=ROOT, check=True)
    built = work / TRIAL_FOLDER / "zsgis"
    shutil.copy2(ROOT / "LICENSE", built / "LICENSE")
    return built


def make(out: Path, *, smoke: bool) -> tuple[Path, ElfNeeds]:
    """Build the program, try it, and put it into ``out`` under its name."""
    from zsgis import __version__

    system = SYSTEMS[platform.system()]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        work = Path(folder)
        work.chmod(0o755)  # whoever tries the program has to reach it
        scratch = work / "scratch"
        scratch.mkdir()
        here = Trial([sys.executable, "-m", "zsgis"], None, ROOT)
        expected = pool.submit(here.run, "demo", str(scratch / "expected")) if smoke else None
        built = build(work, system)
        needs = elf_needs(built)
        if missing := sorted(name for name in needs.libraries if not SYSTEM_LIBRARY.match(name)):
            raise SystemExit(f"install these on this machine first: {', '.join(missing)}")
        if expected is not None:
            try_program(built, system, scratch, expected.result()["figures"])
        final = out / bundle_name(__version__, system, platform.machine(), needs.glibc)
        shutil.rmtree(final, ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        shutil.move(built, final)
    return final, needs


def main() -> None:
    """Build and try the program; say where it is and what it needs."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--out", type=Path, default=ROOT / "dist", help="folder to put the program into")
    ask.add_argument("--no-smoke", action="store_true", help="do not try the finished program")
    given = ask.parse_args()
    started = time.monotonic()
    bundle, needs = make(given.out.resolve(), smoke=not given.no_smoke)
    sizes = [path.lstat().st_size for path in bundle.rglob("*") if path.is_file()]
    report = {
        "folder": str(bundle),
        "MB": round(sum(sizes) / 1e6),
        "seconds": round(time.monotonic() - started),
        "highest glibc asked for by": [path.name for path in needs.askers],
        "needed from the system": sorted(needs.libraries),
    }
    sys.stdout.write(f"{json.dumps(report, ensure_ascii=False, indent=2)}\n")


if __name__ == "__main__":
    main()
