"""The law and the procedures as data, read and checked at start."""
