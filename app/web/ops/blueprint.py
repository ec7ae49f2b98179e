"""The addresses that belong to no controller and to no person."""

from flask import Blueprint

blueprint = Blueprint("ops", __name__)
