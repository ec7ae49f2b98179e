"""Runs the jobs: broker, actors, relay and the only scheduler."""
