# SPDX-License-Identifier: ISC
"""Time zones for tests that must work at any time of the day."""

from datetime import datetime, timezone


def zone_at_noon() -> str:
    """A zone in which the clock now shows a time between 12:00 and 13:00 and is never
    changed: no day, week or month ends during a test. Its name has the sign of
    POSIX."""
    west_h = datetime.now(timezone.utc).hour - 12
    return f"Etc/GMT{west_h:+d}" if west_h else "Etc/GMT"


def zone_within_hour() -> str:
    """A zone in which no hour ends during a test: India differs by half an hour."""
    return "Etc/GMT" if datetime.now(timezone.utc).minute < 30 else "Asia/Kolkata"
