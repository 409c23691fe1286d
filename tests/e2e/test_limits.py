# SPDX-License-Identifier: ISC
"""Rates and quotas are never exceeded, are charged once for each SMS, and get back what was
not sent."""

import math
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Iterator, Sequence
from zoneinfo import ZoneInfo

import pytest

from gateway import OFFICE, Gateway, make_mail
from journal_file import Row
from settings import OAKHILL_RELAY
from smtp import Reply, Transaction
from test_outcomes import (NUMBER, OAKHILL, ONE_TRY, OTHER, OTHER_PHONE, PARENT, PHONE,
                           THIRD, THIRD_PHONE, bounces, read_delivery_status,
                           requests)
from waiting import LIMIT_S, wait_until
from zones import zone_at_noon, zone_within_hour

HEAD = "head@greenfield.sch.example"
DAY_S = 24 * 3600

# Two parts of the GSM alphabet.
LONG = "School is shut. " * 15

QUOTA_IS_USED = "this SMS would exceed the .* quota of "
RATE_IS_USED = r"rate limit of .* is reached; try again in \d+ seconds?"


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """The API's counters begin with the test, and its bounces end with it."""
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    yield gateway
    gateway.postfix.wait_until_done()


def limited(**greenfield: Any) -> dict[str, Any]:
    """Greenfield's limits, in a zone where it is noon."""
    return {"api": ONE_TRY, "time_zone": zone_at_noon(),
            "customers": {"greenfield": greenfield}}


def limit(gateway: Gateway, **greenfield: Any) -> None:
    gateway.configure(**limited(**greenfield))


def limit_by_reload(gateway: Gateway, **greenfield: Any) -> None:
    gateway.milter.write_settings(gateway.settings(**limited(**greenfield)))
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:")


def used(gateway: Gateway, sender: str = "", unit: str = "day",
         customer: str = "greenfield") -> tuple[int, int]:
    """What a quota has used: SMS and parts."""
    row = gateway.journal.windows().get((customer, sender, unit))
    return (row["sms"], row["parts"]) if row else (0, 0)


def tokens_used(gateway: Gateway, sender: str = "") -> int:
    """What a rate per day has used, without the part of a token that was added since."""
    row = gateway.journal.buckets()["greenfield", sender]
    assert row["rate_period"] == DAY_S
    return int(row["rate_count"] - row["level"] // DAY_S)


def texted(gateway: Gateway) -> list[str]:
    return [number for number, _ in gateway.texts()]


# Many at once ------------------------------------------------------------------------


SESSIONS = 100
SENDERS = [f"teacher{index}@greenfield.sch.example" for index in range(4)]

# Postfix lets a client have 50 connections.
SOURCES = [f"127.0.0.{index}" for index in range(2, 7)]


@dataclass(frozen=True)
class CrowdedLimit:
    """Options of a customer and how many SMS they allow."""

    options: dict[str, str]
    most: int
    status: str
    words: str
    most_of_sender: int = SESSIONS
    body: str = "School is shut."
    parts: int = 1


CROWDED = {
    "rate": CrowdedLimit({"rate": "20/day"}, 20, "451 4.7.1", RATE_IS_USED),
    "quota": CrowdedLimit({"quota": "20/day"}, 20, "550 5.7.1", QUOTA_IS_USED),
    "quota in parts": CrowdedLimit({"quota": "41/day", "quota-unit": "parts"}, 20,
                                   "550 5.7.1", QUOTA_IS_USED, body=LONG, parts=2),
    "sender-rate": CrowdedLimit({"sender-rate": "5/day"}, 20, "451 4.7.1",
                                RATE_IS_USED, 5),
    "sender-quota": CrowdedLimit({"sender-quota": "5/day"}, 20, "550 5.7.1",
                                 QUOTA_IS_USED, 5),
    "sender-quota in parts": CrowdedLimit(
        {"sender-quota": "11/day", "quota-unit": "parts"}, 20, "550 5.7.1",
        QUOTA_IS_USED, 5, LONG, 2),
    "all of them": CrowdedLimit(
        {"rate": "30/day", "quota": "20/day", "sender-rate": "9/day",
         "sender-quota": "7/day"}, 20, "550 5.7.1", QUOTA_IS_USED, 7),
}


@dataclass
class CrowdMail:
    """One mail of the crowd, and the reply to each try."""

    index: int
    sender: str
    message: bytes
    replies: list[Reply] = field(default_factory=list)

    @property
    def recipient(self) -> str:
        return f"+4477009{self.index:05}@sms.local"

    @property
    def is_sent(self) -> bool:
        return any(reply.is_good for reply in self.replies)


def make_crowd(body: str) -> list[CrowdMail]:
    def make(index: int) -> CrowdMail:
        sender = SENDERS[index % len(SENDERS)]
        return CrowdMail(index, sender, make_mail(
            sender, [], body, Message_ID=f"<{index}.crowd@greenfield.sch.example>"))
    return [make(index) for index in range(SESSIONS)]


def send_at_once(gateway: Gateway, mails: Sequence[CrowdMail]) -> None:
    """Each mail has its own session. All of them end at the same moment."""
    gate = threading.Barrier(len(mails), timeout=LIMIT_S)

    def carry(mail: CrowdMail) -> None:
        with gateway.connect(SOURCES[mail.index % len(SOURCES)]) as client:
            assert client.mail(mail.sender).is_good
            assert client.rcpt(mail.recipient).is_good
            assert client.data().is_good
            gate.wait()
            mail.replies.append(client.end(mail.message))

    with ThreadPoolExecutor(len(mails)) as pool:
        list(pool.map(carry, mails))


def assert_within(gateway: Gateway, mails: Sequence[CrowdMail],
                  case: CrowdedLimit) -> int:
    """The API's SMS, the replies to senders, the records of the journal and the charges
    agree on how many SMS were sent."""
    sent = [mail for mail in mails if mail.is_sent]
    assert sorted(texted(gateway)) == sorted(
        mail.recipient.removesuffix("@sms.local") for mail in sent)
    assert len(sent) <= case.most
    of_sender = Counter(mail.sender for mail in sent)
    assert all(count <= case.most_of_sender for count in of_sender.values())
    assert sum(row["state"] == "sent" for row in gateway.journal.rows()) == len(sent)
    assert_charged(gateway, of_sender, case)
    return len(sent)


def assert_charged(gateway: Gateway, of_sender: Counter[str],
                   case: CrowdedLimit) -> None:
    """Exactly as many SMS were charged as were sent."""
    of_spender = of_sender | Counter({"": of_sender.total()})
    for (_, spender, _), row in gateway.journal.windows().items():
        assert row["sms"] == of_spender[spender]
        assert row["parts"] == of_spender[spender] * case.parts
    for _, spender in gateway.journal.buckets():
        assert tokens_used(gateway, spender) == of_spender[spender]
    kinds = {name.removeprefix("sender-") for name in case.options} - {"quota-unit"}
    assert bool(gateway.journal.windows()) == ("quota" in kinds)
    assert bool(gateway.journal.buckets()) == ("rate" in kinds)


def refused_by_api(mails: Sequence[CrowdMail], case: CrowdedLimit) -> int:
    """All other SMS were sent, or refused because of the limit."""
    refused = 0
    for mail in mails:
        reply = mail.replies[-1]
        if reply.status == "550 5.7.1" and "does not allow" in reply.text:
            refused += 1
        elif not reply.is_good:
            assert reply.status == case.status
            assert re.search(case.words, reply.text)
    return refused


@pytest.mark.parametrize("case", CROWDED.values(), ids=CROWDED.keys())
def test_a_hundred_at_once_do_not_exceed_it_by_one(gateway: Gateway,
                                                   case: CrowdedLimit) -> None:
    gateway.configure(**limited(networks=["127.0.0.0/28"], **case.options) | {
        "api": ONE_TRY | {"max_in_flight": 1000, "max_connections": SESSIONS}})
    mails = make_crowd(case.body)

    gateway.simulator.set_faults("slow=1", "no-sms,every=3")
    send_at_once(gateway, mails)
    refused = refused_by_api(mails, case)
    assert refused > 0
    assert assert_within(gateway, mails, case) + refused >= case.most

    # What was given back is there for others.
    gateway.simulator.set_faults("slow=1")
    send_at_once(gateway, [mail for mail in mails if not mail.is_sent])
    assert refused_by_api([mail for mail in mails if len(mail.replies) > 1], case) == 0
    assert assert_within(gateway, mails, case) == case.most

    asked = requests(gateway)
    late = next(mail for mail in mails if not mail.is_sent)
    send_at_once(gateway, [late])
    assert late.replies[-1].status == case.status
    assert requests(gateway) == asked


# What they count -----------------------------------------------------------------------


def test_a_rate_says_when_there_is_room_and_then_there_is(gateway: Gateway) -> None:
    limit(gateway, rate="2/day")
    began_s = time.time()
    assert [gateway.send(to).last.status for to in (NUMBER, OTHER)] == ["250 2.0.0"] * 2
    reply = gateway.send(THIRD, Message_ID="<1.x@greenfield.sch.example>").last
    assert reply.status == "451 4.7.1"
    wait_s = int(re.search(r"is reached; try again in (\d+) second", reply.text)[1])
    passed_s = math.ceil(time.time() - began_s)
    assert DAY_S // 2 - passed_s <= wait_s <= DAY_S // 2

    gateway.journal.let_time_pass(wait_s)
    assert gateway.send(THIRD, Message_ID="<1.x@greenfield.sch.example>"
                        ).last.status == "250 2.0.0"
    assert gateway.send(THIRD).last.status == "451 4.7.1"
    assert texted(gateway) == [PHONE, OTHER_PHONE, THIRD_PHONE]


def test_a_rate_is_full_after_its_time_and_not_fuller(gateway: Gateway) -> None:
    limit(gateway, rate="2/day")
    for _ in range(2):
        assert [gateway.send(NUMBER).last.status for _ in range(3)] == [
            "250 2.0.0", "250 2.0.0", "451 4.7.1"]
        gateway.journal.let_time_pass(10 * DAY_S)


def test_of_a_mail_to_more_than_a_rate_has_room_for_some_are_sent(
        gateway: Gateway) -> None:
    limit(gateway, rate="2/day")
    mail = {"Message_ID": "<2.x@greenfield.sch.example>"}
    reply = gateway.send(NUMBER, OTHER, PARENT, THIRD, **mail).last
    assert reply.status == "451 4.7.1"
    assert texted(gateway) == [PHONE, OTHER_PHONE]
    assert gateway.postfix.delivered() == []

    gateway.journal.let_time_pass(DAY_S // 2)
    assert gateway.send(NUMBER, OTHER, PARENT, THIRD, **mail).last.status == "250 2.0.0"
    assert texted(gateway) == [PHONE, OTHER_PHONE, THIRD_PHONE]
    assert [m["X-Original-To"] for m in gateway.postfix.delivered()] == [PARENT]
    assert tokens_used(gateway) == 2  # of three, one came back


def test_of_a_mail_to_more_than_a_quota_has_room_for_the_others_bounce(
        gateway: Gateway) -> None:
    limit(gateway, quota="2/day")
    sent = gateway.send(NUMBER, OTHER, THIRD)

    assert sent.last.status == "250 2.0.0"
    assert texted(gateway) == [PHONE, OTHER_PHONE]
    told = bounces(gateway)
    assert list(told) == [THIRD]
    assert told[THIRD].status == "5.7.1"
    assert "this SMS would exceed the customer's quota of 2 SMS per day" in told[THIRD].words
    [bounce] = gateway.postfix.delivered(OFFICE)
    text = " ".join(bounce.get_body().get_content().split())
    assert THIRD in text and "quota of 2 SMS per day" in text


def test_beside_an_ordinary_recipient_they_bounce_too(gateway: Gateway) -> None:
    limit(gateway, quota="1/day")
    for _ in range(2):
        assert gateway.send(NUMBER, PARENT, OTHER).last.status == "250 2.0.0"

    assert texted(gateway) == [PHONE]
    assert len(gateway.postfix.delivered(PARENT)) == 2
    told = [{recipient for recipient, _ in read_delivery_status(mail)}
            for mail in gateway.postfix.delivered(OFFICE)]
    assert sorted(told, key=len) == [{OTHER}, {NUMBER, OTHER}]


def test_where_it_has_room_for_none_the_mail_is_refused(gateway: Gateway) -> None:
    limit(gateway, quota="1/day")
    gateway.send(NUMBER)
    reply = gateway.send(OTHER, THIRD).last

    assert reply.status == "550 5.7.1"
    assert [re.match(r"\+\d+", line)[0] for line in reply.lines] == [OTHER_PHONE,
                                                                     THIRD_PHONE]
    assert all(re.search(QUOTA_IS_USED, line) for line in reply.lines)
    assert gateway.postfix.delivered() == []
    assert [row["state"] for row in gateway.journal.rows()] == ["sent", "refused",
                                                                "refused"]


def test_where_both_are_used_up_the_quota_is_told(gateway: Gateway) -> None:
    """Because a retry would not help."""
    limit(gateway, rate="1/day", quota="1/day")
    gateway.send(NUMBER)

    assert gateway.send(OTHER).last.status == "550 5.7.1"


def test_a_quota_in_parts_counts_parts(gateway: Gateway) -> None:
    limit(gateway, quota="3/day", quota_unit="parts")
    assert gateway.send(NUMBER, body=LONG).last.status == "250 2.0.0"
    reply = gateway.send(OTHER, body=LONG).last
    assert reply.status == "550 5.7.1"
    assert "quota of 3 SMS parts per day" in reply.text
    assert gateway.send(THIRD).last.status == "250 2.0.0"

    assert [sms["parts"] for sms in gateway.simulator.messages()] == [2, 1]
    assert used(gateway) == (2, 3)


def test_another_unit_holds_for_what_is_used_already(gateway: Gateway) -> None:
    limit(gateway, quota="3/day")
    gateway.send(NUMBER, body=LONG)
    limit_by_reload(gateway, quota="3/day", quota_unit="parts")

    assert gateway.send(OTHER, body=LONG).last.status == "550 5.7.1"
    assert gateway.send(OTHER).last.status == "250 2.0.0"


def test_another_quota_holds_for_what_is_used_already(gateway: Gateway) -> None:
    limit(gateway, quota="1/day")
    gateway.send(NUMBER)
    limit_by_reload(gateway, quota="2/day")

    assert [gateway.send(OTHER).last.status for _ in range(2)] == ["250 2.0.0",
                                                                   "550 5.7.1"]


def test_a_rate_that_grows_gives_nothing_but_with_time(gateway: Gateway) -> None:
    limit(gateway, rate="1/day")
    gateway.send(NUMBER)
    limit_by_reload(gateway, rate="4/day")
    assert gateway.send(OTHER).last.status == "451 4.7.1"
    gateway.journal.let_time_pass(DAY_S // 4)

    assert [gateway.send(OTHER).last.status for _ in range(2)] == ["250 2.0.0",
                                                                   "451 4.7.1"]


def test_each_sender_has_limits_of_its_own(gateway: Gateway) -> None:
    limit(gateway, sender_quota="1/day")
    for sender in (OFFICE, HEAD):
        assert gateway.send(NUMBER, sender=sender).last.status == "250 2.0.0"
        reply = gateway.send(OTHER, sender=sender).last
        assert reply.status == "550 5.7.1"
        assert "sender's quota of 1 SMS per day" in reply.text

    assert gateway.send(OTHER, sender=OFFICE.upper()).last.status == "550 5.7.1"
    assert used(gateway, OFFICE) == used(gateway, HEAD) == (1, 1)


def test_a_sender_does_not_use_up_its_customers_quota_in_vain(gateway: Gateway) -> None:
    limit(gateway, quota="2/day", sender_quota="1/day")
    for _ in range(3):
        gateway.send(NUMBER)
    assert gateway.send(NUMBER, sender=HEAD).last.status == "250 2.0.0"
    reply = gateway.send(NUMBER, sender="cook@greenfield.sch.example").last

    assert "customer's quota of 2 SMS per day" in reply.text


def test_a_sender_rate_is_told_apart(gateway: Gateway) -> None:
    limit(gateway, sender_rate="1/day")
    gateway.send(NUMBER)
    reply = gateway.send(NUMBER).last

    assert reply.status == "451 4.7.1"
    assert "sender's rate limit of 1 SMS per day" in reply.text
    assert gateway.send(NUMBER, sender=HEAD).last.status == "250 2.0.0"


def test_customers_do_not_share_limits(gateway: Gateway) -> None:
    gateway.configure(time_zone=zone_at_noon(), customers={
        "greenfield": {"quota": "1/day"}, "oakhill": {"quota": "1/day"}})
    mails: list[dict[str, Any]] = [{}, {"sender": OAKHILL, "source": OAKHILL_RELAY}]
    for mail in mails:
        assert [gateway.send(NUMBER, **mail).last.status for _ in range(2)] == [
            "250 2.0.0", "550 5.7.1"]
    assert used(gateway) == used(gateway, customer="oakhill") == (1, 1)


# What is charged -------------------------------------------------------------------------


@pytest.mark.parametrize("fault, status, charged", [
    ("", "250 2.0.0", 1), ("remark=Low", "250 2.0.0", 1),
    ("invalid", "451 4.7.0", 0), ("no-sms", "550 5.7.1", 0), ("http=401", "451 4.7.0", 0),
    ("http=503", "451 4.4.5", 0), ("http=429", "451 4.4.5", 0),
    ("http=404", "451 4.4.5", 0),
    ("http=500", "451 4.4.2", 1), ("reset-after", "451 4.4.2", 1),
    ("no-id", "451 4.4.2", 1), ("not-json", "451 4.4.2", 1),
])
def test_what_was_certainly_not_sent_is_given_back(gateway: Gateway, fault: str,
                                                   status: str, charged: int) -> None:
    limit(gateway, quota="9/day", rate="9/day", sender_quota="9/day",
          sender_rate="9/day")
    gateway.simulator.set_faults(*[fault] * bool(fault))

    assert gateway.send(NUMBER, body=LONG).last.status == status
    for spender in ("", OFFICE):
        assert used(gateway, spender) == (charged, 2 * charged)
        assert tokens_used(gateway, spender) == charged


def test_of_one_mail_each_number_is_charged_for_itself(gateway: Gateway) -> None:
    limit(gateway, quota="9/day")
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    assert gateway.send(NUMBER, OTHER, THIRD).last.status == "250 2.0.0"

    assert used(gateway) == (2, 2)


@pytest.mark.parametrize("mail, status", [
    ({"Auto_Submitted": "auto-replied"}, "550 5.7.1"), ({"body": " "}, "554 5.6.0"),
    ({"source": OAKHILL_RELAY}, "550 5.7.1")])
def test_what_never_became_an_sms_is_not_charged(gateway: Gateway, mail: dict[str, str],
                                                 status: str) -> None:
    limit(gateway, quota="9/day", rate="9/day")
    assert gateway.send(NUMBER, **mail).last.status == status

    assert gateway.journal.windows() == gateway.journal.buckets() == {}


@pytest.mark.parametrize("fault, status", [
    ("http=503", "451 4.4.5"), ("reset-after", "451 4.4.2")])
def test_each_of_identical_alarms_is_charged_once(gateway: Gateway, fault: str,
                                                  status: str) -> None:
    """The alarms have no Message-ID and come at once. All tries together are charged
    once."""
    limit(gateway, quota="9/day", rate="9/day")
    for faults, expected in (([fault], status), ([], "250 2.0.0")):
        gateway.simulator.set_faults(*faults)
        with ThreadPoolExecutor() as pool:
            sent = [pool.submit(gateway.send, NUMBER, body=LONG) for _ in range(4)]
            assert [s.result().last.status for s in sent] == [expected] * 4

    assert used(gateway) == (4, 8)
    assert tokens_used(gateway) == 4
    assert len(gateway.texts()) == (4 if status == "451 4.4.5" else 8)


@pytest.mark.parametrize("fault", ["reset-after", "no-id", "http=500"])
def test_what_was_perhaps_sent_is_charged_once_for_all_tries(gateway: Gateway,
                                                             fault: str) -> None:
    """Also where the limit does not allow another one."""
    limit(gateway, quota="1/day", rate="1/day")
    mail = {"Message_ID": "<3.x@greenfield.sch.example>"}
    gateway.simulator.set_faults(f"{fault},count=2")
    for status in ("451 4.4.2", "451 4.4.2", "250 2.0.0"):
        assert gateway.send(NUMBER, **mail).last.status == status
        assert used(gateway) == (1, 1)
        assert tokens_used(gateway) == 1

    assert requests(gateway) == 3
    assert gateway.send(NUMBER).last.status == "550 5.7.1"


def test_a_try_that_certainly_failed_after_one_that_perhaps_did_stays_charged(
        gateway: Gateway) -> None:
    limit(gateway, quota="1/day")
    mail = {"Message_ID": "<4.x@greenfield.sch.example>"}
    for fault, status in (("reset-after", "451 4.4.2"), ("http=503", "451 4.4.5")):
        gateway.simulator.set_faults(fault)
        assert gateway.send(NUMBER, **mail).last.status == status
    assert used(gateway) == (1, 1)
    gateway.simulator.set_faults()
    assert gateway.send(OTHER).last.status == "550 5.7.1"
    assert gateway.send(NUMBER, **mail).last.status == "250 2.0.0"

    assert used(gateway) == (1, 1)


def test_what_was_perhaps_sent_before_there_was_a_limit_is_charged_once(
        gateway: Gateway) -> None:
    mail = {"Message_ID": "<9.x@greenfield.sch.example>"}
    limit(gateway)
    gateway.simulator.set_faults("reset-after,count=1", "http=503,count=1")
    assert gateway.send(NUMBER, **mail).last.status == "451 4.4.2"
    limit(gateway, quota="1/day", rate="1/day")
    for status in ("451 4.4.5", "250 2.0.0"):
        assert gateway.send(NUMBER, **mail).last.status == status
        assert used(gateway) == (1, 1)
        assert tokens_used(gateway) == 1


def test_a_duplicate_of_what_was_sent_is_not_charged(gateway: Gateway) -> None:
    limit(gateway, quota="1/day", rate="1/day")
    for _ in range(3):
        sent = gateway.send(NUMBER, Message_ID="<5.x@greenfield.sch.example>")
        assert sent.last.status == "250 2.0.0"

    assert texted(gateway) == [PHONE]
    assert used(gateway) == (1, 1)


# Crashes and restarts ----------------------------------------------------------------------


def kill_while_api_works(gateway: Gateway, **mail: str) -> Transaction:
    """Kills the milter between claim and answer."""
    gateway.simulator.set_faults("never")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, NUMBER, **mail)
        wait_until(lambda: requests(gateway) == 1, "an API request")
        gateway.milter.kill()
        sent = sending.result()
    gateway.simulator.set_faults()
    return sent


def test_what_a_kill_cut_off_stays_charged_and_is_not_charged_again(
        gateway: Gateway) -> None:
    options = {"quota": "1/day", "rate": "1/day", "sender_quota": "1/day"}
    mail = {"Message_ID": "<6.x@greenfield.sch.example>"}
    limit(gateway, **options)
    assert kill_while_api_works(gateway, **mail).last.status.startswith("451")
    limit(gateway, **options)

    assert used(gateway) == used(gateway, OFFICE) == (1, 1)
    assert tokens_used(gateway) == 1
    assert gateway.send(OTHER).last.status == "550 5.7.1"
    assert gateway.send(NUMBER, **mail).last.status == "250 2.0.0"
    assert used(gateway) == used(gateway, OFFICE) == (1, 1)
    assert tokens_used(gateway) == 1


@pytest.mark.parametrize("options, status", [
    ({"quota": "1/day"}, "550 5.7.1"), ({"sender_quota": "1/month"}, "550 5.7.1"),
    ({"rate": "1/day"}, "451 4.7.1"), ({"sender_rate": "1/day"}, "451 4.7.1")])
def test_a_restart_forgets_nothing(gateway: Gateway, options: dict[str, str],
                                   status: str) -> None:
    limit(gateway, **options)
    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    gateway.milter.stop()
    limit(gateway, **options)

    assert gateway.send(OTHER).last.status == status
    gateway.milter.kill()
    limit(gateway, **options)
    assert gateway.send(OTHER).last.status == status
    assert texted(gateway) == [PHONE]


# The calendar ------------------------------------------------------------------------------


def test_an_hour_that_is_over_leaves_room(gateway: Gateway) -> None:
    gateway.configure(customers={"greenfield": {"quota": "1/hour",
                                                "time-zone": zone_within_hour()}})
    for _ in range(2):
        assert [gateway.send(NUMBER).last.status for _ in range(2)] == [
            "250 2.0.0", "550 5.7.1"]
        gateway.journal.let_time_pass(3600)
    assert used(gateway, unit="hour") == (1, 1)


def test_what_is_given_back_late_is_not_taken_off_the_next_window(
        gateway: Gateway) -> None:
    """Another mail began the next window while the API worked on the mail that it then
    refuses."""
    limit(gateway, quota="2/day")
    gateway.simulator.set_faults("hold", "no-sms")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, NUMBER)
        wait_until(lambda: requests(gateway) == 1, "an API request")
        gateway.journal.let_time_pass(-DAY_S)
        assert not sending.done()
        gateway.simulator.set_faults()
        assert sending.result().last.status == "550 5.7.1"

    assert used(gateway) == (1, 1)


def expected_window(zone: str, unit: str) -> tuple[int, int]:
    """From its first second to the first second of the next window, by the clock of the
    zone."""
    now = datetime.now(ZoneInfo(zone))
    start = now.replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return int(start.timestamp()), int(start.timestamp()) + 3600
    start = start.replace(hour=0)
    if unit == "day":
        end = start + timedelta(days=1)
    elif unit == "week":
        start -= timedelta(days=start.weekday())
        end = start + timedelta(days=7)
    else:
        start = start.replace(day=1)
        end = (start + timedelta(days=31)).replace(day=1)
    return int(start.timestamp()), int(end.timestamp())


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kolkata", "Pacific/Kiritimati"])
@pytest.mark.parametrize("unit", ["hour", "day", "week", "month"])
def test_a_quota_is_of_the_calendar_of_its_customer(gateway: Gateway, zone: str,
                                                    unit: str) -> None:
    gateway.configure(time_zone="America/New_York", customers={
        "greenfield": {"quota": f"5/{unit}", "time-zone": zone}})
    before = expected_window(zone, unit)
    gateway.send(NUMBER)

    row: Row = gateway.journal.windows()["greenfield", "", unit]
    assert (row["window_start"], row["window_end"]) in (before,
                                                        expected_window(zone, unit))
