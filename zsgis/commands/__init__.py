"""The command line: thin commands over the work floor, with one way to report, fail and stop."""
