# SPDX-License-Identifier: ISC
"""Certificates for servers on loopback, created for each test run."""

import subprocess
from pathlib import Path
from typing import NamedTuple


class Certificate(NamedTuple):
    """The PEM files of a self-signed certificate."""

    cert: Path
    key: Path


def make_certificate(directory: Path, name: str = "127.0.0.1",
                     days: int = 2) -> Certificate:
    """Makes one for an address or a host name. With negative days it has already
    expired."""
    kind = "IP" if name.replace(".", "").isdigit() else "DNS"
    made = Certificate(directory / f"{name}{days}.crt", directory / f"{name}{days}.key")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=sms-milter test",
         "-addext", f"subjectAltName={kind}:{name}", "-days", str(days),
         "-keyout", str(made.key), "-out", str(made.cert)],
        check=True, capture_output=True)
    return made


class Authority:
    """A certificate authority for clients, with its own certificate and key in a
    folder."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self.itself = self._make_itself(name)

    def make_client(self, name: str, days: int = 2) -> Certificate:
        """Makes one for a client with this common name. With negative days it has
        expired."""
        made = self._place()
        request = made.cert.with_suffix(".csr")
        _openssl("req", "-new", *_NEW_KEY, "-subj", f"/CN={name}", "-keyout", made.key,
                 "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.itself.cert,
                 "-CAkey", self.itself.key, "-days", days, "-out", made.cert)
        return made

    def _make_itself(self, name: str) -> Certificate:
        made = self._place()
        _openssl("req", "-x509", *_NEW_KEY, "-subj", f"/CN={name}",
                 "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", made.key,
                 "-out", made.cert)
        return made

    def _place(self) -> Certificate:
        serial = len(list(self._directory.iterdir()))
        return Certificate(self._directory / f"{serial}.crt",
                           self._directory / f"{serial}.key")


# The system's OpenSSL configuration would add its own extensions.
_NEW_KEY = ("-config", "/dev/stdin", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-utf8")


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True,
                   input=b"[req]\ndistinguished_name = name\n[name]\n")
