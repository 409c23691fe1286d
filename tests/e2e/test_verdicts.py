# SPDX-License-Identifier: ISC
"""Each way in which a mail can end, and what its sender is told."""

import re
import socket
from email.message import EmailMessage

import pytest

from gateway import OFFICE, Gateway, make_mail
from postfix import Postfix
from settings import GREENFIELD_RELAY, KEYS, OAKHILL_RELAY, STRANGER
from smtp import Transaction
from waiting import TIMED_OUT_S

PHONE = "+447700900123"
OTHER_PHONE = "+447700900124"
THIRD_PHONE = "+447700900125"
NUMBER, OTHER, THIRD = (f"{phone}@sms.local" for phone in (PHONE, OTHER_PHONE,
                                                             THIRD_PHONE))
PARENT = "parent@ordinary.example"
OAKHILL = "office@oakhill.sch.example"


def statuses(sent: Transaction) -> list[str]:
    return [reply.status for reply in sent.recipients]


def assert_nothing_happened(gateway: Gateway) -> None:
    """There is no SMS, no mail and no bounce. Only the client knows."""
    assert gateway.texts() == []
    assert gateway.postfix.delivered() == []


# At RCPT -----------------------------------------------------------------------


@pytest.mark.parametrize("local_part", [
    "office", "+44770090012x", "+", '""', '"+447700900123;ext=1"', "+4477009001234567",
    "+123", "+0447700900123", "++447700900123", "4+47700900123", '"４４7700900123"',
    "sms=", "sms=office", "+447700900123+ref", "postmaster",
])
def test_what_is_not_a_number_is_refused(gateway: Gateway, local_part: str) -> None:
    parameters = "" if local_part.isascii() else " SMTPUTF8"
    with gateway.connect() as client:
        sent = client.transfer(OFFICE, [f"{local_part}@sms.local"],
                               make_mail(OFFICE, [], "Shut."), parameters)

    assert statuses(sent) == ["550 5.1.3"]
    assert_nothing_happened(gateway)


@pytest.mark.settings(default_country=None, customers={
    "greenfield": {"allow": ["+44"]}, "greenfield-infants": {"allow": ["+44"]},
    "oakhill": {"allow": ["+44"]}})
def test_a_national_number_needs_a_default_country(gateway: Gateway) -> None:
    sent = gateway.send("07700900123@sms.local")

    assert statuses(sent) == ["550 5.1.3"]
    assert "default-country" in sent.last.text


def test_a_stranger_is_refused_with_his_domain_named(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, sender="x@elsewhere.example")

    assert statuses(sent) == ["550 5.7.1"]
    assert "elsewhere.example" in sent.last.text
    assert_nothing_happened(gateway)


def test_the_null_sender_is_refused(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, sender="")

    assert statuses(sent) == ["550 5.7.1"]
    assert_nothing_happened(gateway)


def test_a_stranger_loses_only_the_sms_of_a_reply_to_all(gateway: Gateway) -> None:
    sent = gateway.send(PARENT, NUMBER, sender="x@elsewhere.example")

    assert statuses(sent) == ["250 2.1.5", "550 5.7.1"]
    assert sent.last.status == "250 2.0.0"
    assert len(gateway.postfix.delivered()) == 1
    assert gateway.texts() == []


@pytest.mark.parametrize("number", ["+33612345678", "+15005550006", "+998901234567"])
def test_only_the_default_country_may_be_texted(gateway: Gateway, number: str) -> None:
    sent = gateway.send(f"{number}@sms.local")

    assert statuses(sent) == ["550 5.7.1"]
    assert "allow" in sent.last.text
    assert number not in gateway.milter.log()
    assert_nothing_happened(gateway)


@pytest.mark.settings(customers={"greenfield": {
    "allow": ["+44", "+33"], "deny": ["+4470", "+449", "+336"]}})
@pytest.mark.parametrize("number, status", [
    ("+447700900123", "250 2.1.5"), ("+33712345678", "250 2.1.5"),
    ("+447012345678", "550 5.7.1"), ("+449012345678", "550 5.7.1"),
    ("+33612345678", "550 5.7.1"), ("+4915123456789", "550 5.7.1"),
])
def test_allow_and_deny_say_which_numbers_may_be_texted(gateway: Gateway, number: str,
                                                        status: str) -> None:
    assert statuses(gateway.send(f"{number}@sms.local")) == [status]


@pytest.mark.settings(max_recipients=2)
def test_too_many_recipients_are_put_off_and_the_rest_sent(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, OTHER, THIRD, PARENT, f"{PHONE[1:]}@sms.local")

    assert statuses(sent) == ["250 2.1.5", "250 2.1.5", "452 4.5.3", "250 2.1.5",
                              "250 2.1.5"]
    assert sent.last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE, OTHER_PHONE]
    assert [m["X-Original-To"] for m in gateway.postfix.delivered()] == [PARENT]


@pytest.mark.settings(max_recipients=9, customers={"greenfield": {"max_recipients": 1}})
def test_a_customer_may_have_a_limit_of_its_own(gateway: Gateway) -> None:
    assert statuses(gateway.send(NUMBER, OTHER)) == ["250 2.1.5", "452 4.5.3"]


# Who sent it ---------------------------------------------------------------------


LOGIN = (OFFICE, Postfix.LOGINS[OFFICE])
PLAIN_LOGIN = ("alarm", Postfix.LOGINS["alarm"])


def test_a_sender_who_proves_nothing_is_refused_at_the_end(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, source=STRANGER)

    assert statuses(sent) == ["250 2.1.5"]
    assert sent.end and sent.end.status == "550 5.7.1"
    assert_nothing_happened(gateway)


def test_that_refusal_is_for_the_whole_mail(gateway: Gateway) -> None:
    """A bounce would go to the person whose address was forged."""
    sent = gateway.send(PARENT, NUMBER, source="127.0.0.1")

    assert sent.end and sent.end.status == "550 5.7.1"
    assert_nothing_happened(gateway)


def test_loopback_proves_nothing_unless_it_is_written(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source="127.0.0.1").last.status == "550 5.7.1"
    gateway.configure(customers={"greenfield": {"networks": ["127.0.0.1/32"]}})
    assert gateway.send(NUMBER, source="127.0.0.1").last.status == "250 2.0.0"


def test_the_network_of_another_customer_proves_nothing(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source=OAKHILL_RELAY).last.status == "550 5.7.1"
    assert_nothing_happened(gateway)


@pytest.mark.settings(trusted_networks=["127.0.0.0/29"])
def test_a_trusted_network_proves_every_customer(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source="127.0.0.4").last.status == "250 2.0.0"
    sent = gateway.send(NUMBER, sender=OAKHILL, source="127.0.0.4")
    assert sent.last.status == "250 2.0.0"
    assert gateway.send(NUMBER, source="127.0.0.8").last.status == "550 5.7.1"


@pytest.mark.settings(customers={"greenfield": {"sender_auth": ["sasl"]}})
def test_a_network_counts_only_where_the_method_is_named(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source=GREENFIELD_RELAY).last.status == "550 5.7.1"


def test_a_login_of_the_same_customer_proves_the_sender(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, source=STRANGER, login=LOGIN)
    assert sent.last.status == "250 2.0.0"
    sent = gateway.send(NUMBER, sender="head@staff.greenfield.sch.example",
                        source=STRANGER, login=LOGIN)
    assert sent.last.status == "250 2.0.0"


@pytest.mark.parametrize("sender", [OAKHILL, "a@infants.greenfield.sch.example"])
def test_a_login_of_another_customer_proves_nothing(gateway: Gateway,
                                                    sender: str) -> None:
    sent = gateway.send(NUMBER, sender=sender, source=STRANGER, login=LOGIN)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert_nothing_happened(gateway)


def test_a_login_without_domain_proves_nobody(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, source=STRANGER, login=PLAIN_LOGIN)

    assert sent.last.status == "550 5.7.1"


@pytest.mark.settings(customers={"oakhill": {"sasl_logins": ["alarm"]}})
def test_a_login_without_domain_proves_the_customer_who_names_it(
        gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, sender=OAKHILL, source=STRANGER, login=PLAIN_LOGIN)
    assert sent.last.status == "250 2.0.0"
    assert gateway.send(NUMBER, source=STRANGER,
                        login=PLAIN_LOGIN).last.status == "550 5.7.1"


@pytest.mark.settings(customers={"greenfield": {"sender_auth": ["none"]}})
def test_none_lets_anybody_and_is_warned_about(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source=STRANGER).last.status == "250 2.0.0"
    assert re.search(r"greenfield.*none", gateway.milter.log())


@pytest.mark.settings(customers={"greenfield": {"sender_auth": None}})
def test_a_network_is_no_method_by_default(gateway: Gateway) -> None:
    assert gateway.send(NUMBER, source=GREENFIELD_RELAY).last.status == "550 5.7.1"
    assert gateway.send(NUMBER, login=LOGIN).last.status == "250 2.0.0"


# What it says ----------------------------------------------------------------------


AUTOMATIC = [
    {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x"},
    {"Precedence": "bulk"}, {"Precedence": "Junk"}, {"Precedence": "list"},
    {"List_Id": "<staff.greenfield.sch.example>"}, {"X_Autoreply": "yes"},
    {"X_MS_Exchange_Generated_Message_Source": "Mailbox Rules Agent"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_automatic_mail_is_refused(gateway: Gateway, headers: dict[str, str]) -> None:
    sent = gateway.send(NUMBER, **headers)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert_nothing_happened(gateway)


@pytest.mark.settings(auto_replies="discard")
@pytest.mark.parametrize("headers", AUTOMATIC)
def test_automatic_mail_is_discarded_where_so_configured(
        gateway: Gateway, headers: dict[str, str]) -> None:
    sent = gateway.send(NUMBER, **headers)

    assert sent.end and sent.end.status == "250 2.0.0"
    assert_nothing_happened(gateway)


@pytest.mark.settings(auto_replies="discard")
def test_discarding_spares_the_ordinary_recipients(gateway: Gateway) -> None:
    gateway.send(NUMBER, PARENT, Precedence="bulk")

    assert [m["X-Original-To"] for m in gateway.postfix.delivered()] == [PARENT]
    assert gateway.texts() == []


@pytest.mark.settings(auto_replies="send")
@pytest.mark.parametrize("headers", AUTOMATIC)
def test_automatic_mail_is_sent_where_so_configured(gateway: Gateway,
                                                    headers: dict[str, str]) -> None:
    assert gateway.send(NUMBER, **headers).last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1


REPORT = (b"From: <mailer-daemon@example.org>\r\nSubject: Undelivered\r\n"
          b"MIME-Version: 1.0\r\nContent-Type: multipart/report; "
          b"report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nNot delivered.\r\n"
          b"--r\r\nContent-Type: message/delivery-status\r\n\r\n"
          b"Reporting-MTA: dns; mx.example.org\r\n\r\nAction: failed\r\n--r--\r\n")


@pytest.mark.settings(auto_replies="send")
def test_a_bounce_that_a_mailbox_passes_on_is_never_sent(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, message=REPORT)
    assert sent.end and sent.end.status == "550 5.7.1"
    sent = gateway.send(NUMBER, X_MS_Exchange_Message_Is_Ndr="x")
    assert sent.end and sent.end.status == "550 5.7.1"
    assert_nothing_happened(gateway)


@pytest.mark.settings(auto_replies="discard")
def test_a_bounce_is_discarded_where_so_configured(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, message=REPORT)
    assert sent.end and sent.end.status == "250 2.0.0"
    assert_nothing_happened(gateway)


@pytest.mark.settings(customers={"oakhill": {"auto_replies": "send"}})
def test_a_customer_may_want_its_automatic_mail_sent(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, sender=OAKHILL, source=OAKHILL_RELAY, Precedence="bulk")
    assert sent.last.status == "250 2.0.0"
    assert gateway.send(NUMBER, Precedence="bulk").last.status == "550 5.7.1"


@pytest.mark.parametrize("headers", [
    {"Auto_Submitted": "no"}, {"Auto_Submitted": "No (comment)"},
    {"Precedence": "first-class"}, {"X_Auto_Response_Suppress": "All"}, {},
    {"Auto_Submitted": "(a person) no"}, {"Feedback_ID": "1.x:AmazonSES"},
    {"X_MS_Exchange_Inbox_Rules_Loop": "office@greenfield.sch.example"},
])
def test_a_persons_mail_is_not_taken_for_automatic(gateway: Gateway,
                                                   headers: dict[str, str]) -> None:
    assert gateway.send(NUMBER, **headers).last.status == "250 2.0.0"


@pytest.mark.parametrize("body", ["", " \r\n\t\r\n \xa0\r\n"])
def test_a_mail_without_text_is_refused(gateway: Gateway, body: str) -> None:
    sent = gateway.send(NUMBER, body=body)

    assert sent.end and sent.end.status == "554 5.6.0"
    assert_nothing_happened(gateway)


def test_an_encrypted_mail_is_refused_and_told_why(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, Subject="Secret",
                        body="-----BEGIN PGP MESSAGE-----\n\nhQ==\n")

    assert sent.end and sent.end.status == "554 5.6.0"
    assert "encrypted" in sent.end.text
    assert_nothing_happened(gateway)


def test_a_mail_of_too_many_multiparts_is_refused(gateway: Gateway) -> None:
    """Postfix itself refuses nested ones (mime_nesting_limit). These follow each other."""
    part = b"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
    sent = gateway.send(NUMBER, message=b"MIME-Version: 1.0\r\nContent-Type: multipart/"
                        b"mixed; boundary=a\r\n\r\n" + part * 100)

    assert sent.end and sent.end.status == "554 5.6.0"
    assert "more than 100 multiparts" in sent.end.text
    assert_nothing_happened(gateway)


def test_a_mail_with_only_a_subject_has_text(gateway: Gateway) -> None:
    gateway.send(NUMBER, body="", Subject="School is shut")

    assert gateway.texts() == [(PHONE, "School is shut")]


@pytest.mark.settings(text={"overlong": "reject", "max_parts": 2})
@pytest.mark.parametrize("length, parts", [(160, 1), (161, 2), (306, 2), (307, 3),
                                           (459, 3), (460, 4)])
def test_an_overlong_text_is_refused_and_its_parts_are_told(
        gateway: Gateway, length: int, parts: int) -> None:
    sent = gateway.send(NUMBER, body="x" * length)

    if parts <= 2:
        assert sent.last.status == "250 2.0.0"
        assert [m["parts"] for m in gateway.simulator.messages()] == [parts]
        return
    assert sent.end and sent.end.status == "552 5.3.4"
    assert re.search(rf"\b{parts}\b.*\b2\b", sent.end.text)
    assert_nothing_happened(gateway)


@pytest.mark.settings(text={"max_parts": 1})
def test_an_overlong_text_is_cut_at_a_word_unless_told_otherwise(
        gateway: Gateway) -> None:
    gateway.send(NUMBER, body="word " * 60)

    [message] = gateway.simulator.messages()
    assert message["parts"] == 1
    assert re.fullmatch(r"(word )*word ?\.\.\.", message["text"])


@pytest.mark.settings(customers={"greenfield": {"text": {
    "overlong": "reject", "max_parts": 1, "template": "{from-address} says: {body}"}}})
def test_a_customer_may_have_text_options_of_its_own(gateway: Gateway) -> None:
    gateway.send(NUMBER, body="Shut.")
    assert gateway.texts() == [(PHONE, f"{OFFICE} says: Shut.")]
    assert gateway.send(NUMBER, body="x" * 161).last.status == "552 5.3.4"
    sent = gateway.send(NUMBER, sender=OAKHILL, source=OAKHILL_RELAY, body="x" * 161)
    assert sent.last.status == "250 2.0.0"


# What the API answers ---------------------------------------------------------------


REFUSALS = [
    ("invalid", "Data is not valid, no messages sent"),
    ("no-sms", "Customer does not allow sending SMS"),
    ("no-partner", "Partner account not authorized for this customer"),
    (r"error=Number is barred\, sorry", "Number is barred, sorry"),
    ("http=400", "400"),
]


@pytest.mark.parametrize("fault, words", REFUSALS)
def test_a_refusal_by_the_api_is_passed_on_in_its_words(gateway: Gateway, fault: str,
                                                        words: str) -> None:
    gateway.prove_key()
    gateway.simulator.set_faults(fault)
    sent = gateway.send(NUMBER)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert words in sent.end.text
    assert_nothing_happened(gateway)


def test_a_wrong_key_puts_the_mail_off(gateway: Gateway) -> None:
    key = gateway.milter.folder / "wrong.key"
    gateway.milter.write_secret(key, "wr0ng")
    gateway.configure(customers={"greenfield": {"api_key_file": str(key)}})

    sent = gateway.send(NUMBER)
    assert sent.end and sent.end.status == "451 4.7.0"
    assert "Data is not valid" in sent.end.text


def test_a_key_that_the_api_echoes_reaches_nobody(gateway: Gateway) -> None:
    gateway.simulator.set_faults("error=the key {key} is wrong: {key}{key}")
    sent = gateway.send(NUMBER, PARENT)
    refused = gateway.send(NUMBER)

    key = KEYS["1469"]
    assert sent.last.status == "250 2.0.0"
    assert refused.end and refused.end.status == "550 5.7.1"
    assert "is wrong" in refused.end.text
    heard = [refused.end.text, gateway.milter.log(), gateway.postfix.log(),
             *(mail.as_string() for mail in gateway.postfix.delivered())]
    assert not [text for text in heard if key in text]


def test_no_part_of_an_echoed_key_is_left_at_the_end_of_a_long_answer(
        gateway: Gateway) -> None:
    """The key must be masked before the answer is cut."""
    key = KEYS["1469"]
    for length in range(220, 260):
        gateway.simulator.set_faults("error=" + "x" * length + "{key}")
        sent = gateway.send(NUMBER)
        assert sent.end and key[:5] not in sent.end.text, length


def test_the_apis_words_are_made_fit_for_a_reply(gateway: Gateway) -> None:
    gateway.simulator.set_faults(
        r"error=one\r\n250 2.0.0 forged\x1b[31m 100% %s \xc3\xa9\xff \t end\x00")
    sent = gateway.send(NUMBER)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert len(sent.end.lines) == 1
    assert re.fullmatch(r"[ -~]+", sent.end.lines[0])
    assert "100% %s" in sent.end.lines[0]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", gateway.milter.log())


def test_a_very_long_answer_by_the_api_makes_no_long_reply(gateway: Gateway) -> None:
    gateway.simulator.set_faults("error=" + "x" * 5000)
    sent = gateway.send(NUMBER)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert max(len(line) for line in sent.end.lines) < 500


def test_an_sms_queued_with_remarks_is_sent(gateway: Gateway) -> None:
    gateway.simulator.set_faults("remark=Account is low")

    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1
    assert gateway.postfix.delivered() == []


def test_answers_in_another_order_are_told_apart(gateway: Gateway) -> None:
    gateway.simulator.set_faults("reversed", f"invalid,number={OTHER_PHONE}")
    gateway.send(NUMBER, OTHER)

    assert [number for number, _ in gateway.texts()] == [PHONE]
    [bounce] = gateway.postfix.delivered()
    assert bounced_numbers(bounce) == [OTHER_PHONE]


# Certainly not sent ---------------------------------------------------------------


PERHAPS = "may have been sent"


def assert_put_off_unsent(sent: Transaction) -> None:
    assert sent.end and re.fullmatch(r"451 4\.4\.\d", sent.end.status)
    assert PERHAPS not in sent.end.text


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://api.invalid/"])
def test_an_api_that_cannot_be_reached_puts_the_mail_off(gateway: Gateway,
                                                         url: str) -> None:
    with socket.socket() as taken:  # nobody listens, and nobody else can begin to
        taken.bind(("127.0.0.1", 0))
        gateway.configure(api={"url": url.format(port=taken.getsockname()[1])})
        sent = gateway.send(NUMBER)

    assert_put_off_unsent(sent)
    assert_nothing_happened(gateway)


def test_an_api_without_tls_on_its_port_puts_the_mail_off(gateway: Gateway) -> None:
    gateway.configure(
        api={"url": gateway.simulator.api_url.replace("http:", "https:")})
    sent = gateway.send(NUMBER)

    assert_put_off_unsent(sent)
    assert_nothing_happened(gateway)


@pytest.mark.parametrize("fault", ["http=404", "http=429", "http=503", "http=301"])
def test_an_api_that_did_not_try_puts_the_mail_off(gateway: Gateway,
                                                   fault: str) -> None:
    gateway.simulator.set_faults(fault)
    sent = gateway.send(NUMBER)

    assert_put_off_unsent(sent)
    assert_nothing_happened(gateway)


def test_it_is_sent_when_the_api_is_back(gateway: Gateway) -> None:
    gateway.simulator.set_faults("http=503")
    assert gateway.send(NUMBER).last.status.startswith("451 ")
    gateway.simulator.set_faults()
    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1


# Perhaps sent ---------------------------------------------------------------------


def assert_put_off_perhaps_sent(sent: Transaction) -> None:
    assert sent.end and re.fullmatch(r"451 4\.4\.\d", sent.end.status)
    assert PERHAPS in sent.end.text


@pytest.mark.settings(api={"timeout": TIMED_OUT_S})
@pytest.mark.parametrize("fault", [
    "never", "reset-after", "close-after", "half", "not-json", "empty", "huge", "fewer",
    "object", "no-id", "shortfall", "http=500", "http=502", "http=504", "slow=3000",
])
def test_an_answer_that_is_lost_puts_the_mail_off(gateway: Gateway, fault: str) -> None:
    gateway.simulator.set_faults(fault)
    sent = gateway.send(NUMBER)

    assert_put_off_perhaps_sent(sent)
    assert gateway.postfix.delivered() == []
    assert len(gateway.simulator.requests()) == 1


@pytest.mark.parametrize("fault", ["reset-after", "close-after"])
def test_libcurl_does_not_repeat_a_request_on_a_used_connection(
        gateway: Gateway, fault: str) -> None:
    """By default it repeats the request."""
    gateway.send(NUMBER)
    gateway.simulator.set_faults(fault)
    sent = gateway.send(NUMBER)

    assert_put_off_perhaps_sent(sent)
    assert len(gateway.simulator.requests()) == 2


# Some of several -------------------------------------------------------------------


def bounced_numbers(bounce: EmailMessage) -> list[str]:
    """The numbers whose delivery failed according to a DSN (RFC 3464)."""
    assert bounce.get_content_type() == "multipart/report"
    status = [part for part in bounce.walk()
              if part.get_content_type() == "message/delivery-status"]
    assert len(status) == 1
    return re.findall(r"Final-Recipient: rfc822; (\S+)@sms\.local\s+"
                      r"Original-Recipient: \S+\s+Action: failed\s+Status: 5\.",
                      status[0].as_string())


def test_a_refused_number_bounces_and_the_others_are_sent(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    sent = gateway.send(NUMBER, OTHER, THIRD)

    assert sent.end and sent.end.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE, THIRD_PHONE]
    [bounce] = gateway.postfix.delivered()
    assert bounce["X-Original-To"] == OFFICE
    assert bounce["Return-Path"] == "<>"
    assert bounced_numbers(bounce) == [OTHER_PHONE]


def test_two_refused_numbers_of_three_bounce(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={PHONE}",
                                 f"no-sms,number={THIRD_PHONE}")
    gateway.send(NUMBER, OTHER, THIRD)

    assert [number for number, _ in gateway.texts()] == [OTHER_PHONE]
    bounced = [number for bounce in gateway.postfix.delivered()
               for number in bounced_numbers(bounce)]
    assert sorted(bounced) == [PHONE, THIRD_PHONE]


def test_a_refused_number_and_its_other_spelling_bounce(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    gateway.send(NUMBER, OTHER, "07700900124@sms.local")

    bounced = [number for bounce in gateway.postfix.delivered()
               for number in bounced_numbers(bounce)]
    assert sorted(bounced) == [OTHER_PHONE, "07700900124"]


def test_all_refused_is_a_refusal_that_names_each(gateway: Gateway) -> None:
    gateway.prove_key()
    gateway.simulator.set_faults(f"invalid,number={PHONE}",
                                 f"error=Number is barred,number={OTHER_PHONE}")
    sent = gateway.send(NUMBER, OTHER)

    assert sent.end and sent.end.status == "550 5.7.1"
    first, second = sent.end.lines
    assert PHONE in first and "Data is not valid" in first
    assert OTHER_PHONE in second and "Number is barred" in second
    assert_nothing_happened(gateway)


@pytest.mark.settings(max_recipients=100)
def test_very_many_refused_are_a_refusal_too(gateway: Gateway) -> None:
    gateway.prove_key()
    gateway.simulator.set_faults("invalid")
    numbers = [f"+4477009{n:05}@sms.local" for n in range(60)]
    sent = gateway.send(*numbers)

    assert sent.end and sent.end.status == "550 5.7.1"
    assert len(sent.end.lines) <= 32
    assert_nothing_happened(gateway)


def test_a_refused_number_does_not_harm_the_ordinary_recipient(
        gateway: Gateway) -> None:
    gateway.prove_key()
    gateway.simulator.set_faults("invalid")
    sent = gateway.send(NUMBER, PARENT)

    assert sent.end and sent.end.status == "250 2.0.0"
    [mail] = gateway.postfix.delivered(PARENT)
    assert mail.get_content() == "School is shut.\n"
    [bounce] = gateway.postfix.delivered(OFFICE)
    assert bounced_numbers(bounce) == [PHONE]


def test_one_lost_answer_of_several_puts_the_whole_mail_off(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"no-id,number={OTHER_PHONE}",
                                 f"invalid,number={THIRD_PHONE}")
    sent = gateway.send(NUMBER, OTHER, THIRD, PARENT)

    assert sent.end and sent.end.status.startswith("451 4.")
    assert gateway.postfix.delivered() == []
