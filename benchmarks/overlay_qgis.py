"""QGIS's side of the overlay race, run by the Python that QGIS was built for.

    /usr/bin/python3 benchmarks/overlay_qgis.py PARCELS ZONES

Both layers are brought into memory, with a spatial index, before the clock starts.
"""

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.append("/usr/share/qgis/python/plugins")

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsFeatureRequest, QgsVectorLayer


def layer(path: str, name: str) -> QgsVectorLayer:
    """Return a layer in memory with the shapes of a file."""
    stored = QgsVectorLayer(path, name, "ogr")
    if not stored.isValid():
        sys.exit(f"QGIS cannot read {path}")
    held = stored.materialize(QgsFeatureRequest().setSubsetOfAttributes([]))
    held.dataProvider().createSpatialIndex()
    return held


def main() -> None:
    """Intersect, and print seconds, pieces and their area."""
    application = QgsApplication([], False)
    application.initQgis()
    QgsApplication.processingRegistry().addProvider(QgsNativeAlgorithms())
    import processing

    layers = {"INPUT": layer(sys.argv[1], "parcels"), "OVERLAY": layer(sys.argv[2], "zones")}
    start = time.perf_counter()
    found = processing.run("native:intersection", {**layers, "OUTPUT": "memory:"})["OUTPUT"]
    seconds = time.perf_counter() - start
    area_m2 = sum(feature.geometry().area() for feature in found.getFeatures())
    print(json.dumps({"seconds": seconds, "pieces": found.featureCount(), "area_m2": area_m2}))


main()
