"""How often one network may try something: guessing and flooding become slow, honest use never notices (Art. 32)."""

from ipaddress import IPv6Address, ip_address

from flask import request

from app.services import limits, mail_caps
from app.web.visitor import portal

MINUTE, HOUR, DAY = 60, 3600, 86400


def network() -> str:
    """Where the request comes from: one address, or the /64 that a household or host gets in IPv6."""
    address = ip_address(request.remote_addr or "::")
    if isinstance(address, IPv6Address):
        return f"{int(address) >> 64:x}/64"
    return str(address)


def mail_may_go() -> bool:
    """Count one mail that this network brings about; False when there were enough today. The page stays the same."""
    return mail_caps.may_bring_about(portal(), network())


def slow_down(name: str, key: str, *, limit: int, seconds: int) -> None:
    """Count one try; TooMany when there were enough. Called before, never inside, an open transaction."""
    limits.hit(portal(), name, key, limit=limit, seconds=seconds)
