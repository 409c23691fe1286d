# SPDX-License-Identifier: ISC
"""Waiting for other programs without guessing how long they take.

No test depends on the speed of the machine. One limit holds for all waits, so generous
that it is reached only if something never happens. Environment variable
SMS_TEST_SLOWNESS, a factor (1), makes this limit longer on an even slower machine, and
also the timeouts that tests wait for.
"""

import os
import time
from typing import Callable, TypeVar

Result = TypeVar("Result")

POLL_SECONDS = 0.01

_OF_MACHINE = float(os.environ.get("SMS_TEST_SLOWNESS") or 1)

# Programs run some twenty times slower under valgrind.
_HAS_WRAPPER = bool(os.environ.get("SMS_MILTER_WRAPPER"))
SLOWNESS = _OF_MACHINE * (10 if _HAS_WRAPPER else 1)

# The limit for every wait: for a program, a socket, a thread.
LIMIT_S = 180 * SLOWNESS

# The API timeout for tests that wait for it to expire. A request reaches the API within
# it.
TIMED_OUT_S = min(50, max(1, round(_OF_MACHINE * (6 if _HAS_WRAPPER else 2))))


def wait_until(check: Callable[[], Result], what: str) -> Result:
    """Returns check()'s first true answer. Fails and says that `what` did not
    happen."""
    deadline = time.monotonic() + LIMIT_S
    while not (result := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {LIMIT_S:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)
    return result
