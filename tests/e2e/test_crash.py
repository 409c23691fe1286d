# SPDX-License-Identifier: ISC
"""A daemon that is killed at any moment loses no SMS, and reports which SMS it may have
sent twice. The tests print a number. If SMS_TEST_SEED is set to it, the same mails and the
same moments are repeated."""

import os
import random
import re
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Callable, Iterator

import pytest

from gateway import OFFICE, Gateway, make_mail
from journal_file import Row
from mail_source import MailSource, QueuedMail
from settings import KEYS
from simulator_process import Simulator
from smtp import Transaction
from test_verdicts import bounced_numbers
from waiting import SLOWNESS, wait_until

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
PARENT = "parent@ordinary.example"

# A start takes seconds under valgrind.
MAILS, KILLS = (40, 4) if os.environ.get("SMS_MILTER_WRAPPER") else (1000, 50)

# Numbers are few, so that many mails go to each.
PHONES = [f"+4477009{number:05}" for number in range(200)]
MOST_PHONES = 5

# One mail of this many has an ordinary recipient, too.
ORDINARY_EVERY = 10

# How long the milter lives once it is ready. The API answers so slowly that about as
# many requests are cut off on their way as come through.
SHORTEST_LIFE_S, LONGEST_LIFE_S = 0.05 * SLOWNESS, 0.5 * SLOWNESS
LATENCY_MS = 60

# What valgrind -q says, and the milter never.
VALGRIND_COMPLAINT = re.compile(r"^==\d+== ", re.MULTILINE)

# The mail's number and the phone's: an SMS.
Sms = tuple[int, str]


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """What these tests do to the milter does not affect the next test."""
    yield gateway
    gateway.milter.stop()


# Killed at random -------------------------------------------------------------------


class Crashes:
    """Sends all mail through a milter that is killed again and again, and records the
    outcomes."""

    def __init__(self, gateway: Gateway, api: Simulator, on_unknown: str) -> None:
        self.seed = int(os.environ.get("SMS_TEST_SEED") or random.randrange(10**6))
        self.kills = 0
        self.seconds = 0.0
        self._gateway = gateway
        self._random = random.Random(self.seed)
        self._settings = gateway.settings(
            on_unknown=on_unknown,
            api={"url": api.api_url, "breaker_failures": 1000})
        self._phones = [self._choose_phones() for _ in range(MAILS)]
        self.mails = [self._make_mail(index) for index in range(MAILS)]
        self.wanted = {(index, phone) for index, phones in enumerate(self._phones)
                       for phone in phones}
        self._send_all(api)
        self.sent = self._read_api(api)
        self.rows = self._read_journal()
        self.rejected = set(self._read_replies())
        self.delivered = gateway.postfix.delivered()
        self.bounced = set(self._read_bounces())

    def _choose_phones(self) -> list[str]:
        return self._random.sample(PHONES, self._random.randint(1, MOST_PHONES))

    def _make_mail(self, index: int) -> QueuedMail:
        """Each mail has its own sender, so that bounces can be told apart."""
        sender = f"teacher{index}@greenfield.sch.example"
        recipients = [f"{phone}@sms.local" for phone in self._phones[index]]
        if index % ORDINARY_EVERY == 0:
            recipients.append(f"parent{index}@ordinary.example")
        return QueuedMail(sender, make_mail(sender, recipients, f"Mail {index}.",
                                            Message_ID=message_id(index)), recipients)

    # Sending ---------------------------------------------------------------

    def _send_all(self, api: Simulator) -> None:
        """The mails are sent evenly while the milter is killed, each time after it has
        begun to ask the API. The last milter may live."""
        began = time.monotonic()
        self._gateway.milter.stop()
        with MailSource(self._gateway.connect) as source:
            for kill in range(KILLS):
                self._gateway.milter.start(self._settings)
                for mail in self.mails[kill::KILLS]:
                    source.take(mail)
                asked = api.stats()["requests"]
                time.sleep(self._random.uniform(SHORTEST_LIFE_S, LONGEST_LIFE_S))
                wait_until(lambda: api.stats()["requests"] > asked, "an API request")
                self._kill()
            self._gateway.milter.start(self._settings)
            source.wait_until_empty()
        self.seconds = time.monotonic() - began

    def _kill(self) -> None:
        """It must have been alive until now, and a checker must have found nothing: the
        next start empties its log."""
        milter = self._gateway.milter
        process = milter.process
        milter.kill()
        assert process and process.returncode == -signal.SIGKILL, milter.log()
        milter.assert_healthy()
        assert not VALGRIND_COMPLAINT.search(milter.log()), milter.log()
        self.kills += 1

    # What has become of it ---------------------------------------------------

    def _read_api(self, api: Simulator) -> Counter[Sms]:
        """The SMS that the API has accepted. Only the API knows this."""
        return Counter((int(re.fullmatch(r"Mail (\d+)\.", sms["text"])[1]),
                        sms["number"]) for sms in api.messages())

    def _read_journal(self) -> dict[Sms, Row]:
        """There must not be two rows for one SMS."""
        indexes = {message_id(index): index for index in range(MAILS)}
        rows = self._gateway.journal.rows()
        found = {(indexes[row["message_id"]], row["number"]): row for row in rows}
        assert len(found) == len(rows)
        return found

    def _read_replies(self) -> Iterator[Sms]:
        """The SMS that a 5xx reply names."""
        for index, mail in enumerate(self.mails):
            for recipient, reply in mail.refused.items():
                phone, _, domain = recipient.partition("@")
                if domain == "sms.local" and phone in reply.text:
                    yield index, phone

    def _read_bounces(self) -> Iterator[Sms]:
        """The SMS that a DSN names, sent to the sender of the mail."""
        for mail in self.delivered:
            if sender := re.match(r"teacher(\d+)@", mail["X-Original-To"]):
                for phone in bounced_numbers(mail):
                    yield int(sender[1]), phone

    @property
    def told(self) -> set[Sms]:
        """The SMS whose senders were told that they may not have been sent."""
        return self.rejected | self.bounced

    @property
    def duplicates(self) -> Counter[Sms]:
        return self.sent - Counter(self.wanted)

    @property
    def unknowns(self) -> Counter[Sms]:
        """How often the journal does not know whether an SMS was sent."""
        return Counter({sms: row["unknowns"] for sms, row in self.rows.items()})

    def __str__(self) -> str:
        tries = sum(mail.tries for mail in self.mails)
        return (f"seed={self.seed} seconds={self.seconds:.0f} mails={len(self.mails)}"
                f" sms={len(self.wanted)} kills={self.kills}"
                f" retries={tries - len(self.mails)} sent={self.sent.total()}"
                f" duplicates={self.duplicates.total()}"
                f" unknowns={self.unknowns.total()}"
                f" rejected={len(self.rejected)} bounced={len(self.bounced)}")

    # What must be so ---------------------------------------------------------

    def assert_nothing_is_missing(self) -> None:
        """Each SMS was sent, or its sender was told that it was not."""
        assert not self.wanted - set(self.sent) - self.told
        assert not set(self.sent) - self.wanted

    def assert_the_journal_is_right(self) -> None:
        """It has the outcome of each SMS. Exactly the senders of the SMS that it calls
        unknown were told so."""
        assert set(self.rows) == self.wanted
        ends = Counter((row["state"], row["verdict"]) for row in self.rows.values())
        assert set(ends) <= {("sent", "accepted"), ("unknown", "accepted"),
                             ("unknown", "rejected")}, ends
        assert self.told == {sms for sms, row in self.rows.items()
                             if row["state"] == "unknown"}

    def assert_duplicates_were_unknown(self) -> None:
        assert not self.duplicates - self.unknowns

    def assert_ordinary_mail_arrived_once(self) -> None:
        arrived = Counter(mail["X-Original-To"] for mail in self.delivered
                          if mail["X-Original-To"].endswith("@ordinary.example"))
        assert arrived == Counter(f"parent{index}@ordinary.example"
                                  for index in range(0, MAILS, ORDINARY_EVERY))

    def assert_kills_hit(self) -> None:
        """Otherwise these tests prove nothing."""
        assert self.kills == KILLS
        assert self.unknowns.total() >= KILLS // 10


def message_id(index: int) -> str:
    return f"<mail-{index}@mail.greenfield.sch.example>"


@pytest.fixture
def slow_api() -> Iterator[Simulator]:
    with Simulator(customers=KEYS, args=("--latency-ms", str(LATENCY_MS))) as api:
        yield api


@pytest.fixture
def crash(gateway: Gateway, slow_api: Simulator,
          capsys: pytest.CaptureFixture[str]) -> Callable[..., Crashes]:
    """Runs everything, and checks what must always hold."""
    def run(*faults: str, on_unknown: str) -> Crashes:
        slow_api.set_faults(*faults)
        crashes = Crashes(gateway, slow_api, on_unknown)
        with capsys.disabled():
            print(f"\nkills, {on_unknown}, {' '.join(faults) or 'no faults'}:\n"
                  f"  {crashes}")
        crashes.assert_kills_hit()
        crashes.assert_nothing_is_missing()
        crashes.assert_the_journal_is_right()
        crashes.assert_duplicates_were_unknown()
        crashes.assert_ordinary_mail_arrived_once()
        return crashes
    return run


def test_kills_lose_no_sms_and_double_only_unknown_ones(
        crash: Callable[..., Crashes]) -> None:
    assert not crash(on_unknown="resend").told


def test_kills_and_lost_answers_lose_no_sms_and_double_only_unknown_ones(
        crash: Callable[..., Crashes]) -> None:
    assert not crash("reset-after,every=20", on_unknown="resend").told


def test_kills_double_no_sms_where_unknown_ones_are_refused(
        crash: Callable[..., Crashes]) -> None:
    """An API answer that omits the first SMS leads to mails with some SMS sent and one not.
    Such a mail is accepted, and the missing SMS bounces."""
    crashes = crash("reset-after,every=40", "fewer,every=20", on_unknown="refuse")

    assert not crashes.duplicates
    assert crashes.rejected


# Killed at a chosen moment ------------------------------------------------------------

OF_ITS_OWN = {"Message_ID": "<1@mail.greenfield.sch.example>"}


def sms(phone: str) -> str:
    return f"{phone}@sms.local"


def revive(gateway: Gateway) -> None:
    gateway.milter.start(gateway.milter.settings)


def kill_while_api_works(gateway: Gateway, *recipients: str,
                         **headers: str) -> Transaction:
    """Sends a mail. The API reads its request and does not answer."""
    asked = len(gateway.simulator.requests())
    gateway.simulator.set_faults("never")
    with ThreadPoolExecutor() as threads:
        sending = threads.submit(gateway.send, *recipients, **headers)
        wait_until(lambda: len(gateway.simulator.requests()) > asked, "a request")
        gateway.milter.kill()
        sent = sending.result()
    gateway.simulator.set_faults()
    return sent


def sent_phones(gateway: Gateway) -> list[str]:
    return [phone for phone, _ in gateway.texts()]


@pytest.mark.parametrize("headers", [OF_ITS_OWN, {}], ids=["Message-ID", "no id"])
def test_a_request_that_a_kill_cut_off_is_unknown_and_sent_again(
        gateway: Gateway, headers: dict[str, str]) -> None:
    recipients = sms(PHONE), sms(OTHER_PHONE)
    sent = kill_while_api_works(gateway, *recipients, **headers)
    assert sent.last.status == "451 4.7.1"
    assert gateway.journal.states() == [(PHONE, "sending", ""),
                                        (OTHER_PHONE, "sending", "")]

    revive(gateway)
    wait_until(lambda: gateway.journal.states() == [
        (PHONE, "unknown", ""), (OTHER_PHONE, "unknown", "")], "unknown SMS")

    assert gateway.send(*recipients, **headers).last.status == "250 2.0.0"
    assert sent_phones(gateway) == [PHONE, OTHER_PHONE] * 2
    assert gateway.journal.states() == [(PHONE, "sent", "accepted"),
                                        (OTHER_PHONE, "sent", "accepted")]
    assert [(row["attempts"], row["unknowns"]) for row in gateway.journal.rows()] == \
        [(2, 1)] * 2


def test_each_kill_is_counted(gateway: Gateway) -> None:
    for _ in range(3):
        kill_while_api_works(gateway, sms(PHONE), **OF_ITS_OWN)
        revive(gateway)

    assert gateway.send(sms(PHONE), **OF_ITS_OWN).last.status == "250 2.0.0"
    [row] = gateway.journal.rows()
    assert (row["state"], row["attempts"], row["unknowns"]) == ("sent", 4, 3)


@pytest.mark.settings(on_unknown="refuse")
def test_a_request_that_a_kill_cut_off_is_refused_where_so_configured(
        gateway: Gateway) -> None:
    recipients = sms(PHONE), sms(OTHER_PHONE)
    kill_while_api_works(gateway, *recipients, **OF_ITS_OWN)
    revive(gateway)

    for _ in range(2):
        end = gateway.send(*recipients, **OF_ITS_OWN).end
        assert end and end.status == "550 5.4.2"
        for phone, line in zip((PHONE, OTHER_PHONE), end.lines, strict=True):
            assert phone in line and "may have been sent" in line
    assert sent_phones(gateway) == [PHONE, OTHER_PHONE]
    assert gateway.journal.states() == [(PHONE, "unknown", "rejected"),
                                        (OTHER_PHONE, "unknown", "rejected")]


@pytest.mark.settings(on_unknown="refuse")
def test_beside_an_ordinary_recipient_it_bounces(gateway: Gateway) -> None:
    kill_while_api_works(gateway, sms(PHONE), PARENT, **OF_ITS_OWN)
    revive(gateway)

    assert gateway.send(sms(PHONE), PARENT, **OF_ITS_OWN).last.status == "250 2.0.0"
    [bounce] = gateway.postfix.delivered(OFFICE)
    assert bounced_numbers(bounce) == [PHONE]
    assert len(gateway.postfix.delivered(PARENT)) == 1
    assert sent_phones(gateway) == [PHONE]


def test_what_was_sent_before_a_kill_is_not_sent_again(gateway: Gateway) -> None:
    recipients = sms(PHONE), sms(OTHER_PHONE)
    gateway.simulator.set_faults(f"no-id,number={OTHER_PHONE}")
    assert gateway.send(*recipients, **OF_ITS_OWN).last.status.startswith("451 4.")
    sent = kill_while_api_works(gateway, *recipients, **OF_ITS_OWN)
    assert sent.last.status == "451 4.7.1"
    revive(gateway)

    assert gateway.send(*recipients, **OF_ITS_OWN).last.status == "250 2.0.0"
    assert sent_phones(gateway) == [PHONE] + [OTHER_PHONE] * 3
    assert [row["unknowns"] for row in gateway.journal.rows()] == [0, 2]


def test_an_accepted_mail_that_comes_again_after_a_kill_is_not_sent_again(
        gateway: Gateway) -> None:
    """Its client may not have seen the reply."""
    assert gateway.send(sms(PHONE), **OF_ITS_OWN).last.status == "250 2.0.0"
    gateway.milter.kill()
    revive(gateway)

    assert gateway.send(sms(PHONE), **OF_ITS_OWN).last.status == "250 2.0.0"
    assert sent_phones(gateway) == [PHONE]


def test_an_answer_that_a_killed_milter_could_not_write_is_unknown(
        gateway: Gateway) -> None:
    """The journal is locked between request and answer."""
    gateway.simulator.set_faults("hold")
    with (closing(gateway.journal.connect()) as journal,
          ThreadPoolExecutor() as threads):
        sending = threads.submit(gateway.send, sms(PHONE), **OF_ITS_OWN)
        wait_until(gateway.simulator.messages, "an SMS")
        journal.execute("BEGIN IMMEDIATE")
        gateway.simulator.set_faults()
        wait_until(lambda: gateway.simulator.stats()["in_flight"] == 0, "its answer")
        gateway.milter.kill()
        journal.execute("ROLLBACK")
        assert sending.result().last.status == "451 4.7.1"
    assert gateway.journal.states() == [(PHONE, "sending", "")]
    revive(gateway)

    assert gateway.send(sms(PHONE), **OF_ITS_OWN).last.status == "250 2.0.0"
    assert sent_phones(gateway) == [PHONE] * 2
    assert [row["unknowns"] for row in gateway.journal.rows()] == [1]
