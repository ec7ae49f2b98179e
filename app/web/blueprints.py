"""The audiences that this portal serves, each with its own package of views."""

from typing import Final

from flask import Blueprint

from app.web import api, desk, ops, public, signin, vault, you

ALL: Final[tuple[Blueprint, ...]] = (
    ops.blueprint,
    public.blueprint,
    vault.blueprint,
    signin.blueprint,
    you.blueprint,
    desk.blueprint,
    api.blueprint,
)
