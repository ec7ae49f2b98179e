"""Before there is a request: which organisations answer here, what rights there are, and how one asks (Art. 12(2))."""

from app.web.public import catalogue, complain, filing, home, several, who
from app.web.public.blueprint import blueprint

__all__ = ["blueprint", "catalogue", "complain", "filing", "home", "several", "who"]
