"""Alembic's environment: works on the connection that `app.schema` hands over; SQLite alters by batch."""

from alembic import context

from app.models.base import Base
from app.schema import TABLES

assert TABLES  # imported so that autogenerate knows them
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
