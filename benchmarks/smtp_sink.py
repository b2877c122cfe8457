"""A mail server that takes everything and keeps only a count for each recipient."""

import asyncio
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

_ANSWERS = {"EHLO": b"250 sink", "HELO": b"250 sink", "QUIT": b"221 bye", "DATA": b"354 go on"}


class Sink:
    """`with Sink() as sink:` listens on `sink.port`; `sink.accepted` says how many mails each address got."""

    def __init__(self) -> None:
        self.accepted: Counter[str] = Counter()
        self.port = 0
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def total(self) -> int:
        """All mails accepted."""
        return self.accepted.total()

    def wait_for(self, recipient: str, number: int, *, seconds: float) -> bool:
        """Wait until an address has got so many mails; False if they did not come in time."""
        deadline = time.monotonic() + seconds
        with self._news:
            return self._news.wait_for(lambda: self.accepted[recipient] >= number, deadline - time.monotonic())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        recipients: list[str] = []
        while line := await reader.readline():
            word = line[:4].upper().decode(errors="replace")
            if word == "RCPT":
                recipients.append(line.decode().partition("<")[2].partition(">")[0])
            writer.write(_ANSWERS.get(word, b"250 ok") + b"\r\n")
            if word == "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                self._accept(recipients)
                recipients = []
                writer.write(b"250 accepted\r\n")
            if word == "QUIT":
                break
        writer.close()

    def _accept(self, recipients: list[str]) -> None:
        with self._news:
            self.accepted.update(recipients)
            self._news.notify_all()
