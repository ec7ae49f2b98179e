"""The audiences that this portal serves, each with its own package of views."""

from typing import Final

from flask import Blueprint

from app.web import ops, public, vault

ALL: Final[tuple[Blueprint, ...]] = (ops.blueprint, public.blueprint, vault.blueprint)
