"""QGIS as a witness: what it says of a project's layers, and how it draws them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from drawing_samples import as_array, picture
from PyQt6.QtGui import QImage

from layers.crs import parse_crs
from layers.drawable_making import build_drawable
from layers.store import LayerInfo, Project
from ui.painting import MapView

CRS = parse_crs("4547")
X, Y = 436_000.0, 2_491_000.0
# 0.5 m and 1 / 3.78 mm to the pixel
VIEW = MapView(X + 200, Y + 200, 0.5, 900, 900)

ASK_QGIS = """
import json, sys
from qgis.PyQt.QtCore import QSize, QTimer
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QMessageBox
from qgis.core import (
    QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle, QgsVectorLayer)
app = QgsApplication([], False)
app.initQgis()
wish = json.loads(sys.argv[1])
answer, layers = {}, []
for table in wish["tables"]:
    layer = QgsVectorLayer(f"{wish['file']}|layername={table}", table, "ogr")
    layers.append(layer)
    message, loaded = layer.loadDefaultStyle()
    renderer = layer.renderer()
    seen = answer[table] = {
        "loaded": loaded,
        "message": message,
        "renderer": renderer.type(),
        "opacity": layer.opacity(),
        "aliases": {field.name(): field.alias() for field in layer.fields()},
    }
    if renderer.type() == "categorizedSymbol":
        seen["field"] = renderer.classAttribute()
        seen["classes"] = [
            [each.value(), each.label(), each.symbol().symbolLayer(0).color().name().upper()]
            for each in renderer.categories()
        ]
    if renderer.type() == "graduatedSymbol":
        seen["field"] = renderer.classAttribute()
        seen["classes"] = [
            [each.lowerValue(), each.upperValue(), each.label(), each.renderState(),
             each.symbol().symbolLayer(0).color().name().upper()]
            for each in renderer.ranges()
        ]
    if renderer.type() == "RuleRenderer":
        seen["classes"] = [
            [each.label(), each.filterExpression(), each.maximumScale(), each.minimumScale(), each.active(),
             each.symbol().symbolLayer(0).color().name().upper()]
            for each in renderer.rootRule().children()
        ]
    seen["scales"] = [layer.hasScaleBasedVisibility(), layer.maximumScale(), layer.minimumScale()]
    if layer.labelsEnabled():
        settings = layer.labeling().settings()
        text = settings.format()
        halo = text.buffer()
        seen["label"] = {
            "field": settings.fieldName,
            "expression": settings.isExpression,
            "mm": [text.size(), halo.size(), text.sizeUnit(), halo.sizeUnit()],
            "colors": [text.color().name(), halo.color().name()],
            "halo": halo.enabled(),
            "bold": text.font().bold(),
            "scale": [settings.scaleVisibility, settings.minimumScale, settings.maximumScale],
        }
    layer.setLabelsEnabled(False)
    if wish["save_as"]:
        layer.renderer().symbol().setColor(QColor("#00FF00"))
        # a box asks whether a style of that name is to be replaced
        QTimer.singleShot(500, lambda: [
            box.button(QMessageBox.Yes).click()
            for box in app.topLevelWidgets() if isinstance(box, QMessageBox)])
        layer.saveStyleToDatabase(wish["save_as"], "", True, "")
settings = QgsMapSettings()
settings.setLayers(layers)
settings.setDestinationCrs(layers[0].crs())
settings.setBackgroundColor(QColor("white"))
settings.setOutputDpi(wish["dpi"])
settings.setOutputSize(QSize(*wish["size"]))
settings.setExtent(QgsRectangle(*wish["bounds"]))
settings.setFlag(QgsMapSettings.Antialiasing, True)
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
assert not job.errors()
job.renderedImage().save(wish["picture"])
print("ANSWER" + json.dumps(answer))
sys.stdout.flush()
app.exitQgis()
"""


@dataclass(frozen=True)
class Seen:
    """What QGIS says of the layers by name, and a view drawn by QGIS and by us (without words)."""

    layers: dict[str, Any]
    theirs: np.ndarray
    ours: np.ndarray

    def difference(self) -> np.ndarray:
        """Return the largest difference of red, green and blue by pixel."""
        found: np.ndarray = np.abs(self.theirs - self.ours).max(axis=2)
        return found


def look(
    project: Project, infos: Sequence[LayerInfo], python: Path, *, view: MapView = VIEW, save_as: str = ""
) -> Seen:
    ours = picture(*[build_drawable(info, project.read(info.uid), CRS) for info in infos], view=view)
    file = project.path
    project.close()
    folder = file.parent
    wish = {
        "file": str(file),
        "tables": [info.table for info in infos],
        "dpi": view.px_per_mm * 25.4,
        "size": [round(view.width_px), round(view.height_px)],
        "bounds": view.bounds,
        "picture": str(folder / "qgis.png"),
        "save_as": save_as,
    }
    home = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run(
        [python, "-c", ASK_QGIS, json.dumps(wish)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **home},
        timeout=60,
    )
    answers = [line for line in said.stdout.splitlines() if line.startswith("ANSWER")]
    assert answers, said.stderr
    seen = json.loads(answers[0].removeprefix("ANSWER"))
    assert all(layer["loaded"] for layer in seen.values()), seen
    theirs = as_array(QImage(wish["picture"]))
    return Seen({info.name: seen[info.table] for info in infos}, theirs, ours)
