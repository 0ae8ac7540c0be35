"""ASGI entry: the screens, their French shell and the read-only API, in one process."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.refresh import ready_store
from diagnostics import served
from ui import answers, frame, who
from ui.shell import FrenchShell, SecurityHeaders

# Slow to import: loaded while the server starts rather than under the first visitor.
WARM = (
    "pandas",
    "altair",
    "pydeck",
    "diagnostics.indicators",
    "ui.home",
    "ui.dashboard",
    "ui.projects",
    "ui.one_dataset",
    "ui.instruct",
    "ui.inventory",
    "ui.requests",
    "ui.action_plan",
    "ui.week",
    "ui.certainty",
    "ui.publish",
    "ui.publish_compare",
    "ui.publish_drawn",
    "diagnostics.robustness",
    "diagnostics.conformity.validate",
    "diagnostics.mapping.recognise",
    "restitution.publication.package",
    "restitution.inventory",
    "restitution.offers",
    "restitution.outline",
    "ui.restitution_documents",
    "ui.restitution_draft",
)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Warm the imports and the list of territories, open the store; close it at the end.

    The server answers while the store opens: who comes first waits for what is left of it.
    """
    for module in WARM:
        importlib.import_module(module)
    await run_in_threadpool(answers.warm)
    opening = asyncio.create_task(run_in_threadpool(frame.open_early, ready_store))
    try:
        yield
    finally:
        await opening
        frame.close()


async def health(_: Request) -> Response:
    """State of the store and of each source, as interface.md describes it."""
    return JSONResponse(await run_in_threadpool(answers.health))


async def territories(request: Request) -> Response:
    """Territories that match ?q= (1 to 100 characters)."""
    body, code = await run_in_threadpool(answers.search, request.query_params.get("q", ""))
    return JSONResponse(body, status_code=code)


async def availability(request: Request) -> Response:
    """What a territory has of what each project needs, without a word that a person typed."""
    return await _territory(request, served.availability)


async def indicators(request: Request) -> Response:
    """The figures of a territory."""
    return await _territory(request, served.indicators)


async def _territory(request: Request, compute: Callable[..., dict[str, Any]]) -> Response:
    code = request.path_params["code"]
    body, status = await run_in_threadpool(answers.of_territory, code, compute)
    return JSONResponse(body, status_code=status)


async def programme(request: Request) -> Response:
    """The towns of the programme together; their list is for this machine alone."""
    body, status = await run_in_threadpool(answers.of_programme, served.synthesis)
    address = request.client.host if request.client else ""
    if status == 200 and not who.loopback(dict(request.headers), address):
        body = served.without_towns(body)
    return JSONResponse(body, status_code=status)


async def openapi(_: Request) -> Response:
    """The description of this API."""
    return JSONResponse(await run_in_threadpool(answers.openapi))


app = st.App(
    "ui/main.py",
    routes=[
        Route("/api/v1/sante", health),
        Route("/api/v1/territoires", territories),
        Route("/api/v1/territoires/{code}/disponibilite", availability),
        Route("/api/v1/territoires/{code}/indicateurs", indicators),
        Route("/api/v1/programme", programme),
        Route("/api/v1/openapi.json", openapi),
    ],
    middleware=[
        Middleware(GZipMiddleware, minimum_size=2000, compresslevel=5),
        Middleware(SecurityHeaders),
        Middleware(FrenchShell),
    ],
    lifespan=lifespan,
    on_script_error=frame.failed,
)
