# SPDX-License-Identifier: ISC
"""-t checks all that a start needs, reports all errors at once, each with the line of its
option, and creates no file. A start reports the same in the same words."""

import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Callable, Iterator

import pytest

from account import sms_milter_account
from milter import Milter, build_dir
from preload import Preload
from waiting import LIMIT_S

CTL = build_dir() / "sms-milterctl"

# The folder "run" is the daemon's own.
CONFIG = """\
# Comments count as lines,
/* also such
   of several */
listen = "unix:RUN/milter.sock"   # line 4
listen-mode = "0660"
journal = "sqlite:RUN/journal.db" # line 6
default-country = "44"
customer "greenfield" {           # line 8
  domains = {
    "greenfield.sch.example",
    ".greenfield.sch.example"
  }
  customer-id = "1469"
  api-key-file = "RUN/key"        # line 14
  audit-log = "RUN/audit.jsonl"   # line 15
  sender-auth = {"sasl"}
}
"""
LISTEN, JOURNAL, CUSTOMER, KEY, AUDIT = 4, 6, 8, 14, 15


@pytest.fixture(scope="module")
def account() -> Iterator[pwd.struct_passwd]:
    with sms_milter_account() as found:
        yield found


class Host:
    """A milter that does not run, and a folder of its user."""

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        self.account = account
        self.milter = Milter(folder, account)
        self.run = folder / "run"
        self.run.mkdir()
        self.give(self.run)
        self.milter.write_secret(self.run / "key", "s3cret\n")
        self.write()

    def give(self, path: Path) -> Path:
        os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)
        return path

    def write(self, changes: dict[str, str] | None = None, behind: str = "") -> None:
        """The configuration, with some parts replaced."""
        text = CONFIG
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new)
        self.milter.write_config(self.place(text + behind))

    def place(self, text: str) -> str:
        return text.replace("RUN", str(self.run))

    def files(self) -> dict[str, tuple[int, int]]:
        """The files that exist: size, and time of the last change."""
        return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
                for path in sorted(self.milter.folder.rglob("*"))
                if path != self.milter.stderr_file}

    def check(self) -> list[str]:
        """All error lines of -t. It must create and change nothing."""
        before = self.files()
        done = self.milter.check()
        assert self.files() == before
        assert (done.returncode, done.stdout == "") == (
            (78, True) if done.stderr else (0, False)), done
        assert "s3cret" not in done.stdout + done.stderr
        return done.stderr.splitlines()

    def start_in_vain(self) -> tuple[int, list[str]]:
        """Exit status and messages of a start that fails. It must create no file either."""
        before = self.files()
        done = subprocess.run(self.milter._command(), capture_output=True, text=True,
                              env=self.milter._whole_environment(), timeout=LIMIT_S)
        assert self.files() == before
        return done.returncode, [line.removeprefix("sms-milter: ")
                                 for line in done.stderr.splitlines()]

    def assert_wrong(self, line: int, words: str, status: int = 78) -> None:
        """-t and a start must report the same."""
        told = self.check()
        assert len(told) == 1, told
        place = f"{self.milter.config_file}:{line}: "
        assert told[0].startswith(place), told
        assert re.search(self.place(words), told[0]), told
        assert self.start_in_vain() == (status, told)


@pytest.fixture
def host(account: pwd.struct_passwd) -> Iterator[Host]:
    folder = Path(tempfile.mkdtemp(prefix="sms-milter-start-"))
    folder.chmod(0o755)
    try:
        yield Host(folder, account)
    finally:
        shutil.rmtree(folder)


def test_what_is_good_is_said_in_one_line(host: Host) -> None:
    assert host.check() == []
    assert host.milter.check().stdout == host.place(
        f"sms-milter: {host.milter.config_file} is good: 1 customer, journal "
        "sqlite:RUN/journal.db, listen unix:RUN/milter.sock\n")
    host.write(behind='customer "b" { domains = {"b.example"} customer-id = "1" '
                      'api-key = "k" sender-auth = {"sasl"} }\n')
    assert "is good: 2 customers, " in host.milter.check().stdout


# The socket ------------------------------------------------------------------------


def test_the_socket_needs_its_folder(host: Host) -> None:
    host.write({"RUN/milter.sock": "RUN/none/milter.sock"})
    host.assert_wrong(LISTEN, "listen: the folder RUN/none does not exist; create "
                              "it: install -d -o sms-milter -g sms-milter -m 2750 "
                              "RUN/none$", status=69)


def test_the_group_of_the_socket_is_in_the_command(host: Host) -> None:
    host.write({"RUN/milter.sock": "RUN/none/milter.sock",
                'listen-mode = "0660"': 'listen-group = "mail"'})
    assert any(line.endswith(host.place("-o sms-milter -g mail -m 2750 RUN/none"))
               for line in host.check())


def test_the_folder_of_the_socket_must_be_writable(host: Host) -> None:
    folder = host.run / "closed"
    folder.mkdir(0o755)
    host.write({"RUN/milter.sock": "RUN/closed/milter.sock"})
    host.assert_wrong(LISTEN, "listen: user sms-milter cannot create files in the folder "
                      r"RUN/closed \(owner root, mode 0755\): install -d -o ",
                      status=69)


def test_a_folder_that_may_not_be_entered_is_named(host: Host) -> None:
    (host.run / "closed").mkdir(0o700)
    (host.run / "closed" / "open").mkdir()
    host.write({"RUN/milter.sock": "RUN/closed/open/milter.sock"})
    host.assert_wrong(LISTEN, "user sms-milter has no permission to enter the folder "
                              "RUN/closed: ",
                      status=69)


def test_a_folder_of_the_systems_is_not_to_be_given_away(host: Host) -> None:
    host.write({"RUN/milter.sock": "/var/spool/milter.sock"})
    host.assert_wrong(LISTEN, "create a separate folder: install -d .* "
                      "/var/spool/sms-milter$", status=69)


def test_a_path_may_be_too_long_for_a_socket(host: Host) -> None:
    longest = f"{host.run}/" + "x" * (106 - len(f"{host.run}/"))
    host.write({"RUN/milter.sock": f"{longest}x"})
    host.assert_wrong(LISTEN, "listen: the path is too long: .* at most 106 bytes",
                      status=69)
    host.write({"RUN/milter.sock": longest})
    assert host.check() == []
    start(host)
    host.milter.stop()


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, os.mkfifo,
                                  lambda path: path.symlink_to("key")])
def test_what_is_no_socket_is_left_alone(host: Host,
                                         make: Callable[[Path], None]) -> None:
    make(host.run / "milter.sock")
    host.assert_wrong(LISTEN, "listen: RUN/milter.sock exists and is not a socket",
                      status=69)


@pytest.mark.parametrize("group, words", [
    ("postfx", "listen-group: group postfx does not exist"),
    ("root", "listen-group: user sms-milter is not a member of group root: usermod -a "
             "-G root sms-milter"),
    ("4294967295", "listen-group: group 4294967295 does not exist")])
def test_the_group_of_the_socket_is_looked_for(host: Host, group: str,
                                               words: str) -> None:
    host.write({'listen-mode = "0660"': f'listen-group = "{group}"'})
    host.assert_wrong(LISTEN + 1, words, status=69)


def test_a_folder_gives_its_group_to_the_socket(host: Host) -> None:
    os.chown(host.run, host.account.pw_uid, 0)
    host.run.chmod(0o2750)
    host.write({'listen-mode = "0660"': 'listen-group = "root"'})
    assert host.check() == []


def test_a_socket_in_use_is_said_and_is_no_mistake(host: Host) -> None:
    path = str(host.run / "milter.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        os.chown(path, host.account.pw_uid, -1)
        assert host.check() == []
        assert host.milter.check().stdout.endswith(
            f"sms-milter: unix:{path} is already in use, probably by the running "
            f"daemon; this is not an error\n")
        status, told = host.start_in_vain()
        assert (status, told) == (69, [
            f"{host.milter.config_file}:{LISTEN}: listen: another program already "
            f"listens on {path}"])
    assert host.check() == []  # it is left behind, and a start removes it


@pytest.mark.parametrize("place, words", [
    ("inet:0@127.0.0.1", "needs a port from 1 to 65535"),
    ("inet:70000@127.0.0.1", "needs a port from 1 to 65535"),
    ("inet:8891x@127.0.0.1", "needs a port from 1 to 65535"),
    ("inet:8,891@127.0.0.1", "needs a port from 1 to 65535"),
    ("inet:8891@no-such-host.invalid", "the host no-such-host.invalid has no address"),
    ("inet:8891@192.0.2.1", "192.0.2.1 is not an address of this host")])
def test_a_network_socket_needs_port_and_address(host: Host, place: str,
                                                 words: str) -> None:
    host.write({"unix:RUN/milter.sock": place})
    host.assert_wrong(LISTEN, f"listen: .*{re.escape(words)}", status=69)


# The journal -------------------------------------------------------------------------


def make_database(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def assert_journal_wrong(host: Host, words: str) -> None:
    told = host.check()
    assert len(told) == 1, told
    assert re.match(rf"{host.milter.config_file}:{JOURNAL}: journal: {host.place(words)}",
                    told[0]), told


@pytest.mark.parametrize("place", ["mysql://localhost/sms", "/var/lib/journal.db",
                                   "sqlite:journal.db", ""])
def test_a_journal_of_no_known_kind_is_told(host: Host, place: str) -> None:
    host.write({"sqlite:RUN/journal.db": place})
    host.assert_wrong(JOURNAL, f'journal: "{place}" is not a place such as '
                      '"sqlite:/path"( or |$)')


def test_the_journal_needs_its_folder(host: Host) -> None:
    host.write({"RUN/journal.db": "RUN/none/journal.db"})
    assert_journal_wrong(host, "the folder RUN/none does not exist; create it: "
                               "install -d -o sms-milter -g sms-milter -m 0700 RUN/none$")


def test_the_folder_of_the_journal_must_be_writable(host: Host) -> None:
    (host.run / "closed").mkdir(0o755)
    host.write({"RUN/journal.db": "RUN/closed/journal.db"})
    assert_journal_wrong(host, "user sms-milter cannot create files in the folder ")


def test_the_folder_that_a_journal_leads_to_must_be_writable(host: Host) -> None:
    (host.run / "closed").mkdir(0o755)
    (host.run / "journal.db").symlink_to("closed/real.db")
    assert_journal_wrong(host, "user sms-milter cannot create files in the folder ")


def test_a_journal_needs_room_for_the_names_beside_it(host: Host) -> None:
    """SQLite creates a file with the same name and -journal at its end."""
    host.write({"journal.db": "x" * (255 - len("-lock"))})
    assert_journal_wrong(host, ".*-journal: File name too long")
    host.write({"journal.db": "x" * (255 - len("-journal"))})
    assert host.check() == []
    start(host)
    host.milter.stop()


@pytest.mark.parametrize("name", ["journal.db", "journal.db-wal", "journal.db-lock",
                                  "journal.db-journal"])
def test_what_root_made_of_the_journal_is_named(host: Host, name: str) -> None:
    """As after a start by root."""
    (host.run / name).touch(0o600)
    assert_journal_wrong(host, rf"user sms-milter cannot read and write RUN/{name} "
                         r"\(owner root, mode 0600\): chown sms-milter RUN/journal.db"
                         r"\*$")


@pytest.mark.parametrize("make, words", [
    (lambda path: path.write_text("no database " * 100), "file is not a database"),
    (lambda path: make_database(path, "CREATE TABLE x (y)"),
     "it is the database of another program"),
    (lambda path: make_database(path, "PRAGMA application_id = 1397576525",
                                "CREATE TABLE x (y)", "PRAGMA user_version = 99"),
     "its schema has version 99, but this sms-milter knows only versions up to"),
    (lambda path: path.mkdir(), "is not a regular file"),
    (os.mkfifo, "is not a regular file")])
def test_what_is_no_journal_is_named(host: Host, make: Callable[[Path], None],
                                     words: str) -> None:
    path = host.run / "journal.db"
    make(path)
    host.give(path)
    assert_journal_wrong(host, f".*{words}")


def test_a_journal_that_is_damaged_is_named(host: Host) -> None:
    path = host.run / "journal.db"
    make_database(path, "PRAGMA application_id = 1397576525", "CREATE TABLE x (y)",
                  "CREATE INDEX z ON x (y)",
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                  "WHERE i < 9000) INSERT INTO x SELECT hex(randomblob(20)) FROM n")
    host.give(path)
    assert host.check() == []
    with open(path, "r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xa5" * 4096 * 20)
    assert_journal_wrong(host, ".*damaged|.*malformed")


@pytest.mark.parametrize("name", ["a?mode=memory", "a#b", "a%20b", "a b"])
def test_a_journal_may_have_an_odd_name(host: Host, name: str) -> None:
    make_database(host.run / name, "CREATE TABLE x (y)")
    host.give(host.run / name)
    host.write({"journal.db": name})
    assert_journal_wrong(host, ".*the database of another program")


def start(host: Host) -> str:
    """The line that says "ready"."""
    with open(host.milter.stderr_file, "wb") as stderr:
        host.milter.process = subprocess.Popen(
            host.milter._command(), env=host.milter._whole_environment(),
            stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr,
            start_new_session=True)
    return host.milter.wait_for_log(r"\bready\b")


class EarlySignal(Preload):
    """A signal that comes while the configuration is read: when the folder of an include
    is opened."""

    source = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

DIR *opendir(const char *path)
{
    DIR *(*next)(const char *) = (DIR * (*)(const char *)) dlsym(RTLD_NEXT, "opendir");

    FILE *told = fopen(TOLD, "r");
    int number;

    if (told && fscanf(told, "%d", &number) == 1 && unlink(TOLD) == 0)
        kill(getpid(), number);
    if (told)
        fclose(told);
    return next(path);
}
"""


@pytest.mark.parametrize("name", ["SIGHUP", "SIGUSR1"])
def test_a_reload_that_comes_too_early_waits(host: Host, name: str) -> None:
    (host.run / "more").mkdir()
    host.write(behind='include("RUN/more")\n')
    preload = EarlySignal(host.milter, host.run)
    preload.file.write_text(str(int(signal.Signals[name])))
    start(host)
    try:
        assert not preload.file.exists()
        host.milter.wait_for_log(f"reloaded: customers=1 signal={name}$")
    finally:
        host.milter.stop()


def test_ready_says_that_the_journal_cannot_be_used(host: Host) -> None:
    host.write({"RUN/journal.db": "RUN/none/journal.db"})
    line = start(host)
    try:
        assert "every SMS is deferred because the journal cannot be used now" in line
        assert str(host.run / "none/journal.db") in line
        host.milter.wait_for_log(
            rf"{host.milter.config_file}:{JOURNAL}: journal: the folder .* install -d ")
    finally:
        host.milter.stop()


def test_ready_says_no_more_than_that_where_all_is_good(host: Host) -> None:
    line = start(host)
    try:
        assert re.search(r"ready: listen=unix:\S+ customers=1$", line)
        before = host.files()
        done = host.milter.check()
        assert (done.returncode, done.stderr) == (0, "")
        assert host.files().keys() == before.keys()
    finally:
        host.milter.stop()
    assert host.check() == []


@pytest.mark.parametrize("length", [256, 4096])
def test_an_audit_log_may_have_too_long_a_name(host: Host, length: int) -> None:
    audit_of(host, "RUN/" + "x" * length)
    told, = host.check()
    assert told.startswith(f"{host.milter.config_file}:{AUDIT}: audit-log: "), told
    assert host.start_in_vain()[0] == 78


# Audit logs --------------------------------------------------------------------------


def audit_of(host: Host, path: str) -> None:
    host.write({"RUN/audit.jsonl": path})


def make_link(path: Path) -> None:
    path.symlink_to("elsewhere")


def make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def make_of_root(path: Path) -> None:
    path.touch(0o640)


def make_of_somebody(path: Path) -> None:
    path.touch(0o640)
    os.chown(path, 65534, 65534)


def make_open(path: Path) -> None:
    path.touch()
    os.chown(path, pwd.getpwnam("sms-milter").pw_uid, -1)
    path.chmod(0o644)


def make_read_only(path: Path) -> None:
    path.touch()
    os.chown(path, pwd.getpwnam("sms-milter").pw_uid, -1)
    path.chmod(0o440)


def make_device(path: Path) -> None:
    os.mknod(path, 0o20600, os.makedev(1, 3))


@pytest.mark.parametrize("make, words", [
    (make_link, "is a symbolic link"), (make_loop, "is a symbolic link"),
    (os.mkfifo, "is not a regular file"), (make_device, "is not a regular file"),
    (Path.mkdir, "is not a regular file"),
    (make_of_somebody, "belongs to user 65534"), (make_open, "has mode 0644"),
    (make_of_root, "user sms-milter may not read and write RUN/audit.jsonl .* chown "),
    (make_read_only, "user sms-milter may not read and write RUN/audit.jsonl ")])
def test_an_audit_log_is_a_file_of_the_daemons(host: Host, make: Callable[[Path], None],
                                               words: str) -> None:
    make(host.run / "audit.jsonl")
    host.assert_wrong(AUDIT, f"audit-log: .*{words}")


def test_an_audit_log_needs_its_folder(host: Host) -> None:
    audit_of(host, "RUN/none/audit.jsonl")
    host.assert_wrong(AUDIT, "audit-log: RUN/none/audit.jsonl: No such file or directory: "
                      "the folder RUN/none does not exist; create it: install -d -o "
                      "sms-milter -g sms-milter -m 0750 RUN/none$")
    (host.run / "closed").mkdir(0o755)
    audit_of(host, "RUN/closed/audit.jsonl")
    host.assert_wrong(AUDIT, "audit-log: RUN/closed/audit.jsonl: user sms-milter "
                             "cannot create "
                      "files in the folder")
    audit_of(host, "RUN/key/audit.jsonl")
    host.assert_wrong(AUDIT, "audit-log: RUN/key/audit.jsonl: RUN/key is not a folder")


@pytest.mark.parametrize("group, line, words", [
    ("no-such-group", AUDIT + 1, "audit-group: group no-such-group does not exist"),
    ("4294967296", AUDIT + 1, "audit-group: group 4294967296 does not exist"),
    ("root", AUDIT, "audit-log: cannot change the group of .* to root: add the "
                    "daemon's user to that group")])
def test_an_audit_log_needs_its_group(host: Host, group: str, line: int,
                                      words: str) -> None:
    host.write({"  sender-auth": f'  audit-group = "{group}"\n  sender-auth'})
    host.assert_wrong(line, words)


def test_an_audit_log_of_another_group_is_refused(host: Host) -> None:
    host.milter.write_secret(host.run / "audit.jsonl", "")
    os.chown(host.run / "audit.jsonl", -1, 1)
    host.write({"  sender-auth": '  audit-group = "sms-milter"\n  sender-auth'})
    host.assert_wrong(AUDIT, "exists and its group is not sms-milter")


@pytest.mark.parametrize("path, what", [
    ("RUN/key", rf"is already used as a key file \(\S+:{KEY}\)"),
    ("RUN/./key", "is already used as a key file"),
    ("RUN//key", "is already used as a key file"),
    ("RUN/../run/key", "is already used as a key file"),
    ("RUN/again/key", "is already used as a key file"),
    ("RUN/soft", "is already used as a key file"), ("RUN/hard", "is already used as "
                                                                "a key file"),
    ("RUN/../sms-milter.conf", "is already used as a file of the configuration"),
    ("RUN/more.conf", "is already used as a file of the configuration"),
    ("RUN/journal.db", rf"is already used as a file of the journal \(\S+:{JOURNAL}\)"),
    ("RUN/journal.db-wal", "is already used as a file of the journal"),
    ("RUN/journal.db-shm", "is already used as a file of the journal"),
    ("RUN/again/journal.db-lock", "is already used as a file of the journal"),
    ("RUN/milter.sock", rf"is already used as the socket \(\S+:{LISTEN}\)"),
    ("RUN/optouts", "is already used as a blocklist"),
    ("RUN/other.jsonl", "is already the audit log of another customer")])
def test_an_audit_log_is_nothing_else(host: Host, path: str, what: str) -> None:
    """Nothing may be written to it, whatever its name is."""
    (host.run / "again").symlink_to(".")
    (host.run / "soft").symlink_to("key")
    (host.run / "hard").hardlink_to(host.run / "key")
    host.milter.write_secret(host.run / "optouts", "+447700900199\n")
    host.milter.write_secret(host.run / "more.conf", host.place(
        'customer "a" {\n domains = {"a.example"}\n customer-id = "1"\n'
        ' api-key-file = "RUN/key"\n audit-log = "RUN/other.jsonl"\n'
        ' sender-auth = {"sasl"}\n blocklist = "RUN/optouts"\n}\n'))
    host.write({"RUN/audit.jsonl": path}, behind='include("RUN/more.conf")\n')
    if path == "RUN/other.jsonl":  # the one that is read later is told of
        told, = host.check()
        assert f"{host.run}/more.conf:5: audit-log: " in told and what in told
        return
    host.assert_wrong(AUDIT, f'audit-log: "{re.escape(path)}" {what}')


@pytest.mark.parametrize("target", ["real.db", "elsewhere/real.db"])
@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_an_audit_log_is_no_file_beside_a_journal_that_is_a_link(
        host: Host, target: str, is_there: bool, suffix: str) -> None:
    """SQLite's files are beside the file that the link points to."""
    path = host.run / target
    path.parent.mkdir(exist_ok=True)
    host.give(path.parent)
    if is_there:
        make_database(path)
        host.give(path)
    (host.run / "first.db").symlink_to(target)
    (host.run / "journal.db").symlink_to(host.run / "first.db")
    audit_of(host, f"RUN/{target}{suffix}")
    host.assert_wrong(AUDIT, "audit-log: .* is already used as a file of the journal")


# All at once -------------------------------------------------------------------------


EVERYTHING = """\
# comment
colour = "red"
listen = "unix:RUN/none/milter.sock"
listen-group = "postfx"
journal = "sqlite:RUN/none/journal.db"
default-country = "44"
max-recipients = 0
customer "a" {
  domains = {
    "a.example",
    "a..example"
  }
  api-key-file =
    "RUN/no-key"
  audit-log = "RUN/fifo"
}
customer "b" { // comment
  domains = {"b.example"}
  customer-id = "1"
  api-key = "two words"
  audit-log = "RUN/key"
  blocklist = "RUN/no-list"
  audit-group = "nobody-at-all"
  hours = {}
}
include("RUN/more.conf")
"""
WRONG = [(2, "colour"), (3, "listen"), (4, "listen-group"), (5, "journal"),
         (7, "max-recipients"), (8, "customer-id"), (9, "domains"),
         (13, "api-key-file"), (15, "audit-log"), (20, "api-key"), (22, "blocklist"),
         (23, "audit-group"), (24, "hours")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_all_that_is_wrong_is_told_at_once(host: Host, line_end: str) -> None:
    os.mkfifo(host.run / "fifo")
    host.milter.write_secret(host.run / "more.conf", '\n\nduplicate-wait = "x"\n')
    host.milter.write_config(host.place(EVERYTHING).replace("\n", line_end))
    told = host.check()

    found = [match.group(1, 2, 3) for line in told
             if (match := re.match(r"(.*):(\d+): ([a-z-]+): ", line))]
    assert len(found) == len(told), told
    main = str(host.milter.config_file)
    assert [(int(line), option) for file, line, option in found if file == main] == WRONG
    assert found[-1] == (str(host.run / "more.conf"), "3", "duplicate-wait")
    assert host.start_in_vain() == (78, told)


def test_a_file_that_cannot_be_understood_hides_nothing_before_it(host: Host) -> None:
    """What may stand after the mistake is not reported as missing."""
    host.milter.write_secret(host.run / "more.conf", 'customer "x"\n')
    host.write({'listen-mode = "0660"': 'listen-group = "postfx"',
                "RUN/audit.jsonl": "RUN/none/audit.jsonl"},
               behind='include("RUN/more.conf")\n')
    told = host.check()
    main = host.milter.config_file
    assert [line.split(": ")[:2] for line in told[:2]] == [
        [f"{main}:{LISTEN + 1}", "listen-group"], [f"{main}:{AUDIT}", "audit-log"]]
    assert [line.split(":")[0] for line in told[2:]] == [str(host.run / "more.conf")]


def test_the_default_of_an_option_has_no_line(host: Host) -> None:
    host.write({'listen = "unix:RUN/milter.sock"   # line 4': ""})
    told, = host.check()
    assert told.startswith(f"{host.milter.config_file}: listen: ")


# Root --------------------------------------------------------------------------------


def as_root(host: Host, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([host.milter.program, "-c", host.milter.config_file, *options],
                          capture_output=True, text=True, timeout=LIMIT_S)


def test_root_is_told_what_it_did_not_try(host: Host) -> None:
    os.chown(host.run / "key", 0, -1)
    before = host.files()
    done = as_root(host, "-t")
    assert (done.returncode, done.stderr) == (0, "")
    assert ("warning: this ran as root, so it was not tested whether user sms-milter "
            "can read and write these files and folders: runuser -u sms-milter -- "
            "sms-milter -t\n"
            ) in done.stdout
    host.milter.write_secret(host.run / "audit.jsonl", "")
    assert as_root(host, "-t").returncode == 0
    host.write({'listen-mode = "0660"': 'listen-group = "postfx"'})
    done = as_root(host, "-t")
    assert done.returncode == 78
    assert "listen-group: group postfx does not exist" in done.stderr
    assert "warning: this ran as root" in done.stderr
    assert host.files().keys() - before.keys() == {str(host.run / "audit.jsonl")}


def test_a_start_as_root_is_warned_of_once(host: Host) -> None:
    os.chown(host.run / "key", 0, -1)
    with open(host.milter.stderr_file, "wb") as stderr:
        host.milter.process = subprocess.Popen(
            [host.milter.program, "-c", host.milter.config_file], stderr=stderr)
    try:
        host.milter.wait_for_log(r"\bready\b")
        warned = [line for line in host.milter.log_lines() if "root" in line]
        assert len(warned) == 1, warned
        assert f"user sms-milter, who owns {host.run}, " in warned[0]
        assert "runuser -u sms-milter -- sms-milter" in warned[0]
    finally:
        host.milter.stop()


def test_a_secret_of_a_container_gets_advice(host: Host) -> None:
    (host.run / "key").chmod(0o444)
    host.assert_wrong(KEY, "api-key-file: RUN/key has mode 0444: .*mode to 0440.*"
                      "api-key-env")
