"""The tables, by aggregate; their constraints say what may never be."""
