# SPDX-License-Identifier: ISC
"""An SMTP client that keeps every reply unchanged, and sends exactly what it is
given."""

import smtplib
import ssl
from dataclasses import dataclass, field
from types import TracebackType
from typing import Sequence

from waiting import LIMIT_S


@dataclass(frozen=True)
class Reply:
    """A reply of the server: `status` is the code and, if there is one, the enhanced
    code of the first line. `lines` are the texts without the codes."""

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
    """The replies to one mail. Replies of steps that were not reached are None."""

    mail: Reply | None = None
    recipients: list[Reply] = field(default_factory=list)
    data: Reply | None = None
    end: Reply | None = None

    @property
    def last(self) -> Reply:
        """The reply that decided about the mail."""
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
        """Closes the connection, without QUIT if it was not sent."""
        self._smtp.close()

    def command(self, line: str) -> Reply:
        """Sends one command, with UTF-8 unchanged, and returns its reply."""
        self.send(line.encode() + b"\r\n")
        return self.reply()

    def send(self, data: bytes) -> None:
        """Sends bytes unchanged."""
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
        """Sends the mail after DATA, with its lines in the form of SMTP, and the final
        dot."""
        lines = message.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
        stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
        self.send(b"\r\n".join(stuffed) + b"\r\n.\r\n")
        return self.reply()

    def transfer(self, sender: str, recipients: Sequence[str], message: bytes,
                 parameters: str = "") -> Transaction:
        """Sends one mail as far as the server accepts it. RSET follows if it stops
        earlier."""
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
    """An enhanced status code (RFC 2034) has the same class as its reply."""
    first, _, rest = line.partition(" ")
    parts = first.split(".")
    is_enhanced = (len(parts) == 3 and all(part.isdigit() for part in parts)
                   and parts[0] == str(code)[0])
    return (first, rest) if is_enhanced else ("", line)
