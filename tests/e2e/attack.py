# SPDX-License-Identifier: ISC
"""An attacker: the ways into the gateway, the mails, and what must not happen."""

import json
import re
import ssl
import time
from dataclasses import dataclass, field
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

from gateway import Gateway
from postfix import HOSTNAME
from settings import GREENFIELD_RELAY, OAKHILL_RELAY, STRANGER, with_changes
from smtp import Reply, SmtpClient, Transaction

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"

GREENFIELD, INFANTS, OAKHILL = (
    "greenfield.sch.example", "infants.greenfield.sch.example", "oakhill.sch.example")
HEAD = f"head@{GREENFIELD}"
NURSE = f"nurse@{INFANTS}"  # her school has its own account within Greenfield
CARETAKER = f"caretaker@{OAKHILL}"
MALLORY = "mallory@evil.example"
INFANTS_RELAY = "127.0.0.4"

# The ways in: the port for mail from outside; a port that removes no fields, so that
# what the attacker writes stands for what a filter of ours was made to write; and a
# port that asks for certificates.
FRONT, UNGUARDED, TLS = "127.0.0.1", "127.0.1.1", "127.0.1.2"

CUSTOMERS = ("greenfield", "greenfield-infants", "oakhill")
METHODS = ["sasl", "network", "tls", "spf", "dkim", "dmarc"]

# All methods at once, because deceiving one of them would be enough.
EVERY_METHOD: dict[str, Any] = {
    "authserv_id": HOSTNAME,
    "customers": {
        "greenfield": {"sender_auth": METHODS},
        "greenfield-infants": {"sender_auth": METHODS,
                               "networks": [f"{INFANTS_RELAY}/32"]},
        "oakhill": {"sender_auth": METHODS, "networks": [f"{OAKHILL_RELAY}/32"]},
    },
}

REFUSED = "550 5.7.1"
NO_NUMBER = "550 5.1.3"
SENT = "250 2.0.0"


# Mails -------------------------------------------------------------------------------


def passes(domain: str = GREENFIELD) -> str:
    """The filters' results for a mail that is good in every way."""
    return (f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; "
            f"dmarc=pass header.from={domain}")


def results(said: str, name: str = "Authentication-Results",
            authserv_id: str = HOSTNAME) -> str:
    return f"{name}: {authserv_id}; {said}\r\n"


def signature(domain: str = GREENFIELD, signed: str = "From:To:Cc:Subject:Date",
              more: str = "") -> str:
    """A DKIM-Signature. Whether it is valid is decided by the filters."""
    return (f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n"
            f"\ts=school; h={signed};{more}\r\n\tbh=YWJj; b=YWJj\r\n")


def letter(above: str = "", below: str = "", From: str | None = f"<{HEAD}>",
           To: str | None = f"<{NUMBER}>", Subject: str | None = "Snow",
           age_s: int = 0, body: str = "School is shut.\r\n") -> bytes:
    """A mail from the head. None leaves a field out."""
    fields = {"From": From, "To": To, "Subject": Subject,
              "Date": formatdate(time.time() - age_s),
              "Message-ID": make_msgid(domain=GREENFIELD)}
    header = "".join(f"{name}: {value}\r\n" for name, value in fields.items()
                     if value is not None)
    return f"{above}{header}{below}\r\n{body}".encode()


# Attacks -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Attack:
    """One mail. `rule` is a pattern for what the log says about it."""

    message: bytes = field(default_factory=letter)
    sender: str | bytes = HEAD
    to: tuple[str | bytes, ...] = (NUMBER,)
    source: str = STRANGER
    way: str = FRONT
    login: tuple[str, str] | None = None
    parameters: str = ""
    rule: str = ""


class Target:
    """The gateway under attack, with EVERY_METHOD and an audit log for each
    customer."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.configure()

    def configure(self, **changes: Any) -> None:
        """Configures EVERY_METHOD with these changes, and forgets everything before."""
        audited = {"customers": {name: {"audit_log": str(self._audit_log(name))}
                                 for name in CUSTOMERS}}
        settings = with_changes(with_changes(EVERY_METHOD, audited), changes)
        self.gateway.configure(**settings)
        self.forget()

    def forget(self) -> None:
        """Makes log() and audit_lines() return only what comes from now on."""
        self._lines_before = len(self.gateway.milter.log_lines())
        self._events_before = {name: len(self._audit_log(name).read_bytes())
                               for name in CUSTOMERS}

    def _audit_log(self, customer: str) -> Path:
        return self.gateway.journal.folder / f"{customer}.audit"

    def log(self) -> str:
        """What sms-milter has logged since."""
        return "\n".join(self.gateway.milter.log_lines()[self._lines_before:])

    def audit_lines(self) -> list[str]:
        """What it has written to the customers' audit logs since."""
        return [line for name in CUSTOMERS
                for line in self._audit_log(name).read_bytes()
                [self._events_before[name]:].decode().splitlines()]

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.audit_lines()]

    def connect(self, attack: Attack, tls: ssl.SSLContext | None = None) -> SmtpClient:
        return SmtpClient(self.gateway.postfix.port, attack.source, attack.login,
                          attack.way, tls)

    def send(self, attack: Attack, tls: ssl.SSLContext | None = None) -> Transaction:
        """Sends the attack octet by octet, as far as the server accepts it."""
        with self.connect(attack, tls) as client:
            done = Transaction(mail=command(client, b"MAIL FROM:<", attack.sender,
                                            f">{attack.parameters}"))
            if done.mail and done.mail.is_good:
                done.recipients = [command(client, b"RCPT TO:<", recipient, ">")
                                   for recipient in attack.to]
            if any(reply.is_good for reply in done.recipients):
                done.data = client.data()
            if done.data and done.data.is_good:
                done.end = client.end(attack.message)
        return done

    # What came of it -----------------------------------------------------------------

    def assert_untouched(self) -> None:
        """Nothing left the gateway in any direction, and the journal has no record."""
        assert self.gateway.simulator.requests() == []
        assert self.gateway.journal.rows() == []
        assert self.gateway.postfix.delivered() == []

    def assert_refused_at_the_end(self, sent: Transaction, rule: str,
                                  put_off: int = 0) -> None:
        """Refused because nothing was proved: the reply is always the same, and the log
        says what decided. `put_off` is the number of recipients above the limit for a
        mail."""
        assert sent.end and sent.end.status == REFUSED, sent.last
        assert sent.end.text.startswith("sender not authenticated"), sent.last
        self.assert_untouched()
        assert self.events() == put_off * ["recipient-refused"] + ["mail-refused"]
        [line] = [line for line in self.log().splitlines() if "outcome=" in line]
        found = re.search(r' proof=missing rule="([^"]+)" sms=', line)
        assert found and re.search(rule, found[1]), line

    def assert_refused_at_rcpt(self, sent: Transaction, status: str, rule: str) -> None:
        assert [reply.status for reply in sent.recipients] == [status], sent.last
        self.assert_untouched()
        assert re.search(rf"recipient refused: status={status[4:]} reason=.*{rule}",
                         self.log()), self.log()

    def assert_passes(self, sent: Transaction, method: str) -> None:
        """An honest mail: one SMS, and the method that proved its sender."""
        assert sent.last.status == SENT, f"{sent.last}\n{self.log()}"
        assert len(self.gateway.texts()) == 1
        assert self.events() == ["sms"]
        assert re.search(rf"outcome=sent .* proof={method} ", self.log()), self.log()

    def assert_healthy(self) -> None:
        """The school's own mail is still sent, once."""
        self.gateway.simulator.clear()
        sent = self.send(Attack(source=GREENFIELD_RELAY))
        assert sent.last.status == SENT, sent.last
        assert [number for number, _ in self.gateway.texts()] == [PHONE]


def command(client: SmtpClient, *pieces: str | bytes) -> Reply:
    """Octets are sent unchanged, text as UTF-8."""
    client.send(b"".join(piece if isinstance(piece, bytes) else piece.encode()
                         for piece in pieces) + b"\r\n")
    return client.reply()
