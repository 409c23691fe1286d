# SPDX-License-Identifier: ISC
"""What tests/demo shows: five mails, and the outcome of each.

It fails if an outcome is not the expected one.
"""

import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Sequence

from gateway import OFFICE, Gateway, make_mail
from interrupt import tidy_up_on
from smtp import Reply, SmtpClient, Transaction

WIDTH = 78

# In this demo the school's mail server is this machine.
RELAY = "127.0.0.1"

PHONE = "+447700900123"
REFUSED_PHONE = "+447700900125"
PARENT = "parent@ordinary.example"


@dataclass(frozen=True)
class Scene:
    """A mail and its expected outcome: the reply to each recipient and to the whole
    mail, the phones that get an SMS, and the mailboxes that get the mail or a bounce.
    If the API has faults, also the states of the SMS in the journal."""

    title: str
    sender: str
    recipients: Sequence[str]
    subject: str
    body: str
    replies: Sequence[str]
    end: str | None = None
    phones: Sequence[str] = ()
    mailboxes: Sequence[str] = ()
    faults: Sequence[str] = ()
    journal: Sequence[str] = ()


STORY = (
    Scene("A school sends a mail to a phone.",
          OFFICE, [f"{PHONE}@sms.local"], "Snow",
          "The school is closed today because of the snow. Please collect your child "
          "by 10:30 at the main gate. The after-school club and the trip to the "
          "museum are off; the museum will be visited on Friday instead.",
          replies=["250 2.1.5"], end="250 2.0.0", phones=[PHONE]),
    Scene("A stranger tries the same. The sender's domain belongs to no customer.",
          "win@prizes.example", [f"{PHONE}@sms.local"], "You have won",
          "Call now!",
          replies=["550 5.7.1"]),
    Scene("The school sends a mail to an address that is not a number.",
          OFFICE, ["reception@sms.local"], "Snow", "The school is closed today.",
          replies=["550 5.1.3"]),
    Scene("The school sends one mail to a mailbox and to a phone.",
          OFFICE, [PARENT, "07700900124@sms.local"], "Trip",
          "The coach is late. We will be back at about five.",
          replies=["250 2.1.5", "250 2.1.5"], end="250 2.0.0",
          phones=["+447700900124"], mailboxes=[PARENT]),
    Scene("The school sends a mail to two phones, and the API refuses one of them.",
          OFFICE, [f"{PHONE}@sms.local", f"{REFUSED_PHONE}@sms.local"], "Trip",
          "The coach is back.",
          replies=["250 2.1.5", "250 2.1.5"], end="250 2.0.0",
          phones=[PHONE], mailboxes=[OFFICE],
          faults=[f"invalid,number={REFUSED_PHONE}"], journal=["sent", "refused"]),
)


class NotAsTold(Exception):
    """An outcome is not the expected one."""


# Playing ---------------------------------------------------------------------------


def play(gateway: Gateway, number: int, scene: Scene) -> None:
    """Sends the mail, shows what happens, and checks it."""
    print(f"\n{number}. {scene.title}\n")
    show("From", scene.sender)
    for recipient in scene.recipients:
        show("To", recipient)
    gateway.clear()
    if scene.faults:
        gateway.simulator.set_faults(*scene.faults)
    with SmtpClient(gateway.postfix.port, RELAY) as client:
        sent = client.transfer(scene.sender, scene.recipients,
                               make_mail(scene.sender, scene.recipients, scene.body,
                                         Subject=scene.subject))
    tell_replies(scene, sent)
    tell_phones(gateway, scene)
    tell_mailboxes(gateway, scene)
    if scene.journal:
        tell_journal(gateway, scene)


def check(what: str, told: Sequence[str | None], found: Sequence[str | None]) -> None:
    if list(told) != list(found):
        raise NotAsTold(f"{what}: expected {list(told)}, found {list(found)}")


def tell_replies(scene: Scene, sent: Transaction) -> None:
    """Only what the sender's mail server would report: refusals, and the last reply."""
    for recipient, reply in zip(scene.recipients, sent.recipients):
        if not reply.is_good:
            show_reply(f"RCPT {recipient}", reply)
    if sent.end:
        show_reply("the mail", sent.end)
    check("replies to RCPT", scene.replies, [reply.status for reply in sent.recipients])
    check("reply to the mail", [scene.end], [sent.end.status if sent.end else None])


def tell_phones(gateway: Gateway, scene: Scene) -> None:
    messages = gateway.simulator.messages()
    for message in messages:
        parts = "1 part" if message["parts"] == 1 else f"{message['parts']} parts"
        show("Phone", f"{message['number']} shows an SMS from {message['sender']} "
             f"({parts}):")
        show_quoted(message["text"])
    if not messages:
        show("Phone", "no SMS was sent")
    check("phones", scene.phones, [message["number"] for message in messages])
    check("texts", [f"{scene.subject}: {scene.body}"] * len(messages),
          [message["text"] for message in messages])


def tell_mailboxes(gateway: Gateway, scene: Scene) -> None:
    mails = gateway.postfix.delivered()
    for mail in mails:
        if mail.is_multipart():
            show("Mailbox", f"{mail['X-Original-To']} gets a bounce with this text:")
            show_quoted(reason_of(mail))
        else:
            show("Mailbox", f"{mail['X-Original-To']} gets the mail unchanged:")
            show_quoted(mail.get_content())
    check("mailboxes", scene.mailboxes, [mail["X-Original-To"] for mail in mails])


def reason_of(bounce: EmailMessage) -> str:
    """The recipient and the reason (RFC 3464)."""
    [report] = [part for part in bounce.walk()
                if part.get_content_type() == "message/delivery-status"]
    fields = report.get_payload()[-1]
    return "\n".join(f"{name}: {fields[name]}" for name in
                     ("Original-Recipient", "Status", "Diagnostic-Code")
                     if fields[name])


def tell_journal(gateway: Gateway, scene: Scene) -> None:
    """What the administrator can look up later."""
    done = subprocess.run([gateway.postfix.ctl, "history"], capture_output=True,
                          text=True, check=True)
    print("\n   sms-milterctl history\n")
    print(textwrap.indent(done.stdout, "   "), end="")
    check("journal", scene.journal, [state for _, state, _ in gateway.journal.states()])


# Showing ---------------------------------------------------------------------------


def show(what: str, text: str) -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=f"   {what:9}",
                        subsequent_indent=" " * 12, break_on_hyphens=False))


def show_reply(to: str, reply: Reply) -> None:
    show("Postfix", f"answers to {to}:")
    show_quoted(f"{reply.status} " + "\n".join(reply.lines))


def show_quoted(text: str) -> None:
    for line in text.strip().split("\n"):
        print(textwrap.fill(line, WIDTH, initial_indent=" " * 12 + "| ",
                            subsequent_indent=" " * 12 + "| ", break_on_hyphens=False))


def introduce() -> None:
    print("\nA private Postfix, sms-milter, and groupcall-simulator (instead of the API)\n"
          "now run on 127.0.0.1. Five mails are sent by SMTP.")


def invite(gateway: Gateway) -> None:
    """For --keep: how to send your own mail, and where to see the result."""
    port = gateway.postfix.port
    print(f"""
Everything is still running. You can send your own mail by SMTP to 127.0.0.1,
port {port}, from any address at greenfield.sch.example to a UK number at
sms.local. For example:

    python3 -c 'import smtplib; smtplib.SMTP("127.0.0.1", {port}).sendmail(
        "{OFFICE}", "{PHONE}@sms.local",
        "Subject: Hello\\n\\nIt works.")'

The phones:        {gateway.simulator.url}/
Log of sms-milter: {gateway.milter.stderr_file}
Log of Postfix:    {gateway.postfix.log_file}

Press Ctrl-C to stop everything.""", flush=True)


def main(arguments: Sequence[str]) -> int:
    tidy_up_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    sys.stdout.reconfigure(errors="replace", line_buffering=True)
    has_finished = False
    try:
        with Gateway() as gateway:
            gateway.configure(customers={"greenfield": {"networks": [RELAY + "/32"]}})
            introduce()
            for number, scene in enumerate(STORY, 1):
                play(gateway, number, scene)
            has_finished = True
            if "--keep" in arguments:
                gateway.clear()
                invite(gateway)
                signal.pause()
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.")
        return 0 if has_finished else 130
    except NotAsTold as error:
        print(f"\ndemo: not the expected outcome: {error}", file=sys.stderr)
        return 1
    print("\nAll five mails had the expected outcome.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
