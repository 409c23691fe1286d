# SPDX-License-Identifier: ISC
"""Waiting for other programs without guessing how long they take."""

import os
import time
from typing import Callable, TypeVar

Result = TypeVar("Result")

POLL_SECONDS = 0.01

# Programs run some twenty times slower under valgrind.
SLOWNESS = 10.0 if os.environ.get("SMS_MILTER_WRAPPER") else 1.0


def wait_until(check: Callable[[], Result], what: str, seconds: float = 10.0) -> Result:
    """Returns check()'s first true answer; fails saying `what` did not come."""
    deadline = time.monotonic() + seconds * SLOWNESS
    while not (result := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds * SLOWNESS:.0f} s in vain for {what}")
        time.sleep(POLL_SECONDS)
    return result
