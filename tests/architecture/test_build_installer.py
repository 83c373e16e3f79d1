"""The bundle's builder: what it asks for, what it reads from files, and that a bad program does not pass."""

from __future__ import annotations

import ast
import importlib.util
import json
import platform
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import build_installer as builder

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("layers", "zsgis", "ui")
LINUX = sys.platform.startswith("linux")
only_elf = pytest.mark.skipif(not LINUX, reason="ELF files are Linux's")


def package_files(package: str, pattern: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return sorted(Path(next(iter(spec.submodule_search_locations))).rglob(pattern))


def versions_by_reading_bytes(file: Path) -> tuple[int, int]:
    """The independent way: a version name stands in the file as plain text, ended by a zero byte."""
    names = re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)", file.read_bytes())
    return max([(0, 0), *((int(major), int(minor)) for major, minor in names)])


# --- names and environments


@pytest.mark.parametrize(
    ("system", "machine", "glibc", "name"),
    [
        ("linux", "x86_64", (2, 28), "zsgis-1.2.0-linux-x86_64-glibc2.28"),
        ("linux", "aarch64", (2, 31), "zsgis-1.2.0-linux-aarch64-glibc2.31"),
        ("windows", "AMD64", (0, 0), "zsgis-1.2.0-windows-amd64"),
        ("macos", "arm64", (0, 0), "zsgis-1.2.0-macos-arm64"),
    ],
)
def test_folder_says_for_which_system_it_is(
    system: str, machine: str, glibc: tuple[int, int], name: str
) -> None:
    assert builder.bundle_name("1.2.0", system, machine, glibc) == name


@pytest.mark.parametrize(("system", "name"), [("linux", "zsgis"), ("windows", "zsgis.exe")])
def test_starting_file(system: str, name: str) -> None:
    assert builder.program_file(Path("folder"), system) == Path("folder", name)


def test_empty_environment_of_linux_holds_a_home_only() -> None:
    present = {"PATH": "/bin", "LANG": "zh_CN.UTF-8", "HOME": "/srv/li", "PYTHONPATH": "/x", "DISPLAY": ":0"}
    assert builder.empty_environment("linux", Path("家"), present) == {"HOME": "家"}


def test_empty_environment_of_windows_keeps_the_system_folder_and_no_folder_of_the_user() -> None:
    present = {"SYSTEMROOT": r"C:\Windows", "PATH": r"C:\OSGeo4W\bin", "APPDATA": r"C:\Users\li\AppData"}
    home = Path("home")
    assert builder.empty_environment("windows", home, present) == {
        "SYSTEMROOT": r"C:\Windows",
        "USERPROFILE": "home",
        "APPDATA": "home",
        "LOCALAPPDATA": "home",
        "TEMP": "home",
        "TMP": "home",
    }


def test_other_programs_settings_are_forgotten_at_the_start(tmp_path: Path) -> None:
    foreign = builder.foreign_environment(tmp_path)
    foreign = {name: value for name, value in foreign.items() if not name.startswith("PYTHON")}
    environment = builder.empty_environment(builder.SYSTEMS[platform.system()], tmp_path, {}) | foreign
    program = builder.START_HOOK + "import json; print(json.dumps(dict(os.environ)))"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    left = json.loads(done.stdout)
    assert not set(left) & {"PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "GDAL_DRIVER_PATH", "QT_PLUGIN_PATH"}
    assert str(tmp_path) in left.values(), "the home stays"


# --- what PyInstaller is told


@pytest.mark.parametrize("system", ["linux", "windows", "macos"])
def test_pyinstaller_understands_its_arguments(system: str, tmp_path: Path) -> None:
    from PyInstaller.__main__ import generate_parser

    builder.hook_files(tmp_path / "hooks")
    arguments = builder.pyinstaller_arguments(system, tmp_path, tmp_path / "dist")
    told = generate_parser().parse_args(arguments)
    assert told.filenames == [str(ROOT / "zsgis" / "__main__.py")]
    assert told.onefile is False
    assert told.datas == [(str(ROOT / "resources"), "resources")]
    assert told.hookspath == [str(tmp_path / "hooks")]
    assert [Path(hook).is_file() for hook in told.runtime_hooks] == [True]
    assert told.hide_console == ("hide-early" if system == "windows" else None)
    assert set(FLOORS) <= set(told.collect_submodules)
    assert "IPython" in told.excludes
    assert {"PyQt6-Qt6", "geopandas", "XStatic-Leaflet"} <= set(told.recursive_copy_metadata)


def imported_modules() -> dict[str, set[str]]:
    """Return the files that import each module, wherever in the file they do."""
    found: dict[str, set[str]] = {}
    for file in (file for floor in FLOORS for file in (ROOT / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                found.setdefault(name, set()).add(file.name)
    return found


def test_nothing_the_program_imports_is_left_out() -> None:
    left_out = set(builder.EXCLUDED_LIBRARIES + builder.EXCLUDED_TOOLS)
    found = imported_modules()
    assert {name: found[name] for name in found if {name, name.split(".")[0]} & left_out} == {}


IMPORT_WITHOUT = """
import importlib, json, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if any(name == out or name.startswith(out + ".") for out in left_out):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

left_out, wanted = json.load(sys.stdin)
sys.meta_path.insert(0, Refuse())
for name in wanted:
    importlib.import_module(name)
print(len(wanted))
"""


def import_without(left_out: tuple[str, ...], wanted: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT],
        input=json.dumps([left_out, wanted]),
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_program_imports_loads_without_what_is_left_out() -> None:
    others = {*FLOORS, "__future__"}
    wanted = sorted(name for name in imported_modules() if name.split(".")[0] not in others)
    done = import_without(builder.EXCLUDED_LIBRARIES + builder.EXCLUDED_TOOLS, wanted)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(wanted) > 50


def test_a_part_that_is_missed_is_named() -> None:
    done = import_without(("numpy.f2py",), ["mapclassify"])
    assert "numpy.f2py" in done.stderr


def test_missing_binutils_are_named_before_the_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="apt-get install binutils"):
        builder.build(tmp_path, "linux")
    assert list(tmp_path.iterdir()) == []


def test_every_dependency_is_known_by_its_plain_name() -> None:
    from importlib.metadata import version

    names = builder.direct_dependencies()
    assert {"PyQt6", "pandas", "shapely", "XStatic-Leaflet"} <= set(names)
    assert all(version(name) for name in names)


@pytest.mark.parametrize("module", sorted({*builder.HOOKS, *builder.HIDDEN_IMPORTS}))
def test_what_hooks_speak_of_is_installed(module: str) -> None:
    assert importlib.util.find_spec(module) is not None


def run_hook(module: str, folder: Path) -> dict[str, list[tuple[str, str]]]:
    builder.hook_files(folder)
    found: dict[str, list[tuple[str, str]]] = runpy.run_path(str(folder / f"hook-{module}.py"))
    return found


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("mpl_font", {"wqy-microhei.ttc"}),
        ("xstatic.pkg.leaflet", {"leaflet.js", "leaflet.css", "layers.png", "marker-icon.png"}),
        ("babel", {"global.dat", "root.dat", "zh_Hans_CN.dat", "en.dat"}),
        ("pyogrio", {"proj.db", "gdalvrt.xsd"}),
        ("rasterio", {"proj.db", "gdalvrt.xsd"}),
    ],
)
def test_hook_takes_the_files_the_program_reads(module: str, names: set[str], tmp_path: Path) -> None:
    taken = {Path(source).name for source, _ in run_hook(module, tmp_path / "hooks")["datas"]}
    assert names <= taken
    assert not {"NotoSansCJKsc-Bold.otf", "leaflet-src.js", "fr.dat"} & taken


def test_tests_of_packages_stay_behind(tmp_path: Path) -> None:
    found = run_hook("pyogrio", tmp_path / "hooks")
    assert "pyogrio._ogr" in found["hiddenimports"]
    assert not [name for name in found["hiddenimports"] if "tests" in name]
    assert not [source for source, _ in found["datas"] if "tests" in Path(source).parts]


@only_elf
def test_qt_plugins_for_a_chinese_desktop_are_taken_and_gtk_is_not(tmp_path: Path) -> None:
    taken = {Path(source).name for source, _ in run_hook("PyQt6.QtGui", tmp_path / "hooks")["binaries"]}
    assert taken >= {
        "libqxcb.so",
        "libqoffscreen.so",
        "libqwayland-generic.so",
        "libibusplatforminputcontextplugin.so",
        "libcomposeplatforminputcontextplugin.so",
        "libqjpeg.so",
        "libqsvg.so",
    }
    assert not taken & {"libqgtk3.so", "libqpdf.so", "libqeglfs.so", "libqvnc.so"}


def test_qt_speaks_chinese_and_carries_no_other_words(tmp_path: Path) -> None:
    datas = run_hook("PyQt6.QtCore", tmp_path / "hooks")["datas"]
    assert [Path(source).name for source, _ in datas if source.endswith(".qm")] == ["qtbase_zh_CN.qm"]


# --- the glibc scan


@only_elf
@pytest.mark.parametrize("package", ["PyQt6", "numpy", "shapely", "apsw"])
def test_glibc_of_real_libraries(package: str) -> None:
    for file in package_files(package, "*.so")[:12]:
        assert builder.read_elf(file)[0] == versions_by_reading_bytes(file), file


@only_elf
def test_wheels_keep_the_promise_of_their_tag() -> None:
    """PyQt6-Qt6 6.9 is tagged manylinux_2_28: no file of it asks for more, and QtCore asks for just that."""
    core = next(file for file in package_files("PyQt6", "libQt6Core.so.6"))
    assert builder.read_elf(core)[0] == (2, 28)
    needs = builder.elf_needs(core.parent)
    assert needs.glibc == (2, 28)
    assert core in needs.askers


@only_elf
def test_nothing_that_runs_here_needs_more_than_there_is() -> None:
    there_is = tuple(int(part) for part in platform.libc_ver()[1].split("."))
    glibc, libraries = builder.read_elf(Path(sys.executable).resolve())
    assert (2, 0) < glibc <= there_is
    assert "libc.so.6" in libraries


@only_elf
def test_libraries_in_the_folder_are_not_asked_of_the_system_unless_the_starting_file_needs_them(
    tmp_path: Path,
) -> None:
    widgets = next(iter(package_files("PyQt6", "libQt6Widgets.so.6")))
    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "readme.txt").write_text("no ELF file", encoding="utf-8")
    (bundle / "_internal" / widgets.name).symlink_to(widgets)
    assert builder.elf_needs(bundle).libraries == set(), "a link is not read"
    (bundle / "_internal" / widgets.name).unlink()
    (bundle / "_internal" / widgets.name).write_bytes(widgets.read_bytes())
    asked = builder.elf_needs(bundle).libraries
    assert {"libQt6Core.so.6", "libQt6Gui.so.6", "libc.so.6"} <= asked
    (bundle / "_internal" / "libQt6Core.so.6").write_bytes(b"")
    assert builder.elf_needs(bundle).libraries == asked - {"libQt6Core.so.6"}
    (bundle / "zsgis").write_bytes(widgets.read_bytes())
    assert builder.elf_needs(bundle).libraries == asked, "what lies below helps the starting file nothing"


@pytest.mark.parametrize(
    ("library", "is_the_systems"),
    [
        ("libc.so.6", True),
        ("ld-linux-aarch64.so.1", True),
        ("libGL.so.1", True),
        ("libxcb.so.1", True),
        ("libwayland-egl.so.1", True),
        ("libxcb-cursor.so.0", False),
        ("libcairo.so.2", False),
        ("libgtk-3.so.0", False),
    ],
)
def test_libraries_that_must_be_in_the_folder(library: str, is_the_systems: bool) -> None:
    assert bool(builder.SYSTEM_LIBRARY.match(library)) is is_the_systems


def test_other_files_need_no_glibc(tmp_path: Path) -> None:
    (tmp_path / "program.exe").write_bytes(b"MZ\x90\0GLIBC_2.99\0")
    needs = builder.elf_needs(tmp_path)
    assert (needs.glibc, needs.askers, needs.libraries) == ((0, 0), (), set())


def test_a_damaged_library_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.so").write_bytes(b"\x7fELF" + b"\xff" * 40)
    with pytest.raises(SystemExit, match=r"broken\.so"):
        builder.elf_needs(tmp_path)


# --- trying the finished program


def trial(folder: Path, text: str) -> builder.Trial:
    script = folder / "program.py"
    script.write_text(text, encoding="utf-8")
    return builder.Trial([sys.executable, str(script)], None, folder)


@pytest.mark.parametrize("code", [0, 1])
def test_done_and_done_with_findings_are_both_done(code: int, tmp_path: Path) -> None:
    program = trial(tmp_path, f"import json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit({code})")
    assert program.run("demo", "出") == ["demo", "出", "--json"]


@pytest.mark.parametrize("code", [2, 3, 70])
def test_a_command_that_fails_ends_the_build_with_what_it_said(code: int, tmp_path: Path) -> None:
    program = trial(tmp_path, f"import sys\nprint('no proj.db', file=sys.stderr)\nsys.exit({code})")
    with pytest.raises(SystemExit, match=rf"demo ended with {code}:\nno proj\.db"):
        program.run("demo")


def test_a_window_that_closes_at_once_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no platform plug-in"):
        trial(tmp_path, "print('no platform plug-in')").open_window(tmp_path / "p.gpkg", tmp_path / "r.tif")


@only_elf
def test_a_window_whose_drawing_processes_do_not_come_ends_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "WINDOW_PATIENCE_S", 1.5)
    with pytest.raises(SystemExit, match="missed: layers, levels, raster"):
        trial(tmp_path, "import time; time.sleep(30)").open_window(tmp_path / "p.gpkg", tmp_path / "r.tif")


CHILD_AT_WORK = """
import mmap, pathlib, subprocess, sys, time
if sys.argv[1] == "open":
    print("{said}", flush=True)
    subprocess.run([sys.executable, __file__, "child"])
cache = pathlib.Path("zsgis/drawings").absolute()
(cache / "levels").mkdir(parents=True, exist_ok=True)
(cache / "levels" / "{levels}").write_text("")
(cache / "coords").write_bytes(b"x" * 8192)
with open(cache / "coords", "rb") as file, open("{raster}", "rb") as raster:
    arrays = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    time.sleep(4)
"""


def open_at_work(
    folder: Path, *, said: str = "Detected locale C", levels: str = "levels.json", raster: str = "r.tif"
) -> None:
    for name in ("r.tif", "other.tif"):
        (folder / name).write_bytes(b"II*")
    text = CHILD_AT_WORK.format(said=said, levels=levels, raster=raster)
    trial(folder, text).open_window(folder / "p.gpkg", folder / "r.tif")


@only_elf
def test_a_window_whose_child_holds_layers_and_raster_and_makes_levels_passes(tmp_path: Path) -> None:
    open_at_work(tmp_path)


@only_elf
@pytest.mark.parametrize(
    ("wrong", "missed"),
    [({"levels": "unfinished"}, "levels"), ({"raster": "other.tif"}, "raster")],
)
def test_a_window_that_never_shows_the_raster_or_makes_no_levels_does_not_pass(
    wrong: dict[str, str], missed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "WINDOW_PATIENCE_S", 2.5)
    with pytest.raises(SystemExit, match=f"missed: {missed}\n"):
        open_at_work(tmp_path, **wrong)


@only_elf
def test_a_window_that_draws_and_complains_does_not_pass(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Traceback"):
        open_at_work(tmp_path, said="Traceback")


def test_folder_loses_and_regains_the_right_to_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "中山 试用"
    folder.mkdir()
    file = folder / "zsgis"
    file.write_text("program", encoding="utf-8")
    file.chmod(0o755)
    builder.set_writable(folder, writable=False)
    assert not file.stat().st_mode & 0o222
    builder.set_writable(folder, writable=True)
    assert file.stat().st_mode & 0o200
    if LINUX:
        assert file.stat().st_mode & 0o777 == 0o755, "and still runs"
