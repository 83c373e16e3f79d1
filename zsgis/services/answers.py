"""What can be wrong with a service, in one sentence each; never with its address, which may hold a key."""

from __future__ import annotations

from enum import StrEnum

from layers.errors import InputError
from layers.words import _


class Trouble(StrEnum):
    """What went wrong, as far as it changes what is done next."""

    KEY = "key"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    BUSY = "busy"
    NOTHING = "nothing"
    ANSWER = "answer"
    PICTURE = "picture"


class ServiceError(InputError):
    """A service did not give what it was asked for.

    Attributes
    ----------
    trouble : Trouble
    """

    def __init__(
        self, trouble: Trouble, what: str, *, where: str, remedy: str = "", details: str = ""
    ) -> None:
        super().__init__(what, where=where, remedy=remedy, details=details)
        self.trouble = trouble

    @property
    def is_passing(self) -> bool:
        """Tell whether it may be over in a moment, so that asking again makes sense."""
        return self.trouble in (Trouble.UNREACHABLE, Trouble.BUSY)

    @property
    def stops_all(self) -> bool:
        """Tell whether every further request would end the same until somebody does something."""
        return self.trouble in (Trouble.KEY, Trouble.CERTIFICATE)


def unreachable(host: str, details: str) -> ServiceError:
    """Return that nobody answered in time."""
    return ServiceError(
        Trouble.UNREACHABLE,
        _("The server {host} cannot be reached.").format(host=host),
        where=host,
        remedy=_("Check the network and the address; what was fetched before is still shown."),
        details=details,
    )


def untrusted(host: str, details: str) -> ServiceError:
    """Return that a certificate does not prove who answers."""
    return ServiceError(
        Trouble.CERTIFICATE,
        _("The certificate of {host} is not valid: nothing was asked.").format(host=host),
        where=host,
        remedy=_("Have the server's certificate put right, or installed on this machine by whoever runs it."),
        details=details,
    )


def refused(host: str, said: str) -> ServiceError:
    """Return that a key, token or password is missing, wrong or not good for a program on the desk."""
    words = _("The server {host} refuses the key.").format(host=host)
    if said:
        words = _("The server {host} refuses the key: {text}").format(host=host, text=said)
    return ServiceError(
        Trouble.KEY,
        words,
        where=host,
        remedy=_("Check the key, token or password; 天地图 needs a key of the kind 服务器端."),
    )


def forbidden(host: str, said: str) -> ServiceError:
    """Return that a server without a key does not give a tile: some do so where they have none."""
    return ServiceError(
        Trouble.ANSWER,
        _("The server {host} does not allow access.").format(host=host),
        where=host,
        remedy=_("If the service needs a key, remove it and add it again with the key."),
        details=said,
    )


def answered(host: str, status: int, said: str) -> ServiceError:
    """Return that a server answered with an error."""
    if status in (401, 403, 407, 498, 499):
        return refused(host, said)
    if status in (204, 404, 410):
        return ServiceError(
            Trouble.NOTHING,
            _("The server {host} has nothing at this address.").format(host=host),
            where=host,
            remedy=_("Check the address."),
            details=str(status),
        )
    busy = status in (408, 418, 425, 429) or status >= 500
    return ServiceError(
        Trouble.BUSY if busy else Trouble.ANSWER,
        _("The server {host} reports an error ({status}).").format(host=host, status=status),
        where=host,
        remedy=_("Try again later, or ask whoever runs the service."),
        details=said,
    )


def unusable(host: str, what: str, details: str = "") -> ServiceError:
    """Return that an answer is not what was asked for."""
    return ServiceError(Trouble.PICTURE, what, where=host, remedy=_("Check the address."), details=details)
