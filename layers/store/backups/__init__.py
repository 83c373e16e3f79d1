"""Copies of the project file: taken while work goes on, proven before they count, kept by a rule."""

from layers.store.backups.copying import copy_project, prove_copy, summary_of
from layers.store.backups.model import BackupCopy, CopyKind, LayerFigures, Summary
from layers.store.backups.rule import BackupRule, superfluous, usual_rule
from layers.store.backups.shelf import BackupShelf

__all__ = [
    "BackupCopy",
    "BackupRule",
    "BackupShelf",
    "CopyKind",
    "LayerFigures",
    "Summary",
    "copy_project",
    "prove_copy",
    "summary_of",
    "superfluous",
    "usual_rule",
]
