"""The one place that asks over a network: http and https, bounded in time and size, certificates verified.

No proxy of the environment is used, no cookie kept, nothing sent but the address, our name and the key.
"""

from __future__ import annotations

import logging
import ssl
import time
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import certifi
import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from layers.errors import JobCancelled
from layers.progress import NoProgress, Progress
from layers.words import _
from zsgis import __version__
from zsgis.services.answers import ServiceError, answered, unreachable, untrusted, unusable

USER_AGENT = f"zsgis/{__version__}"
_CHUNK = 65_536
_REDIRECTS = 3
_TEXT_SHOWN = 160
_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for, in seconds: until it answers, between two pieces, in all."""

    connect: float = 5.0
    read: float = 10.0
    whole: float = 30.0


@dataclass(frozen=True)
class Answer:
    """What a server sent.

    Attributes
    ----------
    kind : str
        Media type without parameters, lower case; empty where none is stated.
    """

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True)
class Login:
    """User and password for basic authentication."""

    user: str
    password: str

    @classmethod
    def of(cls, secret: str) -> Login:
        """Return what ``user:password`` means."""
        user, _sign, password = secret.partition(":")
        return cls(user, password)


class Transport:
    """Asks servers; safe to use from several threads.

    Parameters
    ----------
    patience : Patience
    """

    def __init__(self, patience: Patience = Patience()) -> None:
        # its records hold whole addresses, and those hold keys
        logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
        self._patience = patience

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        """Made at the first request: certificates take a while to read."""
        trust = ssl.create_default_context()
        trust.load_verify_locations(certifi.where())
        return urllib3.PoolManager(
            num_pools=16,
            maxsize=8,
            ssl_context=trust,
            retries=False,
            timeout=urllib3.Timeout(connect=self._patience.connect, read=self._patience.read),
        )

    def get(
        self, address: str, *, limit: int, login: Login | None = None, progress: Progress | None = None
    ) -> Answer:
        """Fetch an address.

        Parameters
        ----------
        address : str
            http or https, with its key.
        limit : int
            The most bytes that are taken.
        login : Login or None
            Sent to the address's own host only.
        progress : Progress or None
            Asked now and then whether to stop.

        Raises
        ------
        ServiceError
            When nobody answers, the certificate is not valid, the answer is an error, leads elsewhere than
            http or https, or is too large.
        """
        asked, own = address, _origin(address)
        deadline = time.monotonic() + self._patience.whole
        for _turn in range(_REDIRECTS + 1):
            _require_web(asked, own)
            response = self._open(asked, login if _origin(asked) == own else None)
            try:
                moved = response.headers.get("Location") if response.status in _MOVED else None
                if moved is None:
                    body = _read(response, limit, deadline, _host(asked), progress or NoProgress())
                    return _judged(response, body, _host(asked))
            finally:
                response.close()
                response.release_conn()
            asked = urljoin(asked, moved)
        raise unusable(_host(asked), _("The server {host} leads in a circle.").format(host=_host(asked)))

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.clear()

    def _open(self, address: str, login: Login | None) -> urllib3.BaseHTTPResponse:
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*"}
        if login is not None:
            headers |= urllib3.make_headers(basic_auth=f"{login.user}:{login.password}")
        host = _host(address)
        try:
            return self._pool.request(
                "GET", address, headers=headers, preload_content=False, redirect=False, retries=False
            )
        except SSLError as error:
            raise untrusted(host, type(error).__name__) from None
        except MaxRetryError as error:
            raise unreachable(host, type(error.reason).__name__) from None
        # the library's messages hold the address, which holds the key: left out
        except (HTTPError, OSError, ValueError) as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise untrusted(host, "SSLCertVerificationError") from None
            raise unreachable(host, type(error).__name__) from None


def _read(
    response: urllib3.BaseHTTPResponse, limit: int, deadline: float, host: str, progress: Progress
) -> bytes:
    parts: list[bytes] = []
    taken = 0
    try:
        for part in response.stream(_CHUNK, decode_content=True):
            progress.step(0.0)
            taken += len(part)
            if taken > limit:
                raise unusable(
                    host,
                    _("The server {host} sends more than {megabytes} MB.").format(
                        host=host, megabytes=f"{limit / 1e6:g}"
                    ),
                )
            if time.monotonic() > deadline:
                raise unreachable(host, "deadline")
            parts.append(part)
    except (ServiceError, JobCancelled):
        raise
    except (HTTPError, OSError, ValueError) as error:
        raise unreachable(host, type(error).__name__) from None
    return b"".join(parts)


def _judged(response: urllib3.BaseHTTPResponse, body: bytes, host: str) -> Answer:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status != 200:
        raise answered(host, response.status, _said(body, kind))
    return Answer(response.status, kind, body)


def _said(body: bytes, kind: str) -> str:
    """Return what a server says of its error, where it is a short plain text."""
    if not body or kind not in ("text/plain", "application/json", "text/json", ""):
        return ""
    text = " ".join(body[: 4 * _TEXT_SHOWN].decode("utf-8", errors="replace").split())
    return text[:_TEXT_SHOWN]


def _require_web(address: str, origin: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise unusable(_host(origin), _("The server leads to an address that is neither http nor https."))
    if origin.startswith("https:") and parts.scheme != "https":
        raise unusable(
            _host(origin), _("The server leads from a protected connection to an open one: not followed.")
        )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
