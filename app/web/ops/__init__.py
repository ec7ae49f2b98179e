"""For those who run the portal and for machines: health, figures, public keys, colours, and the demo's mails."""

from app.web.ops import demo_mail, health, published, themes
from app.web.ops.blueprint import blueprint

__all__ = ["blueprint", "demo_mail", "health", "published", "themes"]
