"""Invented systems that hold invented people, so that the demo's answers are real."""
