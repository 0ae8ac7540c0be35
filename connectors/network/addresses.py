"""What an address is: where it points, whether it may be asked, how it may be written down."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.fetching import FetchError
from data.catalog import endpoints

SECRET = re.compile(r"api.?key|token|secret|passw|signature|credential|^key$|^sig$", re.IGNORECASE)
# An address read or given territory by territory; the override then stands for every portal.
OPEN = "PORTALS"
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def address(endpoint_id: str, path: str) -> str:
    """The address of `path` at a source; raises FetchError on an unknown id or a bad override."""
    known = endpoints()
    if endpoint_id not in known:
        raise FetchError(f"{endpoint_id} : source inconnue ; permis : {', '.join(known)}")
    if endpoint_id == OPEN and f"ACV_ENDPOINT_{OPEN}" not in os.environ:
        return _public(path)
    if endpoint_id == OPEN:
        parts = urlsplit(path)
        path = urlunsplit(("", "", parts.path, parts.query, ""))
    origin = known[endpoint_id].rstrip("/")
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FetchError(
            f"ACV_ENDPOINT_{endpoint_id} : « {shown(origin)} » donné ; "
            "attendu : http(s)://hôte[:port]"
        )
    return f"{origin}/{path.lstrip('/')}"


def _public(url: str) -> str:
    """A whole address as given by somebody; whether it is private is checked when it is asked."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"{shown(url)} : attendu, une adresse http(s)://")
    return url


def with_params(url: str, params: Mapping[str, Any]) -> str:
    """The address with its parameters; a list repeats its key, None is left out."""
    pairs = [
        (key, value)
        for key, given in params.items()
        for value in (given if isinstance(given, list | tuple) else [given])
        if value is not None
    ]
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}" if pairs else url


def shown(url: str) -> str:
    """The address as it may be written down: no user name, no password, no key."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(SECRET.search(key) for key, _ in pairs):
        pairs = [(key, "***" if SECRET.search(key) else value) for key, value in pairs]
        parts = parts._replace(query=urlencode(pairs))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def overridden(url: str) -> bool:
    """Whether an address is at, or under, an origin given by ACV_ENDPOINT_<ID>."""
    given = [os.environ.get(f"ACV_ENDPOINT_{key}", "").rstrip("/") for key in endpoints()]
    return any(
        url == origin or url.startswith((f"{origin}/", f"{origin}?")) for origin in given if origin
    )


def resolved(host: str, port: int) -> list[str]:
    """Every IP address a host name stands for; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(ip: str) -> bool:
    """Whether an IP address is out on the Internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return False
    inner = _wrapped(found) if isinstance(found, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not found.is_multicast


def _wrapped(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address carried by an IPv6 one (mapped, 6to4, Teredo, NAT64)."""
    if found in NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
