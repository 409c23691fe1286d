# SPDX-License-Identifier: ISC
"""A mail server with mail for the gateway, which it keeps until each mail is
completed."""

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
    """A mail and its recipients, each of which is in one of the three lists."""

    sender: str
    message: bytes
    waiting: list[str]
    accepted: list[str] = field(default_factory=list)
    refused: dict[str, Reply] = field(default_factory=dict)
    tries: int = 0

    def note(self, done: Transaction) -> None:
        """Records the replies. A reply to RCPT decides for one recipient; the others
        decide for all that are left."""
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
    """Sends over several connections and keeps them open while they work. Deferred
    mails and all failures are retried after a growing pause."""

    CONNECTIONS = 30  # Postfix allows a client 50
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
        """Sends the mail as soon as a connection is free, and retries until it is
        completed."""
        self._under_way.append(self._threads.submit(self._carry, mail))

    def wait_until_empty(self) -> None:
        """Returns when all mail is completed."""
        done, left = wait(self._under_way, LIMIT_S)
        for mail in done:
            mail.result()  # raises its exception, if any
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
        except OSError:  # errors of smtplib are OSErrors too
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
