"""Another maker's truth: areas and cuts of a real district as PostGIS computes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.area import geodesic_area_m2, planar_area_m2
from layers.crs import parse_crs
from zsgis.overlay import balanced_overlay

pytestmark = [pytest.mark.peer, pytest.mark.real_data]

Query = Callable[[str, str], list[list[str]]]


def postgres_program(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found or not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        pytest.skip("peer missing: PostgreSQL with PostGIS (make peers)")
    return found[-1]


@pytest.fixture(scope="module")
def query() -> Iterator[Query]:
    """A PostGIS of this test's own: a fresh cluster on a socket in a folder, no network."""
    initdb, pg_ctl = postgres_program("initdb"), postgres_program("pg_ctl")
    # a short path: a socket's may not be longer than 107 bytes
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data = folder / "data"
    # PostgreSQL refuses to run as root
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if become:
        shutil.chown(folder, "postgres")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"

    def run(*command: str | Path) -> None:
        subprocess.run([*become, *map(str, command)], check=True, capture_output=True, cwd=folder)

    def ask(sql: str, rows: str = "") -> list[list[str]]:
        psql = ["psql", "-h", str(folder), "-d", "postgres", "-U", "tester", "-qAt", "-F", ",", "-c", sql]
        done = subprocess.run([*become, *psql], input=rows, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return [line.split(",") for line in done.stdout.splitlines()]

    run(initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    run(pg_ctl, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        ask("create extension postgis")
        yield ask
    finally:
        run(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def put(query: Query, table: str, shapes: np.ndarray, srid: int) -> None:
    """Write shapes into a table, numbered from 0."""
    query(f"create table {table} (id int primary key, geom geometry)", "")
    with_srid = shapely.set_srid(shapes, srid)
    rows = "".join(
        f"{n}\t{shapely.to_wkb(s, hex=True, include_srid=True)}\n" for n, s in enumerate(with_srid)
    )
    query(f"copy {table} from stdin", rows)
    query(f"create index on {table} using gist (geom)", "")


@pytest.fixture(scope="module")
def land(shared_data: Path) -> np.ndarray:
    return np.array(gpd.read_file(shared_data / "xinwu/xinwu_land_use.gpkg").geometry.array, dtype=object)


@pytest.fixture(scope="module")
def grid(shared_data: Path) -> np.ndarray:
    return np.array(gpd.read_file(shared_data / "xinwu/xinwu_grid_250m.gpkg").geometry.array, dtype=object)


def test_planar_and_geodesic_areas_are_those_of_postgis(query: Query, land: np.ndarray) -> None:
    put(query, "parcels", land, 32650)
    rows = query(
        "select st_area(geom), st_area(st_transform(geom, 4326)::geography) from parcels order by id", ""
    )
    theirs = np.array(rows, dtype=float)
    ours_planar = planar_area_m2(land, parse_crs(32650))
    ours_geodesic = geodesic_area_m2(land, parse_crs(32650))
    assert np.abs(ours_planar - theirs[:, 0]).max() <= 1e-4
    # both follow Karney on WGS 84; the ellipsoid of CGCS2000 differs in the tenth digit of its flattening
    assert np.abs(ours_geodesic - theirs[:, 1]).max() <= 0.01


def test_what_each_cell_holds_is_what_postgis_cuts(query: Query, land: np.ndarray, grid: np.ndarray) -> None:
    put(query, "land", land, 32650)
    put(query, "cells", grid, 32650)
    rows = query(
        "select c.id, sum(st_area(st_intersection(c.geom, l.geom))) "
        "from cells c join land l on st_intersects(c.geom, l.geom) group by c.id",
        "",
    )
    theirs = np.zeros(len(grid))
    for cell, area in rows:
        theirs[int(cell)] = float(area)
    overlay = balanced_overlay(land, grid)
    inside = overlay.zone >= 0
    ours = np.bincount(overlay.zone[inside], weights=overlay.area_m2[inside], minlength=len(grid))
    assert np.abs(ours - theirs).max() <= 0.01
