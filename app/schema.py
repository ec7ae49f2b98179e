"""The database's schema: brought to the newest migration, and compared with the tables that the code expects."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.models import cases, controllers, evidence, fulfilment, ledger, people, proof
from app.models.base import Base

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
TABLES = (cases, controllers, evidence, fulfilment, ledger, people, proof)  # imported so that they are known here


def config() -> Config:
    """Alembic's configuration; there is no ini file to keep in step."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision. Does nothing when it is there already."""
    made = config()
    with engine.connect() as connection:
        made.attributes["connection"] = connection
        command.upgrade(made, revision)


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Where the database is, and where it should be."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here, ScriptDirectory.from_config(config()).get_current_head()


def differences(engine: Engine) -> list[Any]:
    """What the migrations lack, or have too much of, against the tables in the code."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, Base.metadata)
        return found
