# SPDX-License-Identifier: ISC
"""Places in which a key might become visible, and the forms that it may have there."""

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

# A part of this many characters counts as the whole key: freed memory that was partly
# overwritten still reveals the rest.
PART_BYTES = 8

# Most of a core is memory that was never used.
PAGE = b"\0" * 4096

PROCESS_FILES = ("cmdline", "environ", "status", "stat", "maps", "smaps", "comm",
                 "auxv", "limits", "mountinfo", "stack", "syscall", "wchan")


def spellings(key: str) -> set[bytes]:
    """The forms in which programs write the key."""
    plain = key.encode()
    escaped = json.dumps(key)[1:-1].encode()
    every = {plain, escaped, escaped.replace(b"/", rb"\/"),
             json.dumps(escaped.decode())[1:-1].encode()}
    for before in range(3):  # base64 of data that contains the key
        encoded = base64.b64encode(b"\0" * before + plain)
        every.add(encoded[4:-4])
    return every


def parts(key: str) -> set[bytes]:
    """The parts that reveal a spelling: any text of twice as many consecutive
    characters from it contains one of these parts whole."""
    return {spelling[start:start + PART_BYTES] for spelling in spellings(key)
            for start in range(0, len(spelling) - PART_BYTES + 1, PART_BYTES)}


def find(key: str, content: bytes) -> list[bytes]:
    """The parts of the key that content contains, with the octets around the first
    occurrence."""
    return [content[max(0, content.find(part) - 24):content.find(part) + 48]
            for part in sorted(parts(key)) if part in content]


def core_of(pid: int) -> bytes:
    """All memory that a core dump of the running process would contain."""
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
    """The output of sms-milterctl, for people and for programs."""
    account = pwd.getpwnam("sms-milter")
    command = ["setpriv", "--reuid", str(account.pw_uid), "--regid",
               str(account.pw_gid), "--clear-groups", "--", str(gateway.postfix.ctl)]
    return b"".join(
        subprocess.run([*command, "history", *options], capture_output=True,
                       timeout=LIMIT_S, check=True).stdout
        for options in ([], ["--json"]))


def places(gateway: Gateway, done: Transaction | None) -> Iterator[tuple[str, bytes]]:
    """All places except the memory: name and content."""
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
    """What the system shows of the process."""
    for name in PROCESS_FILES:
        path = Path(f"/proc/{pid}/{name}")
        try:
            yield str(path), path.read_bytes()
        except PermissionError:
            assert os.geteuid() != 0 or name in ("stack", "syscall")


def milter_pid(gateway: Gateway) -> int:
    """The process id of the daemon, which setpriv executed."""
    assert gateway.milter.process
    return gateway.milter.process.pid


def is_itself(gateway: Gateway) -> bool:
    """Whether the process uses its memory itself. A memory checker keeps freed memory
    and a copy of the environment."""
    return (not os.environ.get("SMS_MILTER_WRAPPER") and
            b"__asan_init" not in gateway.milter.program.read_bytes())


def own_core(gateway: Gateway) -> bytes:
    """A core of the daemon, including its heap."""
    core = core_of(milter_pid(gateway))
    assert gateway.journal.place.encode() in core
    return core


def assert_hidden(gateway: Gateway, done: Transaction | None, *keys: str,
                  has_core: bool = True) -> None:
    """None of the keys is in any of the places."""
    gateway.postfix.wait_until_done()
    everywhere = [*places(gateway, done), *process_places(milter_pid(gateway))]
    if has_core and is_itself(gateway):
        everywhere.append(("core", own_core(gateway)))
    found = {name: hits for key in keys for name, content in everywhere
             if (hits := find(key, content))}
    assert not found, found
