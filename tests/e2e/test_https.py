# SPDX-License-Identifier: ISC
"""The connection to the API: how its certificate is checked, and how connections are
used."""

import json
import re
import ssl
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from certificates import Certificate, make_certificate
from gateway import Gateway
from settings import KEYS
from simulator_process import SMS_PATH, Simulator
from waiting import LIMIT_S, wait_until

PHONE = "+447700900123@sms.local"


@pytest.fixture(scope="module")
def certificate(running_gateway: Gateway) -> Certificate:
    return make_certificate(running_gateway.make_folder())


@contextmanager
def https_api(certificate: Certificate) -> Iterator[Simulator]:
    with Simulator(customers=KEYS, cert=certificate.cert,
                   key=certificate.key) as simulator:
        yield simulator


def use_api(gateway: Gateway, url: str, ca_file: Path | None) -> None:
    changes: dict[str, object] = {"url": url, "retries": 0}
    if ca_file:
        changes["ca-file"] = str(ca_file)
    gateway.configure(api=changes)


def test_an_api_that_the_ca_file_vouches_for_is_used(gateway: Gateway,
                                                     certificate: Certificate) -> None:
    with https_api(certificate) as api:
        use_api(gateway, api.api_url, certificate.cert)
        assert gateway.send(PHONE).end.status == "250 2.0.0"
        assert len(api.messages()) == 1


def test_an_api_that_nobody_vouches_for_gets_nothing(gateway: Gateway,
                                                     certificate: Certificate) -> None:
    with https_api(certificate) as api:
        use_api(gateway, api.api_url, None)
        sent = gateway.send(PHONE)
        assert sent.end.status.startswith("451 4.4.")
        assert "certificate" in sent.end.text
        assert api.requests() == []


def test_a_ca_file_without_certificate_is_an_error(gateway: Gateway) -> None:
    """Otherwise every SMS would be deferred from then on."""
    gateway.milter.write_settings(gateway.settings(api={"ca-file": "/etc/passwd"}))
    want = 'ca-file: "/etc/passwd" contains no CA certificate in PEM format'
    config = gateway.milter.config_file
    done = gateway.milter.check()
    assert done.returncode == 78
    place = re.match(rf"{re.escape(str(config))}:(\d+): {re.escape(want)}\n$",
                     done.stderr)
    assert place, done.stderr
    assert "ca-file" in config.read_text().splitlines()[int(place[1]) - 1]
    gateway.milter.reload()
    gateway.milter.wait_for_log(re.escape(
        f"reload: {done.stderr.strip()}: the old configuration stays"))
    assert gateway.send(PHONE).end.status == "250 2.0.0"


def test_a_certificate_for_another_host_is_not_enough(gateway: Gateway) -> None:
    other = make_certificate(gateway.make_folder(), "api.example.org")
    api = Simulator(customers=KEYS, cert=other.cert, key=other.key)
    api.tls.check_hostname = False  # for this test's own questions
    with api:
        use_api(gateway, api.api_url, other.cert)
        assert gateway.send(PHONE).end.status.startswith("451 4.4.")
        assert api.requests() == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version, is_spoken", [
    (ssl.TLSVersion.TLSv1_1, False),
    (ssl.TLSVersion.TLSv1_2, True),
    (ssl.TLSVersion.TLSv1_3, True),
])
def test_old_tls_is_not_spoken(gateway: Gateway, certificate: Certificate,
                               version: ssl.TLSVersion, is_spoken: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    with closing(socket.create_server(("127.0.0.1", 0))) as listener, \
            ThreadPoolExecutor(1) as server:
        handshake = server.submit(accept_tls, listener, context)
        use_api(gateway, f"https://127.0.0.1:{listener.getsockname()[1]}/",
                certificate.cert)
        assert gateway.send(PHONE).end.status.startswith("451 4.4.")
        assert (handshake.result(timeout=LIMIT_S) is None) == is_spoken


def accept_tls(listener: socket.socket, context: ssl.SSLContext) -> Exception | None:
    """Serves one handshake. Returns the error, if there was one."""
    listener.settimeout(LIMIT_S)
    peer, _ = listener.accept()
    with peer:
        try:
            context.wrap_socket(peer, server_side=True).close()
        except ssl.SSLError as error:
            return error
    return None


def test_one_connection_serves_many_mails(gateway: Gateway,
                                          certificate: Certificate) -> None:
    with https_api(certificate) as api:
        use_api(gateway, api.api_url, certificate.cert)
        for _ in range(10):
            assert gateway.send(PHONE).end.status == "250 2.0.0"
        assert api.stats()["api_connections"] == 1


def test_no_more_connections_than_configured(gateway: Gateway) -> None:
    gateway.configure(api={"max-connections": 2})
    before = gateway.simulator.stats()["api_connections"]
    with ThreadPoolExecutor(12) as senders:
        replies = list(senders.map(lambda _: gateway.send(PHONE), range(48)))
    assert {sent.end.status for sent in replies} == {"250 2.0.0"}
    assert gateway.simulator.stats()["api_connections"] - before <= 2


# HTTP/2 -----------------------------------------------------------------------


@contextmanager
def http2_proxy(certificate: Certificate, backend: Simulator,
                directory: Path) -> Iterator[tuple[str, Path]]:
    """nghttpx before the API, which speaks HTTP/1.1 alone: its URL and its log."""
    with closing(socket.create_server(("127.0.0.1", 0))) as chosen:
        port = chosen.getsockname()[1]
    log = directory / "access.log"
    proxy = subprocess.Popen(
        ["nghttpx", "--conf=/dev/null", "--workers=1", f"--frontend=127.0.0.1,{port}",
         f"--backend=127.0.0.1,{backend.port}", f"--accesslog-file={log}",
         "--accesslog-format=$protocol_version $request", "--errorlog-file=/dev/null",
         "--no-ocsp", str(certificate.key), str(certificate.cert)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port), "nghttpx to listen")
        yield f"https://127.0.0.1:{port}{SMS_PATH}", log
    finally:
        proxy.terminate()
        proxy.wait(LIMIT_S)


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), LIMIT_S).close()
    except OSError:
        return False
    return True


def test_http2_is_spoken_where_offered(gateway: Gateway, certificate: Certificate,
                                       tmp_path: Path) -> None:
    with http2_proxy(certificate, gateway.simulator, tmp_path) as (url, log):
        use_api(gateway, url, certificate.cert)
        sent = gateway.send(PHONE, "+447700900124@sms.local", body="Two at once.")
        assert sent.end.status == "250 2.0.0"
        wait_until(lambda: log.exists() and SMS_PATH in log.read_text(), "the access log")
        assert re.search(rf"^HTTP/2(\.0)? POST {SMS_PATH}", log.read_text(), re.M)
    [request] = gateway.simulator.requests()
    assert json.dumps(request["body"]).count("Two at once.") == 2


def test_an_answer_lost_in_http2_is_not_asked_for_again(gateway: Gateway,
                                                       certificate: Certificate,
                                                       tmp_path: Path) -> None:
    with http2_proxy(certificate, gateway.simulator, tmp_path) as (url, _):
        use_api(gateway, url, certificate.cert)
        assert gateway.send(PHONE).end.status == "250 2.0.0"
        gateway.simulator.set_faults("close-after")
        assert gateway.send(PHONE).end.status.startswith("451 4.4.")
    assert len(gateway.simulator.messages()) == 2
