"""Supply of land: candidates gathered from the layers by rule, each piece of land once."""
