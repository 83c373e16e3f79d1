"""The evidence folder (证据包): all that proves the figures of a project, in one file that proves itself."""

from zsgis.evidence.checking import check_evidence
from zsgis.evidence.model import EvidenceCheck, EvidenceOrder, EvidenceReport
from zsgis.evidence.writing import write_evidence

__all__ = ["EvidenceCheck", "EvidenceOrder", "EvidenceReport", "check_evidence", "write_evidence"]
