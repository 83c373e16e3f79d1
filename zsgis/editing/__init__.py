"""Thinking edits out: from what is drawn, typed or chosen to the changes of features. No screen, no file."""
