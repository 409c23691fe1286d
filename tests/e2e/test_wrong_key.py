# SPDX-License-Identifier: ISC
"""If the API does not accept a key, the administrator must correct it: its SMS are
deferred, and the log names the customer once. A refused number is a different case,
although the API uses the same words for both."""

import re
from typing import Iterator

import pytest

from gateway import OFFICE, Gateway
from settings import KEYS, OAKHILL_RELAY
from simulator_process import Simulator

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"
PARENT = "parent@ordinary.example"
OAKHILL = {"sender": "office@oakhill.sch.example", "source": OAKHILL_RELAY}

SENT, DEFERRED, REFUSED = "250 2.0.0", "451 4.7.0", "550 5.7.1"
INVALID = "Data is not valid, no messages sent"
ACCEPTED = "the API accepts the account again"

# A key that was right is in doubt after this many refusals (account_state.h).
MAX_REFUSALS = 5

pytestmark = pytest.mark.settings(api={"retries": 0, "breaker_failures": 1000})


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """A new milter that has not asked the API yet. No other test uses it."""
    settings = gateway.milter.settings
    gateway.milter.stop()
    gateway.milter.start(settings)
    yield gateway
    gateway.milter.stop()
    gateway.milter.environment.clear()
    gateway.postfix.wait_until_done()


def warnings(gateway: Gateway) -> list[str]:
    return [line for line in gateway.milter.log_lines() if "with a wrong key" in line]


def statuses(gateway: Gateway, count: int, **mail: str) -> list[str]:
    """The outcomes of this many different mails to one number."""
    return [gateway.send(NUMBER, body=f"Mail {index}.", **mail).last.status
            for index in range(count)]


def states(gateway: Gateway) -> list[str]:
    return [row["state"] for row in gateway.journal.rows()]


def use_key(gateway: Gateway, key: str) -> None:
    """Writes this key to greenfield's file."""
    gateway.milter.write_secret(gateway.milter.folder / "greenfield.key", key + "\n")


def reload(gateway: Gateway) -> None:
    before = gateway.milter.log().count("reloaded:")
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:", times=before + 1)


# A key that never was right ----------------------------------------------------------


@pytest.mark.settings(customers={"greenfield": {"api_key": "wr0ng-k3y"}})
def test_a_wrong_key_defers_and_is_told_once(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, PARENT)
    assert sent.last.status == DEFERRED
    assert INVALID in sent.last.text
    assert statuses(gateway, 2 * MAX_REFUSALS) == [DEFERRED] * 2 * MAX_REFUSALS

    [line] = warnings(gateway)
    for words in ("customer=greenfield", "customer-id=1469", "key of api-key", INVALID):
        assert words in line
    assert "wr0ng" not in gateway.milter.log()
    assert gateway.postfix.delivered() == []
    assert {(row["state"], row["verdict"], row["status"])
            for row in gateway.journal.rows()} == {("failed", "deferred", "4.7.0")}


def test_the_key_file_is_named_and_the_right_key_is_taken(gateway: Gateway) -> None:
    use_key(gateway, "wr0ng-k3y")
    reload(gateway)
    assert gateway.send(NUMBER).last.status == DEFERRED
    [line] = warnings(gateway)
    assert f"api-key-file {gateway.milter.folder}/greenfield.key" in line

    use_key(gateway, KEYS["1469"])
    assert gateway.send(NUMBER).last.status == SENT
    assert gateway.texts() == [(PHONE, "School is shut.")]
    assert len(warnings(gateway)) == 1
    assert gateway.send(OTHER).last.status == SENT


def test_a_variable_is_named(gateway: Gateway) -> None:
    gateway.milter.stop()
    gateway.milter.environment["GREENFIELD_KEY"] = "wr0ng-k3y"
    gateway.configure(customers={"greenfield": {"api_key_env": "GREENFIELD_KEY"}})
    assert gateway.send(NUMBER).last.status == DEFERRED

    [line] = warnings(gateway)
    assert "api-key-env GREENFIELD_KEY, which is read again at the next start" in line


@pytest.mark.settings(customers={"greenfield": {"customer_id": "1470"}})
def test_a_customer_id_that_is_another_s_is_named(gateway: Gateway) -> None:
    """The key would be right for the account 1469."""
    use_key(gateway, KEYS["1469"])
    reload(gateway)
    assert gateway.send(NUMBER).last.status == DEFERRED

    [line] = warnings(gateway)
    assert "customer-id=1470" in line


def test_one_customer_s_wrong_key_is_no_other_s(gateway: Gateway) -> None:
    use_key(gateway, "wr0ng-k3y")
    reload(gateway)
    assert gateway.send(NUMBER).last.status == DEFERRED
    assert gateway.send(NUMBER, **OAKHILL).last.status == SENT
    gateway.simulator.set_faults("invalid")

    assert gateway.send(OTHER, **OAKHILL).last.status == REFUSED
    assert gateway.send(OTHER).last.status == DEFERRED
    assert len(warnings(gateway)) == 1


# A number that is not accepted -----------------------------------------------------------


def test_the_first_number_ever_waits_until_another_is_sent(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={PHONE}")
    again = {"Message_ID": "<1@greenfield.sch.example>"}
    assert gateway.send(NUMBER, **again).last.status == DEFERRED
    assert gateway.send(OTHER).last.status == SENT
    gateway.milter.wait_for_log(f"customer=greenfield customer-id=1469: {ACCEPTED}")

    refused = gateway.send(NUMBER, **again).last
    assert (refused.status, refused.text) == (REFUSED, f"{PHONE}: {INVALID}")
    assert states(gateway) == ["refused", "sent"]
    assert len(warnings(gateway)) == 1


def test_in_one_mail_the_one_that_is_sent_proves_the_key(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    assert gateway.send(NUMBER, OTHER).last.status == SENT

    assert gateway.journal.states() == [(PHONE, "sent", "accepted"),
                                        (OTHER_PHONE, "refused", "accepted")]
    gateway.postfix.wait_until_done()
    assert len(gateway.postfix.delivered(OFFICE)) == 1
    assert warnings(gateway) == []


def test_a_number_refused_with_a_right_key_is_no_warning(gateway: Gateway) -> None:
    gateway.prove_key()
    gateway.simulator.set_faults("invalid")
    for _ in range(MAX_REFUSALS - 1):
        refused = gateway.send(NUMBER).last
        assert (refused.status, refused.text) == (REFUSED, f"{PHONE}: {INVALID}")

    assert warnings(gateway) == []


def test_a_reload_forgets_nothing(gateway: Gateway) -> None:
    gateway.prove_key()
    reload(gateway)
    gateway.simulator.set_faults("invalid")

    assert gateway.send(NUMBER).last.status == REFUSED
    assert warnings(gateway) == []


@pytest.mark.parametrize("fault", ["no-sms", "no-partner", "error=Number is barred",
                                   "http=400"])
def test_other_refusals_are_for_good(gateway: Gateway, fault: str) -> None:
    gateway.simulator.set_faults(fault)
    assert gateway.send(NUMBER).last.status == REFUSED

    assert warnings(gateway) == []


# A key that was right ------------------------------------------------------------------------


def test_a_key_that_expires_bounces_few(gateway: Gateway) -> None:
    with Simulator(customers=KEYS) as api:
        gateway.configure(api={"url": api.api_url})
        assert gateway.send(NUMBER).last.status == SENT
        port = api.port
    with Simulator(customers=KEYS | {"1469": "an0ther-k3y"},
                   listen=f"127.0.0.1:{port}") as api:
        seen = statuses(gateway, MAX_REFUSALS + 3)
        assert seen == [REFUSED] * (MAX_REFUSALS - 1) + [DEFERRED] * 4
        assert len(warnings(gateway)) == 1
        use_key(gateway, "an0ther-k3y")

        assert gateway.send(NUMBER).last.status == SENT
        assert len(api.messages()) == 1


# Said by HTTP --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("is_known", [False, True], ids=["never right", "was right"])
def test_http_says_so_of_a_key(gateway: Gateway, status: int, is_known: bool) -> None:
    if is_known:
        gateway.prove_key()
    gateway.simulator.set_faults(f"http={status}")
    sent = gateway.send(NUMBER, OTHER, PARENT)
    assert sent.last.status == DEFERRED
    assert f"HTTP {status}" in sent.last.text
    assert statuses(gateway, 3) == [DEFERRED] * 3
    assert gateway.postfix.delivered() == []
    assert set(states(gateway)) == {"failed"}

    [line] = warnings(gateway)
    assert f"HTTP {status}" in line and "customer-id=1469" in line
    assert f"api-key-file {gateway.milter.folder}/greenfield.key" in line
    gateway.simulator.set_faults()
    assert gateway.send(NUMBER, OTHER, PARENT).last.status == SENT
    assert gateway.milter.log().count(ACCEPTED) == 1


def test_each_cause_is_told_until_it_is_over(gateway: Gateway) -> None:
    for fault in ("http=401", "http=401", "http=403", "invalid", "invalid"):
        gateway.simulator.set_faults(fault)
        assert gateway.send(NUMBER).last.status == DEFERRED
    causes = [re.search(r"HTTP \d+|Data is not valid", line) for line in warnings(gateway)]
    assert [cause and cause[0] for cause in causes] == [
        "HTTP 401", "HTTP 403", "Data is not valid"]

    gateway.simulator.set_faults()
    assert gateway.send(NUMBER).last.status == SENT
    gateway.simulator.set_faults("http=401")
    assert gateway.send(OTHER).last.status == DEFERRED
    assert len(warnings(gateway)) == 4
