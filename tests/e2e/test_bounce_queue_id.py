# SPDX-License-Identifier: ISC
"""A mail gets another queue id before it bounces. Its reason is found nevertheless."""

import re

import pytest

from gateway import OFFICE, Gateway, make_mail
from settings import GREENFIELD_RELAY
from smtp import SmtpClient
from test_outcomes import bounces
from waiting import wait_until

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"
PARENT = "parent@ordinary.example"

# Loopback addresses of further smtpds: one whose mail goes through a content filter,
# which here only gives it back to the second, and one that holds it.
FILTERED, GIVEN_BACK, HELD = "127.0.0.41", "127.0.0.42", "127.0.0.43"

BARRED = f"error=Number is barred,number={OTHER_PHONE}"
LANDLINE = f"error=Number is a landline,number={OTHER_PHONE}"


@pytest.fixture(scope="module", autouse=True)
def services(running_gateway: Gateway) -> None:
    postfix = running_gateway.postfix
    with open(postfix.config / "master.cf", "a") as master_cf:
        master_cf.write("smtp unix - - n - - smtp\n")
    postfix.add_service(GIVEN_BACK, "receive_override_options=no_milters",
                        "content_filter=", "mynetworks=127.0.0.0/8")
    postfix.add_service(FILTERED,
                        f"content_filter=smtp:[{GIVEN_BACK}]:{postfix.port}")
    postfix.add_service(
        HELD, "smtpd_end_of_data_restrictions=check_client_access,static:HOLD")


def send_through(gateway: Gateway, host: str, *to: str, body: str = "Shut.",
                 header: str = "") -> str:
    """The queue id that the mail had in the filter."""
    mail = header.encode() + make_mail(OFFICE, to, body)
    with SmtpClient(gateway.postfix.port, GREENFIELD_RELAY, host=host) as client:
        sent = client.transfer(OFFICE, to, mail)
    assert sent.last.status == "250 2.0.0", sent.last
    found = re.search(r"queued as (\w+)", sent.last.text)
    assert found
    return found[1]


def requeue(gateway: Gateway) -> None:
    """Mail on hold goes through the queue again."""
    wait_until(lambda: gateway.postfix.queued(["hold"]), "a mail on hold")
    gateway.postfix.requeue_all()


def test_what_may_be_the_reason_of_another_mail_is_said_so(gateway: Gateway) -> None:
    gateway.simulator.set_faults(BARRED)
    send_through(gateway, HELD, NUMBER, OTHER)
    gateway.postfix.sendmail(OFFICE, OTHER, b"Subject: Snow\n\nSchool is shut.\n")
    gateway.postfix.wait_for_log("status=bounced")
    wait_until(lambda: not gateway.postfix.queued(["incoming", "active"]), "a bounce")
    gateway.postfix.discard_all()

    told = bounces(gateway)
    assert "probably for the same reason as the last refused mail" in told[OTHER].words
    assert "Number is barred" in told[OTHER].words


def bouncing_queue_id(gateway: Gateway) -> str:
    return gateway.postfix.wait_for_log(
        rf"(\w+): to=<\+?{OTHER_PHONE[1:]}@sms.local>.*status=bounced")[1]


@pytest.mark.parametrize("header", [
    "", "Message-ID: <1@greenfield.sch.example>\r\n", "Message-ID: <>\r\n",
    f"Message-ID:\r\n <{'x' * 300}@greenfield.sch.example>\r\n"],
    ids=["without Message-ID", "with one", "with none of its own", "with a long one"])
@pytest.mark.parametrize("host", [FILTERED, HELD])
def test_a_mail_with_another_queue_id_bounces_with_its_reason(
        gateway: Gateway, host: str, header: str) -> None:
    gateway.simulator.set_faults(BARRED)
    queue_id = send_through(gateway, host, NUMBER, OTHER, PARENT, header=header)
    if host == HELD:
        requeue(gateway)

    told = bounces(gateway)
    assert set(told) == {OTHER}
    assert told[OTHER].status == "5.7.1"
    for words in ("Number is barred", OTHER_PHONE,
                  "the SMS to 1 other number of this mail was sent"):
        assert words in told[OTHER].words
    assert queue_id != bouncing_queue_id(gateway)


def test_what_was_refused_before_the_api_was_asked_is_found_too(
        gateway: Gateway) -> None:
    send_through(gateway, FILTERED, OTHER, PARENT, body=" ")

    told = bounces(gateway)
    assert told[OTHER].status == "5.6.0"
    assert "no text to send as an SMS" in told[OTHER].words


def test_of_two_mails_each_bounces_with_its_own_reason(gateway: Gateway) -> None:
    """Both mails are refused before either of them bounces."""
    for number, fault in enumerate((BARRED, LANDLINE)):
        gateway.simulator.set_faults(fault)
        send_through(gateway, HELD, NUMBER, OTHER, header=f"Subject: Mail {number}\r\n"
                     f"Message-ID: <{number}@greenfield.sch.example>\r\n")
    wait_until(lambda: len(gateway.postfix.queued(["hold"])) == 2, "two mails on hold")
    gateway.postfix.requeue_all()

    reasons = {}
    for bounce in gateway.postfix.delivered(OFFICE):
        text = " ".join(bounce.as_string().split())
        reasons[re.search(r"Subject: (Mail \d)", text)[1]] = text
    assert "Number is barred" in reasons["Mail 0"]
    assert "Number is a landline" in reasons["Mail 1"]


@pytest.mark.parametrize("body", ["Shut.", " "], ids=["by the API", "before it"])
def test_a_mail_that_passed_by_is_not_told_the_reason_of_another(
        gateway: Gateway, body: str) -> None:
    gateway.simulator.set_faults(BARRED)
    send_through(gateway, HELD, NUMBER, OTHER, PARENT, body=body,
                 header="Message-ID: <1@greenfield.sch.example>\r\n")
    gateway.postfix.sendmail(OFFICE, OTHER, b"Message-ID: <2@greenfield.sch.example>\n"
                             b"Subject: Snow\n\nSchool is shut.\n")
    gateway.postfix.wait_for_log("status=bounced")
    wait_until(lambda: not gateway.postfix.queued(["incoming", "active"]), "a bounce")
    gateway.postfix.discard_all()

    told = bounces(gateway)
    assert "did not pass through sms-milter" in told[OTHER].words
    assert OTHER_PHONE in told[OTHER].words
