# SPDX-License-Identifier: ISC
"""The clock is wrong by months and is then corrected. No record is deleted too early, and
no SMS is sent twice because of it."""

import re
import time
from contextlib import closing
from typing import Iterator

import pytest

from gateway import Gateway
from preload import WrongClock
from waiting import wait_until

PHONE = "+447700900123"
NUMBER = f"{PHONE}@sms.local"
MESSAGE_ID = "<snow@greenfield.sch.example>"
DAY_S = 24 * 3600

AGES = (100, 91, 89, 50, 1)


@pytest.fixture
def gateway(gateway_with_own_journal: Gateway) -> Gateway:
    return gateway_with_own_journal


@pytest.fixture
def clock(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
          ) -> Iterator[WrongClock]:
    folder = gateway.postfix.directory / tmp_path_factory.mktemp("clock").name
    folder.mkdir()
    clock = WrongClock(gateway.milter, folder)
    yield clock
    gateway.milter.stop()
    clock.remove()


# Seconds of doubt that no test has: the milter writes others when it has deleted what is
# old.
MARK = 500000


def mark(gateway: Gateway) -> None:
    with closing(gateway.journal.connect()) as connection:
        connection.execute("UPDATE clock SET doubted = ?", (MARK,))


def wait_until_deleted(gateway: Gateway) -> None:
    """Waits until the old records are deleted."""
    def is_over() -> bool:
        row = gateway.journal.clock()
        return row is not None and row["doubted"] != MARK
    wait_until(is_over, "a look at what is old")


def start(gateway: Gateway, **changes: object) -> None:
    if gateway.journal.path.exists():
        mark(gateway)
    gateway.configure(**changes)
    wait_until(gateway.journal.is_made, "the journal to be made")
    wait_until_deleted(gateway)


def reload(gateway: Gateway, **changes: object) -> None:
    """A reload looks for old records at once."""
    mark(gateway)
    gateway.milter.write_settings(gateway.settings(**changes))
    gateway.milter.reload()
    wait_until_deleted(gateway)


def add_old_and_young(gateway: Gateway) -> None:
    now_s = int(time.time())
    gateway.journal.add([{"number": f"+44770090{age:04}", "updated": now_s - age * DAY_S}
                         for age in AGES])


def ages(gateway: Gateway) -> list[int]:
    return [int(row["number"][-4:]) for row in gateway.journal.rows()]


def warnings(gateway: Gateway) -> list[str]:
    return [line for line in gateway.milter.log_lines() if "than expected" in line]


@pytest.mark.parametrize("ahead_days", [2, 400, 20000])
def test_a_start_with_a_clock_far_ahead_deletes_what_is_old_anyway(
        gateway: Gateway, clock: WrongClock, ahead_days: int) -> None:
    start(gateway, retention_days=1000)
    gateway.milter.stop()
    add_old_and_young(gateway)
    clock.set_ahead(ahead_days * DAY_S)
    start(gateway, retention_days=90)

    assert ages(gateway) == [89, 50, 1]
    [warning] = warnings(gateway)
    assert re.search(rf"shows \d{{4}}-.*Z, at least {ahead_days} days later "
                     "than expected. If it is wrong, correct it.", warning)
    gateway.milter.wait_for_log("deleted 2 records last changed before 20")
    gateway.milter.stop()
    clock.set_right()
    start(gateway, retention_days=90)
    assert ages(gateway) == [89, 50, 1]
    assert warnings(gateway) == []


def test_a_clock_that_jumps_ahead_while_the_milter_runs_deletes_nothing(
        gateway: Gateway, clock: WrongClock) -> None:
    start(gateway, retention_days=1000)
    add_old_and_young(gateway)
    clock.set_ahead(400 * DAY_S)
    reload(gateway, retention_days=500)
    gateway.milter.wait_for_log("later than expected")
    assert ages(gateway) == list(AGES)
    clock.set_right()
    reload(gateway, retention_days=499)
    gateway.milter.wait_for_log("old records are deleted by it again")
    assert ages(gateway) == list(AGES)


def test_a_mail_that_comes_again_while_the_clock_is_ahead_is_known(
        gateway: Gateway, clock: WrongClock) -> None:
    start(gateway)
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    gateway.milter.stop()
    clock.set_ahead(400 * DAY_S)
    start(gateway)
    assert [row["number"] for row in gateway.journal.rows()] == [PHONE]


def test_a_machine_that_starts_in_1970_leaves_records_of_today(
        gateway: Gateway, clock: WrongClock) -> None:
    start(gateway)
    gateway.milter.stop()
    clock.set_ahead(-int(time.time()) + 60)
    start(gateway)
    assert "earlier than expected" in gateway.milter.log()
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    gateway.milter.stop()
    clock.set_right()
    start(gateway)

    [row] = gateway.journal.rows()
    assert abs(row["updated"] - time.time()) < DAY_S
    assert gateway.send(NUMBER, Message_ID=MESSAGE_ID).last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]
