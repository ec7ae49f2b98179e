"""A person's own sign-in: the way in without a name, their requests in one place, and what keeps it safe (Art. 12(2),
32)."""

from app.web.you import requests, safety, second, steps
from app.web.you.blueprint import blueprint

__all__ = ["blueprint", "requests", "safety", "second", "steps"]
