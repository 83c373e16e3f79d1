"""The user's own datum parameters: looked at, entered, corrected, taken over, handed on, removed."""
