# SPDX-License-Identifier: ISC
"""What breaks around the gateway, or in its configuration, loses nothing."""

import os
import re
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from gateway import OFFICE, Gateway, make_mail
from milter import Milter
from settings import KEYS
from simulator_process import Simulator
from smtp import Transaction
from test_protocol import (CONTENT, MAIL, RECIPIENT, MilterClient, connection, negotiation,
                           recipient, sender)
from waiting import LIMIT_S, TIMED_OUT_S, wait_until

PHONE = "+447700900123"
NUMBER = f"{PHONE}@sms.local"
PARENT = "parent@ordinary.example"


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """What these tests do to the milter and its files does not affect the next test."""
    yield gateway
    gateway.milter.stop()


class Sending:
    """A mail that a separate thread sends."""

    def __init__(self, gateway: Gateway, *recipients: str, **mail: str) -> None:
        self.sent: Transaction | None = None
        self._simulator = gateway.simulator
        self.requests_before = self._count_requests()
        self._thread = threading.Thread(target=self._send, args=(gateway, recipients, mail))
        self._thread.start()

    def _send(self, gateway: Gateway, recipients: tuple[str, ...],
              mail: dict[str, str]) -> None:
        self.sent = gateway.send(*recipients, **mail)

    def _count_requests(self) -> int:
        return self._simulator.stats()["requests"]

    def wait_until_api_is_asked(self) -> None:
        """Returns when the request of the milter has reached the API."""
        wait_until(lambda: self._count_requests() > self.requests_before,
                   "an API request")

    def result(self) -> Transaction:
        self._thread.join(LIMIT_S)
        assert self.sent, "the mail is still on its way"
        return self.sent


# The milter is gone -----------------------------------------------------------------


def test_while_the_milter_is_down_clients_keep_their_mail(gateway: Gateway) -> None:
    gateway.milter.stop()
    for address in (NUMBER, PARENT):
        assert gateway.send(address).last.status == "451 4.7.1"
    assert gateway.postfix.delivered() == []

    gateway.configure()
    for address in (NUMBER, PARENT):
        assert gateway.send(address).last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]
    assert len(gateway.postfix.delivered(PARENT)) == 1


def test_a_milter_killed_during_a_mail_loses_nothing(gateway: Gateway) -> None:
    with gateway.connect() as client:
        client.mail(OFFICE)
        client.rcpt(NUMBER)
        client.rcpt(PARENT)
        client.data()
        gateway.milter.kill()
        end = client.end(make_mail(OFFICE, [NUMBER], "Shut."))

    assert end.status == "451 4.7.1"
    assert gateway.postfix.delivered() == []


def test_a_milter_killed_while_the_api_works_loses_nothing(gateway: Gateway) -> None:
    gateway.simulator.set_faults("never")
    sending = Sending(gateway, NUMBER, PARENT)
    sending.wait_until_api_is_asked()
    gateway.milter.kill()

    assert sending.result().last.status == "451 4.7.1"
    assert gateway.postfix.delivered() == []


def test_a_killed_milter_starts_again_over_its_old_socket(gateway: Gateway) -> None:
    gateway.milter.kill()
    gateway.configure()

    assert gateway.send(NUMBER).last.status == "250 2.0.0"


def test_a_second_milter_leaves_the_first_ones_socket_alone(
        gateway: Gateway, other_milter: Milter) -> None:
    with pytest.raises(RuntimeError, match="milter.sock"):
        other_milter.start(gateway.settings())
    other_milter.process = None

    assert gateway.send(NUMBER).last.status == "250 2.0.0"


def test_sigterm_lets_a_mail_under_way_finish(gateway: Gateway) -> None:
    gateway.simulator.set_faults("hold")
    sending = Sending(gateway, NUMBER)
    sending.wait_until_api_is_asked()
    gateway.milter.terminate()
    gateway.milter.wait_for_log("stopping")
    gateway.simulator.set_faults()
    gateway.milter.stop()

    assert sending.result().last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


@pytest.mark.settings(api={"timeout": TIMED_OUT_S})
def test_sigterm_ends_while_the_api_never_answers(gateway: Gateway) -> None:
    gateway.simulator.set_faults("never")
    sending = Sending(gateway, NUMBER)
    sending.wait_until_api_is_asked()
    gateway.milter.stop()

    assert sending.result().last.status.startswith("451 4.")


@contextmanager
def another_name(socket: Path) -> Iterator[Path]:
    """Another name of the socket, because the daemon removes the first one when it stops. A
    network socket would stay."""
    name = socket.with_name("another.sock")
    os.link(socket, name)
    yield name
    name.unlink()


def test_sigterm_defers_what_comes_meanwhile_with_words(gateway: Gateway) -> None:
    """Ordinary mail passes as long as the daemon exists."""
    begin = (negotiation(), connection(), sender())
    stopping = "451 4.3.2 the SMS gateway is being stopped"
    gateway.simulator.set_faults("hold")
    sending = Sending(gateway, NUMBER)
    sending.wait_until_api_is_asked()
    with gateway.connect() as begun, MilterClient(gateway) as early, \
            another_name(gateway.postfix.milter_socket) as name:
        begun.mail(OFFICE)
        begun.rcpt(NUMBER)
        gateway.milter.terminate()
        wait_until(lambda: not gateway.postfix.milter_socket.exists(), "it to stop")
        begun.data()
        assert str(begun.end(make_mail(OFFICE, [NUMBER], "Begun before."))) == stopping
        with MilterClient(gateway, name) as late, MilterClient(gateway, name) as other:
            for client in (early, late):
                offer, *answers = client.converse((*begin, *MAIL[1:]))
                assert offer[:1] == b"O"
                assert answers == [b"c"] * 3 + [f"y{stopping}\0".encode()]
            assert other.converse((*begin, recipient(PARENT), (b"T", b"")))[-1] == b"a"
        gateway.simulator.set_faults()
        gateway.milter.stop()  # which fails where libmilter has logged anything

    assert sending.result().last.status == "250 2.0.0"
    assert [number for number, _ in gateway.texts()] == [PHONE]


def test_sigterm_sends_away_a_copy_that_waits_for_the_first(gateway: Gateway) -> None:
    """Otherwise the copy would claim the SMS after the first mail failed, and be cut off
    while it waits for the API."""
    message_id = (b"L", b"Message-ID\0<snow@greenfield.sch.example>\0")
    mail = (negotiation(), connection(), sender(), RECIPIENT, (b"T", b""), message_id,
            *CONTENT, (b"E", b""))
    gateway.simulator.set_faults("hold")
    with MilterClient(gateway) as first, MilterClient(gateway) as second:
        first.send_all(mail)
        gateway.simulator.wait_for_request()
        second.send_all(mail)
        assert second.read_until(b"py")[0] == b"p"  # it waits
        gateway.milter.terminate()
        assert second.read_until(b"dy")[1].startswith(b"451 4.3.")
        gateway.simulator.set_faults()
        assert first.read_until(b"dy")[0] == b"d"
        gateway.milter.stop()

    assert len(gateway.simulator.requests()) == 1


def test_the_socket_is_for_postfix_alone(gateway: Gateway) -> None:
    status = gateway.postfix.milter_socket.stat()

    assert status.st_mode & 0o777 == 0o660
    assert status.st_gid == gateway.postfix.mail_owner.pw_gid


# The API is gone ----------------------------------------------------------------


def test_an_api_that_goes_away_puts_sms_off_and_nothing_else(gateway: Gateway) -> None:
    with Simulator(customers=KEYS) as api:
        gateway.configure(api={"url": api.api_url})
        assert gateway.send(NUMBER).last.status == "250 2.0.0"
        assert len(api.messages()) == 1

    assert re.fullmatch(r"451 4\.4\.\d", gateway.send(NUMBER).last.status)
    assert gateway.send(PARENT).last.status == "250 2.0.0"
    assert len(gateway.postfix.delivered()) == 1


def test_ordinary_mail_does_not_wait_for_a_slow_api(gateway: Gateway) -> None:
    gateway.simulator.set_faults("hold")
    sending = Sending(gateway, NUMBER)
    sending.wait_until_api_is_asked()

    assert gateway.send(PARENT).last.status == "250 2.0.0"
    assert not sending.sent
    gateway.simulator.set_faults()
    assert sending.result().last.status == "250 2.0.0"


@pytest.mark.settings(api={"timeout": TIMED_OUT_S})
def test_the_reply_comes_after_the_time_limit(gateway: Gateway) -> None:
    gateway.simulator.set_faults("never")

    assert gateway.send(NUMBER).last.status.startswith("451 4.")
    line = gateway.milter.wait_for_log("outcome=unknown")
    assert int(re.search(r"api_ms=(\d+)", line)[1]) >= 900 * TIMED_OUT_S


@pytest.mark.settings(api={"max_in_flight": 1})
def test_more_requests_than_may_be_in_flight_are_put_off(gateway: Gateway) -> None:
    gateway.simulator.set_faults("hold")
    sending = Sending(gateway, NUMBER)
    sending.wait_until_api_is_asked()

    sent = gateway.send(NUMBER, body="Another mail.")
    gateway.simulator.set_faults()
    assert re.fullmatch(r"451 4\.4\.\d", sent.last.status)
    assert sending.result().last.status == "250 2.0.0"
    assert len(gateway.texts()) == 1


def test_a_proxy_in_the_environment_is_not_used(gateway: Gateway) -> None:
    gateway.milter.environment = {name: "http://127.0.0.1:1" for name in
                                  ("http_proxy", "https_proxy", "all_proxy",
                                   "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    try:
        gateway.milter.stop()
        gateway.configure()
        assert gateway.send(NUMBER).last.status == "250 2.0.0"
    finally:
        gateway.milter.environment = {}
        gateway.milter.stop()


def test_a_configured_proxy_is_used(gateway: Gateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        gateway.configure(api={"url": "https://localhost:9/x",
                               "proxy": f"http://127.0.0.1:{port}"})
        sending = Sending(gateway, NUMBER)
        with proxy.accept()[0] as connection:
            assert connection.recv(100).startswith(b"CONNECT localhost:9 ")

    assert sending.result().last.status.startswith("451 4.")


def test_a_proxy_never_gets_a_key_in_clear(gateway: Gateway) -> None:
    gateway.milter.write_settings(gateway.settings(api={"proxy": "http://127.0.0.1:1"}))
    result = gateway.milter.check()
    assert result.returncode == 78
    assert re.search(r':\d+: proxy: .*customer "greenfield" unencrypted', result.stderr)


# Reload ------------------------------------------------------------------------------


def test_reload_takes_a_new_configuration(gateway: Gateway) -> None:
    milter = gateway.milter
    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    milter.write_settings(
        gateway.settings(customers={"greenfield": {"deny": ["+447"]}}))
    milter.reload()
    milter.wait_for_log("reload")

    assert gateway.send(NUMBER).last.status == "550 5.7.1"


def test_reload_with_a_mistake_keeps_the_old_configuration(gateway: Gateway) -> None:
    milter = gateway.milter
    milter.write_config('no-such-option = "x"\n')
    milter.reload()
    line = milter.wait_for_log("no-such-option")

    assert f"{milter.config_file}:1" in line
    assert gateway.send(NUMBER).last.status == "250 2.0.0"


def test_reload_reads_the_keys_anew(gateway: Gateway) -> None:
    milter = gateway.milter
    milter.write_secret(milter.folder / "greenfield.key", "old-k3y\n")
    milter.reload()
    milter.wait_for_log("reload")
    assert gateway.send(NUMBER).last.status == "451 4.7.0"

    milter.write_secret(milter.folder / "greenfield.key", KEYS["1469"] + "\n")
    milter.reload()
    milter.wait_for_log("reload", times=2)
    assert gateway.send(NUMBER).last.status == "250 2.0.0"


def test_a_mail_under_way_ends_with_the_configuration_it_began_with(
        gateway: Gateway) -> None:
    milter = gateway.milter
    with gateway.connect() as client:
        client.mail(OFFICE)
        assert client.rcpt(NUMBER).is_good
        milter.write_settings(gateway.settings(customers={"greenfield": {
            "customer-id": "9999", "api-key": "n0ne", "networks": ["192.0.2.0/24"]}}))
        milter.reload()
        milter.wait_for_log("reload")
        client.data()
        end = client.end(make_mail(OFFICE, [NUMBER], "Shut."))

    assert end.status == "250 2.0.0"
    assert [sms["customer"] for sms in gateway.simulator.messages()] == ["1469"]


def test_more_audit_logs_than_a_login_may_open_files(
        gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon raises that limit before it opens them."""
    milter = gateway.milter
    wrapper = os.environ.get("SMS_MILTER_WRAPPER", "")
    monkeypatch.setenv("SMS_MILTER_WRAPPER", f"prlimit --nofile=64: {wrapper}")
    folder = milter.folder / "audit"
    folder.mkdir()
    os.chown(folder, milter.account.pw_uid, milter.account.pw_gid)
    milter.stop()

    milter.start(gateway.settings(customers={f"school-{i}": {
        "domains": [f"school-{i}.example"], "customer-id": "1469",
        "audit-log": f"{folder}/{i}"} for i in range(100)}))

    assert len(list(folder.iterdir())) == 100


# Mistakes in the configuration -----------------------------------------------------


CONFIG = """\
listen = "unix:RUN/milter.sock"
default-country = "44"
api {
  url = "https://api.example.org/"
}
customer "greenfield" {
  domains = {"greenfield.sch.example"}
  customer-id = "1469"
  api-key = "s3cret"
  sender-auth = {"sasl"}
}
journal = "sqlite:RUN/journal"
"""


def config_of(milter: Milter, text: str = CONFIG) -> str:
    """Its paths are in a folder of this milter."""
    return text.replace("RUN", str(milter.folder / "run"))


# A line of CONFIG, what stands there instead, and what is said about it: the line
# and a pattern for the rest, which begins with the option.
MISTAKES = [
    (2, 'default-contry = "44"', 2, r"default-contry"),
    (2, 'default-country = "+44"', 2, r"default-country: .*\+44"),
    (2, 'default-country = "4444"', 2, r"default-country: "),
    (1, 'listen = "tcp:25"', 1, r"listen: .*tcp:25"),
    (2, 'listen-mode = "0999"', 2, r"listen-mode: "),
    (2, 'sms-domains = {"sms_.local."}', 2, r"sms-domains: "),
    (2, "sms-domains = {}", None, r"sms-domains: "),
    (2, 'trusted-networks = {"192.0.2.1/24"}', 2, r"trusted-networks: .*192\.0\.2\.1"),
    (2, 'trusted-networks = {"all"}', 2, r"trusted-networks: "),
    (2, "max-recipients = 0", 2, r"max-recipients: .*0"),
    (2, "max-recipients = many", 2, r"max-recipients: .*many"),
    (2, "max-recipients = -1", 2, r"max-recipients: "),
    (2, 'auto-replies = "drop"', 2, r"auto-replies: .*refuse.*discard.*send"),
    (2, 'include("/no/such/file")', 2, r"include: .*/no/such/file"),
    (4, '  url = "http://api.example.org/"', 4, r"url: .*https"),
    (4, '  url = "http://127.0.0.1.example.org/"', 4, r"url: .*https"),
    (4, '  url = "http://user@127.0.0.1:x@api.example.org/"', 4, r"url: "),
    (4, '  url = "api.example.org"', 4, r"url: .*https"),
    (4, "  timeout = 60", 4, r"timeout: "),
    (4, "  timeout = 0", 4, r"timeout: "),
    (4, '  proxy-user = "x"', 4, r"proxy-user"),
    (3, "text {", 4, r"url"),
    (7, '  domains = {"not a domain"}', 7, r"domains: .*not a domain"),
    (7, "  domains = {}", None, r"domains: "),
    (7, "", None, r"domains: "),
    (8, "", None, r"customer-id: "),
    (9, "", None, r"api-key-file: .*missing"),
    (9, '  api-key-file = "/no/such/key"', None, r"api-key-file: .*/no/such/key"),
    (9, '  api-key-file = "key"', 9, r"api-key-file: "),
    (9, '  api-key = ""', None, r"api-key: "),
    (9, '  api-key = "two words"', None, r"api-key: "),
    (10, '  sender-auth = {"sasl", "trust"}', 10, r"sender-auth: .*trust"),
    (10, '  networks = {"192.0.2.0/33"}', 10, r"networks: "),
    (10, '  allow = {"44"}', 10, r"allow: .*44"),
    (10, '  deny = {"+4x"}', 10, r"deny: "),
    (2, "", None, r"allow: .*default-country"),
    (10, "  text { max-parts = 0 }", 10, r"max-parts: "),
    (10, '  text { overlong = "split" }', 10, r"overlong: .*truncate.*reject"),
    (10, '  text { template = "{body" }', 10, r"template: "),
    (10, '  text { template = "{text}" }', 10, r"template: .*\{text\}.*\{body\}"),
    (10, '  text { template = "hello" }', 10, r"template: "),
    (2, 'default-country = "44', None, r""),
    (11, "", None, r""),
]


@pytest.mark.parametrize("line, instead, where, words", MISTAKES,
                         ids=[instead.strip() or f"line {line} missing"
                              for line, instead, _, _ in MISTAKES])
def test_a_mistake_is_named_with_its_place(other_milter: Milter, line: int,
                                           instead: str, where: int | None,
                                           words: str) -> None:
    lines = CONFIG.splitlines()
    lines[line - 1] = instead
    other_milter.write_config(config_of(other_milter, "\n".join(lines) + "\n"))
    result = other_milter.check()

    assert result.returncode == 78
    place = rf"{re.escape(str(other_milter.config_file))}:{where or '[0-9]+'}: "
    assert re.match(place + words, result.stderr), result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "s3cret" not in result.stderr + result.stdout


def test_a_good_configuration_passes(other_milter: Milter) -> None:
    other_milter.write_config(config_of(other_milter))
    result = other_milter.check()

    run = other_milter.folder / "run"
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (
        f"sms-milter: {other_milter.config_file} is good: 1 customer, "
        f"journal sqlite:{run}/journal, listen unix:{run}/milter.sock\n")
    assert list(run.iterdir()) == []


def test_a_configuration_that_is_not_there_is_named(other_milter: Milter) -> None:
    result = other_milter.check()

    assert result.returncode == 78
    assert str(other_milter.config_file) in result.stderr


def test_a_daemon_with_a_mistake_does_not_start(other_milter: Milter,
                                                gateway: Gateway) -> None:
    with pytest.raises(RuntimeError, match=r"sms-milter\.conf:\d+: max-recipients"):
        other_milter.start(gateway.settings(max_recipients=0))

    assert other_milter.process and other_milter.process.wait() == 78


@pytest.mark.parametrize("second, words", [
    ('customer "oakhill" { domains = {"GREENFIELD.sch.example"} '
     'customer-id = "1" api-key = "x" }', "domains: .*greenfield.*oakhill|"
     "domains: .*oakhill.*greenfield"),
    ('customer "greenfield" { domains = {"other.example"} '
     'customer-id = "1" api-key = "x" }', "customer: .*greenfield"),
])
def test_what_two_customers_claim_is_named_with_both(other_milter: Milter, second: str,
                                                     words: str) -> None:
    other_milter.write_config(config_of(other_milter) + second + "\n")
    result = other_milter.check()

    assert result.returncode == 78
    assert re.search(words, result.stderr), result.stderr
    assert len(re.findall(r"sms-milter\.conf:\d+", result.stderr)) == 2


def test_customers_may_stand_in_files_of_their_own(other_milter: Milter) -> None:
    folder = other_milter.folder / "customers.d"
    folder.mkdir()
    general, _, customer = config_of(other_milter).partition("customer ")
    other_milter.write_secret(folder / "greenfield.conf", "customer " + customer)
    other_milter.write_secret(folder / "greenfield.conf.dpkg-old", "nonsense")
    other_milter.write_config(general + f'include("{folder}")\n')
    assert other_milter.check().returncode == 0

    other_milter.write_secret(folder / "zebra.conf", 'customer "zebra" {\n}\n')
    result = other_milter.check()
    assert result.returncode == 78
    assert f"{folder}/zebra.conf:" in result.stderr


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o666, 0o602, 0o660])
def test_a_key_file_that_others_may_touch_is_refused(other_milter: Milter,
                                                     mode: int) -> None:
    key = write_key_config(other_milter)
    key.chmod(mode)
    result = other_milter.check()

    assert result.returncode == 78
    assert re.search(rf"api-key-file: .*{key}.*{mode:04o}", result.stderr)
    assert "s3cret" not in result.stderr


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o640])
def test_a_key_file_for_owner_and_group_is_fine(other_milter: Milter,
                                                mode: int) -> None:
    write_key_config(other_milter).chmod(mode)

    assert other_milter.check().returncode == 0


def test_a_key_in_a_configuration_that_others_may_read_is_refused(
        other_milter: Milter) -> None:
    other_milter.write_config(config_of(other_milter))
    other_milter.config_file.chmod(0o640)
    result = other_milter.check()

    assert result.returncode == 78
    assert re.search(r"api-key: .*0640", result.stderr)


def test_a_key_file_that_cannot_be_read_is_named(other_milter: Milter) -> None:
    key = write_key_config(other_milter)
    os.chown(key, 0, 0)
    result = other_milter.check()

    assert result.returncode == 78
    assert re.search(rf"api-key-file: .*{key}.*[Pp]ermission", result.stderr)


def write_key_config(milter: Milter) -> Path:
    key = milter.folder / "key"
    milter.write_secret(key, "s3cret\n")
    milter.write_config(config_of(milter).replace('api-key = "s3cret"',
                                                  f'api-key-file = "{key}"'))
    return key


@pytest.fixture
def other_milter(running_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
                 ) -> Iterator[Milter]:
    """A second milter, with its own folder, beside that of the gateway."""
    folder = running_gateway.postfix.directory / tmp_path_factory.mktemp("milter").name
    milter = Milter(folder, running_gateway.milter.account)
    (folder / "run").mkdir()
    os.chown(folder / "run", milter.account.pw_uid, milter.account.pw_gid)
    yield milter
