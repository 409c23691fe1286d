# SPDX-License-Identifier: ISC
"""Runs sms-milter as its package would: in the foreground, as its own user.

Environment variable SMS_MILTER_WRAPPER contains a command to run it under, such as
`valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99`
(libmilter leaves threads behind, whose memory is "possibly lost").
"""

import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from settings import KEYS, Settings, as_text
from waiting import LIMIT_S, wait_until

# Written by AddressSanitizer, UBSan and valgrind when they find a problem.
_COMPLAINT = re.compile(r"Sanitizer|runtime error:|ERROR SUMMARY: [1-9]")

# A line that libmilter meant for syslog. No such line is about ordinary mail. It means
# that libmilter was told something wrong, by us or by a mail server.
_WORD_OF_LIBMILTER = re.compile(r"^(?:<\d>|sms-milter: )libmilter: ")


def build_dir() -> Path:
    try:
        return Path(os.environ["SMS_BUILD_DIR"]).resolve()
    except KeyError:
        raise RuntimeError("SMS_BUILD_DIR must name the build directory") from None


class Milter:
    """One sms-milter with a configuration and key files in `folder`.

    The account must be able to read `folder`. The program is copied there, because the
    account often cannot read build directories.
    """

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        self.folder = folder
        self.account = account
        self.config_file = folder / "sms-milter.conf"
        self.stderr_file = folder / "stderr"
        self.program = folder / "sms-milter"
        self.environment: dict[str, str] = {}
        self.groups: list[str] = []  # further groups of the account
        self.settings: Settings = {}
        self.process: subprocess.Popen[bytes] | None = None
        self._expected_of_libmilter: list[str] = []
        self._lines_judged = 0
        folder.mkdir(exist_ok=True)
        shutil.copy(build_dir() / "sms-milter", self.program)
        self.program.chmod(0o755)

    # Configuration ---------------------------------------------------------

    def write_settings(self, settings: Settings) -> None:
        """A customer without a key gets the file with its usual key."""
        customers = {name: self._with_key_file(name, options)
                     for name, options in settings["customers"].items()}
        self.write_config(as_text(settings | {"customers": customers}))
        self.settings = settings

    def write_config(self, text: str) -> None:
        self.write_secret(self.config_file, text)

    def write_secret(self, path: Path, text: str) -> None:
        """Writes a file that only the daemon's account may read."""
        path.touch(mode=0o600)
        os.chown(path, self.account.pw_uid, self.account.pw_gid)
        path.write_text(text)

    def _with_key_file(self, name: str, options: Settings) -> Settings:
        if any(option.startswith("api-key") for option in options):
            return options
        path = self.folder / f"{name}.key"
        self.write_secret(path, KEYS[options["customer-id"]] + "\n")
        return options | {"api-key-file": str(path)}

    def check(self) -> subprocess.CompletedProcess[str]:
        """Runs sms-milter -t with the current configuration."""
        return subprocess.run(self._command("-t"), capture_output=True, text=True,
                              env=self._whole_environment())

    # Running ---------------------------------------------------------------

    def start(self, settings: Settings) -> None:
        """Returns when it accepts connections."""
        self.write_settings(settings)
        self._lines_judged = 0
        with open(self.stderr_file, "wb") as stderr:
            self.process = subprocess.Popen(
                self._command(), env=self._whole_environment(),
                stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr,
                start_new_session=True)
        wait_until(lambda: self._is_ready() or self._has_ended(),
                   "sms-milter to be ready")
        if self._has_ended():
            raise RuntimeError(f"sms-milter does not start:\n{self.log()}")

    def reload(self, number: signal.Signals = signal.SIGUSR1) -> None:
        """Asks it to read its configuration again. wait_for_log() shows when it has
        done so."""
        assert self.process
        self.process.send_signal(number)

    def terminate(self) -> None:
        """Asks it to stop, and does not wait as stop() does."""
        assert self.process
        self.process.terminate()

    def stop(self) -> None:
        """Stops it like systemd. It must end successfully, and a checker that it runs
        under must have found nothing."""
        if not self.process:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.terminate()
        try:
            code = process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        assert code == 0, f"sms-milter: exit {code}:\n{self.log()}"
        self._assert_no_complaint()
        self._assert_silence_of_libmilter()

    def assert_healthy(self) -> None:
        """It has not ended by itself, and no checker has found anything so far."""
        assert not self.process or not self._has_ended(), self.log()
        self._assert_no_complaint()
        self._assert_silence_of_libmilter()

    def expect_of_libmilter(self, *patterns: str) -> None:
        """Until the next call, libmilter may log lines that match one of these. Any
        other line of it makes the test fail."""
        self._expected_of_libmilter = list(patterns)

    def kill(self) -> None:
        """Kills it like the kernel when memory runs out."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None
        self._assert_silence_of_libmilter()

    def is_running(self) -> bool:
        return self.process is not None and not self._has_ended()

    def _command(self, *options: str) -> list[str]:
        """Runs it as the account, in its own group and `groups` only. It ends with this
        program, however that ends."""
        wrapper = shlex.split(os.environ.get("SMS_MILTER_WRAPPER", ""))
        groups = ["--groups", ",".join(self.groups)] if self.groups else ["--clear-groups"]
        return ["setpriv", "--reuid", self.account.pw_name,
                "--regid", str(self.account.pw_gid), *groups,
                "--pdeathsig", "KILL", "--", *wrapper,
                str(self.program), "-c", str(self.config_file), *options]

    def _whole_environment(self) -> dict[str, str]:
        return os.environ | self.environment

    def _assert_no_complaint(self) -> None:
        assert not _COMPLAINT.search(self.log()), self.log()

    def _assert_silence_of_libmilter(self) -> None:
        lines = self.log_lines()
        new, self._lines_judged = lines[self._lines_judged:], len(lines)
        words = [line for line in new if _WORD_OF_LIBMILTER.match(line) and
                 not any(re.search(p, line) for p in self._expected_of_libmilter)]
        assert not words, words

    def _has_ended(self) -> bool:
        assert self.process
        return self.process.poll() is not None

    def _is_ready(self) -> bool:
        return bool(re.search(r"\bready\b", self.log())) and self._accepts()

    def _accepts(self) -> bool:
        path = self.settings["listen"].removeprefix("unix:")
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):
                return False
        return True

    # What it says ----------------------------------------------------------

    def log(self) -> str:
        return self.stderr_file.read_text(errors="replace")

    def log_lines(self) -> list[str]:
        return self.log().splitlines()

    def wait_for_log(self, pattern: str, times: int = 1) -> str:
        """The line that matches, as soon as that many lines match."""
        def matching() -> list[str]:
            lines = [line for line in self.log_lines() if re.search(pattern, line)]
            return lines if len(lines) >= times else []
        return wait_until(matching, f"{pattern!r} in sms-milter's log")[-1]
