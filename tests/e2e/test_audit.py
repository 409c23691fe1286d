# SPDX-License-Identifier: ISC
"""What a customer's audit log contains, who may read it, and that it never stops a mail."""

import grp
import json
import os
import re
import stat
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator

import pytest

from gateway import OFFICE, Gateway
from postfix import Postfix
from settings import GREENFIELD_RELAY, KEYS, OAKHILL_RELAY, STRANGER
from smtp import Transaction
from test_outcomes import (NUMBER, OAKHILL, ONE_TRY, OTHER, OTHER_PHONE, PARENT, PHONE,
                           THIRD, THIRD_PHONE)
from waiting import LIMIT_S
from zones import zone_at_noon

LOGIN = (OFFICE, Postfix.LOGINS[OFFICE])
MASKED, OTHER_MASKED, THIRD_MASKED = ("+44*******123", "+44*******124", "+44*******125")

# In every Debian, and nobody's that takes part here.
GROUP = "adm"

Event = dict[str, Any]


class AuditFolder:
    """A folder of the daemon's account for the logs of customers."""

    def __init__(self, gateway: Gateway, path: Path) -> None:
        self.path = path
        self._gateway = gateway
        self.make()

    def make(self) -> None:
        account = self._gateway.milter.account
        self.path.mkdir(mode=0o755)
        os.chown(self.path, account.pw_uid, account.pw_gid)

    def log(self, customer: str = "greenfield") -> Path:
        return self.path / f"{customer}.jsonl"

    def settings(self, **greenfield: Any) -> dict[str, Any]:
        """Two customers with a log each."""
        return {"api": ONE_TRY, "customers": {
            "greenfield": {"audit-log": str(self.log())} | greenfield,
            "oakhill": {"audit-log": str(self.log("oakhill"))}}}

    def configure(self, **greenfield: Any) -> None:
        self._gateway.configure(**self.settings(**greenfield))

    def events(self, customer: str = "greenfield") -> list[Event]:
        return read_events(self.log(customer))

    def taken(self, customer: str = "greenfield") -> list[Event]:
        """The events without their time, which is now."""
        events = self.events(customer)
        for event in events:
            text = event.pop("time")
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
            at = datetime.fromisoformat(text.removesuffix("Z")).replace(
                tzinfo=timezone.utc)
            assert 0 <= (datetime.now(timezone.utc) - at).total_seconds() < 3600
        return events


def read_events(path: Path) -> list[Event]:
    """Each line must be an object, and the last line must be complete."""
    text = path.read_bytes()
    assert text == b"" or text.endswith(b"\n")
    lines = text.split(b"\n")[:-1]
    assert all(len(line) < 4096 for line in lines)
    return [json.loads(line) for line in lines]


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """Its log does not affect the next test."""
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    yield gateway
    gateway.postfix.wait_until_done()
    gateway.milter.stop()
    gateway.milter.groups = []


@pytest.fixture
def audit(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    return AuditFolder(gateway, gateway.postfix.directory
                       / tmp_path_factory.mktemp("audit").name)


def queue_id(gateway: Gateway) -> str:
    """The queue id of the latest mail that got one. Postfix may log it only after its
    reply."""
    line = r"smtpd\[\d+\]: (\w+): client="
    gateway.postfix.wait_for_log(line)
    return re.findall(line, gateway.postfix.log())[-1]


# What it says --------------------------------------------------------------------------


def of_mail(gateway: Gateway, **members: Any) -> Event:
    """The members that each SMS of a mail from the office's own server has."""
    return {"event": "sms", "customer": "greenfield", "sender": OFFICE,
            "client": GREENFIELD_RELAY, "proof": "network", "rule": "networks",
            "number": MASKED, "parts": 1, "queue_id": queue_id(gateway),
            "message_id": "<1.x@greenfield.sch.example>"} | members


def send(gateway: Gateway, *to: str, **mail: Any) -> Transaction:
    return gateway.send(*to, **({"Message_ID": "<1.x@greenfield.sch.example>"} | mail))


def test_each_sms_has_a_line(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure()
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    send(gateway, NUMBER, PARENT, OTHER, body="School is shut. " * 15)
    [sms] = gateway.simulator.messages()

    assert audit.taken() == [
        of_mail(gateway, parts=2, outcome="sent", api_message_id=sms["id"]),
        of_mail(gateway, parts=2, outcome="refused", number=OTHER_MASKED,
                status="5.7.1", reason="Data is not valid, no messages sent")]


@pytest.mark.parametrize("fault, outcome, status", [
    ("http=503", "deferred", "4.4.5"), ("reset-after", "unknown", "4.4.2"),
    ("http=400", "refused", "5.7.1"),
    ("http=401", "deferred", "4.7.0")])
def test_what_was_not_sent_has_the_reason(gateway: Gateway, audit: AuditFolder,
                                          fault: str, outcome: str, status: str) -> None:
    audit.configure()
    gateway.simulator.set_faults(fault)
    reply = send(gateway, NUMBER).last
    [event] = audit.taken()

    reason = event.pop("reason")
    assert reply.lines[-1].endswith(reason)
    assert event == of_mail(gateway, outcome=outcome, status=status)


def test_each_try_has_lines_of_its_own(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure()
    gateway.simulator.set_faults(f"no-id,number={OTHER_PHONE},count=1")
    assert send(gateway, NUMBER, OTHER).last.status == "451 4.4.2"
    first = queue_id(gateway)
    assert send(gateway, NUMBER, OTHER).last.status == "250 2.0.0"

    assert [(event["number"], event["outcome"], event.get("earlier"), event["queue_id"])
            for event in audit.events()] == [
        (MASKED, "sent", None, first), (OTHER_MASKED, "unknown", None, first),
        (MASKED, "sent", True, queue_id(gateway)),
        (OTHER_MASKED, "sent", None, queue_id(gateway))]
    assert audit.events()[2]["api_message_id"] == gateway.simulator.messages()[0]["id"]


def test_a_login_is_named(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure()
    send(gateway, NUMBER, source=STRANGER, login=LOGIN,
         sender="head@greenfield.sch.example")
    [sms] = gateway.simulator.messages()

    assert audit.taken() == [of_mail(
        gateway, sender="head@greenfield.sch.example", client=STRANGER, login=OFFICE,
        proof="sasl", rule=OFFICE, outcome="sent", api_message_id=sms["id"])]


def test_discarded_has_a_line(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure(**{"auto-replies": "discard"})
    send(gateway, NUMBER, Auto_Submitted="auto-replied")

    [event] = audit.taken()
    assert {name: event.get(name) for name in ("event", "number", "outcome", "status")
            } == {"event": "sms", "number": MASKED, "outcome": "discarded",
                  "status": None}


def test_what_exceeds_a_limit_has_a_line(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure(quota="1/month", **{"time-zone": zone_at_noon()})
    send(gateway, NUMBER, OTHER)

    assert [(event["number"], event["outcome"], event.get("status"))
            for event in audit.events()] == [
        (MASKED, "sent", None), (OTHER_MASKED, "refused", "5.7.1")]
    assert "quota of 1 SMS per month" in audit.events()[1]["reason"]


@pytest.mark.parametrize("to, options, status, outcome, number, words", [
    ("office", {}, "5.1.3", "refused", None, "number"),
    ("+33612345678", {}, "5.7.1", "refused", "+33******678", "allow, deny"),
    (PHONE, {"senders": ["x@greenfield.sch.example"]}, "5.7.1", "refused", None,
     "senders"),
    (PHONE, {"enabled": False}, "5.7.1", "refused", None, "enabled"),
    (PHONE, {"hours": ["18:00-20:00"]}, "4.7.1", "deferred", MASKED, "hours"),
])
def test_each_recipient_refused_has_a_line(
        gateway: Gateway, audit: AuditFolder, to: str, options: dict[str, Any],
        status: str, outcome: str, number: str | None, words: str) -> None:
    audit.configure(**{"time-zone": zone_at_noon()}, **options)
    sent = send(gateway, f"{to}@sms.local", PARENT)
    [event] = audit.taken()

    reason = event.pop("reason")
    assert words in reason and sent.recipients[0].text == reason
    assert event == {
        "event": "recipient-refused", "customer": "greenfield", "sender": OFFICE,
        "client": GREENFIELD_RELAY, "outcome": outcome, "status": status,
    } | ({"number": number} if number else {})


def test_a_mail_that_nobody_proved_has_one_line(gateway: Gateway,
                                                audit: AuditFolder) -> None:
    audit.configure()
    send(gateway, NUMBER, OTHER, source=STRANGER)

    assert audit.taken() == [{
        "event": "mail-refused", "customer": "greenfield", "sender": OFFICE,
        "client": STRANGER, "rule": "sasl: the client did not log in; network: the "
                                    "client is in no trusted network",
        "outcome": "refused", "status": "5.7.1", "queue_id": queue_id(gateway)}]


def test_numbers_may_be_whole(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure(**{"audit-numbers": "full"})
    send(gateway, NUMBER, OTHER, "+33612345678@sms.local")

    assert [event["number"] for event in audit.events()] == [
        "+33612345678", PHONE, OTHER_PHONE]


def test_masked_numbers_are_nowhere_whole(gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure()
    gateway.simulator.set_faults(f"error=Number {PHONE} is barred,number={PHONE}")
    send(gateway, NUMBER, OTHER, "+33612345678@sms.local")

    text = audit.log().read_text()
    assert len(audit.events()) == 3
    assert OTHER_PHONE not in text and "33612345678" not in text


# Who may read it --------------------------------------------------------------------------


def test_a_customer_never_sees_anothers_lines(gateway: Gateway,
                                              audit: AuditFolder) -> None:
    audit.configure()
    with ThreadPoolExecutor(8) as pool:
        mails = [{}, {"sender": OAKHILL, "source": OAKHILL_RELAY}] * 10
        list(pool.map(lambda mail: gateway.send(NUMBER, OTHER, **mail), mails))
    gateway.send(NUMBER, sender=OAKHILL, source=GREENFIELD_RELAY)
    gateway.send("x@sms.local", sender=OAKHILL)
    gateway.send(NUMBER, sender="x@infants.greenfield.sch.example")
    gateway.send(NUMBER, sender="x@elsewhere.example")

    for customer, sender, count in (("greenfield", OFFICE, 20), ("oakhill", OAKHILL, 22)):
        events = audit.events(customer)
        assert len(events) == count
        assert {event["customer"] for event in events} == {customer}
        assert {event["sender"] for event in events} == {sender}


def access(path: Path) -> tuple[str, str, str]:
    """Mode, owner and group."""
    status = path.stat()
    return (f"{stat.S_IMODE(status.st_mode):04o}", path.owner(), path.group())


def test_it_is_for_the_daemon_to_write_and_its_group_to_read(
        gateway: Gateway, audit: AuditFolder) -> None:
    audit.configure()
    account = gateway.milter.account

    assert access(audit.log()) == ("0640", account.pw_name,
                                   grp.getgrgid(account.pw_gid).gr_name)


@pytest.mark.parametrize("as_number", [False, True], ids=["name", "number"])
def test_it_may_be_another_group(gateway: Gateway, audit: AuditFolder,
                                 as_number: bool) -> None:
    gid = grp.getgrnam(GROUP).gr_gid
    gateway.milter.groups = [GROUP]
    audit.configure(**{"audit-group": str(gid) if as_number else GROUP})
    send(gateway, NUMBER)

    assert access(audit.log()) == ("0640", gateway.milter.account.pw_name, GROUP)
    assert access(audit.log("oakhill"))[2] != GROUP
    assert len(audit.events()) == 1
    reader = ["setpriv", "--reuid", "nobody", "--regid", str(gid), "--clear-groups",
              "--", "cat"]
    assert subprocess.run([*reader, audit.log()], capture_output=True).returncode == 0
    assert subprocess.run([*reader, audit.log("oakhill")],
                          capture_output=True).returncode != 0


def assert_does_not_start(gateway: Gateway, audit: AuditFolder, words: str,
                          **greenfield: Any) -> None:
    with pytest.raises(RuntimeError, match="sms-milter does not start") as failed:
        audit.configure(**greenfield)
    assert re.search(words, str(failed.value)), failed.value
    process, gateway.milter.process = gateway.milter.process, None
    assert process and process.wait() == 78


@pytest.mark.parametrize("group, words", [
    (GROUP, f" to {GROUP}: add the daemon's user to that group"),
    ("no-such-group", "group no-such-group does not exist"),
    ("4294967295", "group 4294967295 does not exist")])
def test_a_group_that_it_cannot_have_is_named(gateway: Gateway, audit: AuditFolder,
                                              group: str, words: str) -> None:
    assert_does_not_start(gateway, audit, words, **{"audit-group": group})
    assert not audit.log().exists()


def make_link(log: Path) -> None:
    log.with_name("elsewhere").touch(0o640)
    log.symlink_to(log.with_name("elsewhere"))


def make_second_name(log: Path) -> None:
    log.touch(0o640)
    log.with_name("second").hardlink_to(log)


def make_of_somebody_else(log: Path) -> None:
    log.touch(0o640)
    os.chown(log, 65534, -1)


def make_open_to_all(log: Path) -> None:
    log.touch()
    log.chmod(0o644)


def make_writable_by_group(log: Path) -> None:
    log.touch()
    log.chmod(0o660)


@pytest.mark.parametrize("make, words", [
    (make_link, "symbolic link"), (make_second_name, "hard links"),
    (make_of_somebody_else, "belongs to user 65534"), (make_open_to_all, "mode 0644"),
    (make_writable_by_group, "mode 0660"), (Path.mkdir, "not a regular file"),
    (os.mkfifo, "not a regular file")])
def test_a_file_that_is_not_its_own_is_refused(gateway: Gateway, audit: AuditFolder,
                                               make: Any, words: str) -> None:
    make(audit.log())
    if audit.log().is_file() and make is not make_of_somebody_else:
        account = gateway.milter.account
        os.chown(audit.log(), account.pw_uid, account.pw_gid)

    assert_does_not_start(gateway, audit, words)


def same(log: Path) -> str:
    return str(log)


def two_slashes(log: Path) -> str:
    return f"{log.parent}//{log.name}"


def through_a_link(log: Path) -> str:
    log.parent.with_name(f"{log.parent.name}-link").symlink_to(log.parent)
    return f"{log.parent}-link/{log.name}"


@pytest.mark.parametrize("spell", [same, two_slashes, through_a_link])
def test_two_customers_cannot_have_one_file(gateway: Gateway, audit: AuditFolder,
                                            spell: Any) -> None:
    """Whatever spelling of the path each of them uses."""
    second = spell(audit.log("oakhill"))

    assert_does_not_start(gateway, audit, "audit log of another customer",
                          **{"audit-log": second})


# Rotation ----------------------------------------------------------------------------------


SESSIONS, MAILS = 10, 20


def test_no_line_is_lost_when_it_is_rotated(gateway: Gateway,
                                            audit: AuditFolder) -> None:
    """As logrotate does it, three times while mail flows; before and after each there
    is some."""
    audit.configure()
    milter = gateway.milter
    waiting, done = threading.Semaphore(0), threading.Semaphore(0)

    def send_some(session: int) -> None:
        for mail in range(MAILS):
            assert waiting.acquire(timeout=LIMIT_S)
            sent = gateway.send(NUMBER, Message_ID=f"<{session}.{mail}@x.example>")
            assert sent.last.status == "250 2.0.0"
            done.release()

    with ThreadPoolExecutor(SESSIONS) as pool:
        sessions = [pool.submit(send_some, session) for session in range(SESSIONS)]
        for turn in range(1, 4):
            waiting.release(SESSIONS * MAILS // 4)
            for _ in range(SESSIONS * MAILS // 5):
                assert done.acquire(timeout=LIMIT_S)
            audit.log().rename(audit.log(f"greenfield.{turn}"))
            milter.reload()
            milter.wait_for_log("reloaded:", times=turn)
            assert access(audit.log())[0] == "0640"
        waiting.release(SESSIONS * MAILS // 4)
        for session in sessions:
            session.result()

    logs = [audit.events(f"greenfield.{turn}") for turn in (1, 2, 3)] + [audit.events()]
    assert all(logs)
    assert sorted(event["message_id"] for log in logs for event in log) == sorted(
        f"<{session}.{mail}@x.example>" for session in range(SESSIONS)
        for mail in range(MAILS))


# Where it cannot be written -------------------------------------------------------------------


@pytest.fixture
def small_disk(gateway: Gateway, audit: AuditFolder) -> Iterator[AuditFolder]:
    """The logs are on a disk of their own."""
    account = gateway.milter.account
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size=64k,mode=0755,uid={account.pw_uid},"
         f"gid={account.pw_gid}", "sms-milter-test", audit.path],
        capture_output=True, text=True)
    assert done.returncode == 0, f"this test needs to mount a disk: {done.stderr}"
    try:
        yield audit
        gateway.milter.stop()
    finally:
        subprocess.run(["umount", audit.path], check=True)


def fill(path: Path) -> None:
    with open(path, "wb", buffering=0) as file:
        with pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(4096))


def test_a_full_disk_stops_no_mail(gateway: Gateway, small_disk: AuditFolder) -> None:
    small_disk.configure()
    send(gateway, NUMBER)
    filler = small_disk.path / "filler"
    fill(filler)
    # What is left of the page that the log is in.
    with open(small_disk.log(), "ab", buffering=0) as log:
        log.write(b"\n" * (-log.tell() % 4096))
    sent = [gateway.send(to, PARENT, body=f"Mail {index}.").last.status
            for index, to in enumerate((NUMBER, OTHER, THIRD))]
    assert sent == ["250 2.0.0"] * 3
    filler.unlink()
    gateway.send(OTHER, body="Room again.")

    assert [number for number, _ in gateway.texts()] == [
        PHONE, PHONE, OTHER_PHONE, THIRD_PHONE, OTHER_PHONE]
    assert len(gateway.postfix.delivered(PARENT)) == 3
    lines = [line for line in gateway.milter.log_lines() if "audit-log: " in line]
    assert len(lines) == 2
    assert f"{small_disk.log()} cannot be written" in lines[0]
    assert "No space left" in lines[0]
    assert f"{small_disk.log()} is written again; lines lost: 3" in lines[1]
    assert [json.loads(line)["number"] for line in re.findall(
        r"^\{.*\}$", small_disk.log().read_text(), re.M)] == [MASKED, OTHER_MASKED]


def test_a_folder_that_is_gone_stops_no_mail(gateway: Gateway,
                                             audit: AuditFolder) -> None:
    audit.configure()
    audit.log().unlink()
    audit.log("oakhill").unlink()
    audit.path.rmdir()
    assert send(gateway, NUMBER).last.status == "250 2.0.0"

    gateway.milter.reload()
    gateway.milter.wait_for_log(f"{audit.log()}.*the old configuration stays")
    assert send(gateway, OTHER).last.status == "250 2.0.0"
    audit.make()
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:")
    assert send(gateway, THIRD).last.status == "250 2.0.0"
    assert [event["number"] for event in audit.events()] == [THIRD_MASKED]


def test_a_line_that_was_torn_gets_an_end(gateway: Gateway, audit: AuditFolder) -> None:
    account = gateway.milter.account
    audit.log().write_text('{"time":"2026-11-25T16:34')
    audit.log().chmod(0o640)
    os.chown(audit.log(), account.pw_uid, account.pw_gid)
    audit.configure()
    send(gateway, NUMBER)

    torn, line = audit.log().read_text().splitlines()
    assert torn == '{"time":"2026-11-25T16:34'
    assert json.loads(line)["number"] == MASKED


# Hostile mail ---------------------------------------------------------------------------------


def hostile_mail(message_id: bytes) -> bytes:
    return (b"From: =?utf-8?q?=22=0D=0A=7B=22event=22=7D?= <office@greenfield.sch.example>"
            b"\r\nSubject: =?utf-8?q?=22=7D=0A=7B=22event=22=3A1=7D?=\r\n"
            b"Message-ID: " + message_id + b"\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe s3cret word.\r\n")


@pytest.mark.parametrize("message_id", [
    b'<"},{\\"@x.example>', b'<a"\r\n {"event":"sms"}@x.example>',
    "<\u2028\u2029\u202e\u0085@x.example>".encode(), b"<\xff\xfe\x80@x.example>",
    b"<\x1b[2J\x07\x7f@x.example>", b"<" + b'"' * 900 + b"@x.example>",
    b"<a\\u000ab@x.example>", b"<" + b"\\" * 900 + b"@x.example>",
], ids=["quotes", "folded", "separators", "no UTF-8", "controls", "long quotes",
        "escape", "long backslashes"])
def test_a_hostile_message_id_stays_in_its_string(gateway: Gateway, audit: AuditFolder,
                                                  message_id: bytes) -> None:
    audit.configure()
    sent = gateway.send(NUMBER, message=hostile_mail(message_id))
    assert sent.last.status == "250 2.0.0"

    [event] = audit.events()
    assert event["customer"] == "greenfield"
    assert event["outcome"] == "sent"
    raw = audit.log().read_bytes()
    assert raw.count(b"\n") == 1
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", raw)
    for separator in ("\u2028", "\u2029", "\u202e", "\u0085"):
        assert separator.encode() not in raw
    raw.decode("utf-8")
    assert b"s3cret" not in raw


@pytest.mark.parametrize("local_part", [
    '"\\"},{\\"event\\":\\"sms"', '"a\\\\"', '"{}"', "{}", "'", "`", "a=%s%n"])
def test_a_hostile_sender_stays_in_its_string(gateway: Gateway, audit: AuditFolder,
                                              local_part: str) -> None:
    audit.configure()
    sender = f"{local_part}@greenfield.sch.example"
    gateway.send(NUMBER, "x{\"y\"}@sms.local", sender=sender, message=hostile_mail(b"<1@x>"))

    events = audit.events()
    assert events and all(event["customer"] == "greenfield" for event in events)
    assert {event["sender"] for event in events} == {sender}


@pytest.mark.parametrize("hidden", ["\u0085", "\u009b", "\u2028", "\u2029", "\u202e",
                                    "\u200f", "\u2066"])
def test_what_a_reader_would_obey_is_not_in_it(gateway: Gateway, audit: AuditFolder,
                                               hidden: str) -> None:
    """Such octets are escaped, and a JSON reader gets them back."""
    audit.configure()
    sender = f"a{hidden}b@greenfield.sch.example"
    with gateway.connect() as client:
        sent = client.transfer(sender, [NUMBER], hostile_mail(b"<1@x>"), " SMTPUTF8")
    assert sent.last.status == "250 2.0.0"

    assert [event["sender"] for event in audit.events()] == [sender]
    assert hidden.encode() not in audit.log().read_bytes()
    assert len(audit.log().read_text().splitlines()) == 1


@pytest.mark.parametrize("words", [
    r'\"\,\"outcome\":\"sent\"}', r"a\r\nb\x07\x1b[2J\xe2\x80\xa8", r"{key}"])
def test_what_the_api_says_stays_in_its_string(gateway: Gateway, audit: AuditFolder,
                                               words: str) -> None:
    audit.configure()
    gateway.simulator.set_faults(f"error={words.replace(chr(92) + chr(34), chr(34))}")
    send(gateway, NUMBER)

    [event] = audit.events()
    assert event["outcome"] == "refused"
    assert audit.log().read_bytes().count(b"\n") == 1
    assert KEYS["1469"] not in audit.log().read_text()


@pytest.mark.parametrize("fault", ["", "invalid", "error={key}", "http=401", "http=500",
                                   "reset-after", "not-json", "remark={key}"])
def test_neither_text_nor_key_is_ever_in_it(gateway: Gateway, audit: AuditFolder,
                                            fault: str) -> None:
    audit.configure(**{"audit-numbers": "full"})
    gateway.simulator.set_faults(*[fault] * bool(fault))
    gateway.send(NUMBER, Subject="The s3cret subject", body="The s3cret word.",
                 From=f"Mrs S3cret <{OFFICE}>")

    text = audit.log().read_text()
    assert len(audit.events()) == 1
    assert "s3cret" not in text.lower()
    assert KEYS["1469"] not in text
