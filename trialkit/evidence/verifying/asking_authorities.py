"""A time-stamp authority is asked over HTTP (RFC 3161, 3.4): one question, one answer, within bounds.

Whoever answers may be anybody, and slow. What is sent is the hash of a line of the file of anchors, and
nothing of the trial.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.request import (
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from trialkit.errors import EvidenceError
from trialkit.evidence.verifying.anchoring import Stamped
from trialkit.evidence.verifying.time_stamps import (
    printed,
    question,
    require_time_stamps,
    time_stamp,
)
from trialkit.grammar import counted
from trialkit.limits import LARGEST_TIME_STAMP
from trialkit.printable import is_printable

PATIENCE_SECONDS = 30.0
"""How long an authority may take, from its name to the last byte of its answer."""
CLOCKS_APART = timedelta(minutes=5)
"""How far the clock of an authority and the one of this computer may differ."""
_ASKED, _ANSWERED = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStampAuthority:
    """Who is asked, and whom to believe that it is they."""

    url: str
    certificates: Sequence[Any] = ()
    """To which its signature is to go back; nobody's signature is looked at without."""
    patience_seconds: float = PATIENCE_SECONDS

    def stamped(self, stated: bytes, now: datetime) -> Stamped:
        """A time stamp of these bytes, checked.

        Raises :class:`EvidenceError`, which says what came instead.
        """
        require_time_stamps()
        parts = _parts(self.url)
        asked = question(stated)
        answer = self._answer(asked.encoded)
        try:
            given = time_stamp(answer, stated, self.certificates, nonce=asked.nonce)
        except EvidenceError as error:
            raise self._refusal(f"the answer {error}") from None
        if abs(given.at - now.astimezone(UTC)) > CLOCKS_APART:
            raise self._refusal(
                f"its time stamp is of {given.moment}, and the clock of this computer is at "
                f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}; set the clock, or ask an authority whose clock is "
                "right"
            )
        return Stamped(authority=_kept(parts), answer=answer, says=given)

    def _answer(self, encoded: bytes) -> bytes:
        """What comes back, in a thread that is left behind where it takes too long.

        No limit of a socket bounds the whole: a name that is looked up, an answer a byte at a time.
        """
        came: SimpleQueue[bytes | Exception] = SimpleQueue()
        Thread(target=self._fetch, args=(encoded, came), daemon=True).start()
        try:
            found = came.get(timeout=self.patience_seconds)
        except Empty:
            waited = counted(round(self.patience_seconds), "second")
            raise self._refusal(f"gave no whole answer within {waited}; try later") from None
        if isinstance(found, EvidenceError):
            raise found
        if isinstance(found, Exception):
            raise self._refusal(f"cannot be reached: {printed(_said(found))}")
        return found

    def _fetch(self, encoded: bytes, came: "SimpleQueue[bytes | Exception]") -> None:
        heads = {"Content-Type": _ASKED, "Accept": _ANSWERED, "User-Agent": "trialkit"}
        request = Request(self.url, data=encoded, headers=heads, method="POST")
        try:
            with _opener().open(request, timeout=self.patience_seconds) as response:
                came.put(self._body(response))
        except (EvidenceError, OSError, HTTPException, ValueError) as error:
            came.put(error)

    def _body(self, response: HTTPResponse) -> bytes:
        place = response.headers.get("Location", "")
        if 300 <= response.status < 400:
            where = f" at {printed(place)}" if place else ""
            raise self._refusal(
                f"says that it is elsewhere now{where}, which is not followed; if you trust that place, name it"
            )
        if response.status != 200:
            raise self._refusal(
                f"answered {response.status} {printed(response.reason)}".rstrip()
                + "; check the address, and that it takes POST"
            )
        kind = response.headers.get_content_type()
        if kind != _ANSWERED:
            raise self._refusal(
                f"answered with {printed(kind)}, and {_ANSWERED} was expected; is it the address of an "
                "authority?"
            )
        content = response.read(LARGEST_TIME_STAMP + 1)
        if len(content) > LARGEST_TIME_STAMP:
            raise self._refusal(
                f"answered with more than {LARGEST_TIME_STAMP:,} bytes, which no time stamp has"
            )
        return content

    def _refusal(self, said: str) -> EvidenceError:
        return EvidenceError(
            f"{printed(_kept(_parts(self.url)))}: {said}. Nothing was written, in the log or the file"
        )


def _opener() -> OpenerDirector:
    """HTTP and HTTPS, by the proxy that the system names, and nothing else: no redirect, no other kind."""
    opener = OpenerDirector()
    for handler in (ProxyHandler(), UnknownHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _parts(url: str) -> SplitResult:
    """The address in its parts.

    Raises :class:`EvidenceError` for one that is none, or has a password in it.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port  # a ValueError where it is no number
    except ValueError:
        is_address = False
    if not is_address or not is_printable(url) or " " in url:
        raise EvidenceError(
            f"--authority: found {url[:200]!r}; expected the address of a time-stamp authority, as "
            "https://HOST/PATH"
        )
    if parts.username is not None or parts.password is not None:
        raise EvidenceError(
            "--authority: holds an account or a password, which everybody on this computer can read in the "
            "list of programs; ask an authority that needs none"
        )
    return parts


def _kept(parts: SplitResult) -> str:
    """The address as the log and messages have it: what follows a question mark may be a key."""
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def _said(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, OSError):
        return reason.strerror or str(reason) or type(reason).__name__
    return str(reason) or type(reason).__name__
