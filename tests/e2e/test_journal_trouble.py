# SPDX-License-Identifier: ISC
"""If the journal cannot be written, SMS are deferred and ordinary mail is not affected. SMS
that were sent nevertheless are recorded as soon as that is possible."""

import itertools
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator, Protocol

import pytest

from gateway import OFFICE, Gateway
from journal_file import JournalFile
from milter import Milter
from settings import KEYS
from smtp import Reply
from waiting import wait_until

PHONE = "+447700900123"
NUMBER = f"{PHONE}@sms.local"
PARENT = "parent@ordinary.example"

MAIL_ID = "<register.1@greenfield.sch.example>"

# Page 1 of a database of SQLite has its header.
PAGE_BYTES = 4096

DAY_S = 24 * 3600

_mail_numbers = itertools.count()


@pytest.fixture
def gateway(gateway_with_own_journal: Gateway) -> Gateway:
    """The journal may be damaged before configure() starts the milter."""
    return gateway_with_own_journal


@pytest.fixture
def small_disk(gateway: Gateway) -> Iterator[Path]:
    """The journal's folder is a disk of its own. If mounting is not permitted, this fails,
    because the run would not have tested what it claims."""
    folder, account = gateway.journal.folder, gateway.milter.account
    mount("-t", "tmpfs", "-o", f"size=1m,mode=0700,uid={account.pw_uid},"
          f"gid={account.pw_gid}", "sms-milter-test", str(folder))
    try:
        yield folder
        gateway.milter.stop()
    finally:
        subprocess.run(["umount", folder], check=True)


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"these tests need to mount a disk: {done.stderr}"


@pytest.fixture
def other_milter(running_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
                 ) -> Iterator[Milter]:
    """A second milter, with its own folder, beside that of the gateway."""
    folder = running_gateway.postfix.directory / tmp_path_factory.mktemp("milter").name
    milter = Milter(folder, running_gateway.milter.account)
    yield milter
    milter.stop()


# Mails ------------------------------------------------------------------------------


def send_sms(gateway: Gateway, message_id: str | None = None) -> Reply:
    """A mail that differs from all earlier ones, unless it has a Message-ID."""
    number = next(_mail_numbers)
    return gateway.send(NUMBER, body=f"School is shut, says mail {number}.",
                        Message_ID=message_id or f"<{number}@x.example>").last


def send_again(gateway: Gateway) -> Reply:
    """Sends the mail of send_into() again."""
    return gateway.send(NUMBER, Subject="Register", body="Nobody has called yet.",
                        Message_ID=MAIL_ID).last


def trouble_lines(milter: Milter) -> list[str]:
    return [line for line in milter.log_lines()
            if "SMS are deferred until this is repaired." in line]


def recovery_lines(milter: Milter) -> list[str]:
    return [line for line in milter.log_lines() if "can be written again" in line]


def assert_tells_no_internals(reply: Reply) -> None:
    assert not re.search(r"/|\.db|sqlite|database|disk|lock|I/O", reply.text, re.I)


def assert_sms_are_put_off(gateway: Gateway) -> None:
    """Sends one alone and three at once while the trouble lasts. None of their SMS is sent,
    and ordinary mail is not affected."""
    with ThreadPoolExecutor(3) as pool:
        replies = [send_sms(gateway),
                   *pool.map(lambda _: send_sms(gateway), range(3))]
    for reply in replies:
        assert reply.status == "451 4.3.0"
        assert_tells_no_internals(reply)
    assert gateway.simulator.requests() == []
    assert gateway.send(PARENT).last.status == "250 2.0.0"
    assert len(gateway.postfix.delivered(PARENT)) == 1


def assert_one_line_of_trouble(gateway: Gateway, cause: str) -> None:
    [line] = trouble_lines(gateway.milter)
    assert str(gateway.journal.path) in line
    assert re.search(cause, line)


def assert_recovers(gateway: Gateway) -> None:
    """It recovers without a restart, and the log says so once."""
    lines = len(trouble_lines(gateway.milter))
    wait_until(lambda: send_sms(gateway).status == "250 2.0.0", "an SMS to be sent")
    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert gateway.journal.states()[-1] == (PHONE, "sent", "accepted")

    assert send_sms(gateway).status == "250 2.0.0"
    assert len(trouble_lines(gateway.milter)) == lines
    [line] = recovery_lines(gateway.milter)
    assert str(gateway.journal.path) in line


# Trouble that comes and goes while the milter runs ------------------------------------


class Trouble(Protocol):
    cause: str  # as the log has it, a pattern

    def begin(self) -> None:
        """From now on the journal cannot be written."""

    def end(self) -> None:
        """From now on it can be written again. Does nothing if it can be written
        already."""


class FullDisk:
    """The disk of `small_disk` is full."""

    cause = "full"

    def __init__(self, gateway: Gateway) -> None:
        self._file = gateway.journal.folder / "something-else"

    def begin(self) -> None:
        with pytest.raises(OSError, match="No space left"):
            with open(self._file, "wb", buffering=0) as file:
                while file.write(bytes(PAGE_BYTES)):
                    pass

    def end(self) -> None:
        self._file.unlink(missing_ok=True)


class SmallFiles:
    """No file may grow beyond what the journal has at its start (EFBIG)."""

    cause = "I/O error"
    LEAST_BYTES = 16384  # less than the write-ahead log, more than the test's log

    def __init__(self, gateway: Gateway) -> None:
        self._milter = gateway.milter

    def begin(self) -> None:
        self._limit(str(self.LEAST_BYTES))

    def end(self) -> None:
        if self._milter.is_running():
            self._limit("unlimited")

    def _limit(self, size: str) -> None:
        """As the milter's own account, because root of a container may not do it."""
        account, process = self._milter.account, self._milter.process
        assert process
        subprocess.run(
            ["setpriv", "--reuid", str(account.pw_uid), "--regid", str(account.pw_gid),
             "--clear-groups", "--", "prlimit", "--pid", str(process.pid),
             f"--fsize={size}:unlimited"], check=True)


class Locked:
    """Another program writes to the journal and does not finish."""

    cause = "locked"

    def __init__(self, gateway: Gateway) -> None:
        self._journal = gateway.journal
        self._connection: sqlite3.Connection | None = None

    def begin(self) -> None:
        self._connection = self._journal.connect()
        self._connection.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


@pytest.fixture(params=[FullDisk, SmallFiles, Locked])
def trouble(request: pytest.FixtureRequest, gateway: Gateway) -> Iterator[Trouble]:
    if request.param is FullDisk:
        request.getfixturevalue("small_disk")
    trouble = request.param(gateway)
    yield trouble
    trouble.end()


def configure_and_wait_for_journal(gateway: Gateway, **changes: object) -> None:
    gateway.configure(**changes)
    wait_until(gateway.journal.is_made, "the journal to be made")


def send_into(gateway: Gateway, trouble: Trouble) -> Reply:
    """The trouble begins while the API works on the mail."""
    simulator = gateway.simulator
    requests_before = simulator.stats()["requests"]
    simulator.set_faults("hold")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send_again, gateway)
        wait_until(lambda: simulator.stats()["requests"] > requests_before,
                   "an API request")
        trouble.begin()
        simulator.set_faults()
        return sending.result()


def test_sms_wait_for_a_journal_that_cannot_be_written(gateway: Gateway,
                                                       trouble: Trouble) -> None:
    configure_and_wait_for_journal(gateway)
    trouble.begin()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, trouble.cause)
    trouble.end()

    assert_recovers(gateway)


def test_what_was_sent_is_written_when_it_can_be(gateway: Gateway,
                                                 trouble: Trouble) -> None:
    """This holds even if no other mail comes."""
    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, trouble).status == "250 2.0.0"
    trouble.end()

    wait_until(lambda: gateway.journal.states() == [(PHONE, "sent", "accepted")],
               "the outcome in the journal")
    gateway.milter.wait_for_log("can be written again")
    assert_one_line_of_trouble(gateway, trouble.cause)


def test_what_was_sent_and_is_not_written_yet_is_not_sent_again(
        gateway: Gateway, trouble: Trouble) -> None:
    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, trouble).status == "250 2.0.0"
    assert gateway.journal.states() == [(PHONE, "sending", "")]
    assert send_again(gateway).status == "451 4.3.0"
    assert_one_line_of_trouble(gateway, trouble.cause)
    trouble.end()

    wait_until(lambda: gateway.journal.states() == [(PHONE, "sent", "accepted")],
               "the outcome in the journal")
    assert send_again(gateway).status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert len(gateway.simulator.requests()) == 1
    [row] = gateway.journal.rows()
    assert (row["attempts"], row["unknowns"]) == (1, 0)
    assert row["api_message_id"] == gateway.simulator.messages()[0]["id"]


@pytest.mark.parametrize("trouble", [Locked], indirect=True)
def test_what_was_sent_and_never_written_is_unknown_after_a_kill(
        gateway: Gateway, trouble: Trouble) -> None:
    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, trouble).status == "250 2.0.0"
    gateway.milter.kill()
    trouble.end()
    assert gateway.journal.states() == [(PHONE, "sending", "")]

    gateway.configure(on_unknown="refuse")
    wait_until(lambda: gateway.journal.states() == [(PHONE, "unknown", "")],
               "the dead milter's SMS to be unknown")
    assert [row["unknowns"] for row in gateway.journal.rows()] == [1]
    assert send_again(gateway).status == "550 5.4.2"
    assert len(gateway.simulator.requests()) == 1


@pytest.mark.parametrize("trouble", [Locked], indirect=True)
def test_sigterm_does_not_wait_for_a_journal_that_cannot_be_written(
        gateway: Gateway, trouble: Trouble) -> None:
    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, trouble).status == "250 2.0.0"
    gateway.milter.stop()

    gateway.milter.wait_for_log(
        f"{re.escape(str(gateway.journal.path))}.* what became of 1 SMS")
    trouble.end()
    assert gateway.journal.states() == [(PHONE, "sending", "")]


def test_sigterm_writes_what_can_be_written_just_then(gateway: Gateway,
                                                      trouble: Trouble) -> None:
    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, trouble).status == "250 2.0.0"
    trouble.end()
    gateway.milter.stop()

    assert gateway.journal.states() == [(PHONE, "sent", "accepted")]
    assert "what became of" not in gateway.milter.log()


# A journal that cannot be used when the milter starts ---------------------------------


def take_away_folder(journal: JournalFile) -> None:
    journal.folder.rmdir()


def make_folder_read_only(journal: JournalFile) -> None:
    journal.folder.chmod(0o500)


def make_folder_writable(journal: JournalFile) -> None:
    journal.folder.chmod(0o700)


def make_file_of_somebody_else(journal: JournalFile) -> None:
    journal.path.touch(mode=0o600)


def hand_file_over(journal: JournalFile) -> None:
    journal.hand_over(journal.path)


def make_a_folder_of_its_name(journal: JournalFile) -> None:
    journal.path.mkdir()
    journal.hand_over(journal.path)


def write_a_text(journal: JournalFile) -> None:
    journal.path.write_text("Numbers of the parents, not to be lost.\n" * 1000)
    journal.hand_over(journal.path)


def write_newer_schema(journal: JournalFile) -> None:
    execute(journal, "PRAGMA user_version = 99")


def write_database_of_another_program(journal: JournalFile) -> None:
    execute(journal, "CREATE TABLE addresses (name TEXT)")


def execute(journal: JournalFile, sql: str) -> None:
    with closing(journal.connect()) as connection:
        connection.execute(sql)
    journal.hand_over(journal.path)


def move_file_away(journal: JournalFile) -> None:
    journal.path.rename(journal.path.with_suffix(".old"))


@dataclass(frozen=True)
class AtStart:
    """What is wrong, how it is repaired, and what the log says until then."""

    spoil: Callable[[JournalFile], None]
    mend: Callable[[JournalFile], None]
    cause: str


AT_START = [
    AtStart(take_away_folder, JournalFile.make_folder, "No such file or directory"),
    AtStart(make_folder_read_only, make_folder_writable, "Permission denied"),
    AtStart(make_file_of_somebody_else, hand_file_over, "Permission denied"),
    AtStart(make_a_folder_of_its_name, move_file_away, "directory"),
    AtStart(write_a_text, move_file_away, "not a database"),
    AtStart(write_newer_schema, move_file_away, "version 99.*newer"),
    AtStart(write_database_of_another_program, move_file_away, "another program"),
]


@pytest.mark.parametrize("case", AT_START, ids=lambda case: case.spoil.__name__)
def test_a_milter_starts_and_waits_for_a_journal(gateway: Gateway,
                                                 case: AtStart) -> None:
    journal = gateway.journal
    case.spoil(journal)
    before = journal.path.read_bytes() if journal.path.is_file() else None
    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, case.cause)
    after = journal.path.read_bytes() if journal.path.is_file() else None
    assert after == before
    case.mend(journal)

    assert_recovers(gateway)


def test_a_milter_starts_on_a_read_only_disk(gateway: Gateway,
                                             small_disk: Path) -> None:
    mount("-o", "remount,ro", str(small_disk))
    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, "Read-only file system")
    mount("-o", "remount,rw", str(small_disk))

    assert_recovers(gateway)


def test_a_milter_starts_on_a_full_disk(gateway: Gateway, small_disk: Path) -> None:
    disk = FullDisk(gateway)
    disk.begin()
    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, disk.cause)
    disk.end()

    assert_recovers(gateway)


def test_a_milter_starts_while_the_journal_is_locked(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway)
    gateway.milter.stop()
    lock = Locked(gateway)
    lock.begin()
    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, lock.cause)
    lock.end()

    assert_recovers(gateway)


# Damaged ------------------------------------------------------------------------------


def fill_journal(gateway: Gateway) -> None:
    """Fills it with more than SQLite keeps in memory, while the milter has it open."""
    configure_and_wait_for_journal(gateway)
    gateway.milter.stop()
    gateway.journal.add([{"key": os.urandom(32), "queue_id": f"4bX{number}"}
                         for number in range(20000)])
    gateway.configure()
    assert send_sms(gateway).status == "250 2.0.0"
    gateway.simulator.clear()


def damage(journal: JournalFile) -> None:
    """Overwrites all but the first page."""
    size = journal.path.stat().st_size
    with open(journal.path, "r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(b"\xa5" * (size - PAGE_BYTES))


def test_a_journal_damaged_at_start_is_named_and_replaced(gateway: Gateway) -> None:
    fill_journal(gateway)
    gateway.milter.stop()
    damage(gateway.journal)
    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, r"damaged.*move it to another folder")
    move_file_away(gateway.journal)

    assert_recovers(gateway)
    assert len(gateway.journal.rows()) == 2


def test_a_journal_damaged_while_it_is_open_is_named_and_replaced(
        gateway: Gateway) -> None:
    fill_journal(gateway)
    damage(gateway.journal)
    assert_sms_are_put_off(gateway)
    wait_until(lambda: send_sms(gateway).status == "451 4.3.0" and
               re.search(r"damaged.*move it to another folder", gateway.milter.log()),
               "the damage to be named")
    assert len(trouble_lines(gateway.milter)) <= 2  # what met it, and the check
    assert gateway.simulator.requests() == []
    move_file_away(gateway.journal)

    assert_recovers(gateway)
    assert len(gateway.journal.rows()) == 2


# Moved away, removed, used by two -----------------------------------------------------


def remove_all_files(journal: JournalFile) -> None:
    for file in journal.folder.iterdir():
        file.unlink()


def replace_file(journal: JournalFile) -> None:
    """Replaces the file by a copy of itself, as some editors and restored backups do."""
    copy = journal.path.with_suffix(".copy")
    shutil.copy(journal.path, copy)
    journal.hand_over(copy)
    copy.rename(journal.path)


@pytest.mark.parametrize("change", [move_file_away, remove_all_files, replace_file])
def test_a_journal_that_is_taken_away_is_made_anew(
        gateway: Gateway, change: Callable[[JournalFile], None]) -> None:
    configure_and_wait_for_journal(gateway)
    change(gateway.journal)
    wait_until(lambda: send_sms(gateway).status == "250 2.0.0", "an SMS to be sent")

    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert gateway.journal.states() == [(PHONE, "sent", "accepted")]
    assert len(trouble_lines(gateway.milter)) <= 1
    assert len(recovery_lines(gateway.milter)) == len(trouble_lines(gateway.milter))


def test_a_folder_that_is_taken_away_is_waited_for(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway)
    shutil.rmtree(gateway.journal.folder)
    assert_sms_are_put_off(gateway)
    gateway.milter.wait_for_log("No such file or directory")
    assert len(trouble_lines(gateway.milter)) <= 2  # that it is gone, and still is
    gateway.journal.make_folder()

    assert_recovers(gateway)


def test_what_became_of_an_sms_gets_into_the_new_file(gateway: Gateway) -> None:
    class TakenAway:
        cause = ""

        def begin(self) -> None:
            move_file_away(gateway.journal)

        def end(self) -> None:
            pass

    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, TakenAway()).status == "250 2.0.0"

    wait_until(gateway.journal.is_made, "a new journal")
    wait_until(lambda: gateway.journal.states() == [(PHONE, "sent", "accepted")],
               "the outcome in the new journal")
    assert send_again(gateway).status == "250 2.0.0"
    assert len(gateway.simulator.requests()) == 1


def test_a_second_milter_waits_until_the_first_stops(gateway: Gateway,
                                                     other_milter: Milter) -> None:
    configure_and_wait_for_journal(gateway)
    gateway.milter.stop()
    gateway.journal.add([{"state": "sending", "verdict": ""}])
    socket = gateway.postfix.milter_socket.with_name("other.sock")
    other_milter.start(gateway.settings(listen=f"unix:{socket}"))
    wait_until(lambda: states(gateway) == ["unknown"], "the first milter to take it")
    gateway.journal.add([{"state": "sending", "verdict": ""}])

    gateway.configure()
    assert_sms_are_put_off(gateway)
    assert_one_line_of_trouble(gateway, "another sms-milter")
    assert states(gateway) == ["unknown", "sending"]
    other_milter.stop()

    assert_recovers(gateway)
    assert states(gateway)[:2] == ["unknown", "unknown"]
    assert trouble_lines(other_milter) == []


def states(gateway: Gateway) -> list[str]:
    return [state for _, state, _ in gateway.journal.states()]


# What it keeps ------------------------------------------------------------------------


def test_what_a_killed_milter_was_sending_is_unknown(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway)
    gateway.journal.add([{"state": "sending", "verdict": ""}, {"state": "sent"},
                         {"state": "failed", "verdict": "deferred"}])
    gateway.milter.kill()
    gateway.configure()

    def found() -> list[tuple[str, int]]:
        return [(row["state"], row["unknowns"]) for row in gateway.journal.rows()]

    wait_until(lambda: found() == [("unknown", 1), ("sent", 0), ("failed", 0)],
               "the SMS to be unknown")
    assert trouble_lines(gateway.milter) == []


@pytest.mark.parametrize("count, words", [
    (0, None), (1, "1 SMS was being sent when the last daemon ended. Whether it was sent "),
    (3, "3 SMS were being sent when the last daemon ended. Whether they were sent ")])
def test_a_start_after_a_kill_says_how_many_sms_were_under_way(
        gateway: Gateway, count: int, words: str | None) -> None:
    configure_and_wait_for_journal(gateway)
    gateway.journal.add([{"state": "sending", "verdict": "", "queue_id": f"4bXyz{n}"}
                         for n in range(count)])
    gateway.milter.kill()
    gateway.configure()
    assert send_sms(gateway).status == "250 2.0.0"  # the journal is open by then

    lines = [line for line in gateway.milter.log_lines() if "being sent when" in line]
    if words is None:
        assert lines == []
        return
    [line] = lines
    assert words + "is unknown: see sms-milterctl history --state unknown" in line
    shown = subprocess.run([gateway.postfix.ctl, "history", "--state", "unknown"],
                           capture_output=True, text=True, check=True).stdout
    assert all(f"4bXyz{n} " in shown for n in range(count))
    assert len(shown.splitlines()) == 1 + count


def test_a_killed_milters_mail_is_sent_when_it_comes_again(gateway: Gateway) -> None:
    class Killed:
        cause = ""

        def begin(self) -> None:
            gateway.milter.kill()

        def end(self) -> None:
            pass

    configure_and_wait_for_journal(gateway)
    assert send_into(gateway, Killed()).status == "451 4.7.1"
    assert gateway.journal.states() == [(PHONE, "sending", "")]
    gateway.configure()

    assert send_again(gateway).status == "250 2.0.0"
    [row] = gateway.journal.rows()
    assert (row["state"], row["attempts"], row["unknowns"]) == ("sent", 2, 1)


def add_old_and_young(gateway: Gateway) -> None:
    now_s = int(time.time())
    gateway.journal.add(
        [{"number": f"+44770090{age:04}", "updated": now_s - age * DAY_S}
         for age in (100, 91, 89, 50, 0)])


def ages(gateway: Gateway) -> list[int]:
    return [int(row["number"][-4:]) for row in gateway.journal.rows()]


def test_a_start_forgets_what_is_old(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway, retention_days=120)
    add_old_and_young(gateway)
    gateway.milter.stop()
    assert ages(gateway) == [100, 91, 89, 50, 0]
    gateway.configure()

    wait_until(lambda: len(ages(gateway)) < 4, "old rows to go")
    assert ages(gateway) == [89, 50, 0]


def test_a_reload_with_a_shorter_retention_forgets_at_once(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway, retention_days=120)
    add_old_and_young(gateway)
    gateway.milter.write_settings(gateway.settings(retention_days=60))
    gateway.milter.reload()

    wait_until(lambda: len(ages(gateway)) < 3, "old rows to go")
    assert ages(gateway) == [50, 0]


def test_the_files_are_for_the_milter_alone(gateway: Gateway) -> None:
    configure_and_wait_for_journal(gateway)
    assert gateway.send(NUMBER, Subject="Excursion", body="The bus is late.",
                        Message_ID=MAIL_ID).last.status == "250 2.0.0"
    files = {file.name: file for file in gateway.journal.folder.iterdir()}

    assert set(files) >= {"journal.db", "journal.db-wal", "journal.db-shm"}
    for name, file in files.items():
        status = file.stat()
        assert (name, stat.filemode(status.st_mode)) == (name, "-rw-------")
        assert (name, status.st_uid) == (name, gateway.milter.account.pw_uid)
    content = b"".join(file.read_bytes() for file in files.values())
    assert PHONE.encode() in content and OFFICE.encode() in content
    for secret in (*KEYS.values(), "Excursion", "bus is late"):
        assert secret.encode() not in content
