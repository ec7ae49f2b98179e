"""How staff come in and go out: invitation, password, second factor (Art. 32)."""

from app.web.signin import demo, invitation, own_password, safety, sso, steps
from app.web.signin.blueprint import blueprint

__all__ = ["blueprint", "demo", "invitation", "own_password", "safety", "sso", "steps"]
