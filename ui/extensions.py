"""The parts of the window that bring their own commands, in the order in which they are put in."""

from __future__ import annotations

from ui.bench import Bench, Extension
from ui.flows.assessing import AssessingFlows
from ui.flows.backups import BackupFlows
from ui.flows.cell_edits import CellEdits
from ui.flows.checking import CheckingFlows
from ui.flows.comparing import Comparing
from ui.flows.coordinates import CoordinateFlows
from ui.flows.dashboard import DashboardFlows
from ui.flows.database import DatabaseFlows
from ui.flows.demand import DemandFlows
from ui.flows.editing_sketches.extension import editing_sketches
from ui.flows.editing_sketches.sketching import Sketching
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.extension import VertexCommands
from ui.flows.evidence import EvidenceFlows
from ui.flows.field_filling import FieldFilling
from ui.flows.filters import FilterFlows
from ui.flows.forms import FormFlows
from ui.flows.hidden_selection import HiddenSelection
from ui.flows.history import HistoryFlows
from ui.flows.layer_tree import LayerTreeFlows
from ui.flows.ledger import LedgerFlows
from ui.flows.map_tools import map_tools
from ui.flows.merging import MergeFlows
from ui.flows.naming_sources import NamingSources
from ui.flows.raster_export import RasterExport
from ui.flows.rasters import RasterFlows
from ui.flows.redline import RedlineFlows
from ui.flows.reports import ReportFlows
from ui.flows.result_rasters import ResultRasters
from ui.flows.securing import SecuringFlows
from ui.flows.services.extension import ServiceCommands
from ui.flows.sharing import SharingFlows
from ui.flows.silent_disk import SilentDisk
from ui.flows.styles import StyleFlows
from ui.flows.tables import TableFlows
from ui.flows.unsaved import UnsavedEdits


def make_extensions(bench: Bench) -> tuple[Extension, ...]:
    """Return every extension, connected and ready."""
    aimer = Aimer(bench)
    sketching = Sketching(bench, aimer)
    sharing, merging = SharingFlows(bench), MergeFlows(bench)
    tables = TableFlows(bench)
    sharing.hand_in_asked.connect(merging.hand_in)
    return (
        LayerTreeFlows(bench),
        *map_tools(bench),
        tables,
        FilterFlows(bench),
        CoordinateFlows(bench),
        RasterFlows(bench),
        RasterExport(bench),
        ServiceCommands(bench),
        StyleFlows(bench),
        CheckingFlows(bench),
        Comparing(bench),
        NamingSources(bench, bench.window.analysis_panel),
        NamingSources(bench, bench.window.securing_panel.computing),
        ResultRasters(bench),
        *editing_sketches(bench, aimer, sketching),
        VertexCommands(bench, aimer, sketching),
        BackupFlows(bench),
        sharing,
        UnsavedEdits(bench),
        SilentDisk(bench),
        merging,
        DatabaseFlows(bench),
        FormFlows(bench),
        CellEdits(bench),
        FieldFilling(bench),
        HistoryFlows(bench),
        RedlineFlows(bench),
        DemandFlows(bench),
        SecuringFlows(bench, tables),
        HiddenSelection(bench),
        LedgerFlows(bench),
        DashboardFlows(bench),
        AssessingFlows(bench),
        EvidenceFlows(bench),
        ReportFlows(bench),
    )
