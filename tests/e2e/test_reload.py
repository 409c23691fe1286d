# SPDX-License-Identifier: ISC
"""A reload replaces the whole configuration or nothing. A mail that is being processed ends
with the configuration with which it began."""

import os
import re
import signal
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

from gateway import OFFICE, Gateway, make_mail
from settings import GREENFIELD_RELAY, KEYS, Settings
from smtp import Transaction
from test_audit import AuditFolder, read_events
from test_outcomes import (NUMBER, OAKHILL, ONE_TRY, OTHER, OTHER_PHONE, PHONE, THIRD,
                           THIRD_PHONE, requests)
from waiting import LIMIT_S, wait_until

VILLAGE = "office@village.sch.example"


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """What is reloaded here does not affect the next test."""
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    yield gateway
    gateway.postfix.wait_until_done()
    gateway.milter.stop()


@pytest.fixture
def audit(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    return AuditFolder(gateway, gateway.postfix.directory
                       / tmp_path_factory.mktemp("audit").name)


@pytest.fixture
def blocklist(gateway: Gateway) -> Path:
    path = gateway.milter.folder / "optouts"
    path.write_text(f"{THIRD_PHONE}\n")
    return path


def reload(gateway: Gateway, settings: Settings) -> None:
    """Returns when the new configuration is in use."""
    times = gateway.milter.log().count("reloaded:") + 1
    gateway.milter.write_settings(settings)
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:", times)


def reload_in_vain(gateway: Gateway, settings: Settings) -> str:
    """Returns the log line that says why the old configuration stays."""
    times = gateway.milter.log().count("the old configuration stays") + 1
    gateway.milter.write_settings(settings)
    gateway.milter.reload()
    return gateway.milter.wait_for_log("the old configuration stays", times)


def statuses(sent: Transaction) -> list[str]:
    return [reply.status for reply in sent.recipients]


# Two configurations of which each option can be seen ---------------------------------


class Configurations:
    """An old and a new configuration. They differ in everything that a reload changes."""

    def __init__(self, gateway: Gateway, audit: AuditFolder, blocklist: Path) -> None:
        self.gateway = gateway
        self.audit = audit
        self.old = self._settings("old", "1469", blocklist)
        new_list = blocklist.with_name("optouts-new")
        new_list.write_text(f"{OTHER_PHONE}\n")
        self.new = self._settings("new", "1470", new_list)
        self.new["customers"]["village"] = {
            "domains": ["village.sch.example"], "customer-id": "2001",
            "sender-auth": ["network"], "networks": [GREENFIELD_RELAY + "/32"]}

    def _settings(self, word: str, account: str, blocklist: Path) -> Settings:
        return self.gateway.settings(
            blocklist=str(blocklist), api=ONE_TRY,
            text={"template": f"{word}: {{body}}"}, customers={
                "greenfield": {"customer-id": account, "api-key": KEYS[account],
                               "audit-log": str(self.audit.log(word))},
                "greenfield-infants": None})

    def assert_sent_by(self, word: str, *phones: str) -> None:
        """Everything that the API and the audit log have of these mails belongs to one
        configuration."""
        account = {"old": "1469", "new": "1470"}[word]
        for phone in phones:
            sent = self.gateway.simulator.messages(f"?number=%2B{phone[1:]}")
            assert [(sms["customer"], sms["text"]) for sms in sent] == [
                (account, f"{word}: Shut.")]
        ids = {sms["id"] for sms in
               self.gateway.simulator.messages(f"?customer={account}")}
        assert ids <= self._audited(word)
        assert not ids & self._audited({"old": "new", "new": "old"}[word])

    def _audited(self, word: str) -> set[str]:
        log = self.audit.log(word)
        return {event["api_message_id"] for event in
                (read_events(log) if log.exists() else []) if event["event"] == "sms"}

    def assert_holds(self, word: str) -> None:
        """A new mail gets all of this configuration."""
        gateway = self.gateway
        gateway.simulator.clear()
        listed, free = ((THIRD, OTHER) if word == "old" else (OTHER, THIRD))
        assert statuses(gateway.send(listed)) == ["550 5.7.1"]
        assert gateway.send(free, body="Shut.").last.status == "250 2.0.0"
        self.assert_sent_by(word, free.removesuffix("@sms.local"))
        assert statuses(gateway.send(NUMBER, sender=VILLAGE)) == [
            "550 5.7.1" if word == "old" else "250 2.1.5"]


@pytest.fixture
def both(gateway: Gateway, audit: AuditFolder, blocklist: Path) -> Configurations:
    """The daemon uses the old configuration."""
    both = Configurations(gateway, audit, blocklist)
    gateway.milter.stop()
    gateway.milter.start(both.old)
    return both


def test_a_reload_takes_all_of_it(gateway: Gateway, both: Configurations) -> None:
    both.assert_holds("old")
    reload(gateway, both.new)
    both.assert_holds("new")
    reload(gateway, both.old)
    both.assert_holds("old")


@contextmanager
def held_api(gateway: Gateway) -> Iterator[Callable[[], None]]:
    """The first answer comes only when the function is called."""
    gateway.simulator.set_faults("hold,count=1")
    yield gateway.simulator.set_faults
    gateway.simulator.set_faults()


def test_a_mail_at_the_api_ends_as_it_began_and_the_next_is_new(
        gateway: Gateway, both: Configurations) -> None:
    with ThreadPoolExecutor(1) as pool, held_api(gateway) as answer:
        sending = pool.submit(gateway.send, NUMBER, OTHER, body="Shut.")
        wait_until(lambda: requests(gateway) == 1, "an API request")
        reload(gateway, both.new)
        assert gateway.send(THIRD, body="Shut.").last.status == "250 2.0.0"
        assert not sending.done()
        answer()
        assert sending.result().last.status == "250 2.0.0"

    both.assert_sent_by("old", PHONE, OTHER_PHONE)
    both.assert_sent_by("new", THIRD_PHONE)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_mail_that_has_begun_ends_as_it_began(gateway: Gateway, both: Configurations,
                                                step: str) -> None:
    def reload_behind(this: str) -> None:
        if step == this:
            reload(gateway, both.new)

    with gateway.connect() as client:
        client.mail(OFFICE)
        reload_behind("MAIL")
        assert client.rcpt(NUMBER).is_good
        assert client.rcpt(OTHER).is_good
        assert client.rcpt(THIRD).status == "550 5.7.1"
        reload_behind("RCPT")
        assert client.data().is_good
        reload_behind("DATA")
        assert client.end(make_mail(OFFICE, [], "Shut.")).status == "250 2.0.0"

    both.assert_sent_by("old", PHONE, OTHER_PHONE)
    both.assert_holds("new")


def test_a_customer_that_is_gone_still_gets_the_verdict_of_its_mail(
        gateway: Gateway, both: Configurations) -> None:
    """Its record in the journal and its log line are written, too."""
    less = both.gateway.settings(customers={"greenfield": None,
                                            "greenfield-infants": None})
    with ThreadPoolExecutor(1) as pool, held_api(gateway) as answer:
        sending = pool.submit(gateway.send, NUMBER, body="Shut.")
        wait_until(lambda: requests(gateway) == 1, "an API request")
        reload(gateway, less)
        assert not sending.done()
        answer()
        assert sending.result().last.status == "250 2.0.0"

    both.assert_sent_by("old", PHONE)
    assert gateway.journal.states() == [(PHONE, "sent", "accepted")]
    assert statuses(gateway.send(NUMBER)) == ["550 5.7.1"]


# Not at all ---------------------------------------------------------------------------------


def files_of(both: Configurations) -> set[str]:
    return {path.name for path in both.audit.path.iterdir()}




def without_key(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "no-such.key"
    both.new["customers"]["village"]["api-key-file"] = str(path)
    return both.new, f"{path}: No such file"


def with_open_key(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "open.key"
    both.gateway.milter.write_secret(path, KEYS["2001"] + "\n")
    path.chmod(0o644)
    both.new["customers"]["village"]["api-key-file"] = str(path)
    return both.new, f"{path}"


def with_empty_key(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "empty.key"
    both.gateway.milter.write_secret(path, "")
    both.new["customers"]["village"]["api-key-file"] = str(path)
    return both.new, f"{path}"


def with_audit_log_in_missing_folder(both: Configurations) -> tuple[Settings, str]:
    path = both.audit.path / "missing" / "village.jsonl"
    both.new["customers"]["village"]["audit-log"] = str(path)
    return both.new, f"audit-log: {path}: No such file"


def with_audit_log_of_another(both: Configurations) -> tuple[Settings, str]:
    path = both.new["customers"]["greenfield"]["audit-log"]
    both.new["customers"]["village"]["audit-log"] = path
    return both.new, "audit log of another customer"


def with_audit_log_that_is_the_key(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "village.key"
    both.new["customers"]["village"]["audit-log"] = str(path)
    return both.new, f'audit-log: "{path}" is already used as a key file'


def with_audit_log_that_is_the_configuration(both: Configurations
                                             ) -> tuple[Settings, str]:
    path = both.gateway.milter.config_file
    both.new["customers"]["village"]["audit-log"] = str(path)
    return both.new, f'audit-log: "{path}" is already used as a file of the configuration'


def with_audit_log_that_is_the_journal(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.settings()["journal"].removeprefix("sqlite:")
    both.new["customers"]["village"]["audit-log"] = path
    return both.new, f'audit-log: "{path}" is already used as a file of the journal'


def with_audit_log_that_is_the_journal_in_use(both: Configurations
                                              ) -> tuple[Settings, str]:
    """A journal that a reload names is opened only at the next start."""
    path = both.gateway.settings()["journal"].removeprefix("sqlite:")
    both.new["journal"] = f"sqlite:{path}.next"
    both.new["customers"]["village"]["audit-log"] = path
    return both.new, (f'audit-log: "{path}" is already used as a file of the '
                      'journal in use')


def with_audit_log_that_all_may_read(both: Configurations) -> tuple[Settings, str]:
    path = both.audit.log("village")
    path.touch(0o644)
    account = both.gateway.milter.account
    os.chown(path, account.pw_uid, account.pw_gid)
    both.new["customers"]["village"]["audit-log"] = str(path)
    return both.new, f"audit-log: {path} has mode 0644"


def with_foreign_group(both: Configurations) -> tuple[Settings, str]:
    both.new["customers"]["village"] |= {"audit-log": str(both.audit.log("village")),
                                         "audit-group": "adm"}
    return both.new, " to adm: add the daemon's user to that group"


def with_bad_blocklist(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "optouts-of-village"
    path.write_text(f"{PHONE}\n07700 900123\n")
    both.new["customers"]["village"]["blocklist"] = str(path)
    return both.new, f"{path}:2: "


def with_two_of_one_domain(both: Configurations) -> tuple[Settings, str]:
    both.new["customers"]["village"]["domains"] = ["oakhill.sch.example"]
    return both.new, "oakhill.sch.example"


def without_ca_file(both: Configurations) -> tuple[Settings, str]:
    path = both.gateway.milter.folder / "no-such.pem"
    both.new["api"] = both.new["api"] | {"ca-file": str(path)}
    return both.new, f'ca-file: "{path}" cannot be read'


def with_unknown_zone(both: Configurations) -> tuple[Settings, str]:
    both.new["customers"]["village"]["time-zone"] = "Europe/Nowhere"
    return both.new, "Europe/Nowhere"


@pytest.mark.parametrize("spoil", [
    without_key, with_open_key, with_empty_key, with_audit_log_in_missing_folder,
    with_audit_log_of_another, with_audit_log_that_is_the_key,
    with_audit_log_that_is_the_configuration, with_audit_log_that_is_the_journal,
    with_audit_log_that_is_the_journal_in_use,
    with_audit_log_that_all_may_read, with_foreign_group,
    with_bad_blocklist, with_two_of_one_domain, without_ca_file, with_unknown_zone],
    ids=lambda spoil: spoil.__name__)
def test_with_one_mistake_nothing_of_it_is_taken(gateway: Gateway, both: Configurations,
                                                 spoil: Any) -> None:
    settings, words = spoil(both)
    before = files_of(both)
    assert words in reload_in_vain(gateway, settings)

    assert files_of(both) == before  # it left no new one behind
    both.assert_holds("old")
    reload(gateway, both.old)  # and the next good one is taken
    both.assert_holds("old")


def test_a_reload_that_fails_half_way_leaves_no_new_file(
        gateway: Gateway, both: Configurations,
        monkeypatch: pytest.MonkeyPatch) -> None:
    """The reload cannot know in advance that it will run out of descriptors."""
    wrapper = os.environ.get("SMS_MILTER_WRAPPER", "")
    monkeypatch.setenv("SMS_MILTER_WRAPPER", f"prlimit --nofile=80:80 {wrapper}")
    gateway.milter.stop()
    gateway.milter.start(both.old)
    for i in range(80):
        both.new["customers"][f"school-{i}"] = {
            "domains": [f"school-{i}.example"], "customer-id": "1469",
            "audit-log": str(both.audit.log(f"school-{i}"))}
    before = files_of(both)
    assert "Too many open files" in reload_in_vain(gateway, both.new)

    assert files_of(both) == before
    both.assert_holds("old")
    reload(gateway, both.old)
    both.assert_holds("old")


# Many times -----------------------------------------------------------------------------------


SESSIONS, MAILS, RELOADS = 20, 10, 20


def test_twenty_reloads_lose_nothing_and_double_nothing(gateway: Gateway,
                                                        both: Configurations) -> None:
    """Each mail belongs to one of the two configurations: key, text and audit log."""
    done = threading.Semaphore(0)

    def send_some(session: int) -> None:
        source = f"127.0.0.{2 + session % 2}"
        sender = OFFICE if source == GREENFIELD_RELAY else OAKHILL
        for mail in range(MAILS):
            phone = f"+4477{session:02}{mail:06}"
            sent = gateway.send(f"{phone}@sms.local", sender=sender, source=source,
                                body="Shut.")
            assert sent.last.status == "250 2.0.0"
            done.release()

    with ThreadPoolExecutor(SESSIONS) as pool:
        sessions = [pool.submit(send_some, session) for session in range(SESSIONS)]
        for turn in range(RELOADS):
            assert done.acquire(timeout=LIMIT_S)
            reload(gateway, (both.new, both.old)[turn % 2])
        for session in sessions:
            session.result()

    messages = gateway.simulator.messages()
    assert Counter(sms["number"] for sms in messages) == Counter(
        f"+4477{session:02}{mail:06}" for session in range(SESSIONS)
        for mail in range(MAILS))
    for account, word in (("1469", "old"), ("1470", "new")):
        of_account = {sms["id"]: sms["text"] for sms in messages
                      if sms["customer"] == account}
        assert set(of_account.values()) <= {f"{word}: Shut."}
        events = read_events(both.audit.log(word))
        assert sorted(event["api_message_id"] for event in events) == sorted(of_account)
    assert {row["state"] for row in gateway.journal.rows()} == {"sent"}
    assert len(gateway.journal.rows()) == SESSIONS * MAILS


def test_reloads_leave_no_files_open(gateway: Gateway, both: Configurations) -> None:
    """The files of configurations that are not in use any more."""
    def open_files() -> int:
        process = gateway.milter.process
        assert process
        return len(os.listdir(f"/proc/{process.pid}/fd"))

    assert gateway.send(NUMBER).last.status == "250 2.0.0"  # opens what is kept open
    before = open_files()
    for _ in range(10):
        assert gateway.send(NUMBER).last.status == "250 2.0.0"
        reload(gateway, both.old)
        reload_in_vain(gateway, with_foreign_group(both)[0])

    wait_until(lambda: open_files() <= before, "files to be closed")
    reload(gateway, both.old)
    both.assert_holds("old")


# Which signal ---------------------------------------------------------------------------------

RELOADING = [signal.SIGUSR1, signal.SIGHUP]


@pytest.mark.parametrize("number", RELOADING, ids=lambda number: number.name)
def test_a_signal_reloads_and_is_named(gateway: Gateway,
                                       number: signal.Signals) -> None:
    gateway.milter.write_settings(gateway.settings(text={"template": "new: {body}"}))
    gateway.milter.reload(number)
    gateway.milter.wait_for_log(f"reloaded: .*{number.name}")
    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    assert gateway.texts() == [(PHONE, "new: School is shut.")]


@pytest.mark.parametrize("number", RELOADING, ids=lambda number: number.name)
def test_a_signal_with_a_bad_configuration_changes_nothing(
        gateway: Gateway, number: signal.Signals) -> None:
    gateway.milter.write_config("nonsense = 1\n")
    gateway.milter.reload(number)
    gateway.milter.wait_for_log(f"the old configuration stays.*{number.name}")
    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1


def test_a_hundred_hangups_end_nothing(gateway: Gateway) -> None:
    for _ in range(100):
        gateway.milter.reload(signal.SIGHUP)
    gateway.milter.wait_for_log("reloaded:")
    assert gateway.send(NUMBER).last.status == "250 2.0.0"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT],
                         ids=lambda number: number.name)
def test_a_signal_that_stops_is_named(gateway: Gateway, number: signal.Signals) -> None:
    process = gateway.milter.process
    assert process
    process.send_signal(number)
    gateway.milter.wait_for_log(rf"stopping \({number.name}\)")
    gateway.milter.stop()  # asserts exit status 0
    gateway.milter.wait_for_log("stopped$")


def test_a_stop_behind_a_hangup_stops(gateway: Gateway) -> None:
    process = gateway.milter.process
    assert process
    for number in (signal.SIGSTOP, signal.SIGHUP, signal.SIGTERM, signal.SIGCONT):
        process.send_signal(number)
    gateway.milter.stop()
    gateway.milter.wait_for_log("stopped$")


# Signals that come close to each other --------------------------------------------------------


def blocked_signals(pid: int) -> dict[int, set[int]]:
    """The signals that each thread blocks, except threads that have just ended."""
    masks = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found = re.search(r"^SigBlk:\t(\w+)$", status, re.M)
        assert found
        mask = int(found[1], 16)
        masks[int(task.name)] = {number for number in range(1, 65)
                                 if mask >> (number - 1) & 1}
    return masks


def test_no_thread_but_the_main_one_takes_a_signal_that_stops(gateway: Gateway) -> None:
    """libmilter's thread would stop at once, while mails are being processed."""
    gateway.send(NUMBER)
    process = gateway.milter.process
    assert process
    stops = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    for task, blocked in blocked_signals(process.pid).items():
        assert stops & blocked == (set() if task == process.pid else stops)


def test_a_stop_right_behind_a_reload_lets_mail_finish(gateway: Gateway) -> None:
    for index in range(3):
        gateway.configure()
        process = gateway.milter.process
        assert process
        with ThreadPoolExecutor(1) as pool, held_api(gateway) as answer:
            asked = requests(gateway)
            sending = pool.submit(gateway.send, NUMBER, body=f"Mail {index}.")
            wait_until(lambda: requests(gateway) > asked, "an API request")
            for number in (signal.SIGSTOP, signal.SIGUSR1, signal.SIGTERM,
                           signal.SIGCONT):
                process.send_signal(number)
            gateway.milter.wait_for_log("stopping")
            answer()
            assert sending.result().last.status == "250 2.0.0"
        gateway.milter.stop()
        gateway.milter.wait_for_log(r"\bstopped$")

    assert [text for _, text in gateway.texts()] == [f"Mail {n}." for n in range(3)]
