# SPDX-License-Identifier: ISC
"""Ending early without leaving anything behind."""

import signal
from types import FrameType


def tidy_up_on(*numbers: signal.Signals) -> None:
    """The first of these signals raises KeyboardInterrupt, so that what was started
    is stopped; further ones do not disturb that."""
    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in numbers:
        signal.signal(each, interrupt)
