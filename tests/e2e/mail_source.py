# SPDX-License-Identifier: ISC
"""A mail server that has mail for the gateway, and keeps it until it is dealt with."""

import queue
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Callable

from smtp import Reply, SmtpClient, Transaction
from waiting import LIMIT_S


@dataclass
class QueuedMail:
    """A mail and what has become of it: each recipient is in one of the three."""

    sender: str
    message: bytes
    waiting: list[str]
    accepted: list[str] = field(default_factory=list)
    refused: dict[str, Reply] = field(default_factory=dict)
    tries: int = 0

    def note(self, done: Transaction) -> None:
        """A reply decides for those whom it is about: RCPT for one, the others for
        all that are left."""
        waiting, self.waiting = self.waiting, []
        replies: list[Reply | None] = list(done.recipients)
        for recipient, reply in zip(waiting, replies or [done.mail] * len(waiting)):
            if reply and reply.is_good:
                reply = done.end or done.data
            assert reply
            if reply.is_good:
                self.accepted.append(recipient)
            elif reply.status.startswith("5"):
                self.refused[recipient] = reply
            else:
                self.waiting.append(recipient)


class MailSource:
    """Sends over some connections at a time and keeps them open while they are good.
    What is put off, and whatever breaks, is tried again after a growing pause."""

    CONNECTIONS = 30  # Postfix lets a client have 50
    FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 0.5

    def __init__(self, connect: Callable[[], SmtpClient]) -> None:
        self._connect = connect
        self._idle: queue.SimpleQueue[SmtpClient] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._threads = ThreadPoolExecutor(self.CONNECTIONS)
        self._under_way: list[Future[None]] = []

    def __enter__(self) -> "MailSource":
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, where: TracebackType | None) -> None:
        """Mail that is left stays unsent."""
        self._stopping.set()
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().close()

    def take(self, mail: QueuedMail) -> None:
        """Sends it as soon as a connection is free, and until it is dealt with."""
        self._under_way.append(self._threads.submit(self._carry, mail))

    def wait_until_empty(self) -> None:
        """Returns when all mail has been dealt with."""
        done, left = wait(self._under_way, LIMIT_S)
        for mail in done:
            mail.result()  # raises what went wrong
        if left:
            raise TimeoutError(f"{len(left)} mails are left after {LIMIT_S:.0f} s")

    def _carry(self, mail: QueuedMail) -> None:
        pause_s = self.FIRST_PAUSE_S
        while not self._stopping.is_set():
            self._try(mail)
            if not mail.waiting:
                break
            self._stopping.wait(pause_s)
            pause_s = min(pause_s * 2, self.LONGEST_PAUSE_S)

    def _try(self, mail: QueuedMail) -> None:
        mail.tries += 1
        try:
            client = self._take_connection()
        except OSError:
            return
        try:
            done = client.transfer(mail.sender, mail.waiting, mail.message)
        except OSError:  # those of smtplib are of this kind, too
            client.close()
            return
        mail.note(done)
        if done.last.is_good:
            self._idle.put(client)
        else:
            client.close()

    def _take_connection(self) -> SmtpClient:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()
