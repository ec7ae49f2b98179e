"""Alembic's environment: the portal's own engine and tables; SQLite alters by batch."""

from alembic import context

from app.bootstrap import make_engine
from app.models.base import Base
from app.models import cases, controllers, fulfilment, ledger, people  # noqa: F401  # tables register themselves
from app.settings import read_settings


def run() -> None:
    """Migrate on the connection that was handed over, else on one of our own."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _on(given)
        return
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or read_settings().database_url)
    with engine.connect() as connection:
        _on(connection)
    engine.dispose()


def _on(connection) -> None:  # type: ignore[no-untyped-def]  # Alembic hands over what it likes
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
