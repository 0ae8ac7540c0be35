"""The only way out to the network: timeouts, total deadline, tries, throttle, size, type checks.

Everything that comes back is hostile until checked. Messages are French sentences of the form
« adresse : ce qui est revenu », without secrets.
"""

from __future__ import annotations

import email.utils
import hashlib
import os
import re
import socket
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.fetching import FetchError, Offline, Unchanged, Unreachable, Upload, Validator
from connectors.network.addresses import (
    address,
    is_public,
    overridden,
    resolved,
    shown,
    with_params,
)
from connectors.network.bodies import (
    NOT_A_FILE,
    NOT_JSON,
    NOT_TEXT,
    check_file,
    check_kinds,
    decoded,
    parsed,
    wrong_type,
)
from connectors.network.pace import DEFAULT_RATE, PATIENCE, RATES, Clock, Throttle

PRODUCT = "CoeurDeDonnees/0.1"
TRIES = 4
BACKOFF = (1.0, 2.0, 4.0, 8.0)  # seconds before the next try, each with up to a quarter of jitter
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5
CHUNK = 65536  # bytes asked at once
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

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
NOT_MODIFIED = 304
ONCE = (
    "rien n'a été envoyé une seconde fois : regardez sur la plateforme ce qui est arrivé avant de "
    "recommencer"
)

Receive = Callable[[requests.Response], str]  # takes the body, gives its sha256


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
    file_deadline: float = 900
    json_bytes: int = 30_000_000
    file_bytes: int = 600_000_000


@dataclass(frozen=True)
class _Asked:
    """One request to send, as many times as it takes."""

    endpoint_id: str
    url: str
    method: str = "GET"
    options: Mapping[str, Any] = field(default_factory=dict)  # as the library takes them
    keyed: bool = False  # bears a key: it goes to this address and to no other


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
        self.bytes = 0  # moved so far over the network, as compressed as they came
        self.seen: dict[str, Validator] = {}  # answers received since `begin`, by address
        self._known: Mapping[str, Validator] = {}
        self._limits = limits or Limits()
        self._clock = clock or Clock()
        self._throttle = throttle or _SHARED
        self._resolve = resolve
        self._line = _Line()
        self._files: dict[str, Path | FetchError | Unchanged] = {}
        self._validators: dict[str, Validator] = {}  # of those files
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

    def begin(self, known: Mapping[str, Validator] | None = None) -> None:
        """Start a task; `known`, by address, lets a source say that nothing changed."""
        self.seen, self._known = {}, known or {}

    def json(
        self,
        endpoint_id: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        body: Any = None,
        empty: bool = False,
        key: Mapping[str, str] | None = None,
    ) -> tuple[Any, str]:
        """A JSON document and the address asked; raises FetchError, Offline or Unchanged.

        `key`: headers that bear a key; they follow no redirect and no message repeats them.
        """
        url = with_params(address(endpoint_id, path), params or {})
        given = {} if key is None else {"headers": dict(key)}
        if form is None and body is None:
            options = given or self._conditions(url)
            return self._json(_Asked(endpoint_id, url, "GET", options, bool(key)), empty)
        sent = {"data": dict(form)} if form is not None else {"json": body}
        return self._json(_Asked(endpoint_id, url, "POST", {**sent, **given}, bool(key)), empty)

    def text(
        self,
        endpoint_id: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        upload: Upload | None = None,
    ) -> tuple[str, str]:
        """A text in UTF-8 and the address asked; raises FetchError or Offline."""
        url = with_params(address(endpoint_id, path), params or {})
        asked = _Asked(endpoint_id, url)
        if upload is not None:
            sent = {"files": {"data": upload.file}, "data": list(upload.fields)}
            asked = _Asked(endpoint_id, url, "POST", sent)
        body = self._body(asked, NOT_TEXT)
        return decoded(body, shown(url)), shown(url)

    def document(self, url: str) -> Any:
        """The JSON document at a public address that someone gave; raises FetchError or Offline."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise FetchError(f"{shown(url)} : attendu, une adresse http(s)://")
        return self._json(_Asked("", url))[0]

    def _json(self, asked: _Asked, empty: bool = False) -> tuple[Any, str]:
        body = self._body(asked, NOT_JSON, empty)
        return (parsed(body, shown(asked.url)) if body else None), shown(asked.url)

    def _body(self, asked: _Asked, refused: tuple[str, ...], empty: bool = False) -> bytes:
        body = bytearray()

        def receive(response: requests.Response) -> str:
            body.clear()
            if not (empty and response.headers.get("Content-Length") == "0"):
                _check_type(response, refused)
            for chunk in _chunks(response, self._limits.json_bytes, empty):
                body.extend(chunk)
            return hashlib.sha256(body).hexdigest()

        self._ask(asked, self._limits.deadline, receive)
        return bytes(body)

    def _conditions(self, url: str, file: bool = False) -> dict[str, Any]:
        """Headers by which a server may answer « not changed » (304).

        Only where the last good copy came from this one file, or this one address: of several
        pages, one that has not changed would leave a hole.
        """
        known = self._known.get(shown(url))
        if known is None or not (self._one_file() if file else len(self._known) == 1):
            return {}
        given = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        return {"headers": {name: value for name, value in given.items() if value}}

    def file(
        self,
        endpoint_id: str,
        path: str,
        kinds: tuple[str, ...] = ("zip",),
        params: Mapping[str, Any] | None = None,
    ) -> Path:
        """A file on disk, downloaded once per run (a failure is remembered too).

        `kinds`: zip, gzip, parquet, csv, tar, xml; the first bytes must be those of one of them.
        Raises Unchanged where the last good copy of this task came from the same bytes.
        """
        check_kinds(kinds)
        url = with_params(address(endpoint_id, path), params or {})
        found = self._files.get(url)
        if found is None or (isinstance(found, Unchanged) and not self._same(url)):
            found = self._files[url] = self._downloaded(endpoint_id, url, kinds)
        if isinstance(found, FetchError | Unchanged):
            raise found
        self.seen[shown(url)] = self._validators[url]
        if self._same(url):
            raise Unchanged(shown(url))
        return found

    def _one_file(self) -> bool:
        """Whether the last good copy was made of a single file."""
        return sum(made.file for made in self._known.values()) == 1

    def _same(self, url: str) -> bool:
        """Whether the last good copy of this task was made of the bytes this run received."""
        known, now = self._known.get(shown(url)), self._validators.get(url)
        same = known and now and known.digest and known.digest == now.digest
        return bool(same and self._one_file())

    def _downloaded(
        self, endpoint_id: str, url: str, kinds: tuple[str, ...]
    ) -> Path | FetchError | Unchanged:
        asked = _Asked(endpoint_id, url, options=self._conditions(url, file=True))
        try:
            return self._download(asked, kinds)
        except Unchanged as same:
            self._validators[url] = self._known[shown(url)]
            return same
        except FetchError as error:
            return error

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

    def _download(self, asked: _Asked, kinds: tuple[str, ...]) -> Path:
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="acv-")
        name = re.sub(r"[^\w.-]", "_", Path(urlsplit(asked.url).path).name)[-80:]
        final = Path(self._folder.name) / f"{len(self._files)}-{name}"
        partial = final.with_name(final.name + ".part")

        def receive(response: requests.Response) -> str:
            _check_type(response, () if "xml" in kinds else NOT_A_FILE)
            return _write(partial, _chunks(response, self._limits.file_bytes))

        self._ask(asked, self._limits.file_deadline, receive)
        check_file(partial, kinds, shown(asked.url))
        self._validators[asked.url] = replace(self.seen[shown(asked.url)], file=True)
        return partial.rename(final)

    def _ask(self, asked: _Asked, deadline: float, receive: Receive) -> None:
        """Send, follow, read, and try again where it makes sense, all before the deadline."""
        self._refuse_offline(asked.url)
        end = self._clock.monotonic() + deadline
        for attempt in range(TRIES):
            try:
                return self._follow(asked, end, receive)
            except _Again as again:
                wait = max(BACKOFF[attempt] * (1 + self._clock.chance() / 4), again.after)
                if again.status == 429:
                    wait = max(wait, PATIENCE.get(asked.endpoint_id, 0))
                late = self._clock.monotonic() + wait > end
                if attempt == TRIES - 1 or late:
                    given_up = _given_up(asked.url, again, attempt + 1, wait if late else 0)
                    raise given_up from again
                self._clock.sleep(wait)

    def _follow(self, asked: _Asked, end: float, receive: Receive) -> None:
        """One try: the address and at most five redirects, each checked before it is asked."""
        url = asked.url
        for _ in range(MAX_REDIRECTS + 1):
            with self._sent(asked.endpoint_id, url, end, asked.method, asked.options) as response:
                if response.status_code not in MOVED:
                    return self._received(asked, response, end, receive)
                location = response.headers.get("Location")
                if not location:
                    raise _Refused(f"redirection {response.status_code} sans adresse")
                if asked.method != "GET" or asked.keyed:
                    what = "une clé" if asked.keyed else "un contenu"
                    raise _Refused(f"redirection d'une demande qui porte {what}")
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
            given = dict(options or {})
            sent = {**given, "headers": {**_headers(), **given.get("headers", {})}}
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
                raise Unreachable(f"{shown(url)} : délai total dépassé, réponse coupée") from error
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

    def _received(
        self, asked: _Asked, response: requests.Response, end: float, receive: Receive
    ) -> None:
        status = response.status_code
        if status in TRY_AGAIN:
            raise _Again(_said(response, asked.keyed), status, self._retry_after(response))
        if status == NOT_MODIFIED and "headers" in asked.options and not asked.keyed:
            raise Unchanged(shown(asked.url))
        if status not in READ:
            raise _Refused(_said(response, asked.keyed), status)
        digest = receive(response)
        self.bytes += response.raw.tell()
        if self._line.expired or self._clock.monotonic() > end:
            raise _Refused("délai total dépassé")
        etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
        self.seen[shown(asked.url)] = Validator(etag, modified, digest)

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


def _chunks(response: requests.Response, limit: int, empty: bool = False) -> Iterator[bytes]:
    """The body as it comes, decompressed piece by piece and never beyond `limit` bytes."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:18]) > limit:
        raise _Refused(f"réponse de {int(announced[:18])} octets, limite {limit}")
    size = 0
    for chunk in _plain(response):
        size += len(chunk)
        if size > limit:
            raise _Refused(f"réponse de plus de {limit} octets")
        yield chunk
    if size == 0 and not empty:
        raise _Refused("réponse vide (0 octet)")


def _plain(response: requests.Response) -> Iterator[bytes]:
    """Pieces of the body without its compression; the library would let a cut one pass for whole.

    read1 gives what has arrived: a slow body still lets the deadline be checked.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise _Refused(f"compression inattendue ({coding[:20]})")
    pieces = iter(lambda: response.raw.read1(CHUNK, decode_content=False), b"")
    yield from pieces if coding in ("", "identity") else _unzipped(pieces)


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Each piece may hold far more than it weighs: it is opened CHUNK bytes at a time."""
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    started = False
    try:
        for piece in pieces:
            started, left = True, piece
            while left and not reader.eof:
                yield reader.decompress(left, CHUNK)
                left = reader.unconsumed_tail
    except zlib.error as error:
        raise _Refused("compression illisible") from error
    if started and not reader.eof:
        raise _Refused("réponse compressée tronquée")


def _write(path: Path, chunks: Iterator[bytes]) -> str:
    """Chunks to disk, and their sha256; a full disk is not a failure of the source."""
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for chunk in chunks:
            digest.update(chunk)
            try:
                out.write(chunk)
            except OSError as error:
                raise _Refused(
                    f"fichier temporaire impossible à écrire ({error.strerror})"
                ) from error
    return digest.hexdigest()


def _said(response: requests.Response, keyed: bool = False) -> str:
    """Status in words and, when it is short text or JSON, what the server said.

    What answers a key may repeat it: it is not quoted.
    """
    status = response.status_code
    said = f"réponse {status} ({WORDS.get(status, 'refus')})"
    if keyed or "html" in response.headers.get("Content-Type", "").lower():
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


def _given_up(url: str, again: _Again, tries: int, wait: float) -> Unreachable:
    times = f"{tries} essai{'s' if tries > 1 else ''}"
    late = f", attente de {round(wait)} s au-delà du délai" if wait else ""
    return Unreachable(f"{shown(url)} : {again} après {times}{late}", again.status)
