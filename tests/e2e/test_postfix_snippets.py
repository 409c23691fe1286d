# SPDX-License-Identifier: ISC
"""The lines of conf/postfix do in a real Postfix what their comments say."""

import subprocess
import time

import pytest

from gateway import OFFICE, Gateway, make_mail
from settings import GREENFIELD_RELAY, STRANGER
from smtp import SmtpClient

NUMBER = "+447700900123@sms.local"
PARENT = "parent@ordinary.example"


def test_anybody_may_address_sms_local_and_is_judged_by_the_milter(
        gateway: Gateway) -> None:
    """The milter refuses, not Postfix, which would say 554 5.7.1 Relay access denied."""
    sent = gateway.send(NUMBER, sender="x@elsewhere.example", source=STRANGER)

    assert sent.last.status == "550 5.7.1"
    assert "elsewhere.example" in sent.last.text


def test_nobody_else_may_relay(gateway: Gateway) -> None:
    sent = gateway.send("x@elsewhere.example", source=STRANGER)

    assert not sent.last.is_good


def test_a_chrooted_smtpd_with_relay_recipient_maps_works_too(gateway: Gateway) -> None:
    """Debian's smtpd was chrooted for a long time. The maps are as the README says."""
    with SmtpClient(gateway.postfix.strict_port, GREENFIELD_RELAY) as client:
        sent = client.transfer(OFFICE, [NUMBER], make_mail(OFFICE, [NUMBER], "Shut."))

    assert sent.last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1


def test_postfix_does_not_brake_after_a_hundred_sms(gateway: Gateway) -> None:
    """With in_flow_delay, each of the last twelve mails would take one second longer than
    each of the first."""
    took_s = []
    with gateway.connect() as client:
        for number in range(112):
            begin_s = time.monotonic()
            recipient = f"+4477009{number:05}@sms.local"
            sent = client.transfer(OFFICE, [recipient],
                                   make_mail(OFFICE, [recipient], "Shut."))
            assert sent.last.status == "250 2.0.0"
            took_s.append(time.monotonic() - begin_s)
    assert min(took_s[-12:]) < min(took_s[:12]) + 1


def test_mail_that_passed_by_the_milter_is_bounced(gateway: Gateway) -> None:
    """Mail that is submitted locally: smtpd_milters are only for smtpd."""
    gateway.postfix.sendmail(OFFICE, NUMBER, b"Subject: Snow\n\nSchool is shut.\n")

    [bounce] = gateway.postfix.delivered(OFFICE)
    assert bounce["Return-Path"] == "<>"
    assert "Status: 5.3.0" in bounce.as_string()
    assert "rfc822; +447700900123@sms.local" in bounce.as_string()
    assert gateway.simulator.requests() == []


def test_a_large_mail_that_passed_by_is_bounced_too(gateway: Gateway) -> None:
    """The command of the sms-bounce service reads only the header."""
    gateway.postfix.sendmail(OFFICE, NUMBER, b"Subject: Snow\n\n" + b"snow\n" * 500_000)

    [bounce] = gateway.postfix.delivered(OFFICE)
    assert "Status: 5.3.0" in bounce.as_string()


def test_an_arriving_authentication_results_field_is_removed(gateway: Gateway) -> None:
    gateway.send(PARENT, message=b"From: <office@greenfield.sch.example>\r\n"
                 b"Authentication-Results: mx.example.org; dmarc=pass\r\n"
                 b"authentication-results :\r\n mx.example.org; spf=pass\r\n"
                 b"X-Authentication-Results: stays\r\n\r\nHello.\r\n")

    [mail] = gateway.postfix.delivered(PARENT)
    names = [name.lower() for name in mail.keys()]
    assert "authentication-results" not in names
    assert "x-authentication-results" in names


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n"])
def test_a_bare_newline_hides_no_second_mail(gateway: Gateway, end: bytes) -> None:
    """A relay that accepts such line ends would let the hidden mail use the proof of its
    outer mail."""
    hidden = (b"MAIL FROM:<office@greenfield.sch.example>\r\n"
              b"RCPT TO:<" + NUMBER.encode() + b">\r\nDATA\r\n"
              b"Subject: hidden\r\n\r\nhidden\r\n.\r\n")
    with gateway.connect() as client:
        client.mail("pupil@greenfield.sch.example")
        client.rcpt(PARENT)
        client.data()
        client.send(b"Subject: bait\r\n\r\nbait" + end + hidden)
        client.reply()

    gateway.postfix.wait_until_done()
    assert gateway.texts() == []


def test_postfix_finds_no_fault_with_the_snippets(gateway: Gateway) -> None:
    """Postfix warns about unused parameters, unknown names and repeated lines."""
    result = subprocess.run([gateway.postfix.programs / "usr/sbin/postconf", "-n"],
                            env=gateway.postfix.environment, capture_output=True,
                            text=True)
    assert (result.returncode, result.stderr) == (0, "")
