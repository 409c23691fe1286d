# SPDX-License-Identifier: ISC
"""sms-milterctl history and bounce-reason: what the journal says to administrators and to
the mail server."""

import json
import os
import pwd
import re
import subprocess
import time
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Sequence

import pytest

from gateway import OFFICE, Gateway
from journal_file import Row
from settings import KEYS, OAKHILL_RELAY, as_text
from waiting import LIMIT_S, TIMED_OUT_S

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"
MASKED, OTHER_MASKED = "+44*******123", "+44*******124"
OAKHILL = "office@oakhill.sch.example"

NOW_S = int(time.time())

Done = subprocess.CompletedProcess[bytes]


def ctl(gateway: Gateway, *arguments: object, user: str = "sms-milter",
        stdin: bytes = b"", **environment: str) -> Done:
    """Runs the program with the gateway's configuration, as the user of the package."""
    account = pwd.getpwnam(user)
    return subprocess.run(
        ["setpriv", "--reuid", str(account.pw_uid), "--regid", str(account.pw_gid),
         "--clear-groups", "--", str(gateway.postfix.ctl), *map(str, arguments)],
        input=stdin, capture_output=True, timeout=LIMIT_S, check=False,
        env=os.environ | environment)


def history(gateway: Gateway, *arguments: object, **environment: str) -> list[str]:
    """The lines of a history that must find something."""
    done = ctl(gateway, "history", *arguments, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


def records(gateway: Gateway, *arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in history(gateway, "--json", *arguments)]


def found(gateway: Gateway, *arguments: object) -> list[str]:
    """The queue ids of the records that match."""
    return [record["queue_id"] for record in records(gateway, *arguments)]


def write_record(gateway: Gateway, **changes: object) -> None:
    """Adds an SMS that was sent just now, except for the changes."""
    row: dict[str, object] = {
        "key": None, "customer": "greenfield", "sender": OFFICE, "number": PHONE,
        "queue_id": "4bXyz1", "message_id": "<1@greenfield.sch.example>",
        "state": "sent", "verdict": "accepted", "api_message_id": "1469.2026-a",
        "status": "", "reason": "", "parts": 2, "attempts": 1, "unknowns": 0,
        "created": NOW_S, "updated": NOW_S} | changes
    places = ", ".join(f":{name}" for name in row)
    with closing(gateway.journal.connect()) as connection:
        connection.execute(f"INSERT INTO sms ({', '.join(row)}) VALUES ({places})", row)


def failed(**changes: object) -> dict[str, object]:
    return {"state": "failed", "verdict": "deferred", "api_message_id": "",
            "status": "4.4.1", "reason": "no route to the API"} | changes


# The table -------------------------------------------------------------------------


def test_a_line_for_each_sms_and_numbers_masked(gateway: Gateway) -> None:
    gateway.send(NUMBER, OTHER)
    heading, first, second = history(gateway)

    assert heading.split() == ["TIME", "NUMBER", "CUSTOMER", "STATE", "PARTS", "QUEUE",
                               "ID", "DETAILS"]
    for line, number, row in zip((first, second), (MASKED, OTHER_MASKED),
                                 gateway.journal.rows()):
        day, clock, *rest = line.split()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", f"{day} {clock}")
        assert rest == [number, "greenfield", "sent", "1", row["queue_id"],
                        row["api_message_id"]]


def test_numbers_are_shown_whole_where_that_is_asked(gateway: Gateway) -> None:
    gateway.send(NUMBER)

    assert PHONE in history(gateway, "--full-numbers")[1]
    assert PHONE not in "".join(history(gateway))


def test_the_table_fits_a_terminal_and_its_columns_are_straight(
        gateway: Gateway) -> None:
    write_record(gateway)
    write_record(gateway, number="+4915123456789", customer="oakhill",
                 queue_id="43NFqYDA012345", parts=6, **failed(reason="no route"))
    lines = history(gateway)

    assert max(map(len, lines)) <= 100
    for column, values in {"NUMBER": ("+44", "+49"), "QUEUE": ("4bXyz1", "43NFq"),
                           "STATE": ("sent", "deferred")}.items():
        at = lines[0].index(column)
        assert [line[at:].startswith(value)
                for line, value in zip(lines[1:], values)] == [True, True]
    assert [line[lines[0].index("PARTS") + 4] for line in lines[1:]] == ["2", "6"]


def test_a_long_value_is_whole(gateway: Gateway) -> None:
    write_record(gateway, customer="the-greenfield-academy-trust")

    assert " the-greenfield-academy-trust sent " in history(gateway)[1]


def test_times_are_local(gateway: Gateway) -> None:
    write_record(gateway, updated=1795600800)

    assert history(gateway, TZ="UTC")[1].startswith("2026-11-25 10:00:00 ")
    assert history(gateway, TZ="XXX-5:30")[1].startswith("2026-11-25 15:30:00 ")


@pytest.mark.parametrize("changes, details", [
    ({}, "1469.2026-a"),
    ({"verdict": "deferred"}, "mail=deferred 1469.2026-a"),
    ({"attempts": 3, "unknowns": 2}, "tries=3 unknown=2 1469.2026-a"),
    (failed(), "4.4.1 no route to the API"),
    (failed(verdict="rejected"), "mail=rejected 4.4.1 no route to the API"),
    (failed(state="unknown", unknowns=1), "unknown=1 4.4.1 no route to the API"),
    (failed(attempts=2, verdict=""), "tries=2 4.4.1 no route to the API"),
    (failed(state="refused", verdict="rejected", status="5.7.1", reason="barred"),
     "5.7.1 barred"),
    (failed(state="refused", verdict="accepted", status="", attempts=0),
     "tries=0 mail=accepted no route to the API"),
    (failed(state="sending", verdict="", status="", reason=""), ""),
])
def test_the_last_column_says_what_is_out_of_the_ordinary(
        gateway: Gateway, changes: dict[str, object], details: str) -> None:
    write_record(gateway, **changes)
    heading, line = history(gateway)

    assert line[heading.index("DETAILS"):] == details


def test_a_mail_without_queue_id_keeps_the_columns(gateway: Gateway) -> None:
    write_record(gateway, queue_id="")

    assert history(gateway)[1].split()[-2:] == ["-", "1469.2026-a"]


def test_escapes_of_a_terminal_do_not_reach_it(gateway: Gateway) -> None:
    write_record(gateway, sender="\033[2J@x", queue_id="\033[2J",
                 **failed(reason="a\033[2J\nb"))

    assert len(history(gateway)) == 2
    assert "\033" not in "".join(history(gateway))
    assert records(gateway)[0]["sender"] == "?[2J@x"


def test_nothing_that_fits_is_said(gateway: Gateway) -> None:
    done = ctl(gateway, "history")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"sms-milterctl: no SMS matches\n"
    done = ctl(gateway, "history", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_customer_that_there_is_not_is_said(gateway: Gateway) -> None:
    told = b'sms-milterctl: customer "nosuch" is not configured, and no SMS matches\n'
    done = ctl(gateway, "history", "--customer", "nosuch")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", told)
    done = ctl(gateway, "history", "--customer", "nosuch", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    done = ctl(gateway, "history", "--customer", "greenfield")
    assert (done.returncode, done.stderr) == (0, b"sms-milterctl: no SMS matches\n")

    write_record(gateway, customer="nosuch")
    done = ctl(gateway, "history", "--customer", "nosuch")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b" nosuch " in done.stdout


def test_every_queue_id_of_an_sms_finds_it(gateway: Gateway) -> None:
    """The ids of a mail that sent nothing, of the mail that sent it, and of a copy."""
    ids = []
    gateway.simulator.set_faults("http=503,count=1")
    for _ in range(3):
        gateway.send(NUMBER, Message_ID="<1@greenfield.sch.example>")
        ids.append(gateway.journal.rows()[0]["queue_id"])

    assert len(set(ids)) == 3
    for queue_id in ids:
        [record] = records(gateway, "--queue-id", queue_id)
        assert (record["state"], record["queue_id"]) == ("sent", ids[-1])
        assert ctl(gateway, "bounce-reason", queue_id, NUMBER).returncode == 0


def test_a_pager_that_is_left_open_does_not_keep_the_log_from_shortening(
        gateway: Gateway) -> None:
    gateway.send(NUMBER)
    gateway.journal.add([{"queue_id": f"Q{number}"} for number in range(3000)])
    with subprocess.Popen([str(gateway.postfix.ctl), "history"],
                          stdout=subprocess.PIPE) as pager:
        assert pager.stdout
        pager.stdout.readline()
        gateway.send(OTHER)
        with closing(gateway.journal.connect()) as connection:
            busy, pages, _ = connection.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert (busy, pages) == (0, 0)
        assert len(pager.stdout.readlines()) == 3001
    assert pager.returncode == 0


# JSON ------------------------------------------------------------------------------


def test_json_has_all_fields(gateway: Gateway) -> None:
    gateway.send(NUMBER, Message_ID="<1@greenfield.sch.example>")
    [record] = records(gateway)
    [row] = gateway.journal.rows()

    for time_of in ("created", "updated"):
        assert record.pop(time_of) == time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                                    time.gmtime(row[time_of]))
    assert record == {
        "customer": "greenfield", "sender": OFFICE, "number": MASKED,
        "queue_id": row["queue_id"], "message_id": "<1@greenfield.sch.example>",
        "state": "sent", "verdict": "accepted",
        "api_message_id": row["api_message_id"], "status": None, "reason": None,
        "parts": 1, "attempts": 1, "unknowns": 0}
    assert row["queue_id"] and row["api_message_id"]


def test_json_has_null_for_what_there_is_not(gateway: Gateway) -> None:
    write_record(gateway, queue_id="", message_id="", **failed(verdict=""))
    [record] = records(gateway, "--full-numbers")

    assert record["number"] == PHONE
    assert [name for name, value in record.items() if value is None] == [
        "queue_id", "message_id", "verdict", "api_message_id"]
    assert (record["status"], record["reason"]) == ("4.4.1", "no route to the API")


def test_json_is_utf8_whatever_came(gateway: Gateway) -> None:
    with closing(gateway.journal.connect()) as connection:
        write_record(gateway)
        connection.execute("UPDATE sms SET sender = CAST(x'FF4078' AS TEXT),"
                           " reason = 'Numéro \"barré\"', state = 'refused'")
    [record] = records(gateway)

    assert (record["sender"], record["reason"]) == ("?@x", 'Numéro "barré"')


# What fits ---------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", [
    PHONE, "07700900123", "447700900123", "07700 900123", "+44 (0)7700 900-123",
    NUMBER, '"+44 7700 900123"@sms.local', "<sms=+447700900123@SMS.local>"])
def test_a_number_is_found_however_it_is_spelled(gateway: Gateway,
                                                 spelling: str) -> None:
    write_record(gateway, queue_id="A")
    write_record(gateway, queue_id="B", number=OTHER_PHONE)

    assert found(gateway, "--number", spelling) == ["A"]
    assert found(gateway, f"--number={spelling}") == ["A"]


@pytest.mark.settings(customers={"oakhill": {"default_country": "33"}})
def test_a_national_number_is_of_the_customers_country(gateway: Gateway) -> None:
    write_record(gateway, queue_id="A", customer="oakhill", number="+33612345678")

    assert found(gateway, "--customer", "oakhill", "--number", "0612345678") == ["A"]
    assert found(gateway, "--number", "0612345678") == []


def test_the_records_of_a_customer_and_of_a_mail(gateway: Gateway) -> None:
    gateway.send(NUMBER, OTHER)
    gateway.send(NUMBER, sender=OAKHILL, source=OAKHILL_RELAY)
    first, second, third = [row["queue_id"] for row in gateway.journal.rows()]

    assert first == second != third
    assert found(gateway) == [first, first, third]
    assert found(gateway, "--customer", "oakhill") == [third]
    assert found(gateway, "--customer", "oak") == []
    assert found(gateway, "--queue-id", first) == [first, first]
    assert found(gateway, "--queue-id", first, "--number", OTHER_PHONE) == [first]
    assert found(gateway, "--queue-id", first, "--customer", "oakhill") == []


def test_the_records_in_a_state_and_of_a_sender(gateway: Gateway) -> None:
    for queue_id, state in (("A", "sent"), ("B", "refused"), ("C", "failed"),
                            ("D", "unknown"), ("E", "sending")):
        write_record(gateway, queue_id=queue_id, state=state)
    write_record(gateway, queue_id="F", sender="Head@greenfield.sch.example")

    assert [found(gateway, "--state", state)
            for state in ("sent", "refused", "deferred", "unknown", "sending")
            ] == [["A", "F"], ["B"], ["C"], ["D"], ["E"]]
    assert found(gateway, "--sender", "head@Greenfield.sch.example") == ["F"]
    assert found(gateway, "--sender", OFFICE, "--state=sent") == ["A"]
    assert found(gateway, "--sender", "greenfield.sch.example") == []


def test_what_was_changed_since(gateway: Gateway) -> None:
    def since(text: str, **environment: str) -> list[str]:
        lines = history(gateway, "--json", "--since", text, **environment)
        return [json.loads(line)["queue_id"] for line in lines]

    now_s = int(time.time())
    write_record(gateway, queue_id="A", created=1795600800, updated=1795600800)
    write_record(gateway, queue_id="B", created=now_s - 7200, updated=now_s - 7200)
    write_record(gateway, queue_id="C", created=now_s - 7200, updated=now_s - 60)

    assert since("30m") == ["C"]
    assert since("3h") == ["B", "C"]
    assert since("2026-11-25T10:00:00Z") == since("1970-01-01") == ["A", "B", "C"]
    assert since("2026-11-25T10:00:01Z") == ["B", "C"]
    assert since("2026-11-25 15:30", TZ="XXX-5:30") == ["A", "B", "C"]
    assert since("2026-11-25 15:30:01", TZ="XXX-5:30") == ["B", "C"]
    assert since("9999-12-31") == []


# When, and by whom -------------------------------------------------------------------


@pytest.mark.parametrize("user", ["sms-milter", "root"])
def test_it_can_be_read_while_the_daemon_runs_and_when_not(gateway: Gateway,
                                                           user: str) -> None:
    gateway.send(NUMBER)
    running = ctl(gateway, "history", user=user)
    gateway.milter.stop()
    stopped = ctl(gateway, "history", user=user)
    again = ctl(gateway, "history", user=user)

    assert (running.returncode, running.stderr) == (0, b"")
    assert MASKED.encode() in running.stdout
    assert running.stdout == stopped.stdout == again.stdout


def test_the_daemon_goes_on_after_root_has_read(gateway: Gateway) -> None:
    """The files that root leaves beside the journal belong to the daemon as well."""
    gateway.send(NUMBER)
    gateway.milter.stop()
    ctl(gateway, "history", user="root")
    gateway.configure()
    sent = gateway.send(OTHER)

    assert sent.last.status == "250 2.0.0"
    assert [row["number"] for row in gateway.journal.rows()] == [PHONE, OTHER_PHONE]


def test_another_user_is_told(gateway: Gateway) -> None:
    assert ctl(gateway, "history", user="nobody").returncode == 78
    gateway.milter.config_file.chmod(0o644)
    done = ctl(gateway, "history", user="nobody")
    gateway.milter.config_file.chmod(0o600)

    assert (done.returncode, done.stdout) == (66, b"")
    assert str(gateway.journal.path).encode() in done.stderr


def test_no_key_and_no_text_is_shown(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    gateway.send(NUMBER, OTHER, Subject="Xylophones", body="Quokkas are out.")
    queue_id = gateway.journal.rows()[0]["queue_id"]
    outputs = [ctl(gateway, *command) for command in (
        ("history",), ("history", "--json", "--full-numbers"),
        ("bounce-reason", queue_id, NUMBER), ("bounce-reason", queue_id, OTHER))]

    said = "".join((done.stdout + done.stderr).decode() for done in outputs)
    assert said.count(OTHER_MASKED) == 1
    assert said.count(OTHER_PHONE) == 2  # the sender knows whom it is about
    for secret in ("Xylophones", "Quokkas", *KEYS.values()):
        assert secret not in said


# What is wrong -----------------------------------------------------------------------


EXAMPLES = b"is neither a time such as 2026-11-25, 2026-11-25T10:00 "


@pytest.mark.parametrize("arguments, complaint", [
    (["x"], b"usage: "), (["--colour"], b"usage: "), (["-x"], b"usage: "),
    (["--state", "lost"], b"--state lost: is not a state: sent, refused, deferred, "),
    (["--number"], b"usage: "), (["--json=yes"], b"usage: "),
    (["--json", "--json"], b"--json: given twice"),
    (["--number", PHONE, "--number", PHONE], b"--number: given twice"),
    (["--since=1d", "--since=2d"], b"--since: given twice"),
    (["--full-numbers", "--full-numbers"], b"--full-numbers: given twice"),
    (["--customer", "a", "--customer", "a"], b"--customer: given twice"),
    (["--queue-id", ""], b"--queue-id: empty"), (["--customer="], b"--customer: empty"),
    (["--number="], b"--number: empty"), (["--since="], b"--since: empty"),
    (["--number", "office"], b"--number office: not a telephone number"),
    (["--number", "123@sms.local"], b"--number 123@sms.local: too few digits"),
    (["--since", "yesterday"], b"--since yesterday: " + EXAMPLES),
    (["--since", "2026-02-30"], b"--since 2026-02-30: " + EXAMPLES),
])
def test_a_wrong_call_exits_64_and_says_why(gateway: Gateway, arguments: list[str],
                                            complaint: bytes) -> None:
    done = ctl(gateway, "history", *arguments)

    assert (done.returncode, done.stdout) == (64, b"")
    assert complaint in done.stderr


def other_config(gateway: Gateway, folder: Path, journal: str) -> Path:
    """The gateway's configuration with another journal. Its keys do not exist, since nobody
    reads them."""
    settings = gateway.settings(journal=journal)
    for customer in settings["customers"].values():
        customer["api-key-file"] = "/nowhere/key"
    path = folder / "sms-milter.conf"
    path.write_text(as_text(settings))
    return path


def program(gateway: Gateway, *arguments: object) -> Done:
    """Runs the program without a configuration of the tests."""
    return subprocess.run(
        [str(gateway.postfix.ctl.with_name("sms-milterctl-itself")),
         *map(str, arguments)], capture_output=True, timeout=LIMIT_S, check=False)


def test_no_journal_is_told(gateway: Gateway, tmp_path: Path) -> None:
    config = other_config(gateway, tmp_path, f"sqlite:{tmp_path}/journal.db")
    done = program(gateway, "-c", config, "history")

    assert (done.returncode, done.stdout) == (66, b"")
    assert f"{tmp_path}/journal.db: ".encode() in done.stderr
    assert b"No such file" in done.stderr
    assert list(tmp_path.iterdir()) == [config]  # and none is made


@pytest.mark.parametrize("content", [b"no journal" * 1000, b""], ids=["text", "empty"])
def test_what_is_no_journal_is_told(gateway: Gateway, tmp_path: Path,
                                    content: bytes) -> None:
    (tmp_path / "journal.db").write_bytes(content)
    config = other_config(gateway, tmp_path, f"sqlite:{tmp_path}/journal.db")
    done = program(gateway, "-c", config, "history")

    assert (done.returncode, done.stdout) == (66, b"")
    assert f"{tmp_path}/journal.db: ".encode() in done.stderr


def test_a_journal_of_no_known_kind_exits_78(gateway: Gateway, tmp_path: Path) -> None:
    config = other_config(gateway, tmp_path, "mysql://localhost/sms")
    done = program(gateway, "-c", config, "history")

    assert (done.returncode, done.stdout) == (78, b"")
    assert re.fullmatch(rf'sms-milterctl: {config}:\d+: journal: "mysql://localhost/sms" '
                        r'is not a place such as "sqlite:/path".*\n', done.stderr.decode())


def test_a_wrong_configuration_exits_78(gateway: Gateway, tmp_path: Path) -> None:
    config = tmp_path / "sms-milter.conf"
    config.write_text("colour = 1\n")

    assert program(gateway, "-c", config, "history").returncode == 78
    done = program(gateway, "-c", "/nowhere/sms-milter.conf", "history")
    assert (done.returncode, done.stdout) == (78, b"")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_output_that_is_lost_is_told(gateway: Gateway, form: list[str]) -> None:
    write_record(gateway)
    command = [str(gateway.postfix.ctl), "history", *form]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (
        74, b"sms-milterctl: standard output: No space left on device\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (
        74, b"sms-milterctl: standard output: Broken pipe\n")


# bounce-reason -----------------------------------------------------------------------


def reason(gateway: Gateway, queue_id: str = "4bXyz1", recipient: str = NUMBER, *,
           options: Sequence[str] = (), mail: bytes = b"") -> str:
    """The reason with which the mail server bounces."""
    done = ctl(gateway, "bounce-reason", *options, queue_id, recipient, stdin=mail)
    assert (done.returncode, done.stderr) == (69, b"")
    assert re.fullmatch(rb"5\.\d{1,3}\.\d{1,3} [ -~]{1,390}\n", done.stdout)
    return done.stdout.decode().removesuffix("\n")


def statuses(bounce: EmailMessage) -> list[tuple[str, str]]:
    """The recipient and the status of each failure in a DSN (RFC 3464)."""
    return re.findall(r"Original-Recipient: rfc822; *(.*)\s+Action: failed\s+"
                      r"Status: (\S+)", bounce.as_string())


def in_one_line(mail: EmailMessage) -> str:
    return " ".join(mail.as_string().split())


def last_row(gateway: Gateway) -> Row:
    return gateway.journal.rows()[-1]


@pytest.mark.parametrize("spelling", [
    OTHER_PHONE, "07700900124", '"+44 7700 900124"', '"+44(0)7700 900124"',
    "sms=+447700900124"])
def test_a_bounce_has_the_reason_of_its_number(gateway: Gateway, spelling: str) -> None:
    gateway.simulator.set_faults(f"error=Number is barred,number={OTHER_PHONE}")
    gateway.send(NUMBER, f"{spelling}@SMS.local")

    [bounce] = gateway.postfix.delivered(OFFICE)
    row = last_row(gateway)
    assert (row["number"], row["state"]) == (OTHER_PHONE, "refused")
    assert "Number is barred" in row["reason"]
    assert [status for _, status in statuses(bounce)] == [row["status"]]
    assert row["reason"] in in_one_line(bounce)


def test_each_number_bounces_with_its_own_reason(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"error=Number is barred,number={PHONE}",
                                 f"error=Number is a landline,number={OTHER_PHONE}")
    gateway.send(NUMBER, OTHER, "+447700900125@sms.local")
    queue_id = last_row(gateway)["queue_id"]

    assert "Number is barred" in reason(gateway, queue_id, NUMBER)
    assert "Number is a landline" in reason(gateway, queue_id, OTHER)


def test_what_was_refused_before_the_api_was_asked_bounces_with_its_reason(
        gateway: Gateway) -> None:
    """The mail went through the filter, so the bounce must not say that it bypassed it."""
    gateway.send("parent@ordinary.example", NUMBER, body="")

    [bounce] = gateway.postfix.delivered(OFFICE)
    assert [status for _, status in statuses(bounce)] == ["5.6.0"]
    assert "no text to send as an SMS" in in_one_line(bounce)


def test_mail_that_passed_by_is_bounced_with_words_on_what_to_do(
        gateway: Gateway) -> None:
    gateway.postfix.sendmail(OFFICE, NUMBER, b"Subject: Snow\n\nSchool is shut.\n")

    [bounce] = gateway.postfix.delivered(OFFICE)
    assert "did not pass through sms-milter" in in_one_line(bounce)
    assert "by SMTP" in in_one_line(bounce)
    assert [status for _, status in statuses(bounce)] == ["5.3.0"]


def test_an_sms_that_was_sent_is_not_bounced(gateway: Gateway) -> None:
    """This holds even if the mail server keeps a recipient that it was told to remove."""
    gateway.send(NUMBER)
    done = ctl(gateway, "bounce-reason", last_row(gateway)["queue_id"], NUMBER)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_an_sms_that_nobody_knows_of_is_bounced_so(gateway: Gateway) -> None:
    gateway.configure(api={"timeout": TIMED_OUT_S})
    gateway.simulator.set_faults("never")
    gateway.send(NUMBER)
    row = last_row(gateway)

    assert row["state"] == "unknown"
    assert reason(gateway, row["queue_id"]).startswith(
        f"5.4.2 {PHONE}: it is not known whether the SMS was sent; ")


def test_an_sms_that_was_not_sent_is_bounced_for_good(gateway: Gateway) -> None:
    write_record(gateway, **failed())

    assert reason(gateway) == f"5.4.1 {PHONE}: not sent: no route to the API"


def test_the_latest_record_of_that_number_and_mail_counts(gateway: Gateway) -> None:
    write_record(gateway, updated=NOW_S, **failed(reason="latest"))
    write_record(gateway, updated=NOW_S - 9, **failed(reason="earlier"))
    write_record(gateway, updated=NOW_S + 9, number=OTHER_PHONE)
    write_record(gateway, updated=NOW_S + 9, queue_id="4bXyz2")

    others = "(the SMS to 1 other number of this mail was sent)"
    assert reason(gateway) == f"5.4.1 {PHONE}: not sent: latest {others}"
    write_record(gateway, updated=NOW_S, **failed(reason="read last"))
    assert reason(gateway) == f"5.4.1 {PHONE}: not sent: read last {others}"


def refusal(**changes: object) -> dict[str, object]:
    """A refusal that the mail server has to bounce."""
    return failed(state="refused", verdict="accepted", status="5.7.1",
                  reason="barred") | changes


OWN_ID = "<1@greenfield.sch.example>"
BARRED = f"5.7.1 {PHONE}: barred"
PROBABLY = ("probably for the same reason as the last refused mail from this sender to "
            "this number: ")
PERHAPS_BARRED = f"5.7.1 {PHONE}: {PROBABLY}barred"


@pytest.mark.parametrize("record, options, want", [
    ({}, [f"--sender={OFFICE}"], PERHAPS_BARRED),
    ({}, [f"--sender={OFFICE.upper()}"], PERHAPS_BARRED),
    ({}, [f"--sender={OFFICE}", f"--message-id={OWN_ID}"], BARRED),
    ({"message_id": ""}, [f"--sender={OFFICE}", "--message-id=<2@x.example>"],
     PERHAPS_BARRED),
    ({"message_id": ""}, [f"--sender={OFFICE}", "--message-id="], PERHAPS_BARRED),
    ({"message_id": ""}, [f"--sender={OFFICE}", "--message-id=<1.4bXyz1@mx.example>"],
     BARRED),
    ({"state": "unknown"}, [f"--sender={OFFICE}"],
     f"5.4.2 {PHONE}: {PROBABLY}it is not known whether the SMS was sent"),
    ({"updated": NOW_S - 4 * 86400}, [f"--sender={OFFICE}"], PERHAPS_BARRED),
    ({"sender": '"an office"@greenfield.sch.example'},
     ["--sender=an office@greenfield.sch.example"], PERHAPS_BARRED),
    ({}, [], "did not pass"),
    ({}, ["--sender=head@greenfield.sch.example"], "did not pass"),
    ({}, ["--sender=MAILER-DAEMON"], "did not pass"),
    ({}, ["--sender="], "did not pass"),
    ({}, [f"--sender={OFFICE}", "--message-id=<2@greenfield.sch.example>"],
     "did not pass"),
    ({"updated": NOW_S - 6 * 86400}, [f"--sender={OFFICE}"], "did not pass"),
    ({"number": OTHER_PHONE}, [f"--sender={OFFICE}"], "did not pass"),
    ({"verdict": "rejected"}, [f"--sender={OFFICE}"], "did not pass"),
    ({"verdict": "deferred"}, [f"--sender={OFFICE}"], "did not pass"),
    ({"state": "sent"}, [f"--sender={OFFICE}"], "did not pass"),
])
def test_another_queue_id_finds_the_latest_refusal_of_that_sender(
        gateway: Gateway, record: dict[str, object], options: list[str],
        want: str) -> None:
    write_record(gateway, **refusal(message_id=OWN_ID) | record)

    assert want in reason(gateway, "4bXyz2", options=options)


def test_of_several_refusals_the_one_of_the_mail_counts(gateway: Gateway) -> None:
    for number, minutes in enumerate((3, 2, 1)):
        write_record(gateway, **refusal(
            queue_id=f"Q{number}", message_id=f"<{number}@x.example>",
            reason=f"reason {number}", updated=NOW_S - 60 * minutes))
    write_record(gateway, **refusal(queue_id="Q3", message_id="", reason="reason 3"))
    sender = f"--sender={OFFICE}"

    assert reason(gateway, "4bXyz2", options=[sender]).endswith("reason 3")
    for number in range(3):
        assert reason(gateway, "4bXyz2", options=[
            sender, f"--message-id=<{number}@x.example>"]).endswith(f"reason {number}")
    assert reason(gateway, "4bXyz2", options=[
        sender, "--message-id=<4@x.example>"]).endswith("reason 3")


@pytest.mark.parametrize("mail, want", [
    (b"Message-ID: <1@greenfield.sch.example>\n\nx", BARRED),
    (b"From: x\nmessage-id:\n <1@greenfield.sch.example> \n\nx", BARRED),
    (b"X: " + b"x" * 100_000 + b"\nMessage-ID: <1@greenfield.sch.example>\n\n" +
     b"x" * 1_000_000, BARRED),
    (b"Message-ID: <2@greenfield.sch.example>\n\n"
     b"Message-ID: <1@greenfield.sch.example>\n\n", "did not pass"),
    (b"From: x\n\n", "did not pass"),
    (b"", PERHAPS_BARRED), (b"Message-ID: cut off", PERHAPS_BARRED),
    (b"\0" * 1_000_000, PERHAPS_BARRED),
], ids=["header", "folded", "large", "in the body", "none", "no mail", "cut off", "NUL"])
def test_the_message_id_is_read_from_the_mail(gateway: Gateway, mail: bytes,
                                              want: str) -> None:
    write_record(gateway, **refusal(message_id=OWN_ID))

    assert want in reason(gateway, "4bXyz2", options=[f"--sender={OFFICE}"], mail=mail)


@pytest.mark.parametrize("arguments, wrong", [
    ([], ""), (["A"], ""), (["x", "A", "B"], "x"), (["--colour=x", "A", "B"], "--colour=x"),
    (["--sender", "x", "A", "B"], "--sender"), (["--sendr=x", "A", "B"], "--sendr=x"),
    (["--sender=x", "--sender=y", "A", "B"], "--sender=y")])
def test_a_wrong_call_of_bounce_reason_exits_64(gateway: Gateway, arguments: list[str],
                                                wrong: str) -> None:
    """The message says what is wrong, because the sender of the bounced mail sees it."""
    done = ctl(gateway, "bounce-reason", *arguments)
    assert (done.returncode, done.stdout) == (64, b"")
    want = (f"{wrong}: only --sender=ADDRESS and --message-id=ID, each once, may "
            f"stand before QUEUE_ID and RECIPIENT" if wrong else "QUEUE_ID and "
                                                                 "RECIPIENT are required")
    assert done.stderr.decode() == (f"sms-milterctl bounce-reason: {want} "
                                    "(usage: sms-milterctl bounce-reason --help)\n")


@pytest.mark.settings(customers={"oakhill": {"default_country": "33"}})
def test_a_national_number_is_of_its_customers_country_there_too(
        gateway: Gateway) -> None:
    write_record(gateway, customer="oakhill", number="+33612345678", **failed())

    assert reason(gateway, recipient="0612345678@sms.local").startswith("5.4.1 ")


@pytest.mark.parametrize("queue_id, recipient", [
    ("4bXyz2", NUMBER), ("4bXyz1", OTHER), ("4bXyz1", "office@sms.local"),
    ("4bXyz1", ""), ("", NUMBER), ("4bXyz1", "\n"), ("'", "'"), ("-x", "--help")])
def test_what_has_no_record_did_not_pass_by(gateway: Gateway, queue_id: str,
                                            recipient: str) -> None:
    write_record(gateway)
    write_record(gateway, queue_id="")

    assert "did not pass through sms-milter" in reason(gateway, queue_id, recipient)


def test_what_cannot_be_read_bounces_and_shows_nothing_of_here(
        gateway: Gateway, tmp_path: Path) -> None:
    missing = other_config(gateway, tmp_path, f"sqlite:{tmp_path}/journal.db")
    for config in (missing, "/nowhere/sms-milter.conf"):
        done = program(gateway, "-c", config, "bounce-reason", "4bXyz1", NUMBER)
        assert (done.returncode, done.stderr) == (69, b"")
        assert done.stdout.startswith(b"5.3.0 the result of the SMS to this number ")
        assert b"/" not in done.stdout
