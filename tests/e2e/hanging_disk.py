# SPDX-License-Identifier: ISC
"""A disk that hangs: whoever wants something to be on it waits until it lets go."""

import os
import shlex
import subprocess
from pathlib import Path

from milter import Milter

# In place of the C library's. The milter's account may not see the file's folder change
# without this: access(2) is asked each time.
_SOURCE = r"""
#include <sys/syscall.h>
#include <unistd.h>

static void pass(void)
{
    while (access(HELD_FILE, F_OK) == 0)
        usleep(5000);
}

int fdatasync(int file)
{
    pass();
    return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file)
{
    pass();
    return (int)syscall(SYS_fsync, file);
}
"""


class HangingDisk:
    """Of one milter, from its next start on."""

    def __init__(self, milter: Milter, folder: Path) -> None:
        self._milter = milter
        self._held = folder / "held"
        self._held.unlink(missing_ok=True)
        library = folder / "hanging_disk.so"
        source = folder / "hanging_disk.c"
        source.write_text(_SOURCE)
        compiler = shlex.split(os.environ.get("CC", "cc"))
        subprocess.run([*compiler, "-shared", "-fPIC", f'-DHELD_FILE="{self._held}"',
                        "-o", str(library), str(source)], check=True)
        milter.environment["LD_PRELOAD"] = str(library)
        # AddressSanitizer wants to be the first of all libraries, and need not be.
        milter.environment["ASAN_OPTIONS"] = ":".join(
            filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))

    def hang(self) -> None:
        self._held.touch()

    def let_go(self) -> None:
        self._held.unlink(missing_ok=True)

    def remove(self) -> None:
        self.let_go()
        for name in ("LD_PRELOAD", "ASAN_OPTIONS"):
            self._milter.environment.pop(name, None)
