"""What a project's journal says, held against its features and layers, by the witness's own reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.project_witness import Witness


def edit_uids(witness: Witness) -> list[str]:
    """Return the edits of the journal, the oldest first."""
    return [uid for (uid,) in witness.rows("SELECT uid FROM zs_edits ORDER BY id")]


def disagreements(witness: Witness) -> list[str]:
    """Return where journal, features, layers and contents tell different stories; empty where none does."""
    return [*_edits_and_entries(witness), *_entries_and_features(witness), *_entries_and_layers(witness)]


def _edits_and_entries(witness: Witness) -> Iterator[str]:
    """Look whether every edit has the features and layers it says, and every entry has its edit."""
    for uid, features, layers, entries, touched in witness.rows(
        "SELECT e.uid, e.features, e.layers, count(DISTINCT j.feature_uid),"
        " group_concat(DISTINCT j.layer_uid) FROM zs_edits AS e"
        " LEFT JOIN zs_journal AS j ON j.edit_uid = e.uid GROUP BY e.id"
    ):
        if features != entries or set(layers.split()) != set((touched or "").split(",")):
            yield f"edit {uid} says {features} features of {layers}, its entries {entries} of {touched}"
    for uid, edit in witness.rows(
        "SELECT feature_uid, edit_uid FROM zs_journal WHERE action LIKE '%_feature'"
        " AND edit_uid NOT IN (SELECT uid FROM zs_edits)"
    ):
        yield f"an entry about {uid} belongs to edit {edit}, which is not there"


def _entries_and_features(witness: Witness) -> Iterator[str]:
    """Look whether the last entry about a feature tells how it is, or that it was removed."""
    for layer in witness.layers():
        held = witness.versions(layer.uid)
        features = {uid: found for (of, uid), found in witness.features().items() if of == layer.uid}
        for uid, action, after in witness.rows(
            "SELECT feature_uid, action, after FROM zs_journal WHERE id IN (SELECT max(id) FROM zs_journal"
            " WHERE layer_uid = ? AND action LIKE '%_feature' GROUP BY feature_uid)",
            layer.uid,
        ):
            retired = bool(witness.rows("SELECT 1 FROM zs_retired WHERE zs_uid = ?", uid))
            if (action == "remove_feature") != (uid not in held) or retired != (uid not in held):
                yield f"feature {uid}: last entry {action}, in its layer {uid in held}, retired {retired}"
            elif uid in held:
                yield from _after_and_feature(uid, json.loads(after), held[uid], features[uid].values)


def _after_and_feature(uid: str, after: Any, version: int, values: Any) -> Iterator[str]:
    if after["version"] != version:
        yield f"feature {uid} has version {version}, its last entry says {after['version']}"
    for name, value in after["values"].items():
        if value != values[name]:
            yield f"feature {uid}: {name} is {values[name]!r}, its last entry says {value!r}"


def _entries_and_layers(witness: Witness) -> Iterator[str]:
    """Look whether a layer has the version of its last entry and was last changed when that was written."""
    for uid, version, changed, of_entry, time in witness.rows(
        "SELECT l.uid, l.version, c.last_change, max(j.layer_version), max(j.time) FROM zs_layers AS l"
        " JOIN gpkg_contents AS c ON c.table_name = l.table_name"
        " JOIN zs_journal AS j ON j.layer_uid = l.uid AND j.edit_uid NOT NULL GROUP BY l.uid"
    ):
        if version != of_entry:
            yield f"layer {uid} has version {version}, its last entry says {of_entry}"
        if changed != time:
            yield f"layer {uid} was last changed {changed}, its last entry is of {time}"
