"""The addresses of one person's request."""

from flask import Blueprint

blueprint = Blueprint("vault", __name__)
