# SPDX-License-Identifier: ISC
"""Mail that must become SMS, and mail that the gateway must not change."""

import re
from pathlib import Path

import pytest

from gateway import OFFICE, Gateway, make_mail
from settings import KEYS, OAKHILL_RELAY
from simulator_process import SMS_PATH

PHONE = "+447700900123"
OTHER_PHONE = "+447700900124"
PARENT = "parent@ordinary.example"


def sms(number: str) -> str:
    return f"{number}@sms.local"


# The request ---------------------------------------------------------------


def test_a_mail_is_one_request_as_the_vendor_describes_it(gateway: Gateway) -> None:
    sent = gateway.send(sms(PHONE), Subject="Snow", body="School is shut today.")

    assert sent.end and sent.end.status == "250 2.0.0"
    [request] = gateway.simulator.requests()
    assert (request["method"], request["path"]) == ("POST", SMS_PATH)
    headers = {name.lower(): value for name, value in request["headers"].items()}
    assert headers["content-type"].split(";")[0].strip() == "application/json"
    assert "authorization" not in headers
    assert "cookie" not in headers
    assert list(request["body"]) == ["messageData"]
    [element] = request["body"]["messageData"]
    reference = element.pop("ClientRef", None)
    assert reference is None or (isinstance(reference, str) and reference)
    element.pop("Password")  # not shown whole by the simulator; see the next test
    assert element == {
        "CustomerId": "1469",
        "SMSMessage": "Snow: School is shut today.",
        "Recipients": [{"MobileNumber": PHONE}],
        "SMSSender": "Greenfield",
    }


def test_each_customer_pays_with_its_own_key(gateway: Gateway) -> None:
    """The API refuses a key that does not belong to the CustomerId."""
    gateway.send(sms(PHONE))
    gateway.send(sms(PHONE), sender="office@oakhill.sch.example", source=OAKHILL_RELAY)

    customers = [message["customer"] for message in gateway.simulator.messages()]
    assert customers == ["1469", "2001"]


def test_no_sms_sender_is_sent_where_none_is_configured(gateway: Gateway) -> None:
    gateway.send(sms(PHONE), sender="office@oakhill.sch.example", source=OAKHILL_RELAY)

    [request] = gateway.simulator.requests()
    assert "SMSSender" not in request["body"]["messageData"][0]


def test_the_mail_is_gone_when_the_sms_is_sent(gateway: Gateway) -> None:
    gateway.send(sms(PHONE))

    assert gateway.postfix.delivered() == []


# Several recipients, several mails -------------------------------------------


def test_several_recipients_are_one_request_with_one_element_each(
        gateway: Gateway) -> None:
    sent = gateway.send(sms(PHONE), sms(OTHER_PHONE), Subject="Snow", body="Shut.")

    assert sent.end and sent.end.status == "250 2.0.0"
    [request] = gateway.simulator.requests()
    elements = request["body"]["messageData"]
    assert [element["Recipients"] for element in elements] == [
        [{"MobileNumber": PHONE}], [{"MobileNumber": OTHER_PHONE}]]
    assert gateway.texts() == [(PHONE, "Snow: Shut."), (OTHER_PHONE, "Snow: Shut.")]


def test_the_elements_of_one_request_have_references_of_their_own(
        gateway: Gateway) -> None:
    gateway.send(sms(PHONE), sms(OTHER_PHONE))

    first, second = gateway.simulator.messages()
    assert first["client_ref"] != second["client_ref"]


@pytest.mark.parametrize("spelling", [
    PHONE, "447700900123", "00447700900123", "07700900123", "+44.7700.900-123",
    '"+44 7700 900123"', '"+44(0)7700 900123"', '"(07700) 900-123"',
    "sms=+447700900123", '"sms=07700 900123"', "SMS=+447700900123",
])
def test_a_number_may_be_spelled_as_people_do(gateway: Gateway, spelling: str) -> None:
    sent = gateway.send(sms(spelling))

    assert sent.end and sent.end.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_the_domain_may_be_written_in_capitals(gateway: Gateway) -> None:
    gateway.send(f"{PHONE}@SMS.Local")

    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_two_spellings_of_one_number_are_one_sms_and_no_bounce(
        gateway: Gateway) -> None:
    sent = gateway.send(sms(PHONE), sms('"07700 900123"'), sms("00447700900123"),
                        PARENT)

    assert [reply.status for reply in sent.recipients] == ["250 2.1.5"] * 4
    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert [mail["X-Original-To"] for mail in gateway.postfix.delivered()] == [PARENT]


def test_the_same_recipient_twice_is_one_sms(gateway: Gateway) -> None:
    gateway.send(sms(PHONE), sms(PHONE))

    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert gateway.postfix.delivered() == []


def test_each_mail_of_a_connection_stands_for_itself(gateway: Gateway) -> None:
    with gateway.connect() as client:
        for number, body in ((PHONE, "one"), (OTHER_PHONE, "two"), (PHONE, "three")):
            sent = client.transfer(OFFICE, [sms(number)],
                                   make_mail(OFFICE, [], body, Subject="Club"))
            assert sent.end and sent.end.status == "250 2.0.0"

    assert gateway.texts() == [(PHONE, "Club: one"), (OTHER_PHONE, "Club: two"),
                               (PHONE, "Club: three")]


def test_the_customer_is_looked_up_anew_for_each_mail_of_a_connection(
        gateway: Gateway) -> None:
    with gateway.connect() as client:
        mail = make_mail(OFFICE, [], "Shut.")
        client.transfer(OFFICE, [sms(PHONE)], mail)
        stranger = client.transfer("x@elsewhere.example", [sms(PHONE)], mail)
        client.transfer("a@infants.greenfield.sch.example", [sms(PHONE)], mail)

    assert [reply.status for reply in stranger.recipients] == ["550 5.7.1"]
    customers = [message["customer"] for message in gateway.simulator.messages()]
    assert customers == ["1469", "1470"]


def test_rset_forgets_the_recipients_before_it(gateway: Gateway) -> None:
    with gateway.connect() as client:
        client.mail(OFFICE)
        client.rcpt(sms(PHONE))
        assert client.command("RSET").is_good
        client.transfer(OFFICE, [sms(OTHER_PHONE)], make_mail(OFFICE, [], "Shut."))

    assert [number for number, _ in gateway.texts()] == [OTHER_PHONE]


def test_a_client_that_hangs_up_before_the_dot_sends_nothing(gateway: Gateway) -> None:
    with gateway.connect() as client:
        client.mail(OFFICE)
        client.rcpt(sms(PHONE))
        client.data()
        client.send(b"Subject: Snow\r\n\r\nSchool is sh")
    gateway.postfix.wait_for_log("lost connection after DATA")

    gateway.send(sms(OTHER_PHONE))
    assert [number for number, _ in gateway.texts()] == [OTHER_PHONE]


# The text ------------------------------------------------------------------------

MAILS = Path(__file__).resolve().parents[1] / "mail"


def defaults_alone(mail: Path) -> bool:
    return not mail.with_suffix(".opts").exists() and \
        not mail.with_suffix(".txt").read_bytes().startswith(b"!")


@pytest.mark.parametrize("mail", [mail for mail in sorted(MAILS.glob("*.eml"))
                                  if defaults_alone(mail)][::6],
                         ids=lambda mail: mail.stem)
def test_the_phone_shows_what_stands_beside_the_mail(gateway: Gateway,
                                                     mail: Path) -> None:
    content = re.sub(rb"(?<!\r)\n", b"\r\n", mail.read_bytes())
    sent = gateway.send(sms(PHONE), message=content)

    assert sent.end and sent.end.status == "250 2.0.0"
    assert gateway.texts() == [(PHONE, mail.with_suffix(".txt").read_text()[:-1])]


def test_the_log_says_what_was_cut(gateway: Gateway) -> None:
    gateway.send(sms(PHONE), body="Shut.\n-- \nJo\n")

    assert gateway.texts() == [(PHONE, "Shut.")]
    assert " parts=1 cut=signature " in gateway.milter.log()


# Mixed and ordinary mail ---------------------------------------------------------


def test_an_ordinary_recipient_of_the_same_mail_gets_it(gateway: Gateway) -> None:
    sent = gateway.send(sms(PHONE), PARENT, Subject="Snow", body="Shut.")

    assert sent.end and sent.end.status == "250 2.0.0"
    assert gateway.texts() == [(PHONE, "Snow: Shut.")]
    [mail] = gateway.postfix.delivered()
    assert mail["X-Original-To"] == PARENT
    assert mail.get_content() == "Shut.\n"


def test_ordinary_mail_passes_as_it_is(gateway: Gateway) -> None:
    message = (b"From: <office@greenfield.sch.example>\r\n"
               b"To: <parent@ordinary.example>\r\n"
               b"Message-ID: <1@greenfield.sch.example>\r\n"
               b"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
               b"X-Odd:   spaced\toddly \r\n"
               b"Subject: =?utf-8?q?Gr=C3=BCn?=\r\n"
               b"\r\n"
               b"Line one\r\n..dots\r\n\r\n" + bytes(range(0x80, 0x100)) + b"\r\n")
    sent = gateway.send(PARENT, message=message)

    assert sent.end and sent.end.status == "250 2.0.0"
    [raw] = gateway.postfix.delivered_files()
    fields, _, body = raw.partition(b"\n\n")
    ours, _, theirs = fields.partition(b"From: <office")
    assert b"From: <office" + theirs + b"\n\n" + body == message.replace(b"\r\n", b"\n")
    assert re.findall(rb"^([\w-]+):", ours, re.MULTILINE) == [
        b"Return-Path", b"X-Original-To", b"Delivered-To", b"Received"]
    assert gateway.simulator.requests() == []


def test_a_stranger_may_send_ordinary_mail(gateway: Gateway) -> None:
    sent = gateway.send(PARENT, sender="x@elsewhere.example")

    assert sent.end and sent.end.status == "250 2.0.0"
    assert len(gateway.postfix.delivered(PARENT)) == 1


def test_a_bounce_to_an_ordinary_recipient_passes(gateway: Gateway) -> None:
    sent = gateway.send(PARENT, sender="")

    assert sent.end and sent.end.status == "250 2.0.0"
    assert len(gateway.postfix.delivered(PARENT)) == 1


def test_ordinary_mail_passes_while_the_api_is_dead(gateway: Gateway) -> None:
    gateway.configure(api={"url": "http://127.0.0.1:1/"})

    assert gateway.send(PARENT).last.status == "250 2.0.0"
    assert len(gateway.postfix.delivered(PARENT)) == 1


def test_a_phone_number_of_another_domain_is_ordinary(gateway: Gateway) -> None:
    gateway.send(f"{PHONE}@ordinary.example")

    assert len(gateway.postfix.delivered(f"{PHONE}@ordinary.example")) == 1
    assert gateway.simulator.requests() == []


# Which customer --------------------------------------------------------------------


@pytest.mark.parametrize("domain, customer", [
    ("greenfield.sch.example", "1469"),
    ("GREENFIELD.Sch.Example", "1469"),
    ("staff.greenfield.sch.example", "1469"),
    ("a.b.greenfield.sch.example", "1469"),
    ("infants.greenfield.sch.example", "1470"),
    ("staff.infants.greenfield.sch.example", "1470"),
])
def test_the_longest_matching_domain_decides(gateway: Gateway, domain: str,
                                             customer: str) -> None:
    sent = gateway.send(sms(PHONE), sender=f"office@{domain}")

    assert sent.end and sent.end.status == "250 2.0.0"
    assert [m["customer"] for m in gateway.simulator.messages()] == [customer]


@pytest.mark.parametrize("domain", [
    "oakhill.sch.example.evil.example", "xoakhill.sch.example",
    "staff.oakhill.sch.example", "sch.example", "xgreenfield.sch.example",
    "xn--grnstrasse-beb.example",
])
def test_a_similar_domain_is_nobodys(gateway: Gateway, domain: str) -> None:
    sent = gateway.send(sms(PHONE), sender=f"office@{domain}", source=OAKHILL_RELAY)

    assert sent.last.status == "550 5.7.1"
    assert gateway.simulator.requests() == []


@pytest.mark.parametrize("domain, parameters", [
    ("xn--grnstrae-wya8z.example", ""),
    ("XN--GRNSTRAE-WYA8Z.example", ""),
    ("grünstraße.example", " SMTPUTF8"),
    ("GRÜNSTRAßE.example", " SMTPUTF8"),
])
def test_an_international_domain_matches_in_every_spelling(
        gateway: Gateway, domain: str, parameters: str) -> None:
    with gateway.connect(source=OAKHILL_RELAY) as client:
        sent = client.transfer(f"office@{domain}", [sms(PHONE)],
                               make_mail(OFFICE, [], "Shut."), parameters)

    assert sent.last.status == "250 2.0.0"
    assert [m["customer"] for m in gateway.simulator.messages()] == ["2001"]


# The keys ------------------------------------------------------------------------


def test_no_key_is_in_any_log(gateway: Gateway) -> None:
    gateway.send(sms(PHONE), PARENT)
    gateway.simulator.set_faults("error=wrong key {key}")
    gateway.send(sms(PHONE))

    logs = gateway.milter.log() + gateway.postfix.log()
    assert "outcome=" in logs
    assert not [key for key in KEYS.values() if key in logs]


def test_no_text_is_in_any_log(gateway: Gateway) -> None:
    gateway.send(sms(PHONE), Subject="Confidential", body="Tom has the measles.")

    logs = gateway.milter.log() + gateway.postfix.log()
    assert "measles" not in logs
    assert "Confidential" not in logs
