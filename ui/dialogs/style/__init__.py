"""The style editor: symbol, classes, scales, words."""
