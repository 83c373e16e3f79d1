"""The report on securing land: made from ledger and recorded runs, each figure with its run."""
