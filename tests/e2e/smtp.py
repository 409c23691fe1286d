# SPDX-License-Identifier: ISC
"""An SMTP client that keeps every reply whole, and sends what it is told."""

import smtplib
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Sequence

from waiting import LIMIT_S


@dataclass(frozen=True)
class Reply:
    """What the server said: `status` is the code and, where there is one, the
    enhanced code of the first line; `lines` are the rest, code by code removed."""

    status: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_good(self) -> bool:
        return self.status[0] in "23"

    def __str__(self) -> str:
        return f"{self.status} {' / '.join(self.lines)}"


@dataclass
class Transaction:
    """The replies to one mail; those of steps not reached are None."""

    mail: Reply | None = None
    recipients: list[Reply] = field(default_factory=list)
    data: Reply | None = None
    end: Reply | None = None

    @property
    def last(self) -> Reply:
        """The reply that decided the mail's fate."""
        reply = self.end or self.data or (self.recipients or [self.mail])[-1]
        assert reply
        return reply


class SmtpClient:
    """A connection from one of this machine's loopback addresses."""

    def __init__(self, port: int, source: str = "127.0.0.1",
                 login: tuple[str, str] | None = None, host: str = "127.0.0.1",
                 tls: ssl.SSLContext | None = None) -> None:
        self._smtp = smtplib.SMTP(host, port, local_hostname="client.example",
                                  timeout=LIMIT_S,
                                  source_address=(source, 0))
        self._smtp.ehlo()
        if tls:
            self._smtp.starttls(context=tls)
            self._smtp.ehlo()
        if login:
            self._smtp.login(*login)

    def __enter__(self) -> "SmtpClient":
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up without QUIT, if it has not been said."""
        self._smtp.close()

    def command(self, line: str) -> Reply:
        """One command, UTF-8 as it is, and its reply."""
        self.send(line.encode() + b"\r\n")
        return self.reply()

    def send(self, data: bytes) -> None:
        """Bytes as they are."""
        assert self._smtp.sock
        self._smtp.sock.sendall(data)

    def reply(self) -> Reply:
        code, text = self._smtp.getreply()
        lines = text.decode(errors="replace").split("\n")
        enhanced = [_split_enhanced(code, line) for line in lines]
        status = f"{code} {enhanced[0][0]}".strip()
        return Reply(status, tuple(text for _, text in enhanced))

    def mail(self, sender: str, parameters: str = "") -> Reply:
        return self.command(f"MAIL FROM:<{sender}>{parameters}")

    def rcpt(self, recipient: str) -> Reply:
        return self.command(f"RCPT TO:<{recipient}>")

    def data(self) -> Reply:
        return self.command("DATA")

    def end(self, message: bytes) -> Reply:
        """The mail after DATA, its lines made as SMTP wants them, and the dot."""
        lines = message.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
        stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
        self.send(b"\r\n".join(stuffed) + b"\r\n.\r\n")
        return self.reply()

    def transfer(self, sender: str, recipients: Sequence[str], message: bytes,
                 parameters: str = "") -> Transaction:
        """One mail, as far as the server lets it come; RSET where it goes no
        further."""
        done = Transaction(mail=self.mail(sender, parameters))
        if done.mail and done.mail.is_good:
            done.recipients = [self.rcpt(recipient) for recipient in recipients]
        if any(reply.is_good for reply in done.recipients):
            done.data = self.data()
        if done.data and done.data.is_good:
            done.end = self.end(message)
        else:
            self.command("RSET")
        return done


def _split_enhanced(code: int, line: str) -> tuple[str, str]:
    """An enhanced status code (RFC 2034) has the class of its reply."""
    first, _, rest = line.partition(" ")
    parts = first.split(".")
    is_enhanced = (len(parts) == 3 and all(part.isdigit() for part in parts)
                   and parts[0] == str(code)[0])
    return (first, rest) if is_enhanced else ("", line)
