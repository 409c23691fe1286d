# SPDX-License-Identifier: ISC
"""The daemon's journal, read and damaged from outside."""

import os
import pwd
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Sequence

from waiting import LIMIT_S

Row = dict[str, Any]


class JournalFile:
    """A journal in its own folder, which only the daemon's account may enter."""

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        self.folder = folder
        self.path = folder / "journal.db"
        self._account = account
        self.make_folder()

    def make_folder(self) -> None:
        """Creates the empty folder, like the package."""
        self.folder.mkdir(mode=0o700)
        self.hand_over(self.folder)

    def hand_over(self, file: Path) -> None:
        """Gives the file to the daemon's account."""
        os.chown(file, self._account.pw_uid, self._account.pw_gid)

    @property
    def place(self) -> str:
        """The value for the option `journal`."""
        return f"sqlite:{self.path}"

    def connect(self) -> sqlite3.Connection:
        """Opens the journal; the caller closes it. A transaction begins only with
        BEGIN."""
        connection = sqlite3.connect(self.path, timeout=LIMIT_S, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def is_made(self) -> bool:
        """Whether the daemon has created the journal and opened it. Opens it only after
        its log file exists, because a reader would disturb the daemon before that."""
        log = self.path.with_name(self.path.name + "-wal")
        if not self.path.exists() or not log.exists() or log.stat().st_size == 0:
            return False
        with closing(self.connect()) as connection:
            return connection.execute("PRAGMA user_version").fetchone()[0] > 0

    def clock(self) -> Row | None:
        """The time that is stored in the journal. None until a milter has stored one,
        which it does after deleting old records."""
        with closing(self.connect()) as connection:
            try:
                row = connection.execute("SELECT * FROM clock").fetchone()
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
                return None
        return dict(row) if row else None

    def rows(self) -> list[Row]:
        """The records, oldest first, without the keys."""
        if not self.path.exists():
            return []
        with closing(self.connect()) as connection:
            found = connection.execute("SELECT * FROM sms ORDER BY id").fetchall()
        return [{name: row[name] for name in row.keys() if name not in ("key", "signed_key")}
                for row in found]

    def states(self) -> list[tuple[str, str, str]]:
        """Number, state and verdict of each SMS, oldest first."""
        return [(row["number"], row["state"], row["verdict"]) for row in self.rows()]

    def add(self, rows: Sequence[Row]) -> None:
        """Adds each row as an SMS that was sent just now, except for what the row
        says."""
        now_s = int(time.time())
        default: Row = {
            "key": None, "customer": "greenfield",
            "sender": "office@greenfield.sch.example", "number": "+447700900999",
            "queue_id": "4bXyz1", "message_id": "<1@greenfield.sch.example>",
            "state": "sent", "verdict": "accepted", "api_message_id": "1469.2026-a",
            "status": "", "reason": "", "parts": 1, "attempts": 1, "unknowns": 0,
            "created": now_s, "updated": now_s}
        places = ", ".join(f":{name}" for name in default)
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                f"INSERT INTO sms ({', '.join(default)}) VALUES ({places})",
                [default | row for row in rows])
            connection.execute("COMMIT")

    # What is used of rates and quotas -----------------------------------------

    def windows(self) -> dict[tuple[str, str, str], Row]:
        """What was used of quotas by customer, sender ("": all senders) and unit."""
        return {(row["customer"], row["sender"], row["unit"]): row
                for row in self._all("quota_window")}

    def buckets(self) -> dict[tuple[str, str], Row]:
        """What is left of rates by customer and sender ("": all senders). A token is
        `rate_period` of `level`."""
        return {(row["customer"], row["sender"]): row for row in self._all("bucket")}

    def _all(self, table: str) -> list[Row]:
        with closing(self.connect()) as connection:
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]

    def let_time_pass(self, seconds: int) -> None:
        """For rates and quotas: moves all use back in time by this many seconds."""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE bucket SET filled = filled - ?", (seconds,))
            connection.execute("UPDATE quota_window SET window_start = window_start - ?,"
                               " window_end = window_end - ?", (seconds, seconds))
            connection.execute("COMMIT")

    def clear(self) -> None:
        """Deletes all SMS and all use of limits. The daemon need not be told."""
        if not self.path.exists():
            return
        with closing(self.connect()) as connection:
            for table in ("sms", "bucket", "quota_window"):
                try:
                    connection.execute(f"DELETE FROM {table}")
                except sqlite3.OperationalError as error:
                    if "no such table" not in str(error):
                        raise
