# SPDX-License-Identifier: ISC
"""Waiting for other programs without guessing how long they take.

No test is about how fast the machine is. One limit holds for all waits, so generous that
only what never comes meets it. Environment SMS_TEST_SLOWNESS, a factor (1), makes it
longer, and the time-outs that tests want to see: for a machine that is slower still.
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

# Of every wait: of a program, a socket, a thread.
LIMIT_S = 180 * SLOWNESS

# The API's time-out where a test waits for it to come: a request reaches the API in it.
TIMED_OUT_S = min(50, max(1, round(_OF_MACHINE * (6 if _HAS_WRAPPER else 2))))


def wait_until(check: Callable[[], Result], what: str) -> Result:
    """Returns check()'s first true answer; fails saying `what` did not come."""
    deadline = time.monotonic() + LIMIT_S
    while not (result := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {LIMIT_S:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)
    return result
