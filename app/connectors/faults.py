"""Why a system could not be read, in plain words (Art. 12(1) GDPR): no address, no password, no value of any row."""

import re
import sqlite3

import psycopg
from psycopg import errors
from sqlalchemy import exc

from app.connectors.base import ConnectorFault
from app.domain.messages import Message

DRIVER_ERRORS = (exc.SQLAlchemyError, psycopg.Error, sqlite3.Error, UnicodeDecodeError)

_PASSWORD = Message("The system did not accept the portal's user name or password.")
_DATABASE = Message("The system has no database of the name that the portal was given.")
_TABLE = Message("A table that the data map names is not in the system.")
_COLUMN = Message("A column that the data map names is not in the system.")
_PERMISSION = Message("The portal's account in this system may not read everything that the data map names.")
_TIMEOUT = Message("The system took too long to answer.")
_BUSY = Message("The system is busy or does not take any more connections at the moment.")
_UNREACHABLE = Message("The system could not be reached.")
_LOST = Message("The connection to the system was lost in the middle.")
_VALUE = Message("The system holds a value that could not be read.")
_FILE = Message("The database file is damaged, or is not a database.")

# The first that fits counts. Retrying helps where only time is missing; the rest somebody has to mend first.
_BY_ERROR: tuple[tuple[tuple[type[BaseException], ...], Message, bool], ...] = (
    ((errors.InvalidPassword, errors.InvalidAuthorizationSpecification), _PASSWORD, False),
    ((errors.InvalidCatalogName,), _DATABASE, False),
    ((errors.UndefinedTable, errors.InvalidSchemaName), _TABLE, False),
    ((errors.UndefinedColumn,), _COLUMN, False),
    ((errors.InsufficientPrivilege,), _PERMISSION, False),
    ((errors.QueryCanceled, errors.LockNotAvailable, errors.ConnectionTimeout), _TIMEOUT, True),
    ((errors.TooManyConnections, errors.CannotConnectNow, errors.SerializationFailure), _BUSY, True),
    ((errors.DeadlockDetected, errors.ConfigurationLimitExceeded), _BUSY, True),
    ((errors.AdminShutdown, errors.CrashShutdown, errors.IdleInTransactionSessionTimeout), _LOST, True),
    ((psycopg.DataError, UnicodeDecodeError), _VALUE, False),
)
_BY_TEXT: tuple[tuple[str, Message, bool], ...] = (
    (
        r"password authentication failed|no password supplied|role .* does not exist|no pg_hba\.conf entry",
        _PASSWORD,
        False,
    ),
    (r"database .* does not exist", _DATABASE, False),
    (r"permission denied", _PERMISSION, False),
    (r"too many (connections|clients)|starting up|shutting down|remaining connection slots", _BUSY, True),
    (
        r"server closed the connection|connection is lost|terminating connection|SSL SYSCALL|connection is closed",
        _LOST,
        True,
    ),
    (r"no such table", _TABLE, False),
    (r"no such column", _COLUMN, False),
    (r"interrupted", _TIMEOUT, True),
    (r"database (table )?is locked", _BUSY, True),
    (r"not a database|malformed|disk image", _FILE, False),
    (r"Could not decode to UTF-8", _VALUE, False),
)


def fault(error: BaseException, *, opening: bool = False) -> ConnectorFault:
    """The fault to raise `from None`: a driver's own words may quote addresses and values, so none of them is kept."""
    origin = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
    for kinds, message, retry in _BY_ERROR:
        if isinstance(origin, kinds):
            return ConnectorFault(message, retry=retry)
    for pattern, message, retry in _BY_TEXT:
        if re.search(pattern, str(origin), re.IGNORECASE):
            return ConnectorFault(message, retry=retry)
    if isinstance(origin, psycopg.OperationalError | psycopg.InterfaceError | sqlite3.OperationalError):
        return ConnectorFault(_UNREACHABLE if opening else _LOST, retry=True)
    code = getattr(origin, "sqlstate", None) or type(origin).__name__  # the operator's key to the system's own log
    return ConnectorFault(Message("The system refused to answer (%(code)s).", {"code": code}), retry=True)
