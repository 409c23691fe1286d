# SPDX-License-Identifier: ISC
"""The system account `sms-milter`, which the package creates on a real machine.

The daemon runs as this account, and the snippet for Postfix's master.cf names it. If
the account does not exist, it exists only while a test needs it: parallel test runs
share it, and the last of them removes it, even if an earlier run was killed.
"""

import fcntl
import pwd
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator

NAME = "sms-milter"

_STATE = Path("/run/sms-milter-tests")
_MADE_BY_US = _STATE / "account-is-ours"


@contextmanager
def sms_milter_account() -> Iterator[pwd.struct_passwd]:
    """The account's passwd entry. The account exists until the block ends."""
    _STATE.mkdir(mode=0o700, exist_ok=True)
    with open(_STATE / "users", "w") as users:
        with _one_at_a_time():
            _make_if_missing()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield pwd.getpwnam(NAME)
        finally:
            with _one_at_a_time():
                _remove_if_last(users)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with open(_STATE / "changing", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_if_missing() -> None:
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _MADE_BY_US.touch()
        _run("useradd", "--system", "--user-group", "--no-create-home",
             "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME)


def _remove_if_last(users: IO[str]) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if _MADE_BY_US.exists():
        _run("userdel", NAME)
        _MADE_BY_US.unlink()


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {result.stderr.strip()}")
