# SPDX-License-Identifier: ISC
"""Programs of packages that tests/install-packages unpacked instead of installing."""

import os
from pathlib import Path

_DEFAULT = Path(__file__).resolve().parents[2] / "build" / "cache" / "unpacked"


def unpacked_root() -> Path:
    """The folder that replaces / for them."""
    path = Path(os.environ.get("SMS_UNPACKED_DIR", _DEFAULT)).resolve()
    if not (path / "stamp").exists():
        raise FileNotFoundError(f"nothing is unpacked in {path}: "
                                "run tests/install-packages check")
    return path
