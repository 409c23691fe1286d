# SPDX-License-Identifier: ISC
"""Where a key might come to light, and what it looks like there."""

import base64
import json
import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator

from gateway import Gateway
from smtp import Transaction
from waiting import LIMIT_S

# A part of so many characters is as good as the whole: what was freed and written over
# in part still gives the rest away.
PART_BYTES = 8

# Most of a core is memory that was never used.
PAGE = b"\0" * 4096

PROCESS_FILES = ("cmdline", "environ", "status", "stat", "maps", "smaps", "comm",
                 "auxv", "limits", "mountinfo", "stack", "syscall", "wchan")


def spellings(key: str) -> set[bytes]:
    """The key as programs write it."""
    plain = key.encode()
    escaped = json.dumps(key)[1:-1].encode()
    every = {plain, escaped, escaped.replace(b"/", rb"\/"),
             json.dumps(escaped.decode())[1:-1].encode()}
    for before in range(3):  # base64 of something with the key in it
        encoded = base64.b64encode(b"\0" * before + plain)
        every.add(encoded[4:-4])
    return every


def parts(key: str) -> set[bytes]:
    """What gives a spelling away: of twice as many characters in a row, wherever it
    is cut, one part is whole."""
    return {spelling[start:start + PART_BYTES] for spelling in spellings(key)
            for start in range(0, len(spelling) - PART_BYTES + 1, PART_BYTES)}


def find(key: str, content: bytes) -> list[bytes]:
    """The parts of the key that are in it, with what stands around the first."""
    return [content[max(0, content.find(part) - 24):content.find(part) + 48]
            for part in sorted(parts(key)) if part in content]


def core_of(pid: int) -> bytes:
    """All memory that a core dump of the running process would show."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["gcore", "-o", f"{folder}/core", str(pid)],
                              capture_output=True, timeout=LIMIT_S)
        [core] = Path(folder).glob("core.*") or [None]
        assert core, done.stderr.decode()
        return without_empty_pages(core)


def without_empty_pages(file: Path) -> bytes:
    with open(file, "rb") as content:
        pages = iter(lambda: content.read(len(PAGE)), b"")
        return b"".join(page for page in pages if page != PAGE)


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def history_of(gateway: Gateway) -> bytes:
    """What sms-milterctl tells, to people and to programs."""
    account = pwd.getpwnam("sms-milter")
    command = ["setpriv", "--reuid", str(account.pw_uid), "--regid",
               str(account.pw_gid), "--clear-groups", "--", str(gateway.postfix.ctl)]
    return b"".join(
        subprocess.run([*command, "history", *options], capture_output=True,
                       timeout=LIMIT_S, check=True).stdout
        for options in ([], ["--json"]))


def places(gateway: Gateway, done: Transaction | None) -> Iterator[tuple[str, bytes]]:
    """All but the memory: a name, and what is there."""
    yield "sms-milter's log", gateway.milter.stderr_file.read_bytes()
    yield "Postfix's log", gateway.postfix.log().encode()
    for folder in ("delivered", "queue"):
        for path in files_below(gateway.postfix.directory / folder):
            yield str(path), path.read_bytes()
    for path in files_below(gateway.journal.folder):
        yield str(path), path.read_bytes()
    yield "history", history_of(gateway)
    if done:
        replies = [done.mail, *done.recipients, done.data, done.end]
        yield "replies", "\n".join(map(str, replies)).encode()


def process_places(pid: int) -> Iterator[tuple[str, bytes]]:
    """What the system tells of the process."""
    for name in PROCESS_FILES:
        path = Path(f"/proc/{pid}/{name}")
        try:
            yield str(path), path.read_bytes()
        except PermissionError:
            assert os.geteuid() != 0 or name in ("stack", "syscall")


def milter_pid(gateway: Gateway) -> int:
    """Of the daemon itself: setpriv became it."""
    assert gateway.milter.process
    return gateway.milter.process.pid


def is_itself(gateway: Gateway) -> bool:
    """Whether its memory is its own: what checks a program's memory keeps what was
    freed, and a copy of the environment."""
    return (not os.environ.get("SMS_MILTER_WRAPPER") and
            b"__asan_init" not in gateway.milter.program.read_bytes())


def own_core(gateway: Gateway) -> bytes:
    """The daemon's, with its heap in it."""
    core = core_of(milter_pid(gateway))
    assert gateway.journal.place.encode() in core
    return core


def assert_hidden(gateway: Gateway, done: Transaction | None, *keys: str,
                  has_core: bool = True) -> None:
    """None of the keys is anywhere."""
    gateway.postfix.wait_until_done()
    everywhere = [*places(gateway, done), *process_places(milter_pid(gateway))]
    if has_core and is_itself(gateway):
        everywhere.append(("core", own_core(gateway)))
    found = {name: hits for key in keys for name, content in everywhere
             if (hits := find(key, content))}
    assert not found, found
