# SPDX-License-Identifier: ISC
"""Ends early without leaving anything behind."""

import signal
from types import FrameType


def tidy_up_on(*numbers: signal.Signals) -> None:
    """The first of these signals raises KeyboardInterrupt, so that everything that was
    started is stopped. Further ones do not interrupt the cleanup."""
    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in numbers:
        signal.signal(each, interrupt)
