# SPDX-License-Identifier: ISC
"""The journal that the daemon keeps, read and spoilt from outside."""

import os
import pwd
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class JournalFile:
    """A journal in a folder of its own, which only the daemon's account may enter."""

    def __init__(self, folder: Path, account: pwd.struct_passwd) -> None:
        self.folder = folder
        self.path = folder / "journal.db"
        folder.mkdir(mode=0o700)
        os.chown(folder, account.pw_uid, account.pw_gid)

    @property
    def place(self) -> str:
        """As the option `journal` has it."""
        return f"sqlite:{self.path}"

    def connect(self) -> sqlite3.Connection:
        """The caller closes it. Transactions begin only where BEGIN says so."""
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def rows(self) -> list[Row]:
        """What is in it, oldest first, the key left out."""
        if not self.path.exists():
            return []
        with closing(self.connect()) as connection:
            found = connection.execute("SELECT * FROM sms ORDER BY id").fetchall()
        return [{name: row[name] for name in row.keys() if name != "key"}
                for row in found]

    def states(self) -> list[tuple[str, str, str]]:
        """Number, state and verdict of each SMS, oldest first."""
        return [(row["number"], row["state"], row["verdict"]) for row in self.rows()]

    def clear(self) -> None:
        """Forgets all SMS; the daemon need not know."""
        if not self.path.exists():
            return
        with closing(self.connect()) as connection:
            try:
                connection.execute("DELETE FROM sms")
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):
                    raise
