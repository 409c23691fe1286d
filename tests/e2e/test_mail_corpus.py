# SPDX-License-Identifier: ISC
"""Mails as people and devices write them (tests/mail), and the SMS each becomes."""

import json
import os
import re
import subprocess
from pathlib import Path

from waiting import LIMIT_S
import pytest

CORPUS = Path(__file__).resolve().parents[1] / "mail"
BUILD = Path(os.environ["SMS_BUILD_DIR"])
MAILS = sorted(CORPUS.glob("*.eml"))


# The one thing that may be said beside the text.
PATTERN_GIVEN_UP = re.compile(r"sms-milterctl: strip: .* takes too long and is skipped\n")


def preview(mail: Path, form: str) -> subprocess.CompletedProcess[bytes]:
    """What sms-milterctl makes of a mail, with the options in the file beside it."""
    options = mail.with_suffix(".opts")
    command = [str(BUILD / "sms-milterctl"), "preview", form]
    for option in options.read_text().splitlines() if options.exists() else []:
        command += ["-o", option]
    return subprocess.run(command, input=mail.read_bytes(), capture_output=True,
                          timeout=LIMIT_S, check=False)


def expected(mail: Path) -> str:
    """The text exactly as in the file, CR included."""
    return mail.with_suffix(".txt").read_bytes().decode()


def check_refused(mail: Path, want: str) -> None:
    done = preview(mail, "--json")
    assert done.returncode == 69, done.stderr
    verdict = json.loads(done.stdout)["verdict"]
    assert f"!{verdict['code']} {verdict['enhanced']}\n" == want


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_a_mail_becomes_the_sms_beside_it(mail: Path) -> None:
    want = expected(mail)
    if re.fullmatch(r"!5\d\d 5\.\d\.\d\n", want):
        check_refused(mail, want)
        return
    done = preview(mail, "--text")
    assert done.stdout.decode() == want
    assert done.returncode == 0
    assert PATTERN_GIVEN_UP.sub("", done.stderr.decode()) == ""


def test_every_mail_has_its_text_and_every_text_its_mail() -> None:
    mails = {mail.stem for mail in MAILS}
    assert {text.stem for text in CORPUS.glob("*.txt")} == mails
    assert {options.stem for options in CORPUS.glob("*.opts")} <= mails


def test_there_are_enough_mails() -> None:
    assert len(MAILS) >= 150


def test_the_names_say_what_the_mails_prove() -> None:
    vague = [mail.stem for mail in MAILS
             if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){2,}", mail.stem)]
    assert vague == []


UNTIDY = re.compile(r"\A\s|[ ]{2}|[\t\r\f\v\u00a0]| \n|\n[ \n]|[^\n]\Z")


def test_the_texts_have_the_white_space_of_an_sms() -> None:
    assert [mail.stem for mail in MAILS if UNTIDY.search(expected(mail))] == []
