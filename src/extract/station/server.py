"""The station on loopback: a handful of fixed addresses, each below a secret, answered to this machine alone.

- The server listens on 127.0.0.1 and answers only to that name, so that a page elsewhere that has its own name point
  here (DNS rebinding) gets nothing.
- Every address begins with a token of 128 random bits; without it all is 404.
- What changes something is a POST of JSON from the page itself: `Origin` must be the station's own.
- No address carries a path: files of the page come from a fixed list, crops are asked for by report and code.

Source of the rules: OWASP cheat sheets on cross-site request forgery and on HTTP security headers.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

from extract.errors import ExtractError
from extract.station.station import Refused, Station
from extract.web import words_script

_STATIC = {
    "": ("station", "static/review.html", "text/html"), "review.css": ("station", "static/review.css", "text/css"),
    "review.js": ("station", "static/review.js", "text/javascript"), "common.js": ("web", "common.js", "text/javascript"),
    "common.css": ("web", "common.css", "text/css"),
}  # fmt: skip
_HEADERS = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
}  # fmt: skip
_MOST_BYTES = 10_000


class Server(ThreadingHTTPServer):
    """A station listening on loopback; `url` is the only address that leads in."""

    daemon_threads = True

    def __init__(self, station: Station, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.station = station
        self.token = secrets.token_urlsafe(16)

    @property
    def hosts(self) -> tuple[str, str]:
        """Names under which the server answers."""
        port = self.server_address[1]
        return f"127.0.0.1:{port}", f"localhost:{port}"

    @property
    def url(self) -> str:
        """Address of the page, with its token."""
        return f"http://{self.hosts[0]}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        name, query = self._inside()
        if name is None:
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")
        elif name in _STATIC:
            self._answer(HTTPStatus.OK, _static(name), _STATIC[name][2])
        elif name == "words.js":
            self._answer(HTTPStatus.OK, words_script().encode(), "text/javascript")
        else:
            self._run(lambda: self._get(name, query))

    def do_POST(self) -> None:
        name, _ = self._inside()
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else _MOST_BYTES + 1
        own = self.headers.get("Origin") == f"http://{self.headers.get('Host')}"
        if (
            name is None
            or not own
            or size > _MOST_BYTES
            or self.headers.get_content_type() != "application/json"
        ):
            self.close_connection = True
            status = HTTPStatus.NOT_FOUND if name is None else HTTPStatus.FORBIDDEN
            self._answer(status, b"", "text/plain")
            return
        body = self.rfile.read(size)
        self._run(lambda: self._post(name, _texts(body)))

    def _inside(self) -> tuple[str | None, dict[str, str]]:
        """Return the name below the token and the query; None for whoever is not let in."""
        url = urlsplit(self.path)
        token, _, name = url.path.removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode(), self.server.token.encode())
        if not known or "/" not in url.path[1:] or self.headers.get("Host") not in self.server.hosts:
            return None, {}
        return name, {key: values[0] for key, values in parse_qs(url.query, keep_blank_values=True).items()}

    def _get(self, name: str, query: dict[str, str]) -> Any:
        station = self.server.station
        if name == "state":
            return station.state(query.get("queue", ""))
        key = query.get("report", ""), query.get("code", "")
        if name == "cell":
            return station.cell(*key)
        if name == "crop.png":
            return station.crop(*key, partners=query.get("view") == "sums")
        raise Refused("unknown", name)

    def _post(self, name: str, body: dict[str, str]) -> Any:
        station = self.server.station
        key = body.get("report", ""), body.get("code", "")
        if name == "decide":
            return station.decide(*key, body.get("new", ""), body.get("reason", ""), body.get("queue", ""))
        if name == "undo":
            return station.undo()
        if name == "skip":
            station.skip(*key)
            return {}
        if name == "save":
            station.save()
            return {}
        raise Refused("unknown", name)

    def _run(self, answer: Callable[[], Any]) -> None:
        try:
            found = answer()
        except Refused as refusal:
            status = HTTPStatus.NOT_FOUND if refusal.code == "unknown" else HTTPStatus.CONFLICT
            found = {"error": refusal.code, "detail": str(refusal)}
            self._answer(status, json.dumps(found, ensure_ascii=False).encode(), "application/json")
            return
        except ExtractError as error:
            found = {"error": "failed", "detail": str(error)}
            self._answer(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                json.dumps(found, ensure_ascii=False).encode(),
                "application/json",
            )
            return
        if isinstance(found, bytes):
            self._answer(HTTPStatus.OK, found, "image/png")
        else:
            self._answer(HTTPStatus.OK, json.dumps(found, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind if kind.startswith("image/") else f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "extract"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address holds the token, and the terminal is the person's."""


@cache
def _static(name: str) -> bytes:
    package, path, _ = _STATIC[name]
    return files(f"extract.{package}").joinpath(path).read_bytes()


def _texts(body: bytes) -> dict[str, str]:
    """Return a body of JSON as texts by name. Raises Refused for anything else."""
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Refused("unknown", "no JSON") from error
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise Refused("unknown", "no texts by name")
    return found
