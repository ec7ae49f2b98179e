"""Rows for the tests of single migrations: `before_<revision>(engine)` writes them at the revision before and gives
what `after_<revision>(engine, given)` then checks. The first migration starts from nothing."""
