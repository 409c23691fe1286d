# SPDX-License-Identifier: ISC
"""Which mail it is: the same at each try, however it is transported, and whatever a
stranger changes in the parts that are not signed."""

import base64
import quopri
import re
import struct
import time
from email.utils import formatdate
from typing import Iterator

import pytest

from attack import (EVERY_METHOD, GREENFIELD, HEAD, NUMBER, OTHER_PHONE, PHONE, REFUSED,
                    SENT, Attack, Target, passes, results, signature)
from gateway import Gateway
from settings import GREENFIELD_RELAY
from test_protocol import MilterClient

MEGABYTE = 1 << 20

# Where nothing is taken away from what the filters are made to say.
UNGUARDED = "127.0.1.4"

# What the filters say of a mail that a stranger sends again.
SIGNED = results(passes().partition("; ")[2])

GOOGLE = "mime-version:from:date:message-id:subject:to:cc"
MICROSOFT = "From:Date:Subject:Message-ID:Content-Type:MIME-Version:To"
AMAZON = ("From:To:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding:"
          "Message-ID:Date")
OPENDKIM = "from:to:subject:date"


@pytest.fixture(scope="module", autouse=True)
def ways_in(running_gateway: Gateway) -> None:
    running_gateway.postfix.add_service(
        UNGUARDED, "receive_override_options=no_header_body_checks")


@pytest.fixture
def target(gateway: Gateway) -> Iterator[Target]:
    target = Target(gateway)
    yield target
    target.assert_healthy()


def row(name: str, *values: object) -> object:
    return pytest.param(*values, id=name)


def mail(above: str = "", below: str = "", body: str | bytes = "School is shut.\r\n",
         date: str = "", to: str = f"<{NUMBER}>",
         message_id: str = "<snow@greenfield.sch.example>") -> bytes:
    """A mail that is the same whenever it is made during one test."""
    identity = f"Message-ID: {message_id}\r\n" if message_id else ""
    head = (f"{above}From: Head <{HEAD}>\r\nTo: {to}\r\nSubject: Snow\r\n"
            f"Date: {date or NOW}\r\n{identity}{below}\r\n")
    return head.encode() + (body if isinstance(body, bytes) else body.encode())


NOW = formatdate(time.time())


def send_signed(target: Target, message: bytes, sender: str = HEAD):
    return target.send(Attack(message, sender=sender, way=UNGUARDED))


def numbers(target: Target) -> list[str]:
    return [number for number, _ in target.gateway.texts()]


# Copies of a signed mail --------------------------------------------------------------


def padding(size: int, fields: int = 1) -> str:
    """Fields that are not signed, as long as Postfix allows."""
    return "".join(f"X-Pad-{place}: {'y' * size}\r\n" for place in range(fields))


@pytest.mark.parametrize("size", [1000, 300_000, 1_200_000], ids="{} octets".format)
@pytest.mark.parametrize("method", ["dkim", "dmarc"])
def test_no_padding_makes_another_mail_of_a_signed_one(target: Target, size: int,
                                                       method: str) -> None:
    """At most one SMS is sent. If not everything that is signed is read, none is sent."""
    target.configure(customers={"greenfield": {"sender_auth": ["network", method]}})
    body = "School is shut.\r\n" + ("y" * 70 + "\r\n") * (size // 72)
    for pad in ("", padding(1), padding(2), padding(33), padding(1000), padding(57_000),
                padding(57_000, 7), padding(57_000, 8), padding(57_000, 18)):
        send_signed(target, mail(SIGNED + signature() + pad, body=body))

    assert numbers(target) == ([PHONE] if size < MEGABYTE else [])


@pytest.mark.parametrize("octets", [16, 85])
def test_a_megabyte_of_padding_does_not_choose_where_the_text_ends(
        target: Target, octets: int) -> None:
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    body = ("School is shut. " * 8)[:octets] + "\r\n"
    for place in range(30):
        pad = padding(57_000, 18) + padding(MEGABYTE - 18 * 57_030 - 10 * place)
        send_signed(target, mail(SIGNED + signature() + pad, body=body))
    assert numbers(target) == []

    sent = send_signed(target, mail(SIGNED + signature(), body=body))
    assert sent.last.status == SENT
    [(_, text)] = target.gateway.texts()
    assert text.endswith(body.strip())


def test_a_signed_mail_of_which_not_all_is_read_needs_more_than_its_signature(
        target: Target) -> None:
    long = mail(SIGNED + signature(), body="x\r\n" + ("y" * 70 + "\r\n") * 20_000)
    target.assert_refused_at_the_end(send_signed(target, long), "not everything that "
                                                                "is signed")


def test_a_mail_of_exactly_the_limit_is_whole(target: Target) -> None:
    target.configure(max_message_size=16384,
                     customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    body = "School is shut.\r\n" + ("y" * 70 + "\r\n") * 400
    body = body[:16384 - 2] + "\r\n"
    target.assert_passes(send_signed(target, mail(SIGNED + signature(), body=body)),
                         "dkim")
    target.forget()
    sent = send_signed(target, mail(SIGNED + signature(), body=body + "z\r\n"))
    assert sent.last.status == REFUSED


CHANGES = [
    row("nothing", ""),
    row("a field more", "X-Y: z\r\n"),
    row("many fields more", "X-Y: z\r\n" * 200),
    row("a second Message-ID", "Message-ID: <x@evil.example>\r\n"),
    row("Reply-To", "Reply-To: x@evil.example\r\n"),
    row("a name in Content-Type", 'Content-Type: text/plain; name="x.txt"\r\n'),
    row("another version of MIME", "MIME-Version: 2.0\r\n"),
]


@pytest.mark.parametrize("above", CHANGES)
@pytest.mark.parametrize("sender", [HEAD, f"other@{GREENFIELD}"], ids=["same", "other"])
def test_what_is_not_signed_makes_no_other_mail(target: Target, above: str,
                                                sender: str) -> None:
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    good = mail(SIGNED + signature())
    target.assert_passes(send_signed(target, good), "dkim")

    copied = send_signed(target, mail(above + SIGNED + signature(), message_id="")
                         if "Message-ID" in above
                         else mail(above + SIGNED + signature()), sender)
    assert copied.last.status == SENT
    assert numbers(target) == [PHONE]


@pytest.mark.parametrize("old, new", [
    row("form feeds", b"School is shut.", b"School \f is\fshut."),
    row("a vertical tab at the end", b"shut.\r\n", b"shut. \v\r\n"),
    row("a CR that ends a line", b"shut.\r\n\r\nHead", b"shut.\r\rHead"),
    row("a form feed in the subject", b"Subject: Snow", b"Subject: Snow\f"),
    row("a vertical tab in From", b"From: Head <", b"From: Head\v<"),
])
def test_white_space_that_only_some_verifiers_see_makes_no_other_mail(
        target: Target, old: bytes, new: bytes) -> None:
    """rspamd treats all of it as blanks and line ends, so the signature stays valid."""
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    good = mail(SIGNED + signature(), body="School is shut.\r\n\r\nHead\r\n")
    target.assert_passes(send_signed(target, good), "dkim")
    assert old in good
    send_signed(target, good.replace(old, new))
    assert numbers(target) == [PHONE]


# A mail that comes back signed --------------------------------------------------------


@pytest.mark.parametrize("message_id", ["", "<snow@greenfield.sch.example>"],
                         ids=["without id", "with id"])
@pytest.mark.parametrize("method", ["dkim", "dmarc"])
def test_a_mail_of_the_schools_own_server_is_not_sent_again_when_it_comes_back_signed(
        target: Target, message_id: str, method: str) -> None:
    """Another mail server signed the mail on its way to a parent, who sends it back."""
    target.configure(customers={"greenfield": {"sender_auth": ["network", method]}})
    sent = target.send(Attack(mail(message_id=message_id), source=GREENFIELD_RELAY))
    target.assert_passes(sent, "network")

    for above in ("", "X-Y: z\r\n", "Received: x\r\n" * 20):
        copied = send_signed(target, mail(above + SIGNED + signature(),
                                          message_id=message_id))
        assert copied.last.status == SENT
    assert numbers(target) == [PHONE]


# What is not signed does not decide the text ------------------------------------------


UNSIGNED = [
    row("octets", "Content-Type: application/octet-stream\r\n"),
    row("HTML", "Content-Type: text/html\r\n"),
    row("another charset", "Content-Type: text/plain; charset=utf-16\r\n"),
    row("base64", "Content-Transfer-Encoding: base64\r\n"),
    row("a multipart", "Content-Type: multipart/mixed; boundary=x\r\n"),
    row("an encrypted mail", "Content-Type: multipart/encrypted; boundary=x\r\n"),
    row("a mail within", "Content-Type: message/rfc822\r\n"),
    row("an attachment", "Content-Disposition: attachment\r\n"),
    row("a report", "Content-Type: multipart/report; boundary=x\r\n"),
    row("automatic", "Auto-Submitted: auto-replied\r\n"),
    row("bulk", "Precedence: bulk\r\n"),
    row("a list", "List-Id: <x.example>\r\n"),
    row("a failed recipient", "X-Failed-Recipients: x@example.org\r\n"),
]

BODY = "School <b>is</b> shut.\r\n"
RIGHT_TEXT = "Snow: School <b>is</b> shut."


@pytest.mark.parametrize("fields", UNSIGNED)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_faster_copy_does_not_stand_for_the_signed_mail(target: Target, fields: str,
                                                          place: str) -> None:
    """The copy is refused, or has the same text. Then the genuine mail comes."""
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    sign = SIGNED + signature(signed=OPENDKIM)
    send_signed(target, mail(fields + sign, body=BODY) if place == "above"
                else mail(sign, fields, body=BODY))
    assert [text for _, text in target.gateway.texts()] in ([], [RIGHT_TEXT])

    sent = send_signed(target, mail(sign, body=BODY))
    assert sent.last.status == SENT, sent.last
    assert [text for _, text in target.gateway.texts()] == [RIGHT_TEXT]


def test_the_log_names_the_field_that_is_not_signed(target: Target) -> None:
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    message = mail(SIGNED + signature(signed=OPENDKIM),
                   "Content-Type: application/octet-stream\r\n")

    target.assert_refused_at_the_end(
        send_signed(target, message), "dkim: Content-Type must be signed, because the "
                                      "text of the SMS depends on it")


WORDS = "Grüße, 5 € für Jörg"
ALTERNATIVE = (
    "--b\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    + quopri.encodestring(WORDS.encode()).decode() + "\r\n"
    "--b\r\nContent-Type: text/html; charset=\"UTF-8\"\r\n\r\n<p>Hello</p>\r\n--b--\r\n")

HONEST = [
    row("plain", "", WORDS.encode(), WORDS),
    row("8bit", "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n", WORDS.encode(), WORDS),
    row("quoted-printable", "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n",
        quopri.encodestring(WORDS.encode()), WORDS),
    row("base64", "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n", base64.encodebytes(WORDS.encode()),
        WORDS),
    row("windows-1252", "Content-Type: text/plain; charset=windows-1252\r\n"
        "Content-Transfer-Encoding: 8bit\r\n", WORDS.encode("cp1252"), WORDS),
    row("HTML", "Content-Type: text/html; charset=utf-8\r\n",
        f"<html><p>{WORDS}</p></html>".encode(), WORDS),
    row("two forms", "Content-Type: multipart/alternative; boundary=\"b\"\r\n",
        ALTERNATIVE.encode(), WORDS),
]


@pytest.mark.parametrize("fields, body, text", HONEST)
@pytest.mark.parametrize("signed", [row("Google", GOOGLE), row("Microsoft 365", MICROSOFT),
                                    row("Amazon SES", AMAZON),
                                    row("OpenDKIM", OPENDKIM)])
def test_honest_mail_passes_as_large_providers_sign_it(
        target: Target, fields: str, body: bytes, text: str, signed: str) -> None:
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    message = mail(SIGNED + signature(signed=signed), "MIME-Version: 1.0\r\n" + fields,
                   body=body + b"\r\n")

    target.assert_passes(send_signed(target, message), "dkim")
    assert [said for _, said in target.gateway.texts()] == [f"Snow: {text}"]


PARTS = ("--b\r\nContent-Type: text/plain\r\n\r\nDo not come.\r\n\r\n"
         "School is open.\r\n--b--\r\n")


@pytest.mark.parametrize("signed, fields, body, text, copied_fields, copied_body", [
    row("a line too long for quoted-printable", OPENDKIM,
        "Content-Transfer-Encoding: quoted-printable\r\n", "=C2=A35 by noon\r\n",
        "£5 by noon", "", "=C2=A35 by noon" + 80 * " " + "\r\n"),
    row("a form feed in quoted-printable", OPENDKIM,
        "Content-Transfer-Encoding: quoted-printable\r\n", "=C2=A35 by noon\r\n",
        "£5 by noon", "", "=C2=A35\fby noon\r\n"),
    row("a blank in base64", OPENDKIM, "Content-Transfer-Encoding: base64\r\n",
        "U2Nob29sIGlzIHNodXQu\r\n", "School is shut.", "",
        "U2Nob29sIGlzIHNodXQu \r\n"),
    row("a line of blanks in a part", AMAZON,
        "Content-Type: multipart/mixed; boundary=b\r\n", PARTS,
        "Do not come.\nSchool is open.",
        "Content-Type: multipart/mixed; boundary=b\r\n",
        PARTS.replace("plain\r\n\r\n", "plain\r\n \r\n")),
])
def test_white_space_that_no_signature_covers_does_not_decide_the_text(
        target: Target, signed: str, fields: str, body: str, text: str,
        copied_fields: str, copied_body: str) -> None:
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    sign = SIGNED + signature(signed=signed)
    copied = send_signed(target, mail(sign, copied_fields, body=copied_body))
    target.assert_refused_at_the_end(copied, "the text of the SMS depends on it")

    target.forget()
    sent = send_signed(target, mail(sign, fields, body=body))
    target.assert_passes(sent, "dkim")
    assert [said for _, said in target.gateway.texts()] == [f"Snow: {text}"]


def test_spf_stands_for_all_of_the_mail(target: Target) -> None:
    """With SPF nobody else can send the mail, so that no field must be signed."""
    target.configure(customers={"greenfield": {"sender_auth": ["network", "dkim"]}})
    message = mail(results(passes()) + signature(signed=OPENDKIM),
                   "Content-Type: text/html\r\n", body="<1> is <b>x</b>\r\n")
    target.assert_passes(send_signed(target, message), "dkim")


# Retries ------------------------------------------------------------------------------


def retry(gateway: Gateway, first: bytes, second: bytes, sender: str = HEAD,
          other_sender: str = HEAD) -> None:
    """Two tries of one mail. The first try could not send to the second number."""
    to = (NUMBER, f"{OTHER_PHONE}@sms.local")
    gateway.simulator.set_faults(f"shortfall,number={OTHER_PHONE}")
    tried = gateway.send(*to, sender=sender, message=first)
    assert tried.last.status.startswith("451"), tried.last
    gateway.simulator.set_faults()
    tried = gateway.send(*to, sender=other_sender, message=second)
    assert tried.last.status == SENT, tried.last


TYPE = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
ENCODING = "Content-Transfer-Encoding: "
IN_8BIT = TYPE + ENCODING + "8bit\r\n"
IN_QP = TYPE + ENCODING + "quoted-printable\r\n"
IN_BASE64 = TYPE + ENCODING + "base64\r\n"
QP = quopri.encodestring(WORDS.encode())
BASE64 = base64.encodebytes(WORDS.encode())

ONE_TRY = {"retries": 0}


@pytest.mark.settings(api=ONE_TRY)
@pytest.mark.parametrize("message_id", ["", "<snow@greenfield.sch.example>"],
                         ids=["without id", "with id"])
@pytest.mark.parametrize("first, second", [
    row("8bit, quoted-printable", (IN_8BIT, WORDS.encode()), (IN_QP, QP)),
    row("quoted-printable, base64", (IN_QP, QP), (IN_BASE64, BASE64)),
    row("base64, 8bit", (IN_BASE64, BASE64), (IN_8BIT, WORDS.encode())),
    row("UTF-8, windows-1252", (IN_8BIT, WORDS.encode()),
        (IN_8BIT.replace("utf-8", "windows-1252"), WORDS.encode("cp1252"))),
    row("another boundary",
        ("Content-Type: multipart/alternative; boundary=b\r\n", ALTERNATIVE.encode()),
        ("Content-Type: multipart/alternative;\r\n boundary=\"=_x\"\r\n",
         re.sub("(?m)^--b", "--=_x", ALTERNATIVE).encode())),
    row("white space at the ends of lines", ("", b"School is shut.\r\n"),
        ("", b"School is shut. \t\r\n\r\n")),
    row("Received", ("Received: by a;\r\n x\r\n", b"x"), ("", b"x")),
])
def test_a_retry_that_is_wrapped_otherwise_sends_only_what_is_missing(
        gateway: Gateway, message_id: str, first: tuple[str, bytes],
        second: tuple[str, bytes]) -> None:
    retry(gateway, mail(below=first[0], body=first[1], message_id=message_id),
          mail(below=second[0], body=second[1], message_id=message_id))
    assert [number for number, _ in gateway.texts()] == [PHONE, OTHER_PHONE]


@pytest.mark.settings(api=ONE_TRY)
@pytest.mark.parametrize("message_id", ["", "<snow@greenfield.sch.example>"],
                         ids=["without id", "with id"])
@pytest.mark.parametrize("other_sender", [
    f"Head@{GREENFIELD}", f"HEAD@{GREENFIELD.upper()}",
    f"prvs=1234567890={HEAD}", f"btv1==0123456789a=={HEAD}"])
def test_a_retry_by_another_spelling_of_the_sender_is_one(
        gateway: Gateway, message_id: str, other_sender: str) -> None:
    message = mail(message_id=message_id)
    retry(gateway, message, message, other_sender=other_sender)
    assert [number for number, _ in gateway.texts()] == [PHONE, OTHER_PHONE]


@pytest.mark.settings(api=ONE_TRY, customers={"greenfield": {"rate": "5/minute"}})
@pytest.mark.parametrize("message_id", ["", "<snow@greenfield.sch.example>"],
                         ids=["without id", "with id"])
def test_a_retry_of_a_large_mail_sends_only_what_is_missing(gateway: Gateway,
                                                            message_id: str) -> None:
    """An earlier filter writes the address of the client, which has another length at the
    retry."""
    phones = [f"+44770090012{place}" for place in range(7)]
    body = ("y" * 70 + "\r\n") * 20_000  # 1.4 MB
    for client in ("192.0.2.1", "192.0.2.123", "2001:db8::1234:5678"):
        message = mail(f"X-Client: {client}\r\n", body="School is shut.\r\n\r\n" + body,
                       message_id=message_id)
        tried = gateway.send(*(f"{phone}@sms.local" for phone in phones), sender=HEAD,
                             message=message)
        if tried.last.is_good:
            break
        gateway.journal.let_time_pass(60)

    assert sorted(number for number, _ in gateway.texts()) == phones


@pytest.mark.settings(api=ONE_TRY)
def test_a_reload_between_two_tries_makes_no_other_mail(gateway: Gateway) -> None:
    page = mail(below="Content-Type: text/html\r\n",
                body="<p>No <a href=\"https://a.example/\">bus</a><p>Ref: 1\r\n")
    gateway.simulator.set_faults(f"shortfall,number={OTHER_PHONE}")
    to = (NUMBER, f"{OTHER_PHONE}@sms.local")
    gateway.send(*to, sender=HEAD, message=page)
    gateway.simulator.set_faults()
    gateway.configure(api=ONE_TRY, text={"template": "{body}", "links": "url",
                                         "strip": ["Ref: [0-9]+"]})
    assert gateway.send(*to, sender=HEAD, message=page).last.status == SENT
    assert [number for number, _ in gateway.texts()] == [PHONE, OTHER_PHONE]


@pytest.mark.parametrize("place", ["global", "customer"])
def test_a_device_with_one_message_id_may_be_named(gateway: Gateway, place: str) -> None:
    patterns = {"reused_message_ids": ["*@UPS.example"]}
    gateway.configure(**(patterns if place == "global" else
                         {"customers": {"greenfield": patterns}}))
    alarm = mail(message_id="<1@ups.example>")
    for _ in range(3):
        assert gateway.send(NUMBER, sender=HEAD, message=alarm).last.status == SENT
    assert len(gateway.texts()) == 3

    other = mail(message_id="<1@other.example>")
    for _ in range(3):
        assert gateway.send(NUMBER, sender=HEAD, message=other).last.status == SENT
    assert len(gateway.texts()) == 4


# A header of its own bound ------------------------------------------------------------


def test_a_header_that_is_too_long_is_refused_in_plain_words(gateway: Gateway) -> None:
    message = mail(padding(57_000, 18))
    sent = gateway.send(NUMBER, sender=HEAD, message=message)
    assert sent.last.status == "552 5.3.4"
    assert "header" in sent.last.text and "512 KiB" in sent.last.text
    assert gateway.texts() == []
    assert gateway.send(NUMBER, sender=HEAD,
                        message=mail(padding(57_000, 8))).last.status == SENT


# Odd fields, which no mail server hands over ------------------------------------------


GOOD_RESULTS = f" mx.test.example; {passes()}"


def deliver_fields(gateway: Gateway, fields: list[tuple[bytes, bytes]],
                   peer: str = "127.0.0.9") -> bytes:
    """The answer of the milter to a mail with these fields, sent as packets of the
    protocol."""
    with MilterClient(gateway) as client:
        client.send(b"O", struct.pack("!III", 6, 0x1FF, 0x1FFFFF))
        assert client.read()[0] == b"O"
        client.send(b"C", b"client.example\0" + b"4" + struct.pack("!H", 25) +
                    peer.encode() + b"\0")
        client.send(b"M", f"<{HEAD}>\0".encode())
        assert client.ask(b"R", f"<{NUMBER}>\0".encode()) == b"c"
        client.send(b"T")
        assert client.read()[0] == b"c"
        for name, value in fields:
            client.send(b"L", name + b"\0" + value + b"\0")
        client.send(b"N")
        client.ask(b"B", b"School is shut.\r\n")
        client.send(b"E")
        answer, data = client.read()
        while answer in (b"p", b"-"):
            answer, data = client.read()
        return answer + data


def basic_fields() -> list[tuple[bytes, bytes]]:
    return [(b"From", HEAD.encode()), (b"To", f"<{NUMBER}>".encode()),
            (b"Subject", b"Snow"), (b"Date", NOW.encode())]


@pytest.mark.parametrize("break_", [b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n", b"\n\r"],
                         ids=repr)
@pytest.mark.parametrize("place", ["value", "name"])
@pytest.mark.parametrize("hidden", [b"Authentication-Results", b"authentication-results "])
def test_a_line_break_makes_no_second_field(gateway: Gateway, break_: bytes, place: str,
                                            hidden: bytes) -> None:
    gateway.configure(**EVERY_METHOD)
    results_ = hidden + b":" + GOOD_RESULTS.replace(
        "mx.test.example", EVERY_METHOD["authserv_id"]).encode()
    odd = ((b"X-Y", b"z" + break_ + results_) if place == "value" else
           (b"X-Y: z" + break_ + hidden, results_.partition(b":")[2]))
    answer = deliver_fields(gateway, [odd, *basic_fields()])

    assert b"550" in answer and b"5.7.1" in answer, answer
    assert gateway.texts() == []


@pytest.mark.parametrize("odd", [
    row("a type in a value", (b"X-Y", b"z\nContent-Type: application/octet-stream")),
    row("a type in a name", (b"X-Y: z\nContent-Type", b"application/octet-stream")),
    row("an end of the header", (b"X-Y", b"z\n\nHello")),
    row("an end of the header by CR", (b"X-Y", b"z\r\rHello")),
    row("an end in a name", (b"X\n\nY", b"z")),
    row("a colon", (b":", b"z")),
    row("a blank name", (b" ", b"z")),
    row("a name of 8 bits", (b"Gr\xfc\xdfe", b"z")),
    row("a control character", (b"X\x01Y", b"z")),
    row("a subject in a value", (b"X-Y", b"z\nSubject: Pay here")),
    row("a subject behind a CR", (b"X-Y", b"z\rSubject: Pay here")),
    row("a fold that begins a name", (b" X-Y", b"z")),
])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
def test_an_odd_field_changes_nothing_of_the_others(
        gateway: Gateway, odd: tuple[bytes, bytes], is_first: bool) -> None:
    fields = basic_fields()
    answer = deliver_fields(gateway, [odd, *fields] if is_first else [*fields, odd],
                            GREENFIELD_RELAY)

    assert answer[:1] in (b"d", b"a", b"c"), answer
    assert [text for _, text in gateway.texts()] == ["Snow: School is shut."]


@pytest.mark.parametrize("name", [b"From", b"Authentication-Results", b"DKIM-Signature",
                                  b"To", b"Date"])
@pytest.mark.parametrize("value", [b"x\ny", b"x\ry", b"x\n\n y"], ids=repr)
def test_an_odd_value_of_a_field_that_proves_spoils_the_proof(
        gateway: Gateway, name: bytes, value: bytes) -> None:
    gateway.configure(**EVERY_METHOD)
    good = (b"Authentication-Results",
            f" {EVERY_METHOD['authserv_id']}; spf=pass smtp.mailfrom={HEAD}".encode())
    answer = deliver_fields(gateway, [good, (name, value), *basic_fields()])

    assert b"550" in answer and b"5.7.1" in answer, answer
    assert gateway.texts() == []
