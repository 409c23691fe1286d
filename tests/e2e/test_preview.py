# SPDX-License-Identifier: ISC
"""sms-milterctl preview and parts, as administrators and scripts use them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Mapping

import pytest

from settings import as_text, default_settings, with_changes
from waiting import LIMIT_S

CTL = Path(os.environ["SMS_BUILD_DIR"]) / "sms-milterctl"

PHONE = "+447700900123"

MAIL = b"""\
From: The Office <office@greenfield.sch.example>
To: <+447700900123@sms.local>, <reception@sms.local>, <parent@ordinary.example>
Subject: Snow
Content-Type: text/plain; charset=utf-8

School is shut.
-- \n\
The Office
"""


def run(*arguments: object, stdin: bytes = MAIL,
        **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(CTL), *map(str, arguments)], input=stdin,
                          capture_output=True, timeout=LIMIT_S, check=False,
                          env=os.environ | environment)


def preview(*arguments: object, stdin: bytes = MAIL) -> tuple[int, Mapping[str, Any]]:
    done = run(*arguments, "--json", stdin=stdin)
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1
    return done.returncode, json.loads(done.stdout)


def mail(text: str, **fields: str) -> bytes:
    header = {"Subject": "Snow"} | {name.replace("_", "-"): value
                                    for name, value in fields.items()}
    return ("".join(f"{name}: {value}\n" for name, value in header.items()) +
            "Content-Type: text/plain; charset=utf-8\n\n" + text).encode()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


def write_config(folder: Path, **changes: Any) -> Path:
    """The schools of the other tests, with keys that nobody can read."""
    settings = with_changes(default_settings("unix:/nowhere/socket", "nobody",
                                             "http://127.0.0.1:1/",
                                             "sqlite:/nowhere/journal.db"), changes)
    for customer in settings["customers"].values():
        customer["api-key-file"] = "/nowhere/key"
    path = folder / "sms-milter.conf"
    path.write_text(as_text(settings))
    return path


# Without a configuration -----------------------------------------------------------


def test_without_a_configuration_the_defaults_hold() -> None:
    status, shown = preview("preview")

    assert status == 0
    assert shown == {
        "sender": "office@greenfield.sch.example",
        "customer": None,
        "recipients": [PHONE],
        "refused": [],
        "text": "Snow: School is shut.",
        "encoding": "gsm7",
        "units": 21,
        "parts": 1,
        "left": 139,
        "cut": ["signature"],
        "verdict": {"code": 250, "enhanced": "2.0.0",
                    "text": "would be sent, if the sender is authenticated"},
    }


def test_the_text_alone() -> None:
    done = run("preview", "--text")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"Snow: School is shut.\n"


def test_options_of_the_text_section_can_be_tried() -> None:
    done = run("preview", "--text", "-o", "template={body}", "-o", "max-parts=1",
               "-o", "strip=is .*", stdin=mail("School is shut.\n"))

    assert (done.returncode, done.stdout) == (0, b"School\n")


@pytest.mark.parametrize("option, complaint", [
    ("max-parts=0", b'-o max-parts: "0" is not a whole number from 1 to 255'),
    ("strip=(", b'-o strip: "(" is not a valid regular expression'),
    ("colour=red", b'-o colour: "red" is not an option of the text section'),
    ("template", b"-o template: not NAME=VALUE"),
])
def test_a_wrong_option_is_told(option: str, complaint: bytes) -> None:
    done = run("preview", "-o", option)

    assert (done.returncode, done.stdout) == (64, b"")
    assert complaint in done.stderr


def test_nothing_to_send_exits_69() -> None:
    status, shown = preview("preview", stdin=b"Subject: \n\n \n")

    assert status == 69
    assert (shown["text"], shown["units"], shown["parts"]) == ("", 0, 0)
    assert shown["verdict"] == {"code": 554, "enhanced": "5.6.0",
                                "text": "no text to send as an SMS"}
    done = run("preview", "--text", stdin=b"")
    assert (done.returncode, done.stdout) == (69, b"")
    assert done.stderr == b"sms-milterctl: 554 5.6.0 no text to send as an SMS\n"


def test_what_was_cut_is_named() -> None:
    _, shown = preview("preview", stdin=mail(
        "Yes.\n\nSent from my iPhone\n\nOn Mon, 23 Nov 2026 at 09:12, Jo <jo@x.example> "
        "wrote:\n> Shut?\n> Jo\n"))

    assert (shown["text"], shown["cut"]) == ("Snow: Yes.", ["quote", "mobile-footer"])


def test_what_is_beyond_max_parts_is_named() -> None:
    _, shown = preview("preview", "-o", "max-parts=1", stdin=mail("word " * 100))

    assert (shown["parts"], shown["cut"]) == (1, ["overlong"])
    assert shown["text"].endswith("word...")


def test_a_text_that_needs_unicode() -> None:
    _, shown = preview("preview", stdin=mail("Snow \N{SNOWFLAKE}"))

    assert (shown["text"], shown["encoding"]) == ("Snow \N{SNOWFLAKE}", "ucs2")
    assert (shown["units"], shown["parts"], shown["left"]) == (6, 1, 64)


def test_an_overlong_text_may_be_refused() -> None:
    status, shown = preview("preview", "-o", "overlong=reject", "-o", "max-parts=2",
                            stdin=mail("word " * 100))

    assert (status, shown["verdict"]["code"]) == (69, 552)
    assert "takes 4 SMS parts" in shown["verdict"]["text"]


def test_a_number_is_looked_at() -> None:
    status, shown = preview("preview", "-r", "<+44 7700 900123@sms.local>",
                            "-r", "reception@sms.local",
                            "-r", '"+44 (0)7700-900124"@SMS.local')

    assert (status, shown["recipients"]) == (0, ["+447700900124"])
    assert [(r["recipient"], r["code"], r["enhanced"]) for r in shown["refused"]] == [
        ("<+44 7700 900123@sms.local>", 550, "5.1.3"),
        ("reception@sms.local", 550, "5.1.3")]


@pytest.mark.parametrize("recipient, enhanced, words", [
    ("0770", "5.1.3", "national number, and no default-country"),
    ("+4477", "5.1.3", "too few digits"), ("office", "5.1.3", "not a telephone number"),
    ("+447700900123456789", "5.1.3", "digits"), ("", "5.1.3", ""),
    ("0770@sms.local", "5.1.3", "default-country")])
def test_a_number_that_is_none_is_said(recipient: str, enhanced: str,
                                       words: str) -> None:
    status, shown = preview("preview", "-r", recipient)

    assert (status, shown["verdict"]["code"]) == (69, 550)
    refused, = shown["refused"]
    assert (refused["recipient"], refused["code"], refused["enhanced"]) == (
        recipient, 550, enhanced)
    assert words in refused["text"]
    bubble = run("preview", "-r", recipient).stdout.decode()
    assert f"refused   {recipient}" in bubble and "verdict   550 5.1.3" in bubble


@pytest.mark.parametrize("written", [
    PHONE, "00447700900123", "+44 (0)7700 900123", "sms=+447700900123"])
def test_a_number_alone_is_as_good_as_its_address(written: str) -> None:
    status, shown = preview("preview", "-r", written)

    assert (status, shown["recipients"], shown["refused"]) == (0, [PHONE], [])


def test_a_national_number_is_of_the_customers_country(config: Path) -> None:
    status, shown = preview("-c", config, "preview", "-r", "07700900123", "-r", "0770")

    assert (status, shown["recipients"]) == (0, [PHONE])
    assert [refused["recipient"] for refused in shown["refused"]] == ["0770"]
    done = run("-c", str(config), "preview", "--text", "-r", PHONE, "-r", "0770",
               "-r", "\033[2J")
    assert done.returncode == 0
    assert b"sms-milterctl: 0770: 550 5.1.3 " in done.stderr
    assert b"\033" not in done.stderr


def test_a_recipient_that_is_no_sms_address_is_shown(config: Path) -> None:
    done = run("-c", str(config), "preview", "-r", PHONE, "-r", "head@oakhill.example")

    assert b"no SMS    head@oakhill.example\n" in done.stdout


def test_no_number_at_all_is_a_refusal() -> None:
    status, shown = preview("preview", "-r", "reception@sms.local")

    assert (status, shown["verdict"]["enhanced"]) == (69, "5.1.3")


def test_the_null_sender_is_refused() -> None:
    status, shown = preview("preview", "-f", "<>", "-r", f"{PHONE}@sms.local")

    assert (status, shown["verdict"]["enhanced"]) == (69, "5.7.1")


def test_a_sender_that_is_no_utf8_is_no_json() -> None:
    done = subprocess.run([bytes(CTL), b"preview", b"--json", b"-f", b"\xff@x.example"],
                          input=MAIL, capture_output=True, timeout=LIMIT_S, check=False)

    assert (done.returncode, done.stdout) == (64, b"")


# With one --------------------------------------------------------------------------


def test_the_customer_is_found_and_no_key_is_read(config: Path) -> None:
    status, shown = preview("-c", config, "preview")

    assert (status, shown["customer"]) == (0, "greenfield")


def test_the_sender_of_the_envelope_counts(config: Path) -> None:
    _, shown = preview("-c", config, "preview", "-f", "<x@oakhill.sch.example>")

    assert shown["customer"] == "oakhill"


def test_a_stranger_is_refused_and_sees_the_text(config: Path) -> None:
    status, shown = preview("-c", config, "preview", "-f", "x@elsewhere.example")

    assert (status, shown["customer"], shown["recipients"]) == (69, None, [])
    assert (shown["verdict"]["code"], shown["verdict"]["enhanced"]) == (550, "5.7.1")
    assert shown["text"] == "Snow: School is shut."


def test_a_number_that_may_not_be_texted(config: Path) -> None:
    status, shown = preview("-c", config, "preview", "-r", "+33612345678@sms.local")

    assert (status, shown["verdict"]["enhanced"]) == (69, "5.7.1")


def test_a_customers_own_text_section_counts(tmp_path: Path) -> None:
    config = write_config(tmp_path, text={"end-marker": "$$", "encoding": "gsm7"},
                          customers={"greenfield": {"text": {
                              "template": "{body}", "strip": ["[Ss]hut"]}}})
    _, shown = preview("-c", config, "preview",
                       stdin=mail("Shut \N{SNOWFLAKE}.\n$$\nx\n",
                                  From="o@greenfield.sch.example"))

    assert shown["text"] == "?."
    assert shown["cut"] == ["end-marker", "strip", "characters"]


@pytest.mark.parametrize("wish, status, code", [
    ("refuse", 69, 550), ("discard", 0, 250), ("send", 0, 250)])
def test_automatic_mail_is_as_configured(tmp_path: Path, wish: str, status: int,
                                         code: int) -> None:
    config = write_config(tmp_path, **{"auto-replies": wish})
    got, shown = preview("-c", config, "preview", stdin=mail(
        "Away.", From="o@greenfield.sch.example", Auto_Submitted="auto-replied"))

    assert (got, shown["verdict"]["code"]) == (status, code)
    assert shown["text"] == ("Snow: Away." if wish == "send" else "")


def test_a_wrong_configuration_exits_78(tmp_path: Path) -> None:
    path = tmp_path / "sms-milter.conf"
    path.write_text("colour = 1\n")
    done = run("-c", path, "preview")

    assert (done.returncode, done.stdout) == (78, b"")
    assert done.stderr.decode().startswith(f"sms-milterctl: {path}:1: colour: ")
    assert run("-c", "/nowhere/sms-milter.conf", "preview").returncode == 78


# For people ------------------------------------------------------------------------


def test_the_bubble_shows_it_all() -> None:
    shown = run("preview", stdin=mail(
        "School is shut because of the snow, and so is the playing field.\n-- \nJo\n"),
        LC_ALL="C.UTF-8").stdout.decode()

    assert "\n  ╭" + "─" * 42 + "╮\n" in shown
    assert "  │ Snow: School is shut because of the      │\n" in shown
    assert "GSM alphabet, 70 characters, 1 part, 90 left in the last\n" in shown
    assert "  cut       signature, " in shown
    assert "  verdict   250 2.0.0 would be sent" in shown


def test_the_bubble_fits_a_terminal_without_unicode() -> None:
    shown = run("preview", LC_ALL="C").stdout.decode("ascii")

    assert "  | Snow: School is shut." in shown


def test_wide_characters_keep_the_bubble_straight() -> None:
    shown = run("preview", "-o", "template={body}",
                stdin=mail("学校今天停课。" * 8), LC_ALL="C.UTF-8").stdout.decode()
    lines = [line for line in shown.split("\n") if line.startswith("  │")]

    assert len(lines) == 3
    assert lines[0] == "  │ " + ("学校今天停课。" * 3)[:20] + " │"


def test_escapes_of_a_terminal_do_not_reach_it() -> None:
    done = run("preview", "-f", "\033[31m@x", stdin=mail("Shut.\n-- \n\033[2J x\n"))

    assert b"\033" not in done.stdout


# parts -------------------------------------------------------------------------------


@pytest.mark.parametrize("text, line", [
    ("", "gsm7 0 0"), ("a", "gsm7 1 1"), ("a\n", "gsm7 1 1"), ("a\r\n", "gsm7 1 1"),
    ("\n", "gsm7 1 1"), ("a\n\n", "gsm7 2 1"),
    ("a" * 160, "gsm7 160 1"), ("a" * 161, "gsm7 161 2"), ("[" * 80, "gsm7 160 1"),
    ("a" * 306, "gsm7 306 2"), ("a" * 307, "gsm7 307 3"),
    ("a" * 152 + "[" * 5, "gsm7 162 2"), ("a" * 152 + "[" * 77, "gsm7 306 3"),
    ("ç" * 70, "ucs2 70 1"), ("ç" * 71, "ucs2 71 2"), ("ç" * 134, "ucs2 134 2"),
    ("\N{SNOWMAN}" * 66 + "\N{GRINNING FACE}" * 3, "ucs2 72 2"),
])
def test_parts_are_counted_as_they_are_billed(text: str, line: str) -> None:
    done = run("parts", stdin=text.encode())

    assert (done.returncode, done.stdout.decode()) == (0, line + "\n")


def test_parts_as_json() -> None:
    done = run("parts", "--json", stdin=b"a" * 161)

    assert json.loads(done.stdout) == {"encoding": "gsm7", "units": 161, "parts": 2,
                                       "left": 145}


@pytest.mark.parametrize("text", [b"\xff", b"a\0b"])
def test_what_is_no_text_has_no_parts(text: bytes) -> None:
    done = run("parts", stdin=text)

    assert (done.returncode, done.stdout) == (65, b"")


@pytest.mark.parametrize("arguments", [
    ("parts", "x"), ("parts", "--colour"), ("preview", "x"), ("preview", "--colour"),
    ("preview", "--json", "--text")])
def test_a_wrong_call_exits_64(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 64
