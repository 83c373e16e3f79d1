"""The work floor: plan, analysis, sheets, reports and the command line. Uses ``layers``, knows no screen."""

__version__ = "0.1.0"
