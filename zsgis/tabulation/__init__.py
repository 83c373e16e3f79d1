"""A layer's attributes as columns: sorted, filtered, summed, written, half a million rows at once."""
