"""What drawing processes are told of layers: where their arrays lie."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from layers.drawable import DrawableLayer
from layers.drawable_edits import EditedLayer, FeatureLayer, folded
from layers.drawable_files import save_drawable
from layers.pictures.drawn import DrawnPicture
from layers.style import Style
from ui.painting.drawing_messages import LayerFiles


class ShownFiles:
    """Names the files of layers; one that is only in memory (a result, not saved) is written first."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._number = 0
        self._written: dict[FeatureLayer, LayerFiles] = {}
        self._styles: dict[str, tuple[Style, str]] = {}

    def of(self, layer: FeatureLayer | DrawnPicture) -> LayerFiles | DrawnPicture:
        """Return what a drawing process is told: a picture as it is, a layer as files."""
        if isinstance(layer, DrawnPicture):
            return layer
        edited = isinstance(layer, EditedLayer)
        base = layer.base if isinstance(layer, EditedLayer) else layer
        if base.folder is not None and not (edited and layer.folder is None):
            edits = str(layer.folder) if edited else ""
            return LayerFiles.of(base, base.folder, self._style(layer), edits)
        known = self._written.get(layer)
        if known is None:
            if self._folder is None:
                self._folder = TemporaryDirectory(prefix="zsgis-", ignore_cleanup_errors=True)
            whole = folded(layer) if isinstance(layer, EditedLayer) else layer
            self._number += 1
            folder = Path(self._folder.name, str(self._number))
            folder.mkdir()
            save_drawable(whole, folder, {})
            known = self._written[layer] = LayerFiles.of(whole, folder, self._style(layer))
        return known

    def keep(self, layers: Collection[FeatureLayer | DrawnPicture]) -> None:
        """Forget what was written of other layers."""
        self._written = {layer: files for layer, files in self._written.items() if layer in layers}

    def close(self) -> None:
        """Remove what was written."""
        folder, self._folder = self._folder, None
        self._written.clear()
        if folder is not None:
            folder.cleanup()

    def _style(self, layer: DrawableLayer | EditedLayer) -> str:
        """Return a style as text: made once, for it has hundreds of rules and is told with every edit."""
        known = self._styles.get(layer.uid)
        if known is None or known[0] is not layer.style:
            known = self._styles[layer.uid] = (layer.style, layer.style.model_dump_json())
        return known[1]
