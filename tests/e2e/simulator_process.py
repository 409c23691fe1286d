# SPDX-License-Identifier: ISC
"""Runs groupcall-simulator for a test, on a port that the kernel chooses."""

import json
import os
import re
import select
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Mapping, Optional, Sequence

from waiting import LIMIT_S, wait_until

SMS_PATH = "/api/SendMessage_V3/SMS"
PARTNER_PATH = "/api/SendMessage_V3/PartnerRoute"


def simulator_path() -> str:
    """The path of the program that was built. Otherwise explains how to set it."""
    build_dir = os.environ.get("SMS_BUILD_DIR")
    if not build_dir:
        raise RuntimeError("SMS_BUILD_DIR must name the build directory")
    return os.path.join(build_dir, "tests", "simulator", "groupcall-simulator")


class Answer:
    """An HTTP answer: status, headers with lower-case names, body."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    def json(self) -> Any:
        return json.loads(self.body)


class Simulator:
    """One running groupcall-simulator.

    `customers` maps customer ids to keys. `args` are further options. `url` has no
    slash at its end; `api_url` is the value for sms-milter's option.
    """

    def __init__(self, customers: Optional[Mapping[str, str]] = None,
                 faults: Sequence[str] = (), listen: str = "127.0.0.1:0",
                 args: Sequence[str] = (), cert: Optional[Path] = None,
                 key: Optional[Path] = None):
        self.customers = {"1469": "key-of-1469"} if customers is None else customers
        command = [simulator_path(), "--listen", listen, *args]
        for customer, password in self.customers.items():
            command += ["--customer", f"{customer}:{password}"]
        for fault in faults:
            command += ["--fault", fault]
        if cert:
            command += ["--tls-cert", str(cert), "--tls-key", str(key)]
        self.tls = ssl.create_default_context(cafile=str(cert)) if cert else None
        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                        stderr=self.stderr)
        self.url = self._wait_until_listening()
        self.port = int(re.search(r":(\d+)$", self.url).group(1))
        self.api_url = self.url + SMS_PATH

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, kind: Optional[type], _error: Optional[BaseException],
                 _trace: Optional[TracebackType]) -> None:
        if kind is None:
            self.stop()
        else:
            self.kill()

    def _wait_until_listening(self) -> str:
        deadline = time.monotonic() + LIMIT_S
        line = b""
        while not line.endswith(b"\n"):
            left_s = max(0, deadline - time.monotonic())
            ready, _, _ = select.select([self.process.stdout], [], [], left_s)
            byte = os.read(self.process.stdout.fileno(), 1) if ready else b""
            if not byte:
                self.kill()
                raise RuntimeError("simulator did not start: " + self.errors())
            line += byte
        match = re.fullmatch(r"listening on (https?://\S+)/\n", line.decode())
        assert match, line
        return match.group(1)

    def errors(self) -> str:
        """Everything that it has written to stderr so far."""
        self.stderr.seek(0)
        return self.stderr.read().decode("utf-8", "replace")

    def ask(self, method: str, path: str, body: Optional[bytes] = None,
            headers: Optional[Mapping[str, str]] = None,
            timeout_s: float = LIMIT_S) -> Answer:
        """Makes one HTTP request. An HTTP error status is an Answer like any other."""
        request = urllib.request.Request(self.url + path, data=body, method=method,
                                         headers=dict(headers or {}))
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=self.tls))
        try:
            with opener.open(request, timeout=timeout_s) as got:
                return Answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as got:
            with got:
                return Answer(got.code, got.headers, got.read())

    def post(self, *elements: Any, path: str = SMS_PATH, timeout_s: float = LIMIT_S,
             **root: Any) -> Answer:
        """Posts messageData elements in the form of the API."""
        body = json.dumps({"messageData": list(elements), **root}).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json"},
                        timeout_s)

    def messages(self, query: str = "") -> list[dict[str, Any]]:
        """The queued SMS, oldest first; query is for example "?number=%2B4477"."""
        return self.ask("GET", "/messages" + query).json()

    def requests(self) -> list[dict[str, Any]]:
        """The API requests received, oldest first."""
        return self.ask("GET", "/requests").json()

    def stats(self) -> dict[str, int]:
        return self.ask("GET", "/stats").json()

    def faults(self) -> list[dict[str, Any]]:
        return self.ask("GET", "/faults").json()

    def set_faults(self, *specs: str) -> None:
        """Replaces the faults. Without any, the simulator behaves."""
        assert self.ask("DELETE", "/faults").status == 204
        if specs:
            got = self.ask("POST", "/faults", "\n".join(specs).encode())
            assert got.status == 204, got.body

    def clear(self) -> None:
        """Removes messages, requests and faults."""
        for path in ("/messages", "/requests", "/faults"):
            assert self.ask("DELETE", path).status == 204

    def wait_for_request(self) -> None:
        """Returns when it has read an API request since clear(). stats() also knows of
        one that was before, as long as it is in flight."""
        wait_until(self.requests, "an API request")

    def wait_for_messages(self, count: int, query: str = "") -> list[dict[str, Any]]:
        """The messages, as soon as there are at least this many."""
        wait_until(lambda: len(self.messages(query)) >= count, f"{count} SMS")
        return self.messages(query)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> None:
        """Stops it like systemd. It must end successfully."""
        self.process.terminate()
        try:
            code = self.process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process.stdout.close()
        assert code == 0, f"exit {code}: {self.errors()}"
