"""The only way out to the network: timeouts, total deadline, tries, throttle, size, type checks.

Everything that comes back is hostile until checked. Messages are French sentences of the form
« adresse : ce qui est revenu », without secrets.
"""

from __future__ import annotations

import email.utils
import os
import random
import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.addresses import address, is_public, overridden, resolved, shown, with_params
from connectors.bodies import NOT_A_FILE, NOT_JSON, check_file, check_kinds, parsed, wrong_type
from connectors.fetching import FetchError, Offline

PRODUCT = "CoeurDeDonnees/0.1"
TRIES = 4
BACKOFF = (1.0, 2.0, 4.0, 8.0)  # seconds before the next try, each with up to a quarter of jitter
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5
CHUNK = 65536  # bytes asked at once
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Requests per second that each source accepts or asks for; 5 where nothing is said.
RATES: dict[str, float] = {
    "DATAGOUV": 5,
    "GEO": 10,
    "GEORISQUES": 4,
    "GASPAR": 1,
    "MELODI": 0.5,
    "GEOPF_WFS": 5,
    "OVERPASS": 0.1,
}
DEFAULT_RATE = 5.0

WORDS = {
    400: "demande refusée",
    401: "accès refusé",
    403: "accès interdit",
    404: "introuvable",
    410: "supprimé",
    429: "trop de demandes",
    500: "erreur du serveur",
    502: "passerelle en erreur",
    503: "service indisponible",
    504: "passerelle trop lente",
}
# An address or an answer that no client could read: another try cannot help.
UNUSABLE = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.LocationParseError,
    urllib3.exceptions.DecodeError,
)
SLOW = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)

WRITTEN = (200, 201, 204)  # what a platform answers when it took what was sent
READ = (200, 206)
ONCE = (
    "rien n'a été envoyé une seconde fois : regardez sur la plateforme ce qui est arrivé avant de "
    "recommencer"
)

Receive = Callable[[requests.Response], None]


@dataclass(frozen=True)
class Signed:
    """A request that bears the user's key: nothing, a JSON document, or one file in a form."""

    method: str  # GET, POST, PUT
    path: str
    document: Any = None
    file: tuple[str, bytes, str] | None = None  # name, content, media type

    def options(self) -> dict[str, Any]:
        """As the library takes it."""
        if self.file is not None:
            return {"files": {"file": self.file}}
        return {} if self.document is None else {"json": self.document}


@dataclass(frozen=True)
class Limits:
    """What one request may cost. Times in seconds, sizes in bytes once decompressed."""

    connect: float = 5
    read: float = 30
    deadline: float = 90  # tries, waits and redirects included
    file_deadline: float = 300
    json_bytes: int = 30_000_000
    file_bytes: int = 600_000_000


@dataclass(frozen=True)
class Clock:
    """Time and chance, as arguments, so that tests do not wait."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time  # seconds since 1970, to read a Retry-After date
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass
class Throttle:
    """The next moment each host may be asked; shared by all the runs of a process."""

    _next: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, host: str, rate: float, clock: Clock) -> None:
        """Sleep until `host` may be asked again at `rate` requests per second."""
        with self._lock:
            now = clock.monotonic()
            start = max(now, self._next.get(host, now))
            self._next[host] = start + 1 / rate
        if start > now:
            clock.sleep(start - now)


_SHARED = Throttle()


class _Again(Exception):
    """A failure worth another try; the address is added where it is known."""

    def __init__(self, what: str, status: int | None = None, after: float = 0) -> None:
        super().__init__(what)
        self.status, self.after = status, after


class _Refused(Exception):
    """A failure that another try would not mend; the address is added where it is known."""

    def __init__(self, what: str, status: int | None = None) -> None:
        super().__init__(what)
        self.status = status


class _Line:
    """The socket of the request under way: checked when opened, cut when the deadline passes.

    A read timeout only bounds the silence between two bytes; a server that sends one byte now and
    then would hold a reader for hours, hence the cut from a timer.
    """

    def __init__(self) -> None:
        self.expired = False
        self.private_ok = False
        self._socket: socket.socket | None = None

    def hold(self, opened: socket.socket | None) -> None:
        self._socket = opened
        if self.expired:
            self.cut()

    def check_peer(self, opened: socket.socket) -> None:
        """The address really reached, so that a name cannot change between check and use."""
        if not self.private_ok and not is_public(str(opened.getpeername()[0])):
            opened.close()
            raise _Refused("adresse privée refusée")

    def cut(self) -> None:
        self.expired = True
        if self._socket is not None:
            with suppress(OSError):  # already closed by the other side
                self._socket.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def until(self, seconds: float) -> Iterator[None]:
        """Cut the line when `seconds` have passed."""
        self.expired, self._socket = False, None
        timer = threading.Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _watched(base: type[HTTPConnection], line: _Line) -> type[HTTPConnection]:
    class Watched(base):  # type: ignore[misc, valid-type]
        def _new_conn(self) -> socket.socket:
            opened: socket.socket = super()._new_conn()
            line.hold(opened)
            line.check_peer(opened)
            return opened

        def connect(self) -> None:
            super().connect()
            line.hold(self.sock)

        def request(self, *args: Any, **kwargs: Any) -> None:
            line.hold(self.sock)  # a connection kept alive from the last request
            super().request(*args, **kwargs)

    return Watched


class _Adapter(HTTPAdapter):
    def __init__(self, line: _Line) -> None:
        plain = {"ConnectionCls": _watched(HTTPConnection, line)}
        tls = {"ConnectionCls": _watched(HTTPSConnection, line)}
        self._pools = {
            "http": type("WatchedPool", (HTTPConnectionPool,), plain),
            "https": type("WatchedTlsPool", (HTTPSConnectionPool,), tls),
        }
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


class Http:
    """One run's access to the network (one thread); downloaded files live as long as it does."""

    def __init__(
        self,
        limits: Limits | None = None,
        clock: Clock | None = None,
        throttle: Throttle | None = None,
        resolve: Callable[[str, int], list[str]] = resolved,
    ) -> None:
        self.requests = 0  # sent so far, tries and redirects included
        self._limits = limits or Limits()
        self._clock = clock or Clock()
        self._throttle = throttle or _SHARED
        self._resolve = resolve
        self._line = _Line()
        self._files: dict[tuple[str, str], Path | FetchError] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc; proxies are read in _guard
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(self._line))

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and delete the files downloaded by this run."""
        self._session.close()
        self._files.clear()
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def address(self, endpoint_id: str, path: str) -> str:
        """The address of `path` at a source; raises FetchError when its override is malformed."""
        return address(endpoint_id, path)

    def json(
        self, endpoint_id: str, path: str, params: Mapping[str, Any] | None = None
    ) -> tuple[Any, str]:
        """A JSON document and the address asked; raises FetchError or Offline."""
        return self._json(endpoint_id, with_params(address(endpoint_id, path), params or {}))

    def document(self, url: str) -> Any:
        """The JSON document at a public address that someone gave; raises FetchError or Offline."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchError(f"{shown(url)} : attendu, une adresse http(s)://")
        return self._json("", url)[0]

    def _json(self, endpoint_id: str, url: str) -> tuple[Any, str]:
        body = bytearray()

        def receive(response: requests.Response) -> None:
            body.clear()
            _check_type(response, NOT_JSON)
            for chunk in _chunks(response, self._limits.json_bytes):
                body.extend(chunk)

        self._ask(endpoint_id, url, self._limits.deadline, receive)
        return parsed(bytes(body), shown(url)), shown(url)

    def file(self, endpoint_id: str, path: str, kinds: tuple[str, ...] = ("zip",)) -> Path:
        """A file on disk, downloaded once per run (a failure is remembered too).

        `kinds`: zip, gzip, parquet, csv; the first bytes must be those of one of them.
        """
        check_kinds(kinds)
        key = (endpoint_id, path)
        if key not in self._files:
            try:
                self._files[key] = self._download(endpoint_id, path, kinds)
            except FetchError as error:
                self._files[key] = error
        found = self._files[key]
        if isinstance(found, FetchError):
            raise found
        return found

    def send(self, endpoint_id: str, request: Signed, key: str) -> Any:
        """Ask a platform once with the user's key; its JSON answer, None when it is empty.

        No second try, for the first may have arrived, and no redirect, for the key would follow it.
        Raises FetchError or Offline; the key is in no message.
        """
        url = address(endpoint_id, request.path)
        self._refuse_offline(url)
        end = self._clock.monotonic() + self._limits.file_deadline
        headers = {**_headers(), "X-API-KEY": key}
        options = {**request.options(), "headers": headers}
        body = bytearray()
        try:
            with self._sent(endpoint_id, url, end, request.method, options) as response:
                if response.status_code not in WRITTEN:
                    raise _Refused(_said(response), response.status_code)
                body.extend(response.raw.read(self._limits.json_bytes, decode_content=True))
        except _Again as again:
            raise FetchError(f"{shown(url)} : {again} ; {ONCE}", again.status) from again
        return parsed(bytes(body), shown(url)) if body.strip() else None

    def _refuse_offline(self, url: str) -> None:
        if os.environ.get("ACV_OFFLINE") == "1":
            raise Offline(f"{shown(url)} : réseau interdit (ACV_OFFLINE=1), rien n'a été demandé")

    def _download(self, endpoint_id: str, path: str, kinds: tuple[str, ...]) -> Path:
        url = address(endpoint_id, path)
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="acv-")
        final = Path(self._folder.name) / f"{len(self._files)}-{Path(urlsplit(url).path).name}"
        partial = final.with_name(final.name + ".part")

        def receive(response: requests.Response) -> None:
            _check_type(response, NOT_A_FILE)
            _write(partial, _chunks(response, self._limits.file_bytes))

        self._ask(endpoint_id, url, self._limits.file_deadline, receive)
        check_file(partial, kinds, shown(url))
        return partial.rename(final)

    def _ask(self, endpoint_id: str, url: str, deadline: float, receive: Receive) -> None:
        """Send, follow, read, and try again where it makes sense, all before the deadline."""
        self._refuse_offline(url)
        end = self._clock.monotonic() + deadline
        for attempt in range(TRIES):
            try:
                return self._follow(endpoint_id, url, end, receive)
            except _Again as again:
                wait = max(BACKOFF[attempt] * (1 + self._clock.chance() / 4), again.after)
                late = self._clock.monotonic() + wait > end
                if attempt == TRIES - 1 or late:
                    raise _given_up(url, again, attempt + 1, wait if late else 0) from again
                self._clock.sleep(wait)

    def _follow(self, endpoint_id: str, url: str, end: float, receive: Receive) -> None:
        """One try: the address and at most five redirects, each checked before it is asked."""
        for _ in range(MAX_REDIRECTS + 1):
            with self._sent(endpoint_id, url, end) as response:
                if response.status_code not in MOVED:
                    return self._received(response, end, receive)
                location = response.headers.get("Location")
                if not location:
                    raise _Refused(f"redirection {response.status_code} sans adresse")
                url = _redirected(url, location)
        raise FetchError(f"{shown(url)} : plus de {MAX_REDIRECTS} redirections")

    @contextmanager
    def _sent(
        self,
        endpoint_id: str,
        url: str,
        end: float,
        method: str = "GET",
        options: Mapping[str, Any] | None = None,
    ) -> Iterator[requests.Response]:
        """The answer to one request, whose line is cut when the deadline passes."""
        with self._failures(url):
            proxies = self._guard(url)
            self._pace(endpoint_id, url)
            left = end - self._clock.monotonic()
            if left <= 0:
                raise _Refused("délai total dépassé")
            self.requests += 1
            sent = {"headers": _headers(), **(options or {})}
            with (
                self._line.until(left),
                self._request(method, url, left, proxies, sent) as response,
            ):
                yield response

    def _request(
        self, method: str, url: str, left: float, proxies: dict[str, str], sent: Mapping[str, Any]
    ) -> requests.Response:
        return self._session.request(
            method,
            url,
            stream=True,
            allow_redirects=False,
            timeout=(min(self._limits.connect, left), min(self._limits.read, left)),
            proxies=proxies,
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
            **sent,
        )

    def _pace(self, endpoint_id: str, url: str) -> None:
        host = urlsplit(url).hostname or ""
        if host not in LOOPBACK:  # a local server has no quota to spare
            self._throttle.wait(host, RATES.get(endpoint_id, DEFAULT_RATE), self._clock)

    @contextmanager
    def _failures(self, url: str) -> Iterator[None]:
        """Library errors become either a refusal or a reason to try again."""
        try:
            yield
        except _Refused as error:
            # A line cut while headers were coming looks like an answer without a body.
            what = "délai total dépassé" if self._line.expired else str(error)
            raise FetchError(f"{shown(url)} : {what}", error.status) from error
        except UNUSABLE as error:
            raise FetchError(f"{shown(url)} : adresse ou réponse illisible") from error
        except requests.exceptions.SSLError as error:
            raise FetchError(f"{shown(url)} : certificat refusé") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if self._line.expired:
                raise FetchError(f"{shown(url)} : délai total dépassé, réponse coupée") from error
            raise _Again(_what_happened(error)) from error

    def _guard(self, url: str) -> dict[str, str]:
        """Refuse private addresses, save under an override; gives the proxies to use."""
        parts = urllib3.util.parse_url(url)
        host, allowed = (parts.host or "").strip("[]"), overridden(url)
        proxy = None if host in LOOPBACK else select_proxy(url, get_environ_proxies(url))
        self._line.private_ok = allowed or bool(proxy)  # the peer is then the proxy
        if not allowed:
            self._refuse_private(host, parts.port or 443, bool(proxy))
        return {str(parts.scheme): proxy} if proxy else {}

    def _refuse_private(self, host: str, port: int, proxied: bool) -> None:
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            if proxied:  # behind a proxy only the proxy knows names
                return
            raise _Again("nom d'hôte introuvable") from error
        private = [ip for ip in found if not is_public(ip)]
        if private:
            raise _Refused(f"adresse privée refusée ({private[0]})")

    def _received(self, response: requests.Response, end: float, receive: Receive) -> None:
        status = response.status_code
        if status in TRY_AGAIN:
            raise _Again(_said(response), status, self._retry_after(response))
        if status not in READ:
            raise _Refused(_said(response), status)
        receive(response)
        if self._line.expired or self._clock.monotonic() > end:
            raise _Refused("délai total dépassé")

    def _retry_after(self, response: requests.Response) -> float:
        """Seconds asked by the server, given as a number or as a date."""
        asked = response.headers.get("Retry-After", "").strip()
        if asked.isdecimal():
            return float(asked[:9])
        try:
            moment = email.utils.parsedate_to_datetime(asked)
        except (ValueError, TypeError, IndexError):
            return 0
        return max(0.0, moment.timestamp() - self._clock.now())


def _redirected(url: str, location: str) -> str:
    target = urljoin(url, location)
    if urlsplit(target).scheme not in ("http", "https"):
        raise _Refused("redirection vers une adresse qui n'est ni http ni https")
    return target


def _headers() -> dict[str, str]:
    contact = re.sub(r"[^\x20-\x7e]", "", os.environ.get("ACV_CONTACT", "")).strip()
    contact = contact or "non renseigne (ACV_CONTACT)"
    agent = f"{PRODUCT} (outil independant, Action coeur de ville; contact: {contact})"
    return {"User-Agent": agent, "Accept": "application/json, */*", "Accept-Encoding": "gzip"}


def _check_type(response: requests.Response, refused: tuple[str, ...]) -> None:
    why = wrong_type(response.headers.get("Content-Type", ""), refused)
    if why:
        raise _Refused(why)


def _chunks(response: requests.Response, limit: int) -> Iterator[bytes]:
    """The body as it comes, decompressed piece by piece and never beyond `limit` bytes."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:18]) > limit:
        raise _Refused(f"réponse de {int(announced[:18])} octets, limite {limit}")
    size = 0
    # read1 gives what has arrived: a slow body still lets the deadline be checked.
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        size += len(chunk)
        if size > limit:
            raise _Refused(f"réponse de plus de {limit} octets")
        yield chunk
    if size == 0:
        raise _Refused("réponse vide (0 octet)")


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    """Chunks to disk; a full disk is not a failure of the source."""
    with path.open("wb") as out:
        for chunk in chunks:
            try:
                out.write(chunk)
            except OSError as error:
                raise _Refused(
                    f"fichier temporaire impossible à écrire ({error.strerror})"
                ) from error


def _said(response: requests.Response) -> str:
    """Status in words and, when it is short text or JSON, what the server said."""
    status = response.status_code
    said = f"réponse {status} ({WORDS.get(status, 'refus')})"
    if "html" in response.headers.get("Content-Type", "").lower():
        return said
    try:
        body = response.raw.read1(2000, decode_content=True) or b""
    except (urllib3.exceptions.HTTPError, OSError):
        return said
    text = body.decode("utf-8", "replace")
    message = re.search(r'"message"\s*:\s*"([^"]+)"', text)
    text = " ".join((message.group(1) if message else text).split())[:120]
    printable = "".join(letter for letter in text if letter.isprintable())
    return f"{said} « {printable} »" if printable and not printable.startswith("<") else said


def _what_happened(error: Exception) -> str:
    """What happened on the line, in words."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "connexion trop lente"
    if isinstance(error, SLOW):
        return "réponse trop lente"
    if "IncompleteRead" in repr(error):
        return "réponse tronquée"
    if "refused" in str(error).lower():
        return "connexion refusée"
    return "connexion interrompue"


def _given_up(url: str, again: _Again, tries: int, wait: float) -> FetchError:
    times = f"{tries} essai{'s' if tries > 1 else ''}"
    late = f", attente de {round(wait)} s au-delà du délai" if wait else ""
    return FetchError(f"{shown(url)} : {again} après {times}{late}", again.status)
