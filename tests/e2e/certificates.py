# SPDX-License-Identifier: ISC
"""Certificates for servers on loopback, made anew for each test run."""

import subprocess
from pathlib import Path
from typing import NamedTuple


class Certificate(NamedTuple):
    """PEM files; the certificate vouches for itself."""

    cert: Path
    key: Path


def make_certificate(directory: Path, name: str = "127.0.0.1",
                     days: int = 2) -> Certificate:
    """For an address or a host name. With negative days it has expired already."""
    kind = "IP" if name.replace(".", "").isdigit() else "DNS"
    made = Certificate(directory / f"{name}{days}.crt", directory / f"{name}{days}.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=sms-milter test",
         "-addext", f"subjectAltName={kind}:{name}", "-days", str(days),
         "-keyout", str(made.key), "-out", str(made.cert)],
        check=True, capture_output=True)
    return made
