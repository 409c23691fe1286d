# SPDX-License-Identifier: ISC
"""Each row of the verdict table and each fault of the API, with all its consequences: the
reply, the rows of the journal, the SMS at the API, and the bounce."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import pytest

from certificates import make_certificate
from gateway import OFFICE, Gateway
from journal_file import Row
from settings import KEYS, OAKHILL_RELAY, STRANGER
from simulator_process import Simulator
from smtp import Transaction
from waiting import TIMED_OUT_S, wait_until

PHONE, OTHER_PHONE, THIRD_PHONE = "+447700900123", "+447700900124", "+447700900125"
NUMBER, OTHER, THIRD = (f"{phone}@sms.local"
                        for phone in (PHONE, OTHER_PHONE, THIRD_PHONE))
PARENT = "parent@ordinary.example"
OAKHILL = "office@oakhill.sch.example"
MESSAGE_ID = "<snow.1@greenfield.sch.example>"

PERHAPS = "the SMS may have been sent"

# The API is asked once for a mail, and however often it fails.
ONE_TRY = {"retries": 0, "breaker_failures": 1000}


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """The API's counters begin with the test, and its bounces end with it."""
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    yield gateway
    gateway.postfix.wait_until_done()


@pytest.fixture
def known(gateway: Gateway) -> Gateway:
    """The API has already accepted the customer's key."""
    gateway.prove_key()
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    return gateway


# What a mail leaves behind ---------------------------------------------------------


class Bounced(NamedTuple):
    """What a DSN (RFC 3464) says of one recipient."""

    status: str
    words: str


def bounces(gateway: Gateway, sender: str = OFFICE) -> dict[str, Bounced]:
    """What the sender was told about each recipient that bounced."""
    told: dict[str, Bounced] = {}
    for mail in gateway.postfix.delivered(sender):
        assert mail["Return-Path"] == "<>"
        assert mail.get_content_type() == "multipart/report"
        for recipient, bounced in read_delivery_status(mail):
            assert recipient not in told, f"told twice of {recipient}"
            told[recipient] = bounced
    return told


def read_delivery_status(mail: EmailMessage) -> Iterator[tuple[str, Bounced]]:
    [report] = [part for part in mail.walk()
                if part.get_content_type() == "message/delivery-status"]
    _of_the_mail, *of_recipients = report.get_payload()
    for part in of_recipients:
        assert part["Action"] == "failed"
        recipient = part["Original-Recipient"].removeprefix("rfc822;").strip()
        words = part["Diagnostic-Code"].removeprefix("x-unix;")
        yield recipient, Bounced(part["Status"], " ".join(words.split()))


def requests(gateway: Gateway) -> int:
    """How often the API was asked, including requests that are not answered yet."""
    return gateway.simulator.stats()["requests"]


def queue_ids(gateway: Gateway) -> list[str]:
    """Postfix's queue id of each mail that got one, oldest first."""
    return re.findall(r"smtpd\[\d+\]: (\w+): client=", gateway.postfix.log())


# The cases -------------------------------------------------------------------------


@dataclass(frozen=True)
class Sms:
    """The outcome for one number of a mail, as it is in the journal."""

    state: str
    number: str = PHONE
    status: str = ""
    words: str = ""  # of the reason
    is_posted: bool = True  # the API was asked


def sent(number: str = PHONE) -> Sms:
    return Sms("sent", number)


def refused(words: str, number: str = PHONE) -> Sms:
    return Sms("refused", number, "5.7.1", words)


def not_posted(status: str, words: str) -> Sms:
    """An SMS that was refused before the API was asked."""
    return Sms("refused", PHONE, status, words, is_posted=False)


def failed(words: str, number: str = PHONE, status: str = "4.4.5") -> Sms:
    return Sms("failed", number, status, words)


def unknown(number: str = PHONE, words: str = PERHAPS, status: str = "4.4.2") -> Sms:
    return Sms("unknown", number, status, words)


@dataclass(frozen=True)
class Case:
    """A mail and its expected outcome. What is not given follows from the rest: the verdict
    from the reply, the bounces and the SMS from both."""

    name: str
    status: str  # the last reply's
    words: str = ""  # in the last reply, a pattern
    sms: tuple[Sms, ...] = ()
    to: tuple[str, ...] = (NUMBER,)
    faults: tuple[str, ...] = ()
    mail: dict[str, Any] = field(default_factory=dict)  # for gateway.send()
    at_rcpt: tuple[str, ...] = ()  # statuses, where not all are good
    queued: tuple[str, ...] | None = None  # the numbers that got an SMS
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return {"2": "accepted", "4": "deferred", "5": "rejected"}[self.status[0]]

    @property
    def expected_texts(self) -> list[str]:
        if self.queued is not None:
            return list(self.queued)
        return [sms.number for sms in self.sms if sms.state == "sent"]


def check(gateway: Gateway, case: Case) -> None:
    gateway.simulator.set_faults(*case.faults)
    mail = {"Message_ID": MESSAGE_ID} | case.mail
    done = gateway.send(*case.to, **mail)
    check_outcome(gateway, case, done)


def check_outcome(gateway: Gateway, case: Case, done: Transaction) -> None:
    check_reply(case, done)
    check_journal(gateway, case)
    assert [number for number, _ in gateway.texts()] == case.expected_texts
    check_mail_that_goes_on(gateway, case)


def check_reply(case: Case, done: Transaction) -> None:
    at_rcpt = tuple(reply.status for reply in done.recipients)
    assert at_rcpt == (case.at_rcpt or ("250 2.1.5",) * len(case.to))
    reply = done.last
    assert reply.status == case.status, reply
    assert re.search(case.words, reply.text), reply
    if case.verdict == "rejected" and case.sms:
        assert len(reply.lines) == len(case.sms)
        for line, sms in zip(reply.lines, case.sms):
            assert line.startswith(f"{sms.number}: ") and sms.words in line
    if case.verdict == "deferred":
        states = [sms.state for sms in case.sms]
        assert not case.sms or any(sms.words in reply.text for sms in case.sms)
        assert (PERHAPS in reply.text) == ("unknown" in states)


def check_journal(gateway: Gateway, case: Case) -> None:
    rows = gateway.journal.rows()
    assert [row["number"] for row in rows] == [sms.number for sms in case.sms]
    api_ids = {sms["number"]: sms["id"] for sms in gateway.simulator.messages()}
    for row, sms in zip(rows, case.sms):
        check_row(row, sms, case)
        assert row["api_message_id"] == (api_ids[sms.number] if sms.state == "sent"
                                         else "")
    if case.sms:
        ids = wait_until(lambda: queue_ids(gateway), "the queue id in Postfix's log")
        assert {row["queue_id"] for row in rows} == {ids[-1]}


def check_row(row: Row, sms: Sms, case: Case) -> None:
    assert (row["state"], row["verdict"], row["status"]) == (sms.state, case.verdict,
                                                             sms.status), row
    assert sms.words in row["reason"]
    assert bool(row["reason"]) == (sms.state != "sent")
    assert row["attempts"] == row["parts"] == int(sms.is_posted)
    assert row["unknowns"] == int(sms.state == "unknown")
    assert row["message_id"] == MESSAGE_ID
    assert (row["customer"], row["sender"]) == ("greenfield", OFFICE)


def check_mail_that_goes_on(gateway: Gateway, case: Case) -> None:
    """The ordinary recipient gets the mail, the sender gets a bounce for exactly the
    refused numbers, and the other numbers are gone from the mail after the filter."""
    is_accepted = case.verdict == "accepted"
    failures = [sms for sms in case.sms if is_accepted and sms.state != "sent"]

    told = bounces(gateway)
    assert set(told) == {f"{sms.number}@sms.local" for sms in failures}
    for sms in failures:
        bounced = told[f"{sms.number}@sms.local"]
        assert bounced.status == sms.status
        assert sms.words in bounced.words
    reached = {mail["X-Original-To"] for mail in gateway.postfix.delivered()}
    expected = {PARENT} if is_accepted and PARENT in case.to else set()
    assert reached - {OFFICE} == expected


def table(*cases: Case) -> Any:
    """Parameters for a test of check()."""
    return pytest.mark.parametrize("case", [
        pytest.param(case, id=case.name, marks=pytest.mark.settings(
            **{"api": ONE_TRY} | case.settings)) for case in cases])


# The verdict table -----------------------------------------------------------------


AUTOMATIC = {"Auto_Submitted": "auto-replied"}
AUTOMATIC_WORDS = "automatic mail"
OVERLONG = {"text": {"overlong": "reject", "max_parts": 1}}


@table(
    Case("a recipient outside sms-domains is not ours", "250 2.0.0", to=(PARENT,)),
    Case("what is no number is refused at RCPT", "550 5.1.3",
         to=("office@sms.local",), at_rcpt=("550 5.1.3",)),
    Case("a sender of no customer is refused at RCPT", "550 5.7.1",
         "elsewhere.example", mail={"sender": "x@elsewhere.example"},
         at_rcpt=("550 5.7.1",)),
    Case("a sender of no customer reaches the ordinary recipient", "250 2.0.0",
         to=(PARENT, NUMBER), mail={"sender": "x@elsewhere.example"},
         at_rcpt=("250 2.1.5", "550 5.7.1")),
    Case("the null sender is refused at RCPT", "550 5.7.1", mail={"sender": ""},
         at_rcpt=("550 5.7.1",)),
    Case("a number that is not allowed is refused at RCPT", "550 5.7.1", "allow",
         to=("+33612345678@sms.local",), at_rcpt=("550 5.7.1",)),
    Case("a number that is not allowed does not harm the others", "250 2.0.0",
         sms=(sent(),), to=("+33612345678@sms.local", NUMBER),
         at_rcpt=("550 5.7.1", "250 2.1.5")),
    Case("a sender who proves nothing is refused at the end", "550 5.7.1",
         mail={"source": STRANGER}),
    Case("a sender who proves nothing is refused for the whole mail", "550 5.7.1",
         to=(PARENT, NUMBER), mail={"source": STRANGER}),
    Case("automatic mail is refused", "550 5.7.1", mail=AUTOMATIC,
         sms=(not_posted("5.7.1", AUTOMATIC_WORDS),)),
    Case("automatic mail bounces where an ordinary recipient is in it", "250 2.0.0",
         to=(NUMBER, PARENT), mail=AUTOMATIC,
         sms=(not_posted("5.7.1", AUTOMATIC_WORDS),)),
    Case("a mail without text is refused", "554 5.6.0", mail={"body": " "},
         sms=(not_posted("5.6.0", "no text"),)),
    Case("a mail without text bounces where an ordinary recipient is in it",
         "250 2.0.0", to=(NUMBER, PARENT), mail={"body": " "},
         sms=(not_posted("5.6.0", "no text"),)),
    Case("an SMS that the API queued is sent", "250 2.0.0", sms=(sent(),)),
    Case("two SMS that the API queued are sent", "250 2.0.0", to=(NUMBER, OTHER),
         sms=(sent(), sent(OTHER_PHONE))),
    Case("an SMS beside an ordinary recipient is sent", "250 2.0.0",
         to=(PARENT, NUMBER), sms=(sent(),)),
    Case("one refused of two bounces", "250 2.0.0", to=(NUMBER, OTHER),
         faults=(f"invalid,number={OTHER_PHONE}",),
         sms=(sent(), refused("Data is not valid, no messages sent", OTHER_PHONE))),
    Case("two refused of three bounce, each with its reason", "250 2.0.0",
         to=(NUMBER, OTHER, THIRD),
         faults=(f"error=Number is barred,number={PHONE}",
                 f"no-sms,number={THIRD_PHONE}"),
         sms=(refused("Number is barred"), sent(OTHER_PHONE),
              refused("Customer does not allow sending SMS", THIRD_PHONE))),
    Case("all refused is a refusal that names each", "550 5.7.1", to=(NUMBER, OTHER),
         faults=(f"error=Number is barred,number={PHONE}", "invalid"),
         sms=(refused("Number is barred"), refused("Data is not valid", OTHER_PHONE))),
    Case("all refused bounce where an ordinary recipient is in the mail", "250 2.0.0",
         to=(NUMBER, PARENT, OTHER),
         faults=(f"error=Number is barred,number={PHONE}", "invalid"),
         sms=(refused("Number is barred"), refused("Data is not valid", OTHER_PHONE))),
    Case("all certainly not sent puts the whole mail off", "451 4.4.5",
         to=(NUMBER, PARENT, OTHER), faults=("http=503",),
         sms=(failed("HTTP 503"), failed("HTTP 503", OTHER_PHONE))),
    Case("one perhaps sent puts the whole mail off", "451 4.4.2", PERHAPS,
         to=(NUMBER, OTHER, PARENT, THIRD),
         faults=(f"shortfall,number={OTHER_PHONE}", f"invalid,number={THIRD_PHONE}"),
         sms=(sent(), unknown(OTHER_PHONE), refused("Data is not valid", THIRD_PHONE))),
)
def test_verdict(gateway: Gateway, case: Case) -> None:
    check(gateway, case)


@table(
    Case("a text over max-parts is refused", "552 5.3.4", r"\b2\b.*\b1\b",
         mail={"body": "x" * 161}, settings=OVERLONG,
         sms=(not_posted("5.3.4", "2"),)),
    Case("a text over max-parts bounces where an ordinary recipient is in the mail",
         "250 2.0.0", to=(PARENT, NUMBER), mail={"body": "x" * 161}, settings=OVERLONG,
         sms=(not_posted("5.3.4", "2"),)),
    Case("more than max-recipients are put off at RCPT, the others sent", "250 2.0.0",
         to=(NUMBER, OTHER, THIRD), settings={"max_recipients": 2},
         at_rcpt=("250 2.1.5", "250 2.1.5", "452 4.5.3"),
         sms=(sent(), sent(OTHER_PHONE))),
    Case("automatic mail is discarded where so configured", "250 2.0.0",
         mail=AUTOMATIC, settings={"auto_replies": "discard"}),
    Case("automatic mail is discarded for the numbers alone", "250 2.0.0",
         to=(NUMBER, PARENT), mail=AUTOMATIC, settings={"auto_replies": "discard"}),
    Case("automatic mail is sent where so configured", "250 2.0.0", sms=(sent(),),
         mail=AUTOMATIC, settings={"auto_replies": "send"}),
    Case("a wrong key is the administrator's to mend", "451 4.7.0",
         settings={"customers": {"greenfield": {"customer_id": "2001",
                                                "api_key": "wr0ng"}}},
         sms=(failed("Data is not valid", status="4.7.0"),)),
)
def test_verdict_by_configuration(gateway: Gateway, case: Case) -> None:
    check(gateway, case)


@pytest.mark.settings(api=ONE_TRY)
def test_nothing_is_sent_while_the_journal_cannot_be_written(gateway: Gateway) -> None:
    gateway.send(NUMBER)  # it has been opened
    gateway.clear()
    with closing(gateway.journal.connect()) as another:
        another.execute("BEGIN IMMEDIATE")
        case = Case("", "451 4.3.0", "journal", to=(NUMBER, PARENT))
        done = gateway.send(NUMBER, PARENT, Message_ID=MESSAGE_ID)
    check_outcome(gateway, case, done)
    assert gateway.simulator.requests() == []

    check(gateway, Case("", "250 2.0.0", to=(NUMBER, PARENT), sms=(sent(),)))


# Each fault of the API ---------------------------------------------------------------


CODES = {"sent": "250 2.0.0", "refused": "550", "failed": "451", "unknown": "451"}


def of_fault(fault: str, sms: Sms, *, is_queued: bool | None = None,
             timeout_s: int | None = None) -> Case:
    """A mail to one number. is_queued: the phone gets it, whether the gateway knows that or
    not."""
    api = ONE_TRY | ({"timeout": timeout_s} if timeout_s else {})
    return Case(fault, f"{CODES[sms.state]} {sms.status}".strip(), sms=(sms,),
                faults=(fault,), settings={"api": api},
                queued=None if is_queued is None else (sms.number,) * is_queued)


def of_http(status: int) -> Case:
    words = f"the SMS service answered HTTP {status}"
    if status == 400:
        return of_fault(f"http={status}", refused(words))
    if status in (401, 403):
        return of_fault(f"http={status}", failed(words, status="4.7.0"))
    if status in (301, 307, 308, 404, 405, 413, 415, 429, 503):
        return of_fault(f"http={status}", failed(words))
    if status < 300:
        return of_fault(f"http={status}", unknown(words="cannot be understood"))
    return of_fault(f"http={status}", unknown(words=words))


@table(
    of_fault("invalid", refused("Data is not valid, no messages sent")),
    of_fault("no-sms", refused("Customer does not allow sending SMS")),
    of_fault("no-partner",
             refused("Partner account not authorized for this customer")),
    of_fault(r"error=Number is barred\, sorry", refused("Number is barred, sorry")),
    of_fault(r"error=OKAY\, but no", refused("OKAY, but no")),
    of_fault("error=OK", unknown(words="cannot be understood")),
    of_fault("remark=Account is low", sent()),
    of_fault("shortfall", unknown(), is_queued=False),
    of_fault("no-id", unknown(), is_queued=True),
    of_fault(f"reset-before,number={PHONE}", unknown(), is_queued=False),
    of_fault("reset-after", unknown(), is_queued=True),
    of_fault("close-after", unknown(), is_queued=True),
    of_fault("half", unknown(), is_queued=True),
    of_fault("not-json", unknown(), is_queued=True),
    of_fault("empty", unknown(), is_queued=True),
    of_fault("huge", unknown(words="too large"), is_queued=True),
    of_fault("huge=100000", sent()),
    of_fault("fewer", unknown(), is_queued=True),
    of_fault("object", unknown(), is_queued=True),
    of_fault("reversed", sent()),
    of_fault("slow=1", sent()),
    of_fault("never", unknown(), is_queued=True, timeout_s=TIMED_OUT_S),
    of_fault("slow=3000", unknown(), is_queued=True, timeout_s=TIMED_OUT_S),
)
def test_fault(known: Gateway, case: Case) -> None:
    check(known, case)
    assert requests(known) == 1


@pytest.mark.settings(api=ONE_TRY)
def test_fault_reset_before(gateway: Gateway) -> None:
    """The body may or may not have been sent, and the reply agrees with that."""
    gateway.simulator.set_faults("reset-before")
    reply = gateway.send(NUMBER, PARENT, Message_ID=MESSAGE_ID).last
    is_unknown = PERHAPS in reply.text

    sms = unknown() if is_unknown else failed("cannot be reached", status="4.4.2")
    assert gateway.journal.states() == [(PHONE, sms.state, "deferred")]
    check_row(gateway.journal.rows()[0], sms, Case("", reply.status))
    assert reply.status == "451 4.4.2"
    assert gateway.texts() == gateway.postfix.delivered() == []


@table(*map(of_http, (200, 201, 202, 204, 301, 302, 303, 304, 307, 308, 400, 401, 403,
                      404, 405, 408, 409, 413, 415, 429, 500, 501, 502, 503, 504, 599)))
def test_http_status(gateway: Gateway, case: Case) -> None:
    check(gateway, case)
    assert requests(gateway) == 1


@table(
    Case("fewer: those that are answered are known", "451 4.4.2", PERHAPS,
         faults=("fewer",), to=(NUMBER, OTHER, THIRD),
         sms=(unknown(), sent(OTHER_PHONE), sent(THIRD_PHONE)),
         queued=(PHONE, OTHER_PHONE, THIRD_PHONE)),
    Case("object: one answer for two is none", "451 4.4.2", PERHAPS,
         faults=("object",), to=(NUMBER, OTHER),
         sms=(unknown(), unknown(OTHER_PHONE)), queued=(PHONE, OTHER_PHONE)),
    Case("reversed: each answer finds its number", "250 2.0.0",
         faults=("reversed", f"invalid,number={THIRD_PHONE}"),
         to=(NUMBER, OTHER, THIRD),
         sms=(sent(), sent(OTHER_PHONE), refused("Data is not valid", THIRD_PHONE))),
    Case("no-id: the others are sent", "451 4.4.2", PERHAPS,
         faults=(f"no-id,number={OTHER_PHONE}",), to=(NUMBER, OTHER),
         sms=(sent(), unknown(OTHER_PHONE)), queued=(PHONE, OTHER_PHONE)),
    Case("never: of none anything is known", "451 4.4.2", PERHAPS,
         faults=("never",), to=(NUMBER, OTHER, PARENT),
         sms=(unknown(), unknown(OTHER_PHONE)), queued=(PHONE, OTHER_PHONE),
         settings={"api": ONE_TRY | {"timeout": TIMED_OUT_S}}),
)
def test_fault_of_several(gateway: Gateway, case: Case) -> None:
    check(gateway, case)
    assert requests(gateway) == 1


@pytest.mark.parametrize("url, status", [
    ("http://127.0.0.1:{port}/", "4.4.1"), ("https://127.0.0.1:{port}/", "4.4.1"),
    ("https://api.invalid/", "4.4.3")])
@pytest.mark.settings(api=ONE_TRY)
def test_an_api_that_cannot_be_reached(gateway: Gateway, url: str, status: str) -> None:
    case = Case("", f"451 {status}", to=(NUMBER, PARENT),
                sms=(failed("the SMS service cannot be reached", status=status),))
    with socket.socket() as taken:  # nobody listens, and nobody else can begin to
        taken.bind(("127.0.0.1", 0))
        gateway.configure(api=ONE_TRY | {
            "url": url.format(port=taken.getsockname()[1])})
        check(gateway, case)


@pytest.mark.settings(api=ONE_TRY)
def test_an_api_without_tls_on_its_port(gateway: Gateway) -> None:
    gateway.configure(api=ONE_TRY | {
        "url": gateway.simulator.api_url.replace("http:", "https:")})
    check(gateway, Case("", "451 4.4.2",
                        sms=(failed("the SMS service cannot be reached",
                                    status="4.4.2"),)))


def test_an_api_whose_certificate_nobody_vouches_for(gateway: Gateway,
                                                     tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    with Simulator(customers=KEYS, cert=made.cert, key=made.key) as api:
        gateway.configure(api=ONE_TRY | {"url": api.api_url})
        check(gateway, Case("", "451 4.4.2",
                            sms=(failed("the SMS service cannot be reached",
                                        status="4.4.2"),)))
        assert api.requests() == []  # whose key is not told to just anybody


@pytest.mark.settings(api=ONE_TRY | {"max_in_flight": 1})
def test_more_requests_than_may_be_in_flight(gateway: Gateway) -> None:
    with ThreadPoolExecutor() as pool:
        gateway.simulator.set_faults("hold,count=1")
        first = pool.submit(gateway.send, OTHER)
        wait_until(lambda: requests(gateway) == 1, "a request")
        done = gateway.send(NUMBER, Message_ID=MESSAGE_ID)
        assert not first.done()
        gateway.simulator.set_faults()
        assert first.result().last.status == "250 2.0.0"

    assert done.last.status == "451 4.4.5"
    assert [number for number, _ in gateway.texts()] == [OTHER_PHONE]
    assert gateway.journal.states() == [(OTHER_PHONE, "sent", "accepted"),
                                        (PHONE, "failed", "deferred")]
    check_row(gateway.journal.rows()[1], failed("max-in-flight"), Case("", "451 4.4.5"))


# What is tried again before the client hears of it --------------------------------


@pytest.fixture
def forgetful(gateway: Gateway) -> Iterator[Gateway]:
    """The milter of the next test does not know of the API failures of this one."""
    yield gateway
    gateway.milter.stop()


TWO_RETRIES = {"retries": 2, "breaker_failures": 1000}

# Longer than any mail waits, and not so long that it is cut.
RETRY_AFTER_S = 200


@pytest.mark.settings(api=TWO_RETRIES)
@pytest.mark.parametrize("fault, count", [
    ("http=503,count=1", 2), ("http=429,count=1", 2), ("http=503,count=2", 3)])
def test_what_was_not_sent_is_tried_again_within_the_mail(
        gateway: Gateway, fault: str, count: int) -> None:
    check(gateway, Case("", "250 2.0.0", faults=(fault,), to=(NUMBER, OTHER),
                        sms=(sent(), sent(OTHER_PHONE))))
    assert requests(gateway) == count


@pytest.mark.settings(api=TWO_RETRIES)
def test_it_is_tried_again_as_often_as_configured(gateway: Gateway) -> None:
    check(gateway, Case("", "451 4.4.5", faults=("http=503",),
                        sms=(failed("HTTP 503"),)))
    assert requests(gateway) == 3


@pytest.mark.settings(api=TWO_RETRIES)
@pytest.mark.parametrize("fault, is_queued", [
    (f"reset-before,number={PHONE}", False), ("reset-after", True),
    ("close-after", True), ("half", True), ("not-json", True), ("empty", True),
    ("no-id", True), ("shortfall", False), ("http=500", False), ("http=502", False),
    ("http=504", False)])
def test_what_was_perhaps_sent_is_not_tried_again_within_the_mail(
        gateway: Gateway, fault: str, is_queued: bool) -> None:
    check(gateway, of_fault(f"{fault},count=1", unknown(), is_queued=is_queued))
    assert requests(gateway) == 1


@pytest.mark.settings(api=TWO_RETRIES)
@pytest.mark.parametrize("fault, sms", [
    ("invalid", refused("Data is not valid")),
    ("http=401", failed("HTTP 401", status="4.7.0")),
    ("http=400", refused("HTTP 400"))])
def test_what_was_refused_is_not_tried_again(known: Gateway, fault: str,
                                             sms: Sms) -> None:
    gateway = known
    check(gateway, of_fault(f"{fault},count=1", sms))
    assert requests(gateway) == 1


def test_a_connection_that_fails_is_tried_again(forgetful: Gateway) -> None:
    """The circuit breaker counts every try."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        forgetful.configure(api={
            "url": f"http://127.0.0.1:{taken.getsockname()[1]}/", "retries": 2,
            "breaker_failures": 3})
        check(forgetful, Case("", "451 4.4.1",
                              sms=(failed("cannot be reached", status="4.4.1"),)))
    forgetful.milter.wait_for_log(r"api: 127\.0\.0\.1 failed 3 times")


# The API asks for patience ---------------------------------------------------------


def assert_not_waited(gateway: Gateway) -> None:
    """The last mail did not wait as long as the API asked."""
    *_, line = [line for line in gateway.milter.log_lines() if "outcome=" in line]
    assert int(re.search(r"api_ms=(\d+)", line)[1]) < RETRY_AFTER_S * 1000


@pytest.mark.settings(api=TWO_RETRIES)
@pytest.mark.parametrize("http", ["http=503", "http=429"])
def test_retry_after_is_waited_for_where_there_is_time(forgetful: Gateway,
                                                       http: str) -> None:
    check(forgetful, Case("", "250 2.0.0", faults=(f"{http},retry-after=1,count=1",),
                          sms=(sent(),)))

    first, second = (datetime.fromisoformat(request["received"].replace("Z", "+00:00"))
                     for request in forgetful.simulator.requests())
    assert (second - first).total_seconds() > 0.99


@pytest.mark.settings(api=TWO_RETRIES)
def test_a_long_retry_after_puts_off_at_once_and_everybody(forgetful: Gateway) -> None:
    check(forgetful, Case("", "451 4.4.5", faults=(f"http=503,retry-after={RETRY_AFTER_S},count=1",),
                          sms=(failed("HTTP 503"),)))
    assert_not_waited(forgetful)
    assert requests(forgetful) == 1

    for sender, source in ((OFFICE, "127.0.0.2"), (OAKHILL, OAKHILL_RELAY)):
        again = forgetful.send(OTHER, sender=sender, source=source)
        assert again.last.status == "451 4.4.5"
        assert re.search(r"wait \d+ s", again.last.text)
        assert_not_waited(forgetful)
    assert requests(forgetful) == 1
    assert forgetful.send(PARENT).last.status == "250 2.0.0"
    assert [row["state"] for row in forgetful.journal.rows()] == ["failed"] * 3


@pytest.mark.settings(api=TWO_RETRIES)
def test_a_429_is_for_the_customer_who_sent_too_much(forgetful: Gateway) -> None:
    check(forgetful, Case("", "451 4.4.5", faults=(f"http=429,retry-after={RETRY_AFTER_S},count=1",),
                          sms=(failed("HTTP 429"),)))

    other = forgetful.send(OTHER, sender=OAKHILL, source=OAKHILL_RELAY)
    assert other.last.status == "250 2.0.0"
    assert forgetful.send(THIRD).last.status == "451 4.4.5"
    assert requests(forgetful) == 2


# The circuit breaker -----------------------------------------------------------------


@pytest.mark.settings(api={"retries": 0, "breaker_failures": 3,
                           "breaker_cooldown": 3600})
def test_after_some_failures_the_api_is_left_alone(forgetful: Gateway) -> None:
    forgetful.simulator.set_faults("reset-before,count=3")
    for number in (NUMBER, OTHER, THIRD):
        assert forgetful.send(number).last.status == "451 4.4.2"
    forgetful.clear()

    check(forgetful, Case("", "451 4.4.1", "the SMS service does not respond",
                          to=(NUMBER, PARENT),
                          sms=(failed("the SMS service does not respond",
                                      status="4.4.1"),)))
    assert_not_waited(forgetful)
    assert forgetful.simulator.requests() == []
    assert forgetful.send(PARENT).last.status == "250 2.0.0"
    assert len(forgetful.postfix.delivered(PARENT)) == 1
    assert len(api_lines(forgetful)) == 1


@pytest.mark.settings(api={"retries": 0, "breaker_failures": 2, "breaker_cooldown": 60})
def test_an_answer_between_failures_is_none_in_a_row(forgetful: Gateway) -> None:
    for fault in ("reset-before", "http=500", "reset-before"):
        forgetful.simulator.set_faults(fault)
        assert forgetful.send(NUMBER, body=fault).last.status == "451 4.4.2"
    forgetful.simulator.set_faults()

    assert forgetful.send(OTHER).last.status == "250 2.0.0"
    assert api_lines(forgetful) == []


@pytest.mark.settings(api={"retries": 0, "breaker_failures": 1, "breaker_cooldown": 1})
def test_after_the_cooldown_a_single_sms_tries_the_api(forgetful: Gateway) -> None:
    simulator = forgetful.simulator
    simulator.set_faults("reset-before")
    assert forgetful.send(NUMBER).last.status == "451 4.4.2"
    simulator.set_faults("hold")

    def send_until_sent() -> None:
        wait_until(lambda: forgetful.send(NUMBER).last.is_good, "an API that is asked")

    with ThreadPoolExecutor() as pool:
        probe = pool.submit(send_until_sent)
        wait_until(lambda: requests(forgetful) == 2, "the probe")
        meanwhile = forgetful.send(OTHER)
        assert not probe.done()
        simulator.set_faults()
        probe.result()
    assert meanwhile.last.status == "451 4.4.1"
    assert requests(forgetful) == 2

    assert forgetful.send(OTHER).last.status == "250 2.0.0"
    opened, closed = api_lines(forgetful)
    assert "127.0.0.1 failed 1 times in a row" in opened
    assert "127.0.0.1 responds again" in closed
    assert [number for number, _ in forgetful.texts()] == [PHONE, OTHER_PHONE]


def api_lines(gateway: Gateway) -> list[str]:
    """The log lines that are about the API itself."""
    return [line for line in gateway.milter.log_lines() if ": api: " in line]
