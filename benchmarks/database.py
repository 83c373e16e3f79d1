"""Eight people write into one PostGIS for a minute; a project file goes in and comes out again.

    python -m benchmarks.database [--seconds 60] [--writers 8] [--features 50] [--project FILE] [--json]

A server of its own, as durable as a bureau's (``fsync`` on), on a socket in a temporary folder. Each writer
is a process that counts two random features up at a time, each change guarded by the version it was thought
out for; a disturber beside them locks the same features in the opposite order, past the program, so that
there are deadlocks to be begun anew. ``lost`` is what the features lack of what was acknowledged;
``unwritten`` and ``unacknowledged`` compare the history with the writers' own lists, edit by edit. Latencies
are of edits that were written, waiting and beginning anew included.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import psycopg
import pyproj
import shapely
from psycopg import sql

from benchmarks.postgis_server import ADMIN, DATABASE, PrivateServer
from layers.edits import Author, ChangeFeature, Edit
from layers.errors import StaleEditError
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from layers.store.postgis import DatabaseAddress
from layers.store.postgis.store import PostgisStore
from layers.store.uids import new_uid

_SCHEMA = "zs_bench"
_CRS = pyproj.CRS.from_epsg(4547)
_PAUSE_S = 0.5
_HOLD_S = 0.01


@dataclass(frozen=True)
class Sitting:
    """What one writer did."""

    edits: tuple[str, ...]
    latencies: tuple[float, ...]
    stale: int
    deadlocks: int
    waits: int


@dataclass(frozen=True)
class Exchange:
    """A project file pushed into a new database project and pulled out of it again."""

    features: int
    push_s: float
    pull_s: float
    same: bool


@dataclass(frozen=True)
class Figures:
    """What came of it."""

    writers: int
    seconds: float
    edits: int
    edits_per_s: float
    lost: int
    unwritten: int
    unacknowledged: int
    stale_retried: int
    deadlocks_retried: int
    waits_retried: int
    median_ms: float
    p99_ms: float
    fsync_median_ms: float
    exchange: Exchange | None


def main() -> None:
    """Run and print the figures."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--writers", type=int, default=8)
    asked.add_argument("--features", type=int, default=50)
    asked.add_argument("--project", type=Path)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    figures = run(wanted.seconds, wanted.writers, wanted.features, wanted.project)
    if wanted.json:
        print(json.dumps(asdict(figures), indent=2))
        return
    for name, value in asdict(figures).items():
        print(f"{name:20} {value}")


def run(seconds: float, writers: int, features: int, project: Path | None) -> Figures:
    """Let writers write, then exchange a project; the server is thrown away afterwards."""
    server = PrivateServer(durable=True)
    try:
        address = server.address(_SCHEMA)
        layer, uids = _prepare(address, features)
        sittings, lasted = _write(server, address, layer, uids, seconds, writers)
        with PostgisStore.open(address) as store:
            counted = int(store.read(layer, columns=["n"])["n"].sum())
            heads = [head.uid for head in store.edits(limit=10_000_000)]
        acknowledged = [uid for sitting in sittings for uid in sitting.edits]
        exchange = None if project is None else _exchange(server, project)
        latencies = [each for sitting in sittings for each in sitting.latencies]
        return Figures(
            writers=writers,
            seconds=round(lasted, 1),
            edits=len(acknowledged),
            edits_per_s=round(len(acknowledged) / lasted, 1),
            lost=2 * len(acknowledged) - counted,
            unwritten=len(set(acknowledged) - set(heads)),
            unacknowledged=len(set(heads) - set(acknowledged)),
            stale_retried=sum(sitting.stale for sitting in sittings),
            deadlocks_retried=sum(sitting.deadlocks for sitting in sittings),
            waits_retried=sum(sitting.waits for sitting in sittings),
            median_ms=round(statistics.median(latencies) * 1000, 2),
            p99_ms=round(float(np.quantile(latencies, 0.99)) * 1000, 2),
            fsync_median_ms=_fsync_ms(server.folder),
            exchange=exchange,
        )
    finally:
        server.throw_away()


def _prepare(address: DatabaseAddress, features: int) -> tuple[str, list[str]]:
    shapes = [shapely.box(number * 10, 0, number * 10 + 9, 9) for number in range(features)]
    frame = geopandas.GeoDataFrame({"n": [0] * features}, geometry=shapes, crs=_CRS)
    with PostgisStore.create(address, _CRS) as store:
        layer = store.add_layer(NewLayer("counted", "zones", _CRS), frame)
        return layer.uid, [str(uid) for uid in store.read(layer.uid, columns=[]).index]


def _write(
    server: PrivateServer,
    address: DatabaseAddress,
    layer: str,
    uids: Sequence[str],
    seconds: float,
    writers: int,
) -> tuple[list[Sitting], float]:
    context = mp.get_context("spawn")
    start, stop = context.Event(), context.Event()
    ready: Any = context.Semaphore(0)
    answers: Any = context.Queue()
    people = [
        context.Process(target=_sit, args=(address, layer, list(uids), number, ready, start, stop, answers))
        for number in range(writers)
    ]
    for person in people:
        person.start()
    for _person in people:
        ready.acquire()
    disturber = threading.Thread(target=_disturb, args=(server, layer, stop))
    begun = time.perf_counter()
    start.set()
    disturber.start()
    stop.wait(seconds)
    stop.set()
    sittings = [answers.get() for _person in people]
    lasted = time.perf_counter() - begun
    disturber.join()
    for person in people:
        person.join()
    return sittings, lasted


def _sit(
    address: DatabaseAddress,
    layer: str,
    uids: list[str],
    number: int,
    ready: Any,
    start: Any,
    stop: Any,
    answers: Any,
) -> None:
    """Count features up until it is time to stop; what one writer's process does."""
    chance = random.Random(number)  # noqa: S311 - not a secret
    edits: list[str] = []
    latencies: list[float] = []
    stale = 0
    with PostgisStore.open(address, author=Author(f"writer {number}", "bench")) as store:
        ready.release()
        start.wait()
        while not stop.is_set():
            chosen = chance.sample(uids, 2)
            begun = time.perf_counter()
            while True:
                edit = _counted_up(store, layer, chosen)
                with suppress(StaleEditError):
                    store.apply(edit)
                    break
                stale += 1
            latencies.append(time.perf_counter() - begun)
            edits.append(edit.uid)
        retries = store.retries
        answers.put(Sitting(tuple(edits), tuple(latencies), stale, retries.deadlocks, retries.waits))


def _counted_up(store: PostgisStore, layer: str, chosen: Sequence[str]) -> Edit:
    states = store.states(layer, chosen)
    changes = tuple(
        ChangeFeature(layer, state.zs_uid, values={"n": state.values["n"] + 1}, version=state.version)
        for state in states
    )
    return Edit("count up", changes, uid=new_uid())


def _disturb(server: PrivateServer, layer: str, stop: Any) -> None:
    """Lock features in falling order, past the program, which takes them in rising order."""
    with PostgisStore.open(server.address(_SCHEMA)) as store:
        table = sql.Identifier(_SCHEMA, store.layer(layer).table)
    lock = sql.SQL("SELECT zs_uid FROM {} WHERE zs_uid = %s FOR UPDATE").format(table)
    listed = sql.SQL("SELECT zs_uid FROM {} ORDER BY zs_uid DESC LIMIT 12").format(table)
    with psycopg.connect(host=str(server.folder), dbname=DATABASE, user=ADMIN, autocommit=True) as lent:
        uids = [uid for (uid,) in lent.execute(listed)]
        # the others notice the ring first, after the second that PostgreSQL gives them
        lent.execute("SET deadlock_timeout = '20s'")
        lent.execute("SET lock_timeout = '2s'")
        while not stop.wait(_PAUSE_S):
            with suppress(psycopg.errors.LockNotAvailable), lent.transaction():
                for uid in uids:
                    lent.execute(lock, (uid,))
                    time.sleep(_HOLD_S)


def _exchange(server: PrivateServer, path: Path) -> Exchange:
    from zsgis.databases.syncing import pull_new, push_new

    address = server.address("zs_exchange")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "mine.gpkg"
        copy.write_bytes(path.read_bytes())
        with Project.open(copy) as project:
            begun = time.perf_counter()
            result = push_new(project, address, "", NoProgress())
            push_s = time.perf_counter() - begun
            hashes = {info.uid: project.content_hash(info.uid) for info in project.layers()}
        other = Path(folder) / "theirs.gpkg"
        with PostgisStore.open(address) as store:
            begun = time.perf_counter()
            pull_new(store, other, NoProgress())
            pull_s = time.perf_counter() - begun
        with Project.open(other) as project:
            same = hashes == {info.uid: project.content_hash(info.uid) for info in project.layers()}
    return Exchange(result.sent, round(push_s, 1), round(pull_s, 1), same)


def _fsync_ms(folder: Path) -> float:
    """Return the median time in which this disk confirms a small write."""
    import os

    times = []
    place = folder / "probe" if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp()) / "probe"
    with place.open("wb", buffering=0) as file:
        for _turn in range(100):
            begun = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begun)
    place.unlink()
    return round(statistics.median(times) * 1000, 2)


if __name__ == "__main__":
    main()
