"""What PostgreSQL says, as sentences an officer can act on."""

from __future__ import annotations

import psycopg
from psycopg import errors

from layers.errors import InputError, ProjectFileError, StaleEditError, ZsgisError
from layers.words import N_, _

OWN_ERROR = "ZS001"
"""The code of errors that the program's own functions in the database raise, in these words."""

_OWN_SENTENCES = (
    N_("A feature keeps its identifier."),
    N_("This identifier was used in this project before."),
)

_AGAIN = N_("Try again in a moment; nothing was changed.")
_ASK = N_("Ask whoever looks after the database.")

_REFUSED = (
    N_("The database does not accept this user name or password."),
    N_("Type the password again, or ask whoever looks after the database."),
)
_UNREACHABLE = (
    N_("The database cannot be reached."),
    N_("Check the network and that the server runs, then try again."),
)
_UNKNOWN = (N_("The database could not do that; nothing was changed."), _ASK)

_SENTENCES: tuple[tuple[tuple[type[psycopg.Error], ...], str, str], ...] = (
    (
        (errors.InsufficientPrivilege,),
        N_("Your role in this database does not allow that; nothing was changed."),
        N_("Ask whoever looks after the database for the role of a surveyor or an editor."),
    ),
    (
        (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable),
        N_("Others were editing the same features all the while; nothing was changed."),
        _AGAIN,
    ),
    (
        (errors.QueryCanceled,),
        N_("The database took too long to answer; nothing was changed."),
        _AGAIN,
    ),
    (
        (errors.DiskFull, errors.OutOfMemory),
        N_("The database's disk or memory is full; nothing was changed."),
        _ASK,
    ),
    ((errors.InvalidPassword, errors.InvalidAuthorizationSpecification), *_REFUSED),
    (
        (errors.InvalidCatalogName,),
        N_("There is no such database on the server."),
        N_("Check the name of the database."),
    ),
    (
        (errors.TooManyConnections, errors.CannotConnectNow),
        N_("The database takes no more connections at the moment."),
        _AGAIN,
    ),
    (
        (errors.ReadOnlySqlTransaction,),
        N_("The database can only be read at the moment."),
        _ASK,
    ),
    (
        (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn),
        N_("The layer or the project is no longer in the database as it was."),
        N_("Open the project again."),
    ),
)


class PasswordRefusedError(ProjectFileError):
    """A user name or a password that the database does not accept."""


def is_broken(error: psycopg.Error) -> bool:
    """Tell whether an error means that the connection is gone, not that a statement was refused."""
    if isinstance(
        error, errors.AdminShutdown | errors.CrashShutdown | errors.IdleInTransactionSessionTimeout
    ):
        return True
    return isinstance(error, psycopg.OperationalError) and error.sqlstate is None


def as_sentence(error: psycopg.Error, where: str) -> ZsgisError:
    """Return an error of the database as one of ours.

    Parameters
    ----------
    where : str
        The database, without a password.
    """
    details = str(error)
    said = error.diag.message_primary
    if error.sqlstate == OWN_ERROR and said in _OWN_SENTENCES:
        return InputError(_(said), where=error.diag.message_detail or where)
    if isinstance(error, errors.UniqueViolation):
        return StaleEditError(
            _("Somebody else has added the same at the same time; nothing was changed."),
            where=where,
            remedy=_(_AGAIN),
            details=details,
        )
    if isinstance(error, psycopg.DataError):
        return InputError(
            _("A shape or a value cannot be held by the database; nothing was changed."),
            where=where,
            remedy=_("Correct it, then try again."),
            details=details,
        )
    what, remedy = _said(error)
    if isinstance(error, errors.InsufficientPrivilege):
        # no other time will do: nothing is to be kept and tried again
        return InputError(_(what), where=where, remedy=_(remedy), details=details)
    kind = PasswordRefusedError if (what, remedy) == _REFUSED else ProjectFileError
    return kind(_(what), where=where, remedy=_(remedy), details=details)


def _said(error: psycopg.Error) -> tuple[str, str]:
    for kinds, what, remedy in _SENTENCES:
        if isinstance(error, kinds):
            return what, remedy
    if _wrong_password(error):
        return _REFUSED
    return _UNREACHABLE if isinstance(error, psycopg.OperationalError) else _UNKNOWN


def _wrong_password(error: psycopg.Error) -> bool:
    # what fails while connecting carries no code; libpq says these in English whatever the server's language
    text = str(error)
    return error.sqlstate is None and (
        "no password supplied" in text or "password authentication failed" in text
    )
