"""By what staff know their own sessions again (Art. 32): the kind of browser and system, never a fingerprint."""

import re
from ipaddress import IPv4Address, ip_address
from typing import Final

# The first that is found names it: most browsers also claim to be others.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(user_agent: str) -> str:
    """ "Firefox, Windows": names only; empty where the browser does not say, or says nonsense."""
    heard = user_agent[:1000]
    return ", ".join(filter(None, (_first(_BROWSERS, heard), _first(_SYSTEMS, heard))))


def coarse(address: str) -> str:
    """A network without the part that names one machine: "192.0.2.x", "2001:db8:0:…"."""
    known = ip_address(address)
    if isinstance(known, IPv4Address):
        return re.sub(r"\d+$", "x", str(known))
    return ":".join(part.lstrip("0") or "0" for part in known.exploded.split(":")[:3]) + ":…"


def _first(known: tuple[tuple[str, str], ...], heard: str) -> str:
    return next((name for mark, name in known if mark in heard), "")
