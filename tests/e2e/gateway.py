# SPDX-License-Identifier: ISC
"""The complete gateway: a Postfix, sms-milter, and an API that accepts its SMS."""

import email.message
import email.policy
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Sequence

from account import sms_milter_account
from journal_file import JournalFile
from milter import Milter, build_dir
from postfix import MAIL_OWNER, Postfix
from settings import GREENFIELD_RELAY, KEYS, Settings, default_settings, with_changes
from simulator_process import Simulator
from smtp import SmtpClient, Transaction

OFFICE = "office@greenfield.sch.example"


class Gateway:
    """Runs while its `with` block runs: one Postfix, one API and one milter at a
    time."""

    def __init__(self, main_cf: str = "") -> None:
        """`main_cf` contains additional lines for Postfix."""
        self._main_cf = main_cf
        self._running = ExitStack()

    def __enter__(self) -> "Gateway":
        os.umask(0o022)  # several accounts read the files made here
        with ExitStack() as starting:
            account = starting.enter_context(sms_milter_account())
            self.simulator = Simulator(customers=KEYS)
            starting.callback(self.simulator.stop)
            self.postfix = Postfix(self._main_cf)
            starting.enter_context(self.postfix)
            self.postfix.make_milter_folder(account)
            self.journal = JournalFile(self.postfix.directory / "journal", account)
            self.milter = Milter(self.postfix.directory / "milter", account)
            self.postfix.install_ctl(build_dir() / "sms-milterctl",
                                     self.milter.config_file)
            starting.callback(self.milter.stop)
            self.configure()
            self._running = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, where: TracebackType | None) -> None:
        self._running.close()

    def settings(self, **changes: Any) -> Settings:
        """The default configuration with changes; see with_changes()."""
        return with_changes(
            default_settings(f"unix:{self.postfix.milter_socket}", MAIL_OWNER,
                             self.simulator.api_url, self.journal.place), changes)

    def configure(self, **changes: Any) -> None:
        """Runs the milter with the default configuration and these changes."""
        settings = self.settings(**changes)
        if self.milter.is_running() and self.milter.settings == settings:
            return
        self.milter.stop()
        self.milter.start(settings)

    def make_folder(self) -> Path:
        """Creates a folder that every account may read. pytest's folders can be read
        only by our account, and each other run of pytest makes sure of that."""
        folder = Path(tempfile.mkdtemp(dir=self.postfix.directory))
        folder.chmod(0o755)
        return folder

    def clear(self) -> None:
        """Removes all mail and SMS, and all faults."""
        self.simulator.clear()
        self.postfix.clear()
        self.journal.clear()

    def prove_key(self, number: str = "+447700900199@sms.local") -> None:
        """Makes the API queue an SMS with greenfield's key. Later refusals in the words
        that may also mean a wrong key then count as refusals of the number. Nothing
        else of it remains."""
        assert self.send(number, body="The first.").last.status == "250 2.0.0"
        self.clear()

    def connect(self, source: str = GREENFIELD_RELAY,
                login: tuple[str, str] | None = None) -> SmtpClient:
        """Connects from the school's own mail server, unless given otherwise."""
        return SmtpClient(self.postfix.port, source, login)

    def send(self, *recipients: str, sender: str = OFFICE,
             body: str = "School is shut.", source: str = GREENFIELD_RELAY,
             login: tuple[str, str] | None = None, message: bytes | None = None,
             **headers: str) -> Transaction:
        """Sends one mail from the school's office, unless given otherwise."""
        with self.connect(source, login) as client:
            return client.transfer(sender, recipients,
                                   message or make_mail(sender, recipients, body,
                                                        **headers))

    def texts(self) -> list[tuple[str, str]]:
        """The SMS that were sent: number and text, oldest first."""
        return [(sms["number"], sms["text"]) for sms in self.simulator.messages()]


def make_mail(sender: str, recipients: Sequence[str], body: str,
              **headers: str) -> bytes:
    """An ordinary plain mail. Headers are given by Python names: Reply_To=..."""
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    fields = {"From": f"<{sender}>", "To": ", ".join(f"<{r}>" for r in recipients)}
    for name, value in (fields | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()
