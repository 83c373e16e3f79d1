"""The dialog that shows what a file is, what it is taken for and where it would lie, to be confirmed."""
