"""What every answer of the server carries: French shell, title, security headers. Pure ASGI."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TITLE = "Cœur de Données"
FONT = "app/static/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
NO_SCRIPT = "Activez JavaScript pour afficher cet outil."
LARGEST_SHELL = 200_000  # bytes; a longer HTML answer is not Streamlit's shell

# 'unsafe-eval' is asked by Vega, which compiles the expressions of a chart in the browser;
# blob: by the map, whose workers are made on the spot. No third-party host is allowed.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"SAMEORIGIN",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Adds the security headers to every HTTP answer that does not carry them."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                added = [(k, v) for k, v in HEADERS.items() if k not in held]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class FrenchShell:
    """Rewrites the language and the title that Streamlit writes in its HTML shell."""

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _asks_for_a_page(scope):
            return await self.app(scope, receive, send)
        # The body is rewritten, so it must come uncompressed and must not be answered by 304.
        dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since")
        kept = [(k, v) for k, v in scope["headers"] if k.lower() not in dropped]
        answer = _Rewriter(send)
        await self.app({**scope, "headers": kept}, receive, answer.send)


def _asks_for_a_page(scope: MutableMapping[str, Any]) -> bool:
    accepted = dict(scope["headers"]).get(b"accept", b"")
    own = scope["path"].startswith(("/api/", "/_stcore/", "/static/", "/app/static/", "/media/"))
    return scope["method"] == "GET" and not own and (b"html" in accepted or b"*/*" in accepted)


class _Rewriter:
    """Holds an HTML answer back until it is whole, then sends it in French."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = french(bytes(self._body))
        headers = [(k, v) for k, v in start["headers"] if k.lower() not in _TIED_TO_THE_BODY]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


_TIED_TO_THE_BODY = (b"content-length", b"etag", b"last-modified")


def _is_html(message: Message) -> bool:
    return b"text/html" in dict(message["headers"]).get(b"content-type", b"")


def french(body: bytes) -> bytes:
    """Streamlit's HTML shell -> the same in French, with our title, icon and font; else unchanged.

    Its only inline script serves prerendering services: without it the policy needs no
    'unsafe-inline' for scripts. Its preloaded font is not the one we use.
    """
    if len(body) > LARGEST_SHELL:
        return body
    for found, put in _REWRITTEN:
        body = found.sub(put, body, count=1)
    return body


# Streamlit shows the focus of a menu entry or a link by a faint tint alone.
FOCUS = b"<style>:focus-visible{outline:2px solid #2E7A94!important;outline-offset:2px}</style>"

_REWRITTEN = (
    (re.compile(rb"</head>"), FOCUS + b"</head>"),
    (re.compile(rb'<html lang="en"'), b'<html lang="fr"'),
    (re.compile(rb"<title>Streamlit</title>"), f"<title>{TITLE}</title>".encode()),
    (re.compile(rb'href="\./favicon\.png"'), b'href="./app/static/favicon.png"'),
    (re.compile(rb"<script>\s*window\.prerenderReady = false\s*</script>"), b""),
    (re.compile(rb'href="\./static/media/SourceSansVF[^"]+"'), f'href="./{FONT}"'.encode()),
    (re.compile(rb"You need to enable JavaScript to run this app\."), NO_SCRIPT.encode()),
)
