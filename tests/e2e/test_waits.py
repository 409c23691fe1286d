# SPDX-License-Identifier: ISC
"""How long the end of a mail may wait for each thing, and what the mail server is told
meanwhile."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Iterator

import pytest

from gateway import OFFICE, Gateway
from preload import HangingDisk, SlowWaking
from test_protocol import (MAIL, MilterClient, connection, negotiation, recipient,
                           sender)
from waiting import LIMIT_S, wait_until

PHONE = "+447700900123"
NUMBER = f"{PHONE}@sms.local"
OTHER_PHONE = "+447700900124"
OTHER = f"{OTHER_PHONE}@sms.local"
MESSAGE_ID = "<snow@greenfield.sch.example>"

PROGRESS, DISCARD, TEMPORARY = b"p", b"d", b"y"

# The API's time-out leaves what is before it 8 of the 55 seconds that a mail has, which
# are two reports; or none, and the journal the least that it gets.
LONG_TIMEOUT = {"timeout": 47}
LONGEST_TIMEOUT = {"timeout": 55}

# An answer of some 240 bytes that takes 7 seconds.
SLOW = "slow=30,count=1"


@pytest.fixture
def gateway(gateway_with_own_journal: Gateway) -> Gateway:
    return gateway_with_own_journal


@pytest.fixture
def disk(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
         ) -> Iterator[HangingDisk]:
    folder = gateway.postfix.directory / tmp_path_factory.mktemp("disk").name
    folder.mkdir()
    disk = HangingDisk(gateway.milter, folder)
    yield disk
    disk.let_go()
    gateway.milter.stop()
    disk.remove()


@pytest.fixture
def slow_waking(gateway: Gateway) -> Iterator[None]:
    preload = SlowWaking(gateway.milter, gateway.make_folder())
    yield
    gateway.milter.stop()
    preload.remove()


def start(gateway: Gateway, **changes: object) -> None:
    """Returns when the journal has nothing to do."""
    gateway.configure(**changes)
    wait_until(gateway.journal.is_made, "the journal to be made")
    wait_until(gateway.journal.clock, "its time to be kept")


# Mails beside each other -----------------------------------------------------------------


def test_no_mail_waits_for_the_thread_of_another(gateway: Gateway,
                                                 slow_waking: None) -> None:
    """libmilter's own pool has two threads that wait for work. It wakes them, and gives
    them more work until they run: that of all connections that come meanwhile."""
    begin = (negotiation(), connection(), sender())
    numbers = [f"+4477009003{i:02}" for i in range(8)]
    start(gateway, api={"timeout": 50, "max_connections": len(numbers)})
    gateway.simulator.set_faults("hold")
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(MilterClient(gateway)) for _ in numbers]
        for client, number in zip(clients, numbers):
            client.send_all((*begin, recipient(f"{number}@sms.local"), *MAIL[2:]))
        wait_until(lambda: gateway.simulator.stats()["in_flight"] == len(numbers),
                   "all requests")
        gateway.simulator.set_faults()
        verdicts = [client.finish()[-1] for client in clients]

    assert verdicts == [DISCARD] * len(numbers)
    assert sorted(number for number, _ in gateway.texts()) == numbers


# A mail server that counts -------------------------------------------------------------


def begin_mail(client: MilterClient, number: str = NUMBER) -> None:
    """Sends a mail without its end."""
    client.socket.settimeout(LIMIT_S)
    client.begin()
    client.send(b"M", f"<{OFFICE}>\0".encode())
    assert client.ask(b"R", f"<{number}>\0".encode()) == b"c"
    assert client.ask(b"T") == b"c"
    client.send(b"L", f"Message-ID\0{MESSAGE_ID}\0".encode())
    client.send(b"N")
    assert client.ask(b"B", b"School is shut.\r\n") == b"c"


def answers(client: MilterClient) -> list[tuple[bytes, bytes]]:
    """The filter's answers to the end of a mail. The last one is the verdict."""
    said = [client.read()]
    while said[-1][0] in (PROGRESS, b"-"):
        said.append(client.read())
    return said


def count_progress(said: list[tuple[bytes, bytes]]) -> int:
    assert all(data == b"" for command, data in said if command == PROGRESS)
    return [command for command, _ in said[:-1]].count(PROGRESS)


def assert_says_nothing_more(client: MilterClient) -> None:
    """A report after the verdict would be the answer to the next command."""
    client.send(b"A")
    client.send(b"M", f"<{OFFICE}>\0".encode())
    assert client.ask(b"R", f"<{NUMBER}>\0".encode()) == b"c"


@contextmanager
def ending_mail(gateway: Gateway) -> Iterator[MilterClient]:
    with MilterClient(gateway) as client:
        begin_mail(client)
        client.send(b"E")
        yield client


def test_a_mail_server_hears_that_a_mail_waits_for_the_api(gateway: Gateway) -> None:
    start(gateway)
    gateway.simulator.set_faults("hold")
    with ending_mail(gateway) as client:
        assert [client.read() for _ in range(2)] == [(PROGRESS, b"")] * 2
        gateway.simulator.set_faults()
        assert answers(client)[-1][0] == DISCARD
        assert_says_nothing_more(client)
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_a_mail_server_hears_that_a_mail_waits_for_the_next_try(gateway: Gateway
                                                                ) -> None:
    start(gateway, api={"timeout": 20, "retries": 1})
    gateway.simulator.set_faults("http=503,retry-after=7,count=1")
    with ending_mail(gateway) as client:
        said = answers(client)
        assert said[-1][0] == DISCARD
        assert count_progress(said) >= 2


def test_a_mail_server_hears_nothing_of_a_mail_that_does_not_wait(gateway: Gateway
                                                                  ) -> None:
    start(gateway)
    with ending_mail(gateway) as client:
        assert [command for command, _ in answers(client)] == [DISCARD]
        assert_says_nothing_more(client)


def test_a_mail_server_hears_that_a_second_copy_waits(gateway: Gateway) -> None:
    start(gateway)
    gateway.simulator.set_faults("hold")
    with ending_mail(gateway) as first:
        gateway.simulator.wait_for_request()
        with ending_mail(gateway) as second:
            assert second.read() == (PROGRESS, b"")
            gateway.simulator.set_faults()
            assert answers(second)[-1][0] == DISCARD
            assert_says_nothing_more(second)
        assert answers(first)[-1][0] == DISCARD
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_a_mail_server_that_hangs_up_meanwhile_changes_nothing(gateway: Gateway
                                                               ) -> None:
    """The report of progress fails, but the outcome is in the journal for the retry."""
    start(gateway, api={"timeout": 20})
    gateway.simulator.set_faults(SLOW)
    with ending_mail(gateway):
        gateway.simulator.wait_for_request()
    wait_until(lambda: gateway.journal.states() == [(PHONE, "sent", "accepted")],
               "the outcome in the journal")
    gateway.milter.assert_healthy()
    with ending_mail(gateway) as client:
        assert answers(client)[-1][0] == DISCARD
    assert [number for number, _ in gateway.texts()] == [PHONE]


# Postfix -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def impatient() -> Iterator[Gateway]:
    """Like Sendmail with its defaults, which waits 10 seconds for each answer."""
    with Gateway("milter_content_timeout = 7s\n") as gateway:
        yield gateway


def test_an_api_slower_than_the_mail_server_is_waited_for(impatient: Gateway) -> None:
    impatient.configure(api={"timeout": 25})
    impatient.simulator.set_faults("slow=45,count=1")
    sent = impatient.send(NUMBER, Message_ID=MESSAGE_ID)
    assert sent.last.status == "250 2.0.0", sent.last
    assert [number for number, _ in impatient.texts()] == [PHONE]


# A disk that hangs ---------------------------------------------------------------------


def test_a_claim_that_the_disk_holds_is_deferred_and_nothing_is_sent(
        gateway: Gateway, disk: HangingDisk) -> None:
    start(gateway, api=LONG_TIMEOUT)
    disk.hang()
    with ending_mail(gateway) as client:
        said = answers(client)
        assert said[-1][0] == TEMPORARY
        assert said[-1][1].startswith(b"451 4.3.0 ")
        assert count_progress(said) >= 2
        assert_says_nothing_more(client)
    gateway.milter.wait_for_log("no answer from the disk")
    assert gateway.simulator.requests() == []
    disk.let_go()

    gateway.milter.wait_for_log("the disk answers again")
    wait_until(lambda: gateway.journal.states() == [(PHONE, "failed", "deferred")],
               "the claim to be undone")
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_what_a_claim_that_was_undone_was_charged_is_given_back(
        gateway: Gateway, disk: HangingDisk) -> None:
    start(gateway, api=LONGEST_TIMEOUT, customers={"greenfield": {"quota": "1/day"}})
    disk.hang()
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "451 4.3.0"
    disk.let_go()
    wait_until(lambda: gateway.journal.states() == [(PHONE, "failed", "deferred")],
               "the claim to be undone")
    assert gateway.send(OTHER, body="The bus is late.").last.status == "250 2.0.0"
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "550 5.7.1"


def test_other_mail_does_not_notice_a_disk_that_hangs(gateway: Gateway,
                                                      disk: HangingDisk) -> None:
    start(gateway, api=LONGEST_TIMEOUT)
    disk.hang()
    with ThreadPoolExecutor() as pool:
        sms = [pool.submit(gateway.send, NUMBER, body=f"Mail {i}.") for i in range(3)]
        assert gateway.send("parent@ordinary.example").last.status == "250 2.0.0"
        assert not any(mail.done() for mail in sms)
        assert {mail.result().last.status for mail in sms} == {"451 4.3.0"}
    assert gateway.simulator.requests() == []


def test_a_milter_starts_on_a_disk_that_hangs(gateway: Gateway, disk: HangingDisk
                                              ) -> None:
    disk.hang()
    gateway.configure(api=LONGEST_TIMEOUT)
    assert gateway.send("parent@ordinary.example").last.status == "250 2.0.0"
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "451 4.3.0"
    gateway.milter.wait_for_log("no answer from the disk")
    disk.let_go()
    gateway.milter.wait_for_log("the disk answers again")
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


def send_while_the_disk_hangs(gateway: Gateway, disk: HangingDisk) -> None:
    """A mail that the API accepts, while the disk does not take its outcome."""
    gateway.simulator.set_faults("slow=10,count=1")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, NUMBER, Message_ID=MESSAGE_ID)
        gateway.simulator.wait_for_request()
        disk.hang()
        assert sending.result().last.status == "250 2.0.0"
    assert gateway.journal.states() == [(PHONE, "sending", "")]


def test_what_was_sent_is_told_and_written_later(gateway: Gateway, disk: HangingDisk
                                                 ) -> None:
    start(gateway, api={"timeout": 10})
    send_while_the_disk_hangs(gateway, disk)
    disk.let_go()
    wait_until(lambda: gateway.journal.states() == [(PHONE, "sent", "accepted")],
               "the outcome in the journal")
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_a_stop_ends_while_the_disk_hangs(gateway: Gateway, disk: HangingDisk) -> None:
    start(gateway, api=LONGEST_TIMEOUT)
    disk.hang()
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "451 4.3.0"
    process, gateway.milter.process = gateway.milter.process, None
    assert process
    process.send_signal(signal.SIGTERM)
    assert process.wait(LIMIT_S) == 70
    assert "the journal's disk does not respond" in gateway.milter.log()
