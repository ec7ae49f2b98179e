"""Habeas: the portal in which people exercise their data-protection rights."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.portal import Portal


def create_app(portal: "Portal") -> "Flask":
    """The web of one portal. Imported here and not above: workers and command line need no Flask."""
    from flask import Flask

    from app.web import (
        assets,
        blueprints,
        errors,
        guard,
        language,
        security,
        templating,
        turned_away,
        uploads,
        visitor,
    )

    app = Flask("app", root_path=str(templating.ROOT), static_folder=None, template_folder="templates")
    app.extensions["habeas"] = portal
    security.configure(app, portal.settings)
    visitor.install(app)
    uploads.install(app)
    app.before_request(guard.enforce)
    app.before_request(security.prove_origin)
    templating.install(app, portal)
    language.install(app)
    errors.install(app)
    turned_away.install(app)
    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
    guard.insist(app)
    assets.install(app)
    return app
