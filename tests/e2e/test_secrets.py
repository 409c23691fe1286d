# SPDX-License-Identifier: ISC
"""The key is only where it must be, and a new key is used in time."""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import pytest

from certificates import Certificate, make_certificate
from gateway import Gateway
from hiding_places import (assert_hidden, core_of, find, is_itself, milter_pid, own_core,
                           process_places, spellings)
from settings import KEYS, OAKHILL_RELAY
from simulator_process import Simulator, simulator_path
from test_https import http2_proxy
from waiting import TIMED_OUT_S, wait_until

NUMBER, OTHER = "+447700900123@sms.local", "+447700900124@sms.local"
PARENT = "parent@ordinary.example"
OAKHILL = "office@oakhill.sch.example"

# As long as real ones are, with all that JSON writes in another way.
KEY = 'Gr33nfield/"2026"\\spring+k3y='
NEW_KEY = "summer-0f-2027+an0ther/k3y-by-far="
OAKHILL_KEY = "0akhill-which-is-another-school's"

# The API is asked once for a mail, and however often it fails.
ONE_TRY = {"retries": 0, "breaker_failures": 1000}

SENT = "250 2.0.0"


def api_with(password: str, **options: Any) -> Simulator:
    return Simulator(customers=KEYS | {"1469": password, "2001": OAKHILL_KEY}, **options)


def use(gateway: Gateway, api: Simulator, key: str = KEY, **options: Any) -> None:
    """The daemon posts to this API, with this key in greenfield's file."""
    key_file(gateway).unlink(missing_ok=True)
    gateway.milter.write_secret(key_file(gateway), key + "\n")
    gateway.milter.write_secret(oakhill_file(gateway), OAKHILL_KEY + "\n")
    gateway.milter.stop()
    gateway.configure(
        api=ONE_TRY | {"url": api.api_url} | options,
        customers={"greenfield": {"api_key_file": str(key_file(gateway))},
                   "oakhill": {"api_key_file": str(oakhill_file(gateway))}})


def key_file(gateway: Gateway) -> Path:
    return gateway.milter.folder / "rotated.key"


def oakhill_file(gateway: Gateway) -> Path:
    return gateway.milter.folder / "oakhill-other.key"


def replace_key(gateway: Gateway, key: str) -> None:
    """Like a careful administrator or program: the file is replaced as a whole, or not at
    all."""
    new = key_file(gateway).with_suffix(".new")
    gateway.milter.write_secret(new, key + "\n")
    new.rename(key_file(gateway))


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """What these tests do to the daemon and its keys does not affect the next test."""
    yield gateway
    gateway.milter.stop()
    gateway.milter.environment.clear()


@pytest.fixture(scope="module")
def certificate(running_gateway: Gateway) -> Certificate:
    folder = running_gateway.postfix.directory / "certificates-of-secrets"
    folder.mkdir()
    return make_certificate(folder)


@pytest.fixture
def api(gateway: Gateway) -> Iterator[Simulator]:
    with api_with(KEY) as simulator:
        use(gateway, simulator)
        yield simulator


# The finder itself -------------------------------------------------------------------


HOLDER = """
import ctypes, sys
line = sys.stdin.buffer.readline().rstrip(b"\\n")
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
memory = libc.malloc(len(line))
ctypes.memmove(memory, line, len(line))
del line
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def process_with(content: bytes) -> Iterator[int]:
    """A process that has these octets in memory from malloc()."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    process.stdin.write(content + b"\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"ready\n"
    yield process.pid
    process.communicate()


@pytest.mark.parametrize("spelling", sorted(spellings(KEY)))
def test_the_finder_finds_a_key_in_memory(spelling: bytes) -> None:
    with process_with(b"before" + spelling + b"behind") as pid:
        assert find(KEY, core_of(pid))


def test_the_finder_finds_half_of_a_key_and_no_other() -> None:
    with process_with(KEY.encode()[13:]) as pid:
        core = core_of(pid)
    assert find(KEY, core)
    assert not find(OAKHILL_KEY, core)


# Every fault of the API ----------------------------------------------------------------

FAULTS = ("invalid", "no-sms", "no-partner", "remark=Hello", "shortfall", "no-id",
          "error=Wrong password {key} of {key}", "http=400", "http=401", "http=403",
          "http=404", "http=413", "http=429,retry-after=1", "http=500", "http=503",
          "reset-before", "reset-after", "close-after", "half", "not-json", "empty",
          "huge", "slow", "never", "hold", "fewer", "reversed", "object")

ECHOES = (KEY, KEY.replace("\\", "\\\\").replace('"', '\\"'),
          KEY.replace("+", "\\u002b"), KEY.replace("/", "\\/"), f"x{KEY}{KEY}",
          OAKHILL_KEY)


def as_spec(text: str) -> str:
    """Escaped for the TEXT of a fault, where a backslash and a comma are special."""
    return text.replace("\\", "\\\\").replace(",", "\\,")


def test_no_fault_of_the_simulator_is_left_out() -> None:
    told = subprocess.run([simulator_path(), "--help"], capture_output=True, text=True,
                          check=True).stdout.partition("For one SMS")[2]
    known = set(re.findall(r"^  ([a-z][a-z-]+)(?:[=\[ ]|$)", told, re.MULTILINE))

    assert known == {re.split("[=,]", fault)[0] for fault in FAULTS}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_shows_the_key(gateway: Gateway, api: Simulator, fault: str) -> None:
    if fault in ("slow", "never", "hold"):
        use(gateway, api, timeout=TIMED_OUT_S)
    api.set_faults(fault)
    done = gateway.send(NUMBER, OTHER, PARENT)

    assert len(api.requests()) + len(api.stats()) > 0
    assert_hidden(gateway, done, KEY, OAKHILL_KEY)


@pytest.mark.parametrize("kind", ["error", "remark"])
@pytest.mark.parametrize("echo", ECHOES, ids=range(len(ECHOES)))  # a name is told
def test_no_echo_shows_a_key(gateway: Gateway, api: Simulator, kind: str,
                             echo: str) -> None:
    """Not the key of another customer either, and not after a reload."""
    api.set_faults(f"{kind}=The key {as_spec(echo)} is about to expire")
    done = gateway.send(NUMBER, PARENT)
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded")
    again = gateway.send(NUMBER)

    assert re.search(r"The key .*\*{25,} is about", gateway.milter.log())
    assert_hidden(gateway, done, KEY, OAKHILL_KEY)
    assert not find(KEY, str(again.end).encode())


def test_an_api_that_cannot_be_trusted_or_reached_shows_no_key(
        gateway: Gateway, api: Simulator, certificate: Certificate) -> None:
    with Simulator(customers=KEYS, cert=certificate.cert,
                   key=certificate.key) as other:
        use(gateway, other)
        untrusted = gateway.send(NUMBER, PARENT)
        assert untrusted.last.status.startswith("451 4.")
        assert_hidden(gateway, untrusted, KEY)
    unreachable = gateway.send(NUMBER, PARENT)

    assert unreachable.last.status.startswith("451 4.")
    assert_hidden(gateway, unreachable, KEY)


@pytest.mark.parametrize("fault", [None, "error=Wrong password {key}", "half"])
def test_tls_leaves_no_key_in_memory(gateway: Gateway, certificate: Certificate,
                                     fault: str | None) -> None:
    with api_with(KEY, cert=certificate.cert, key=certificate.key) as other:
        use(gateway, other, ca_file=str(certificate.cert))
        other.set_faults(*[fault] if fault else [])
        done = gateway.send(NUMBER, PARENT)

        assert len(other.requests()) == 1
        assert_hidden(gateway, done, KEY)


def test_http2_shows_no_key(gateway: Gateway, api: Simulator, certificate: Certificate,
                            tmp_path: Path) -> None:
    """Except in memory: nghttp2 keeps what it sent as long as the connection lives."""
    with http2_proxy(certificate, api, tmp_path) as (url, _):
        use(gateway, api, url=url, ca_file=str(certificate.cert))
        api.set_faults("error=Wrong password {key}")
        done = gateway.send(NUMBER, PARENT)

        assert len(api.requests()) == 1
        assert_hidden(gateway, done, KEY, has_core=False)


def test_a_reload_with_a_key_file_out_of_reach_shows_no_key(gateway: Gateway,
                                                            api: Simulator) -> None:
    key_file(gateway).chmod(0o604)
    gateway.milter.reload()
    gateway.milter.wait_for_log(r"reload: .*api-key-file: .*0604.*stays")
    done = gateway.send(NUMBER)

    assert done.last.status == SENT
    assert_hidden(gateway, done, KEY)


def test_sigterm_during_a_request_shows_no_key(gateway: Gateway,
                                               api: Simulator) -> None:
    api.set_faults("hold")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, NUMBER)
        wait_until(lambda: api.stats()["requests"] > 0, "the request")
        gateway.milter.terminate()
        gateway.milter.wait_for_log("stopping")
        shown = [name for name, content in process_places(milter_pid(gateway))
                 if find(KEY, content)]
        core = own_core(gateway) if is_itself(gateway) else b""
        api.set_faults()
        done = sending.result()
    gateway.milter.stop()
    use(gateway, api)

    assert shown == []
    assert not find(KEY, core)
    assert_hidden(gateway, done, KEY)


# A key that is replaced ------------------------------------------------------------------


def move_account(api: Simulator, key: str) -> Simulator:
    """Starts an API at the same address that has another key for the account."""
    api.stop()
    return api_with(key, listen=f"127.0.0.1:{api.port}")


@pytest.fixture
def moved(gateway: Gateway) -> Iterator[Simulator]:
    """An API that knows only the new key, and a daemon that has the old one."""
    with api_with(NEW_KEY) as simulator:
        use(gateway, simulator)
        yield simulator


REPLACED = ("customer=greenfield: the API key was replaced; the new key was read from "
            "its file")


def test_a_refused_key_is_renewed_without_a_reload(gateway: Gateway,
                                                   moved: Simulator) -> None:
    replace_key(gateway, NEW_KEY)
    done = gateway.send(NUMBER, PARENT)

    assert done.last.status == SENT
    assert len(moved.messages()) == 1
    assert len(moved.requests()) == 2
    assert gateway.milter.log().count(REPLACED) == 1
    assert gateway.journal.states() == [("+447700900123", "sent", "accepted")]
    assert_hidden(gateway, done, KEY, NEW_KEY)

    assert gateway.send(NUMBER).last.status == SENT
    assert len(moved.requests()) == 3


def test_only_what_was_refused_is_posted_again(gateway: Gateway,
                                               api: Simulator) -> None:
    api.set_faults("invalid,number=+447700900124,count=1")
    replace_key(gateway, NEW_KEY)
    gateway.send(NUMBER, OTHER)
    first, second = [json.dumps(request["body"]) for request in api.requests()]

    assert "+447700900123" in first and "+447700900124" in first
    assert "+447700900123" not in second and "+447700900124" in second
    assert [sms["number"] for sms in api.messages()] == ["+447700900123"]
    assert sorted(gateway.journal.states()) == [
        ("+447700900123", "sent", "accepted"), ("+447700900124", "refused", "accepted")]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_by_http_renews_the_key_too(gateway: Gateway, moved: Simulator,
                                              status: int) -> None:
    moved.set_faults(f"http={status},count=1")
    replace_key(gateway, NEW_KEY)

    assert gateway.send(NUMBER).last.status == SENT
    assert len(moved.messages()) == 1


@pytest.mark.parametrize("fault", ["no-sms", "error=No", "http=400", "http=500",
                                   "reset-after", "close-after", "half", "empty",
                                   "shortfall", "no-id", "not-json", "never"])
def test_no_other_outcome_renews_the_key(gateway: Gateway, api: Simulator,
                                         fault: str) -> None:
    if fault == "never":
        use(gateway, api, timeout=TIMED_OUT_S)
    api.set_faults(fault)
    replace_key(gateway, NEW_KEY)
    gateway.send(NUMBER)

    assert api.stats()["requests"] == 1
    assert REPLACED not in gateway.milter.log()


def test_a_new_key_that_is_refused_too_is_not_tried_again(gateway: Gateway,
                                                          moved: Simulator) -> None:
    replace_key(gateway, "another-wrong-key-entirely")
    done = gateway.send(NUMBER)

    assert done.last.status == "451 4.7.0"
    assert len(moved.requests()) == 2


def test_the_same_key_is_not_tried_again(gateway: Gateway, moved: Simulator) -> None:
    assert gateway.send(NUMBER).last.status == "451 4.7.0"
    assert len(moved.requests()) == 1


@pytest.mark.parametrize("content, mode, why", [
    ("", 0o600, "is not a key"), (NEW_KEY + "\n", 0o644, "0644"),
    (NEW_KEY[:5] + "\n" + NEW_KEY[5:], 0o600, "is not a key")],
    ids=["empty", "open", "two lines"])
def test_a_broken_key_file_leaves_the_old_key(gateway: Gateway, moved: Simulator,
                                              content: str, mode: int,
                                              why: str) -> None:
    gateway.milter.write_secret(key_file(gateway), content)
    key_file(gateway).chmod(mode)
    done = gateway.send(NUMBER)

    assert done.last.status == "451 4.7.0"
    assert len(moved.requests()) == 1
    assert gateway.send(OTHER).last.status == "451 4.7.0"  # and the log says it once
    lines = [line for line in gateway.milter.log_lines() if "no other key could be "
                                                            "read" in line]
    assert len(lines) == 1 and why in lines[0] and "customer=greenfield" in lines[0]
    assert_hidden(gateway, done, KEY, NEW_KEY)


def test_a_reload_takes_the_new_key(gateway: Gateway, moved: Simulator) -> None:
    replace_key(gateway, NEW_KEY)
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded")
    done = gateway.send(NUMBER)

    assert done.last.status == SENT
    assert len(moved.requests()) == 1
    assert_hidden(gateway, done, KEY, NEW_KEY)


def test_both_keys_are_masked_after_a_rotation(gateway: Gateway,
                                               moved: Simulator) -> None:
    replace_key(gateway, NEW_KEY)
    assert gateway.send(NUMBER).last.status == SENT
    moved.set_faults(f"error=old {as_spec(KEY)} new {NEW_KEY}")
    done = gateway.send(OTHER, PARENT)

    assert re.search(r"old \*{20,} new \*{20,}", gateway.milter.log())
    assert_hidden(gateway, done, KEY, NEW_KEY)


def test_a_rotation_under_load_sends_each_sms_once(gateway: Gateway,
                                                   api: Simulator) -> None:
    numbers = [f"+4477009002{i:02}@sms.local" for i in range(20)]
    use(gateway, api, max_connections=len(numbers), timeout=50)
    with move_account(api, NEW_KEY) as moved:
        replace_key(gateway, NEW_KEY)
        moved.set_faults("hold")
        with ThreadPoolExecutor(len(numbers)) as pool:
            sending = [pool.submit(gateway.send, number) for number in numbers]
            wait_until(lambda: moved.stats()["in_flight"] == len(numbers),
                       "all of them to be asked for")
            moved.set_faults()
            done = [mail.result() for mail in sending]
        sent = sorted(sms["number"] for sms in moved.messages())

        assert {mail.last.status for mail in done} == {SENT}
        assert len(moved.requests()) == 2 * len(numbers)  # all had the old key
        assert sent == [number.partition("@")[0] for number in numbers]
        assert gateway.milter.log().count(REPLACED) == 1
        assert_hidden(gateway, done[0], KEY, NEW_KEY)


def test_a_refusal_that_came_late_is_put_off(gateway: Gateway,
                                             moved: Simulator) -> None:
    """There is too little time for another request, whose result nobody would learn."""
    timeout_s = min(50, 5 * TIMED_OUT_S)
    use(gateway, moved, timeout=timeout_s)
    replace_key(gateway, NEW_KEY)
    moved.set_faults("hold")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, NUMBER)
        wait_until(lambda: moved.stats()["in_flight"] == 1, "the request")
        asked_s = time.monotonic()
        wait_until(lambda: time.monotonic() - asked_s > timeout_s * 0.6,
                   "more than half of the time to go by")
        moved.set_faults()
        late = sending.result()

    assert late.last.status == "451 4.7.0"
    assert len(moved.requests()) == 1
    assert gateway.send(NUMBER).last.status == SENT


# Where a key may come from ---------------------------------------------------------------


def with_source(gateway: Gateway, api: Simulator, **source: str) -> None:
    gateway.milter.stop()
    gateway.configure(api=ONE_TRY | {"url": api.api_url},
                      customers={"greenfield": source, "oakhill": source})


def test_a_key_in_the_environment_is_taken_out_of_it(gateway: Gateway,
                                                     api: Simulator) -> None:
    """Two customers name it, but only one of them has that key at the API."""
    gateway.milter.environment["GREENFIELD_KEY"] = KEY
    with_source(gateway, api, api_key_env="GREENFIELD_KEY")
    environ = Path(f"/proc/{milter_pid(gateway)}/environ").read_bytes()

    assert b"GREENFIELD_KEY=\0" in environ or not is_itself(gateway)
    assert gateway.send(NUMBER).last.status == SENT
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded")
    done = gateway.send(NUMBER)
    assert done.last.status == SENT
    other = gateway.send(NUMBER, sender=OAKHILL, source=OAKHILL_RELAY)
    assert other.last.status == "451 4.7.0"
    assert_hidden(gateway, done, KEY)


@pytest.mark.parametrize("value", [None, "", "two words"])
def test_an_environment_without_a_key_is_a_mistake(gateway: Gateway, api: Simulator,
                                                   value: str | None) -> None:
    milter = gateway.milter
    milter.stop()
    if value is not None:
        milter.environment["GREENFIELD_KEY"] = value
    milter.write_settings(gateway.settings(customers={"greenfield": {
        "api_key_env": "GREENFIELD_KEY"}}))
    result = milter.check()

    assert result.returncode == 78
    assert re.search(rf"{milter.config_file}:\d+: api-key-env: .*GREENFIELD_KEY is ",
                     result.stderr)
    assert "two words" not in result.stderr


def test_a_credential_of_systemd_s_is_a_key(gateway: Gateway, api: Simulator) -> None:
    folder = gateway.milter.folder / "credentials"
    folder.mkdir(mode=0o755)
    gateway.milter.write_secret(folder / "greenfield", KEY)
    (folder / "greenfield").chmod(0o400)
    gateway.milter.environment["CREDENTIALS_DIRECTORY"] = str(folder)
    with_source(gateway, api, api_key_credential="greenfield")
    done = gateway.send(NUMBER)

    assert gateway.milter.check().returncode == 0
    assert done.last.status == SENT
    assert_hidden(gateway, done, KEY)


def test_without_systemd_a_credential_is_a_mistake(gateway: Gateway,
                                                   api: Simulator) -> None:
    gateway.milter.stop()
    gateway.milter.write_settings(gateway.settings(customers={"greenfield": {
        "api_key_credential": "greenfield"}}))
    result = gateway.milter.check()

    assert result.returncode == 78
    assert re.search(rf"{gateway.milter.config_file}:\d+: api-key-credential: "
                     "greenfield: .*CREDENTIALS_DIRECTORY", result.stderr)


def test_a_key_file_of_another_user_is_refused(gateway: Gateway,
                                               api: Simulator) -> None:
    os.chown(key_file(gateway), gateway.postfix.mail_owner.pw_uid,
             gateway.milter.account.pw_gid)
    key_file(gateway).chmod(0o640)
    result = gateway.milter.check()

    assert result.returncode == 78
    assert re.search(rf"{gateway.milter.config_file}:\d+: api-key-file: "
                     rf"{key_file(gateway)} belongs to user "
                     rf"{gateway.postfix.mail_owner.pw_uid}: ", result.stderr)
    os.chown(key_file(gateway), 0, gateway.milter.account.pw_gid)
    assert gateway.milter.check().returncode == 0


def test_a_link_is_followed_as_kubernetes_makes_them(gateway: Gateway,
                                                     api: Simulator) -> None:
    """Kubernetes makes a new folder and replaces the link to it. The link of the file
    itself never changes."""
    milter = gateway.milter
    for name, key in (("..1", KEY), ("..2", NEW_KEY)):
        (milter.folder / name).mkdir(mode=0o755)
        milter.write_secret(milter.folder / name / "greenfield", key)
    (milter.folder / "..data").symlink_to("..1")
    key_file(gateway).unlink()
    key_file(gateway).symlink_to("..data/greenfield")
    assert milter.check().returncode == 0
    with move_account(api, NEW_KEY) as moved:
        (milter.folder / "..new").symlink_to("..2")
        (milter.folder / "..new").rename(milter.folder / "..data")

        assert gateway.send(NUMBER).last.status == SENT
        assert len(moved.messages()) == 1


def test_a_key_in_the_configuration_is_nowhere_else(gateway: Gateway,
                                                    api: Simulator) -> None:
    """Except in memory: the library that reads the file leaves parts of it there."""
    api.set_faults("error=Wrong password {key}")
    with_source(gateway, api, api_key=KEY)
    done = gateway.send(NUMBER, PARENT)

    assert_hidden(gateway, done, KEY, has_core=False)
