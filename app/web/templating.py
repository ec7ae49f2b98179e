"""Pages speak with the filters and translations of mails and letters, through the components of GOV.UK Frontend."""

from pathlib import Path
from typing import Final

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader

from app.portal import Portal

ROOT: Final = Path(__file__).resolve().parents[2]


def install(app: Flask, portal: Portal) -> None:
    """Loader, filters, translations and what every page needs to know of this portal."""
    environment = app.jinja_env
    portal.renderer.equip(environment)
    # The GOV.UK components ask for parameters that were not given.
    environment.undefined = ChainableUndefined
    kits = {kit: PackageLoader(kit) for kit in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    own = app.jinja_loader
    assert own is not None
    environment.loader = ChoiceLoader([own, PrefixLoader(kits)])
    environment.globals["demo"] = portal.settings.demo
