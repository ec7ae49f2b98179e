"""The pure rules: no I/O, no wall clock, no Flask, no SQLAlchemy."""
