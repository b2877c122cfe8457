"""A browser without JavaScript: keeps cookies, follows redirects, fills in the CSRF token. Light on the CPU.

It speaks to one server over one kept connection, through plain sockets, because http.client alone would cost a
tenth of what the server does.
"""

import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_TIMEOUT = 60
_REDIRECTS = {301, 302, 303}
_OK = 200
_MOST_REDIRECTS = 5


class Unexpected(Exception):
    """The server answered something a citizen must never see; the message says where and what."""


@dataclass
class Page:
    """An answer after all redirects."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def find(self, pattern: str) -> str:
        """The first group of a pattern that has to be on the page."""
        match = re.search(pattern, self.text, re.S)
        if match is None:
            raise Unexpected(f"{self.path} ({self.status}) has no {pattern}: {self.heading}")
        return match[1]

    @property
    def heading(self) -> str:
        """The page's main heading, for messages."""
        match = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.S)
        return re.sub(r"<[^>]+>", "", match[1]).strip() if match else self.text[:200]

    @property
    def has_errors(self) -> bool:
        """Whether a form was shown again with errors."""
        return 'id="fehler"' in self.text or "kern-error" in self.text


@dataclass
class Visit:
    """One request: what the caller called it, seconds until the whole answer was there, status.

    `statements` is what `benchmarks.counting` wrote on the answer; 0 from the program itself, which does not count.
    """

    label: str
    seconds: float
    status: int
    statements: int = 0


@dataclass
class Browser:
    """One person's browser."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    token: str = ""
    _socket: socket.socket | None = None
    _rest: bytes = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, path: str, label: str = "") -> Page:
        """Open a page."""
        return self._open("GET", path, b"", label)

    def post(self, path: str, fields: Mapping[str, str], label: str = "") -> Page:
        """Send a form with the CSRF token of the page seen last."""
        return self._open("POST", path, self._form(fields), label)

    def post_only(self, path: str, fields: Mapping[str, str], label: str = "") -> Page:
        """Send a form and look at the answer itself, without following its redirect."""
        return self._timed("POST", path, self._form(fields), label)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _form(self, fields: Mapping[str, str]) -> bytes:
        return urlencode({**fields, "csrfmiddlewaretoken": self.token}).encode()

    def _open(self, method: str, path: str, body: bytes, label: str) -> Page:
        page = self._timed(method, path, body, label)
        for _ in range(_MOST_REDIRECTS):
            if page.status not in _REDIRECTS:
                break
            page = self._timed("GET", page.headers["location"], b"", f"{label} → page")
        if page.status != _OK:
            raise Unexpected(f"{method} {path} answered {page.status}: {page.heading}")
        if page.headers.get("content-type", "").startswith("text/html") and (token := _TOKEN.search(page.text)):
            self.token = token[1]
        return page

    def _timed(self, method: str, path: str, body: bytes, label: str) -> Page:
        began = time.perf_counter()
        page = self._exchange(method, path.removeprefix(f"http://127.0.0.1:{self.port}"), body)
        seconds, statements = time.perf_counter() - began, int(page.headers.get("x-statements", 0))
        self.visits.append(Visit(f"{label} {method}".strip(), seconds, page.status, statements))
        return page

    def _exchange(self, method: str, path: str, body: bytes) -> Page:
        host = f"127.0.0.1:{self.port}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: text/html", "Accept-Encoding: gzip, br"]
        if cookies:
            lines.append(f"Cookie: {cookies}")
        if method == "POST":
            lines += [
                f"Origin: http://{host}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._rest = b""
        self._socket.sendall(request)
        return self._answer(path)

    def _answer(self, path: str) -> Page:
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                self._keep_cookie(value)
            else:
                headers[name.lower()] = value
        if headers.get("transfer-encoding") == "chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Page(path, status, headers, body)

    def _keep_cookie(self, line: str) -> None:
        name, _, value = line.partition(";")[0].partition("=")
        if "max-age=0" in line.lower():
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._until(b"\r\n")
        self._until(b"\r\n")
        return body

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest:
            self._read()
        found, _, self._rest = self._rest.partition(mark)
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._read()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _read(self) -> None:
        assert self._socket is not None
        more = self._socket.recv(65536)
        if not more:
            raise Unexpected("The server hung up in the middle of an answer.")
        self._rest += more
