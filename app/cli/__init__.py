"""The commands of ."""
