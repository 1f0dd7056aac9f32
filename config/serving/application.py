"""The ASGI application: a body is received first, then a thread runs Django, then the response is delivered.

Nothing that a caller does slowly holds a thread. Django itself is synchronous, middleware and views alike, so it runs behind its
WSGI handler in threads of ours; its ASGI handler would give every request a new thread and a new database connection, and would
collect a streamed response in memory.
"""

import asyncio
import contextvars
import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from config.probes import PROBES
from config.serving.bodies import Body, Disconnected, Receive, Reception
from config.serving.environ import Environ, Scope, declared_length, environ_of, has_body, view_of
from config.serving.overdue import overdue
from config.serving.refusals import REFUSAL, TOO_LARGE, Refusal
from config.serving.responses import Response, Send, deliver, hold, respond
from config.serving.threads import Threads, run, with_connections_closed
from people.bodies import SMALL_BODY, BodyRule, body_rule

log = logging.getLogger(__name__)
UNREAD_SECONDS = 2.0  # so long the rest of a refused body is thrown away, that its sender comes to read why
UNREAD_BYTES = 16 * 1024 * 1024


class NotReady(Exception):
    """Whether a body may come was not known in time."""


class Application:
    def __init__(self, django: WSGIHandler) -> None:
        self._django = django
        self._threads = Threads()
        self._reception = Reception(self._threads.disk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ, context = environ_of(scope), contextvars.copy_context()
        try:
            body = await self._body(environ, receive)
        except Disconnected:
            return
        except NotReady:
            await _end(await self._overdue(environ), send)
            return
        except Exception as refusal:  # a refusal, or what kept the caller's session from being read
            await self._refuse(environ, context, refusal, receive, send)
            return
        environ |= {"wsgi.input": body.file, "CONTENT_LENGTH": str(body.size)}
        response = await self._response(environ, context, body)
        await hold(response, self._threads)
        await deliver(response, context, self._threads, receive, send)

    async def _response(self, environ: Environ, context: contextvars.Context, body: Body) -> Response:
        """Django's, or a page that says that nothing has come from it in time. What takes a large body has as long as it needs."""
        pool, loop = self._pool(environ, body), asyncio.get_running_loop()
        making = pool.submit(context.run, respond, self._django, environ)
        making.add_done_callback(lambda _made: loop.call_soon_threadsafe(body.close))  # not before: a thread may still read it
        seconds = None if pool is self._threads.large else settings.PAGE_SECONDS
        made, _waiting = await asyncio.wait({asyncio.wrap_future(making)}, timeout=seconds)
        if made:
            return making.result()
        log.warning("%s %s: no response within %s s", environ["REQUEST_METHOD"], environ["PATH_INFO"], seconds)
        if not making.cancel():  # a thread has begun with it, and goes on
            making.add_done_callback(_close_unread)
        return await self._overdue(environ)

    async def _overdue(self, environ: Environ) -> Response:
        return await run(
            self._threads.overdue, contextvars.copy_context(), respond, overdue, {**environ, "wsgi.input": BytesIO()}
        )

    async def _body(self, environ: Environ, receive: Receive) -> Body:
        if not has_body(environ):
            return Body(self._threads.disk)
        return await self._reception.receive(receive, declared_length(environ), lambda: self._largest(environ))

    async def _largest(self, environ: Environ) -> int:
        """Bytes that this caller may send to this address."""
        view, arguments = view_of(environ)
        rule = body_rule(view)
        if rule is None:
            return SMALL_BODY
        may = with_connections_closed(_is_allowed)
        asked = run(self._threads.pages, contextvars.copy_context(), may, rule, environ, arguments)
        try:
            is_allowed = await asyncio.wait_for(asked, settings.PAGE_SECONDS)
        except TimeoutError:
            raise NotReady from None
        return rule.largest() if is_allowed else SMALL_BODY

    def _pool(self, environ: Environ, body: Body) -> ThreadPoolExecutor:
        if body.size > SMALL_BODY:
            return self._threads.large
        if environ["PATH_INFO"] in PROBES:
            return self._threads.probes
        view, _arguments = view_of(environ)
        return self._threads.probes if getattr(view, "is_probe", False) else self._threads.pages

    async def _refuse(
        self, environ: Environ, context: contextvars.Context, refusal: Exception, receive: Receive, send: Send
    ) -> None:
        """The page that says why. A caller that is still sending too much has the end of it once its body was thrown away."""
        body = Body(self._threads.disk)
        environ |= {REFUSAL: refusal, "wsgi.input": body.file, "CONTENT_LENGTH": "0"}
        response = await run(self._threads.pages, context, respond, self._django, environ)
        is_sending = isinstance(refusal, Refusal) and refusal.status == TOO_LARGE and "HTTP_EXPECT" not in environ
        await _end(response, send, receive if is_sending else None)


async def _end(response: Response, send: Send, sending: Receive | None = None) -> None:
    """A whole response, and the end of the connection: what is left of the body is not a request. `sending`: what is left of it is
    taken first, and the end of the response is kept back until then, since with it the server would close the connection."""
    headers = [*response.headers, (b"connection", b"close")]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = response.body
    if sending is not None:
        await send({"type": "http.response.body", "body": body[:-1], "more_body": True})
        await _throw_away(sending)
        body = body[-1:]
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _is_allowed(rule: BodyRule, environ: Environ, arguments: Mapping[str, Any]) -> bool:
    """Whether whoever sends this request may send a large one, judged by its headers alone."""
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return rule.is_allowed(request, arguments)


def _close_unread(made: Future[Response]) -> None:
    """Of a response that came too late."""
    response = None if made.exception() else made.result()
    parts = response and (response.file or response.stream)
    if parts:
        parts.close()


async def _throw_away(receive: Receive) -> None:
    """Callers that are still sending read no response; so the rest is taken, for a moment, and kept nowhere."""
    taken = 0
    try:
        async with asyncio.timeout(UNREAD_SECONDS):
            while taken < UNREAD_BYTES:
                message = await receive()
                taken += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        pass


async def _live(receive: Receive, send: Send) -> None:
    """The server starts, and some time later stops."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
