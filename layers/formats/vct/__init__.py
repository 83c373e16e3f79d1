"""VCT: the text in which surveys and plans are handed in (GB/T 17798-2007, version 3.0)."""
