# SPDX-License-Identifier: ISC
"""A mail is tried again: SMS that were sent are not sent twice, and SMS that are missing
are sent."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Iterator

import pytest

from gateway import OFFICE, Gateway
from journal_file import Row
from settings import GREENFIELD_RELAY, KEYS, OAKHILL_RELAY
from smtp import Transaction
from test_outcomes import (NUMBER, OAKHILL, ONE_TRY, OTHER, OTHER_PHONE, PARENT,
                           PERHAPS, PHONE, THIRD, THIRD_PHONE, Bounced, bounces)
from waiting import wait_until

MESSAGE_ID = "<snow.1@greenfield.sch.example>"
SAME = {"Message_ID": MESSAGE_ID}

# In Postfix's mynetworks and among its own addresses: it completes such a mail's
# headers.
LOCAL_CLIENT = "127.0.0.1"

pytestmark = pytest.mark.settings(api=ONE_TRY)


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """Its bounces do not affect the next test."""
    yield gateway
    gateway.postfix.wait_until_done()


def asked(gateway: Gateway) -> list[list[str]]:
    """The numbers of each request that the API got, oldest first."""
    return [[element["Recipients"][0]["MobileNumber"]
             for element in request["body"]["messageData"]]
            for request in gateway.simulator.requests()]


def texted(gateway: Gateway) -> list[str]:
    return [number for number, _ in gateway.texts()]


def records(gateway: Gateway) -> dict[str, Row]:
    """The journal's row of each number. There must be only one."""
    rows = gateway.journal.rows()
    by_number = {row["number"]: row for row in rows}
    assert len(by_number) == len(rows)
    return by_number


def queue_id(sent: Transaction) -> str:
    """The queue id of a mail that was accepted."""
    found = re.search(r"queued as (\w+)", sent.last.text)
    assert found, sent.last
    return found[1]


def send_with_fault(gateway: Gateway, faults: str | tuple[str, ...], *to: str,
                    status: str = "451 4.4.2", **mail: Any) -> Transaction:
    """Sends a mail while the API has these faults, then removes the faults."""
    gateway.simulator.set_faults(*([faults] if isinstance(faults, str) else faults))
    sent = gateway.send(*to, **mail)
    assert sent.last.status == status, sent.last
    gateway.simulator.set_faults()
    return sent


def send_well(gateway: Gateway, *to: str, **mail: Any) -> Transaction:
    sent = gateway.send(*to, **mail)
    assert sent.last.status == "250 2.0.0", sent.last
    return sent


# Not sent by the API, which says that it queued 0: the one failure of one number alone
# after which a retry is due.
LOST = f"shortfall,number={OTHER_PHONE}"


# What is missing -------------------------------------------------------------------


def test_a_retry_sends_only_what_is_missing(gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, THIRD, **SAME)
    sent = send_well(gateway, NUMBER, OTHER, THIRD, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE, THIRD_PHONE], [OTHER_PHONE]]
    assert texted(gateway) == [PHONE, THIRD_PHONE, OTHER_PHONE]
    assert bounces(gateway) == {}
    rows = records(gateway)
    assert [rows[phone]["attempts"] for phone in (PHONE, OTHER_PHONE, THIRD_PHONE)
            ] == [1, 2, 1]
    assert {row["queue_id"] for row in rows.values()} == {queue_id(sent)}
    assert {(row["state"], row["verdict"]) for row in rows.values()
            } == {("sent", "accepted")}
    gateway.milter.wait_for_log(r"outcome=sent .*sms=3 sent=3 earlier=2 ")


def test_each_try_leaves_less_to_do(gateway: Gateway) -> None:
    third_lost = f"shortfall,number={THIRD_PHONE}"
    to = (NUMBER, OTHER, THIRD)
    send_with_fault(gateway, (LOST, third_lost), *to, **SAME)
    send_with_fault(gateway, third_lost, *to, **SAME)
    send_well(gateway, *to, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE, THIRD_PHONE],
                              [OTHER_PHONE, THIRD_PHONE], [THIRD_PHONE]]
    assert texted(gateway) == [PHONE, OTHER_PHONE, THIRD_PHONE]
    assert {number: (row["attempts"], row["unknowns"])
            for number, row in records(gateway).items()
            } == {PHONE: (1, 0), OTHER_PHONE: (2, 1), THIRD_PHONE: (3, 2)}


def test_another_configuration_does_not_make_it_another_mail(gateway: Gateway) -> None:
    """Its SMS may have another text, but it is the same mail."""
    page = (b"Message-ID: <page@greenfield.sch.example>\r\n"
            b"Content-Type: text/html\r\n\r\n"
            b"<p>See <a href='https://school.example/snow'>our page</a>.</p>\r\n")
    send_with_fault(gateway, LOST, NUMBER, OTHER, message=page)
    gateway.configure(text={"links": "text"})
    send_well(gateway, NUMBER, OTHER, message=page)

    assert gateway.texts() == [
        (PHONE, "See our page (https://school.example/snow)."),
        (OTHER_PHONE, "See our page.")]


def test_what_may_have_been_sent_is_refused_after_a_try_that_sent_nothing(
        gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
    send_with_fault(gateway, "http=503", NUMBER, OTHER, status="451 4.4.5", **SAME)
    gateway.configure(on_unknown="refuse")
    send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]
    assert records(gateway)[OTHER_PHONE]["state"] == "unknown"


def test_a_retry_that_fails_as_well_is_in_the_journal(gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
    send_with_fault(gateway, "http=503", NUMBER, OTHER, status="451 4.4.5", **SAME)
    rows = records(gateway)
    assert (rows[PHONE]["state"], rows[PHONE]["verdict"]) == ("sent", "deferred")
    assert (rows[OTHER_PHONE]["state"], rows[OTHER_PHONE]["status"],
            rows[OTHER_PHONE]["attempts"], rows[OTHER_PHONE]["unknowns"]
            ) == ("unknown", "4.4.5", 2, 1)  # the first try may have sent it

    send_well(gateway, NUMBER, OTHER, **SAME)
    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE], [OTHER_PHONE]]
    assert texted(gateway) == [PHONE, OTHER_PHONE]
    row = records(gateway)[OTHER_PHONE]
    assert (row["state"], row["status"], row["reason"]) == ("sent", "", "")


@pytest.mark.parametrize("fault, status", [
    ("http=503", "451 4.4.5"), ("http=429", "451 4.4.5"), ("http=404", "451 4.4.5"),
    ("http=500", "451 4.4.2"), ("reset-before", "451 4.4.2")])
def test_a_mail_of_which_nothing_was_sent_is_sent_whole(gateway: Gateway, fault: str,
                                                        status: str) -> None:
    send_with_fault(gateway, fault, NUMBER, OTHER, status=status, **SAME)
    send_well(gateway, NUMBER, OTHER, **SAME)

    assert texted(gateway) == [PHONE, OTHER_PHONE]
    assert {row["attempts"] for row in records(gateway).values()} == {2}


def test_a_retry_of_some_of_the_numbers_sends_those_missing(gateway: Gateway) -> None:
    """Mail servers may split and join the recipients of a mail."""
    send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
    send_well(gateway, OTHER, THIRD, **SAME)
    send_well(gateway, NUMBER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE, THIRD_PHONE]]


def test_a_retry_knows_a_number_in_another_spelling(gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
    send_well(gateway, "07700900123@sms.local", "447700900124@sms.local", **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]
    assert len(records(gateway)) == 2


def test_the_ordinary_recipient_gets_the_mail_once(gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, PARENT, OTHER, **SAME)
    assert gateway.postfix.delivered() == []
    send_well(gateway, NUMBER, PARENT, OTHER, **SAME)

    assert [m["X-Original-To"] for m in gateway.postfix.delivered()] == [PARENT]
    assert texted(gateway) == [PHONE, OTHER_PHONE]


def test_a_restart_forgets_nothing(gateway: Gateway) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
    gateway.milter.stop()
    gateway.configure(api=ONE_TRY)
    send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]


# What was refused --------------------------------------------------------------------


BARRED = f"error=Number is barred,number={PHONE}"


def test_a_refusal_stands_while_the_mail_is_put_off(gateway: Gateway) -> None:
    send_with_fault(gateway, (BARRED, LOST), NUMBER, OTHER, **SAME)
    assert gateway.postfix.delivered() == []
    sent = send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]
    assert texted(gateway) == [OTHER_PHONE]
    assert bounces(gateway) == {NUMBER: Bounced(
        "5.7.1", f"{PHONE}: Number is barred "
        "(the SMS to 1 other number of this mail was sent)")}
    row = records(gateway)[PHONE]
    assert (row["state"], row["verdict"], row["reason"], row["attempts"],
            row["queue_id"]) == ("refused", "accepted", "Number is barred", 1,
                                 queue_id(sent))


def test_refusals_of_several_tries_are_told_together(gateway: Gateway) -> None:
    send_with_fault(gateway, (BARRED, LOST), NUMBER, OTHER, **SAME)
    sent = send_with_fault(gateway, "no-sms", NUMBER, OTHER, status="550 5.7.1",
                           **SAME)

    assert sent.last.lines == (
        f"{PHONE}: Number is barred",
        f"{OTHER_PHONE}: Customer does not allow sending SMS")
    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]
    assert {(row["state"], row["verdict"]) for row in records(gateway).values()
            } == {("refused", "rejected")}
    assert gateway.postfix.delivered() == []


def test_a_mail_that_was_refused_may_be_sent_again(gateway: Gateway) -> None:
    """Its sender was told, and may have had the cause repaired."""
    send_with_fault(gateway, "no-sms", NUMBER, status="550 5.7.1", **SAME)
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE]
    assert gateway.journal.states() == [(PHONE, "refused", "rejected"),
                                        (PHONE, "sent", "accepted")]


def test_a_number_that_bounced_may_be_sent_to_again(gateway: Gateway) -> None:
    send_with_fault(gateway, BARRED, NUMBER, OTHER, status="250 2.0.0", **SAME)
    assert set(bounces(gateway)) == {NUMBER}
    send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [PHONE]]
    assert set(bounces(gateway)) == {NUMBER}
    queue_ids = {row["queue_id"] for row in gateway.journal.rows()
                 if row["state"] == "refused"}
    assert len(queue_ids) == 1  # the first bounce's record stays with its mail


# The same mail once more, or another -------------------------------------------------


def test_a_duplicate_of_a_delivered_mail_is_accepted_and_not_sent(
        gateway: Gateway) -> None:
    send_well(gateway, NUMBER, OTHER, **SAME)
    sent = send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE]]
    assert bounces(gateway) == {}
    assert {(row["state"], row["verdict"], row["attempts"], row["queue_id"])
            for row in records(gateway).values()
            } == {("sent", "accepted", 1, queue_id(sent))}
    gateway.milter.wait_for_log(r"outcome=sent .*sms=2 sent=2 earlier=2 ")


@pytest.mark.parametrize("second", [
    {"body": "School is open."}, {"Subject": "Snow"},
    {"sender": "head@greenfield.sch.example"},
    {"sender": OAKHILL, "source": OAKHILL_RELAY},
    {"Message_ID": "<snow.2@greenfield.sch.example>"},
    {"Message_ID": None},
])
def test_what_differs_is_another_mail(gateway: Gateway,
                                      second: dict[str, Any]) -> None:
    """Some devices give all their mails the same Message-ID."""
    send_well(gateway, NUMBER, **SAME)
    changed = {name: value for name, value in (SAME | second).items() if value}
    send_well(gateway, NUMBER, **changed)

    assert asked(gateway) == [[PHONE], [PHONE]]
    assert [row["attempts"] for row in gateway.journal.rows()] == [1, 1]


@pytest.mark.parametrize("second", [
    {"To": "<pupils@greenfield.sch.example>"}, {"Date": "Wed, 25 Nov 2026 08:00:00 Z"},
    {"X_Mailer": "another"}, {"From": "Office <x@y.example>"},
])
def test_what_does_not_reach_the_phone_does_not_make_another_mail(
        gateway: Gateway, second: dict[str, Any]) -> None:
    send_well(gateway, NUMBER, **SAME)
    send_well(gateway, NUMBER, **SAME | second)

    assert asked(gateway) == [[PHONE]]


# Without a Message-ID ----------------------------------------------------------------


# Both kinds of client: one whose mail Postfix completes, and one whose mail it leaves
# as it is.
either_client = pytest.mark.parametrize("source", [LOCAL_CLIENT, GREENFIELD_RELAY])
both_networks = pytest.mark.settings(api=ONE_TRY, customers={"greenfield": {
    "networks": [f"{LOCAL_CLIENT}/32", f"{GREENFIELD_RELAY}/32"]}})

DATED = {"Date": "Wed, 25 Nov 2026 08:00:00 +0000"}


def wait_for_next_second() -> None:
    """Until then, a Date that Postfix adds stays the same."""
    began_s = int(time.time())
    wait_until(lambda: int(time.time()) > began_s, "the next second")


def test_postfix_completes_the_mail_of_its_own_machine(gateway: Gateway) -> None:
    """The tests below depend on this."""
    gateway.configure(api=ONE_TRY, customers={"greenfield": {
        "networks": ["127.0.0.0/29"]}})
    made = send_well(gateway, PARENT, source=LOCAL_CLIENT)
    left = send_well(gateway, PARENT, source=GREENFIELD_RELAY)

    by_id = {re.search(r"\bid (\w+)", mail["Received"])[1]: mail
             for mail in gateway.postfix.delivered(PARENT)}
    completed, as_it_came = by_id[queue_id(made)], by_id[queue_id(left)]
    assert queue_id(made) in completed["Message-ID"]
    assert list(completed).index("Message-Id") < list(completed).index("Date")
    assert as_it_came["Message-ID"] is as_it_came["Date"] is None


@both_networks
@either_client
@pytest.mark.parametrize("headers", [{}, DATED], ids=["undated", "dated"])
def test_without_message_id_a_retry_sends_only_what_is_missing(
        gateway: Gateway, source: str, headers: dict[str, str]) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER, source=source, **headers)
    wait_for_next_second()
    sent = send_well(gateway, NUMBER, OTHER, source=source, **headers)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]
    assert {(row["state"], row["verdict"], row["message_id"], row["queue_id"])
            for row in records(gateway).values()
            } == {("sent", "accepted", "", queue_id(sent))}


@both_networks
@either_client
@pytest.mark.parametrize("headers", [{}, DATED], ids=["undated", "dated"])
def test_without_message_id_the_same_text_goes_twice(
        gateway: Gateway, source: str, headers: dict[str, str]) -> None:
    """For example an alarm that rings twice."""
    for _ in range(2):
        send_well(gateway, NUMBER, source=source, **headers)

    assert asked(gateway) == [[PHONE], [PHONE]]
    assert [row["attempts"] for row in gateway.journal.rows()] == [1, 1]


def test_a_retry_that_was_accepted_ends_the_mail(gateway: Gateway) -> None:
    """The whole mail ends, not only the part that the last try sent."""
    send_with_fault(gateway, LOST, NUMBER, OTHER)
    send_well(gateway, NUMBER, OTHER)
    send_well(gateway, NUMBER, OTHER)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE],
                              [PHONE, OTHER_PHONE]]
    assert len(gateway.journal.rows()) == 4


@pytest.mark.parametrize("second", [
    {"body": "School is open."}, {"Subject": "Snow"}, DATED,
    {"From": "Head <head@greenfield.sch.example>"},
])
def test_without_message_id_all_that_it_says_counts(gateway: Gateway,
                                                    second: dict[str, str]) -> None:
    send_with_fault(gateway, LOST, NUMBER, OTHER)
    send_well(gateway, NUMBER, OTHER, **second)

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [PHONE, OTHER_PHONE]]


def make_older(gateway: Gateway, seconds: int) -> None:
    """Changes the journal as if everything in it had happened that much earlier."""
    with closing(gateway.journal.connect()) as connection:
        connection.execute("UPDATE sms SET created = created - :s,"
                           " updated = updated - :s", {"s": seconds})


def retry_after(gateway: Gateway, seconds: int, **mail: Any) -> list[str]:
    """The numbers that a retry after this time asks the API for."""
    send_with_fault(gateway, LOST, NUMBER, OTHER, **mail)
    make_older(gateway, seconds)
    send_well(gateway, NUMBER, OTHER, **mail)
    return asked(gateway)[-1]


@pytest.mark.parametrize("late_s, numbers", [
    (5300, [OTHER_PHONE]), (5401, [PHONE, OTHER_PHONE])])
def test_without_message_id_a_mail_is_a_retry_within_the_window(
        gateway: Gateway, late_s: int, numbers: list[str]) -> None:
    assert retry_after(gateway, late_s) == numbers


@pytest.mark.settings(api=ONE_TRY, retry_window=200)
@pytest.mark.parametrize("late_s, numbers", [
    (100, [OTHER_PHONE]), (201, [PHONE, OTHER_PHONE])])
def test_the_retry_window_may_be_another(gateway: Gateway, late_s: int,
                                         numbers: list[str]) -> None:
    assert retry_after(gateway, late_s) == numbers


@pytest.mark.settings(api=ONE_TRY, retry_window=0)
def test_without_retry_window_every_second_has_mail_of_its_own(
        gateway: Gateway) -> None:
    assert retry_after(gateway, 1) == [PHONE, OTHER_PHONE]
    assert [(row["number"], row["state"]) for row in gateway.journal.rows()] == [
        (PHONE, "sent"), (OTHER_PHONE, "unknown"),
        (PHONE, "sent"), (OTHER_PHONE, "sent")]


@pytest.mark.settings(api=ONE_TRY, retry_window=0)
def test_with_message_id_a_retry_may_come_days_later(gateway: Gateway) -> None:
    assert retry_after(gateway, 5 * 24 * 3600, **SAME) == [OTHER_PHONE]


@pytest.mark.parametrize("late_s, times", [(5 * 86400 - 60, 1), (5 * 86400 + 1, 2)])
def test_a_message_id_that_is_used_again_after_days_is_another_mail(
        gateway: Gateway, late_s: int, times: int) -> None:
    """Some devices have only one for all their mails."""
    send_well(gateway, NUMBER, **SAME)
    make_older(gateway, late_s)
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE] * times


@pytest.mark.settings(api=ONE_TRY, duplicate_window=300)
@pytest.mark.parametrize("late_s, times", [(290, 1), (301, 2)])
def test_the_duplicate_window_may_be_another(gateway: Gateway, late_s: int,
                                             times: int) -> None:
    send_well(gateway, NUMBER, **SAME)
    make_older(gateway, late_s)
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE] * times


@pytest.mark.settings(api=ONE_TRY, duplicate_window=300)
def test_copies_do_not_silence_a_device_for_ever(gateway: Gateway) -> None:
    for _ in range(4):
        send_well(gateway, NUMBER, **SAME)
        make_older(gateway, 200)

    assert texted(gateway) == [PHONE] * 2
    assert len(gateway.journal.rows()) == 2


@pytest.mark.settings(api=ONE_TRY, duplicate_window=300)
def test_a_mail_is_known_as_long_as_it_is_retried(gateway: Gateway) -> None:
    for _ in range(4):
        send_with_fault(gateway, LOST, NUMBER, OTHER, **SAME)
        make_older(gateway, 200)
    send_well(gateway, NUMBER, OTHER, **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE]] + [[OTHER_PHONE]] * 4
    assert len(records(gateway)) == 2


@pytest.mark.settings(api=ONE_TRY, duplicate_window=300)
def test_a_refusal_is_not_renewed_either(gateway: Gateway) -> None:
    send_with_fault(gateway, "invalid", NUMBER, status="550 5.7.1", **SAME)
    make_older(gateway, 400)
    send_well(gateway, NUMBER, **SAME)
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE]


# Perhaps sent ---------------------------------------------------------------------


REFUSE_ALL = pytest.mark.settings(api=ONE_TRY, on_unknown="refuse")
REFUSE_ONE = pytest.mark.settings(
    api=ONE_TRY, customers={"greenfield": {"on_unknown": "refuse"}})
RESEND_ONE = pytest.mark.settings(
    api=ONE_TRY, on_unknown="refuse",
    customers={"greenfield": {"on_unknown": "resend"}})

NOT_AGAIN = "this SMS may have been sent by an earlier try of this mail"


@pytest.mark.parametrize("where", [
    pytest.param("default", marks=pytest.mark.settings(api=ONE_TRY)),
    pytest.param("customer", marks=RESEND_ONE)])
@pytest.mark.parametrize("fault", ["reset-after", "no-id"])
def test_what_was_perhaps_sent_is_sent_again(gateway: Gateway, fault: str,
                                             where: str) -> None:
    sent = send_with_fault(gateway, fault, NUMBER, **SAME)
    assert PERHAPS in sent.last.text
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE, PHONE]
    row = records(gateway)[PHONE]
    assert (row["state"], row["verdict"], row["attempts"], row["unknowns"]
            ) == ("sent", "accepted", 2, 1)


@pytest.mark.parametrize("where", [pytest.param("global", marks=REFUSE_ALL),
                                   pytest.param("customer", marks=REFUSE_ONE)])
@pytest.mark.parametrize("fault", ["reset-after", "no-id"])
def test_what_was_perhaps_sent_is_refused_where_so_configured(
        gateway: Gateway, fault: str, where: str) -> None:
    send_with_fault(gateway, fault, NUMBER, **SAME)
    for _ in range(2):
        sent = gateway.send(NUMBER, **SAME)
        assert sent.last.status == "550 5.4.2"
        assert sent.last.text.startswith(f"{PHONE}: {NOT_AGAIN}")

    assert asked(gateway) == [[PHONE]]
    assert texted(gateway) == [PHONE]
    assert bounces(gateway) == {}
    row = records(gateway)[PHONE]
    assert (row["state"], row["verdict"], row["status"], row["attempts"],
            row["unknowns"]) == ("unknown", "rejected", "5.4.2", 1, 1)


@REFUSE_ONE
def test_another_customer_is_not_bound_by_that(gateway: Gateway) -> None:
    mail = {"sender": OAKHILL, "source": OAKHILL_RELAY} | SAME
    send_with_fault(gateway, "reset-after", NUMBER, **mail)
    send_well(gateway, NUMBER, **mail)

    assert texted(gateway) == [PHONE, PHONE]


@REFUSE_ALL
def test_what_was_perhaps_sent_bounces_where_the_others_were_sent(
        gateway: Gateway) -> None:
    send_with_fault(gateway, f"no-id,number={OTHER_PHONE}", NUMBER, OTHER, THIRD,
                    **SAME)
    sent = send_well(gateway, NUMBER, OTHER, THIRD, **SAME)

    assert len(asked(gateway)) == 1
    assert texted(gateway) == [PHONE, OTHER_PHONE, THIRD_PHONE]
    told = bounces(gateway)
    assert set(told) == {OTHER}
    assert told[OTHER].status == "5.4.2"
    assert "it is not known whether the SMS was sent" in told[OTHER].words
    row = records(gateway)[OTHER_PHONE]
    assert (row["state"], row["verdict"], row["status"], row["queue_id"]
            ) == ("unknown", "accepted", "5.4.2", queue_id(sent))


@REFUSE_ALL
def test_what_was_perhaps_sent_bounces_beside_an_ordinary_recipient(
        gateway: Gateway) -> None:
    send_with_fault(gateway, "reset-after", NUMBER, PARENT, **SAME)
    send_well(gateway, NUMBER, PARENT, **SAME)

    assert len(gateway.postfix.delivered(PARENT)) == 1
    assert {recipient: bounced.status for recipient, bounced in bounces(gateway).items()
            } == {NUMBER: "5.4.2"}
    assert texted(gateway) == [PHONE]


@REFUSE_ALL
def test_all_perhaps_sent_is_a_refusal_that_names_each(gateway: Gateway) -> None:
    send_with_fault(gateway, "close-after", NUMBER, OTHER, **SAME)
    sent = gateway.send(NUMBER, OTHER, **SAME)

    assert sent.last.status == "550 5.4.2"
    assert [line.split(": ")[0] for line in sent.last.lines] == [PHONE, OTHER_PHONE]
    assert texted(gateway) == [PHONE, OTHER_PHONE]


@REFUSE_ALL
def test_what_was_certainly_not_sent_is_sent_all_the_same(gateway: Gateway) -> None:
    send_with_fault(gateway, "http=503", NUMBER, status="451 4.4.5", **SAME)
    send_well(gateway, NUMBER, **SAME)

    assert texted(gateway) == [PHONE]


@pytest.mark.parametrize("before, after, status, count", [
    ("resend", "refuse", "550 5.4.2", 1), ("refuse", "resend", "250 2.0.0", 2)])
def test_on_unknown_counts_as_it_is_when_the_mail_comes_again(
        gateway: Gateway, before: str, after: str, status: str, count: int) -> None:
    gateway.configure(api=ONE_TRY, on_unknown=before)
    send_with_fault(gateway, "reset-after", NUMBER, **SAME)
    gateway.milter.write_settings(gateway.settings(api=ONE_TRY, on_unknown=after))
    gateway.milter.reload()
    gateway.milter.wait_for_log("reload")

    assert gateway.send(NUMBER, **SAME).last.status == status
    assert texted(gateway) == [PHONE] * count


# At the same time --------------------------------------------------------------------


# The first answer takes more than a second, twice as long for two numbers; or it comes
# when the test lets it.
SLOW, HELD = "slow=4,count=1", "hold,count=1"
with_a_slow_api = pytest.mark.settings(api=ONE_TRY | {"timeout": 25}, duplicate_wait=30)


@with_a_slow_api
def test_a_second_copy_waits_for_the_first(gateway: Gateway) -> None:
    gateway.simulator.set_faults(SLOW)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER, OTHER, **SAME)
        gateway.simulator.wait_for_request()
        send_well(gateway, NUMBER, OTHER, **SAME)
        first.result()

    assert asked(gateway) == [[PHONE, OTHER_PHONE]]
    assert texted(gateway) == [PHONE, OTHER_PHONE]
    gateway.milter.wait_for_log(r"outcome=sent .*earlier=2 ")


@with_a_slow_api
def test_many_copies_at_once_send_once(gateway: Gateway) -> None:
    gateway.simulator.set_faults("slow=1")
    with ThreadPoolExecutor(10) as pool:
        for sent in [pool.submit(send_well, gateway, NUMBER, **SAME)
                     for _ in range(10)]:
            sent.result()

    assert asked(gateway) == [[PHONE]]
    assert records(gateway)[PHONE]["attempts"] == 1


@with_a_slow_api
def test_a_copy_for_other_numbers_waits_for_those_they_share(gateway: Gateway) -> None:
    gateway.simulator.set_faults(SLOW)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER, OTHER, **SAME)
        gateway.simulator.wait_for_request()
        send_well(gateway, OTHER, THIRD, **SAME)
        first.result()

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [THIRD_PHONE]]


@with_a_slow_api
def test_a_second_copy_sends_what_the_first_could_not(gateway: Gateway) -> None:
    gateway.simulator.set_faults(SLOW, f"{LOST},count=1")
    with ThreadPoolExecutor() as pool:
        first = pool.submit(gateway.send, NUMBER, OTHER, **SAME)
        gateway.simulator.wait_for_request()
        send_well(gateway, NUMBER, OTHER, **SAME)
        assert first.result().last.status == "451 4.4.2"

    assert asked(gateway) == [[PHONE, OTHER_PHONE], [OTHER_PHONE]]


@pytest.mark.settings(api=ONE_TRY, duplicate_wait=0)
def test_a_second_copy_is_put_off_when_it_has_waited_long_enough(
        gateway: Gateway) -> None:
    gateway.simulator.set_faults(HELD)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER, **SAME)
        gateway.simulator.wait_for_request()
        second = gateway.send(NUMBER, PARENT, **SAME)
        assert not first.done()
        gateway.simulator.set_faults()
        sent = first.result()

    assert second.last.status == "451 4.3.0"
    assert "another copy of this mail" in second.last.text
    assert asked(gateway) == [[PHONE]]
    assert gateway.postfix.delivered() == []
    assert records(gateway)[PHONE]["queue_id"] == queue_id(sent)


@pytest.mark.settings(api=ONE_TRY, duplicate_wait=1)
def test_the_wait_is_as_long_as_configured(gateway: Gateway) -> None:
    gateway.simulator.set_faults(HELD)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER, **SAME)
        gateway.simulator.wait_for_request()
        began_s = time.monotonic()
        second = gateway.send(NUMBER, **SAME)
        waited_s = time.monotonic() - began_s
        gateway.simulator.set_faults()
        first.result()

    assert second.last.status == "451 4.3.0"
    assert waited_s >= 1
    assert asked(gateway) == [[PHONE]]


@with_a_slow_api
def test_another_mail_to_the_same_number_does_not_wait(gateway: Gateway) -> None:
    gateway.simulator.set_faults(HELD)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER, **SAME)
        gateway.simulator.wait_for_request()
        send_well(gateway, NUMBER, body="School is open.", **SAME)
        assert not first.done()
        gateway.simulator.set_faults()
        first.result()

    assert len(asked(gateway)) == 2


@with_a_slow_api
def test_without_message_id_two_at_once_are_two(gateway: Gateway) -> None:
    gateway.simulator.set_faults(SLOW)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(send_well, gateway, NUMBER)
        gateway.simulator.wait_for_request()
        send_well(gateway, NUMBER)
        first.result()

    assert asked(gateway) == [[PHONE], [PHONE]]


# Identical alarms ---------------------------------------------------------------------


ALARMS = 10
PARALLEL = ONE_TRY | {"timeout": 50, "max-connections": 2 * ALARMS,
                      "breaker-failures": 1000}
with_parallel_requests = pytest.mark.settings(api=PARALLEL)


def send_alarms(gateway: Gateway, *to: str, **mail: Any) -> list[str]:
    """Sends all at once, like a device after a loss of its network. Returns the replies."""
    with ThreadPoolExecutor(ALARMS) as pool:
        alarms = [pool.submit(gateway.send, *to, **mail) for _ in range(ALARMS)]
        return [alarm.result().last.status for alarm in alarms]


# Two at one moment have one Date.
ANONYMOUS = pytest.mark.parametrize("mail", [{}, DATED, {"Message_ID": "none"}],
                                    ids=["nothing", "Date", "a bad Message-ID"])


@with_parallel_requests
@ANONYMOUS
def test_identical_alarms_at_once_are_sent_each_and_none_waits(
        gateway: Gateway, mail: dict[str, str]) -> None:
    gateway.simulator.set_faults("hold")
    with ThreadPoolExecutor() as pool:
        statuses = pool.submit(send_alarms, gateway, NUMBER, **mail)
        wait_until(lambda: gateway.simulator.stats()["in_flight"] == ALARMS,
                   "the API to have all of them at once")
        gateway.simulator.set_faults()
        assert statuses.result() == ["250 2.0.0"] * ALARMS

    assert asked(gateway) == [[PHONE]] * ALARMS
    assert [(row["state"], row["verdict"], row["attempts"])
            for row in gateway.journal.rows()] == [("sent", "accepted", 1)] * ALARMS
    assert len({row["queue_id"] for row in gateway.journal.rows()}) == ALARMS


@with_parallel_requests
@ANONYMOUS
@pytest.mark.parametrize("fault, to", [
    ("http=503", [NUMBER]), ("http=500", [NUMBER]), ("shortfall", [NUMBER]),
    (LOST, [NUMBER, OTHER])], ids=["503", "500", "shortfall", "one of two"])
def test_as_many_go_out_as_alarms_came(gateway: Gateway, mail: dict[str, str],
                                       fault: str, to: list[str]) -> None:
    """An alarm that comes after a deferred one may take over its record, because it looks
    like the retry. Then the real retry finds no record, and is sent."""
    gateway.simulator.set_faults(fault)
    first = send_alarms(gateway, *to, **mail)
    assert {status[:3] for status in first} == {"451"}
    gateway.simulator.set_faults()
    assert send_alarms(gateway, *to, **mail) == ["250 2.0.0"] * ALARMS

    phones = [recipient.split("@")[0] for recipient in to]
    assert sorted(texted(gateway)) == sorted(phones * ALARMS)
    assert {(row["state"], row["verdict"]) for row in gateway.journal.rows()
            } == {("sent", "accepted")}
    assert len(gateway.journal.rows()) == len(to) * ALARMS


@with_parallel_requests
def test_some_of_the_alarms_come_again_and_new_ones_with_them(
        gateway: Gateway) -> None:
    """As many SMS are sent as there are alarms, whichever mail is a retry."""
    gateway.simulator.set_faults("http=503,count=4")
    first = send_alarms(gateway, NUMBER)
    assert sorted(first) == ["250 2.0.0"] * (ALARMS - 4) + ["451 4.4.5"] * 4
    assert send_alarms(gateway, NUMBER) == ["250 2.0.0"] * ALARMS

    assert texted(gateway) == [PHONE] * (2 * ALARMS - 4)
    assert len(gateway.journal.rows()) == 2 * ALARMS - 4


@with_parallel_requests
def test_an_alarm_of_a_daemon_that_died_is_taken_over(gateway: Gateway) -> None:
    gateway.simulator.set_faults("never")
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(gateway.send, NUMBER)
        gateway.simulator.wait_for_request()
        gateway.milter.kill()
        assert sent.result().last.status.startswith("451")
    gateway.simulator.set_faults()
    gateway.configure(api=PARALLEL)
    send_well(gateway, NUMBER)
    send_well(gateway, NUMBER)

    assert [(row["state"], row["attempts"], row["unknowns"])
            for row in gateway.journal.rows()] == [("sent", 2, 1), ("sent", 1, 0)]


# What is left for Postfix ---------------------------------------------------------


def test_every_spelling_of_a_refused_number_bounces(gateway: Gateway) -> None:
    spellings = [OTHER, "07700900124@sms.local", "sms=+447700900124@sms.local",
                 '"+44 7700 900124"@sms.local']
    send_with_fault(gateway, "error=Number is barred,number=" + OTHER_PHONE, NUMBER,
                    "07700900123@sms.local", *spellings, status="250 2.0.0", **SAME)

    assert asked(gateway) == [[PHONE, OTHER_PHONE]]
    assert bounces(gateway) == dict.fromkeys(spellings, Bounced(
        "5.7.1", f"{OTHER_PHONE}: Number is barred "
        "(the SMS to 1 other number of this mail was sent)"))
    assert {number: row["state"] for number, row in records(gateway).items()
            } == {PHONE: "sent", OTHER_PHONE: "refused"}


def test_of_a_number_that_was_sent_to_nothing_is_left(gateway: Gateway) -> None:
    send_with_fault(gateway, "invalid,number=" + OTHER_PHONE, NUMBER,
                    "07700900123@sms.local", PARENT, OTHER, status="250 2.0.0")
    gateway.postfix.wait_until_done()

    went_on = re.findall(r"to=<([^>]+)>, .*status=(\w+)", gateway.postfix.log())
    assert sorted(went_on) == [(OTHER, "bounced"), (OFFICE, "sent"), (PARENT, "sent")]


def test_mail_that_never_met_the_filter_bounces_and_says_so(gateway: Gateway) -> None:
    gateway.postfix.sendmail(OFFICE, NUMBER, b"Subject: Snow\n\nSchool is shut.\n")

    told = bounces(gateway)
    assert set(told) == {NUMBER}
    assert told[NUMBER].status == "5.3.0"
    assert "did not pass through sms-milter" in told[NUMBER].words
    assert gateway.simulator.requests() == []
    assert gateway.journal.rows() == []


# What is not in the journal ----------------------------------------------------------


def test_neither_key_nor_text_is_in_the_journal(gateway: Gateway) -> None:
    text = "Snowdrift closes the school"
    gateway.simulator.set_faults(f"error=the key {{key}} is wrong,number={OTHER_PHONE}")
    send_well(gateway, NUMBER, OTHER, body=text, Subject="Blizzard", **SAME)
    send_with_fault(gateway, "reset-after", THIRD, body=text, Subject="Blizzard")
    gateway.send(NUMBER, PARENT, body=text, Precedence="bulk")

    files = [file for file in gateway.journal.folder.iterdir()
             if file.name.startswith(gateway.journal.path.name)]
    content = b"".join(file.read_bytes() for file in files)
    assert {"journal.db", "journal.db-wal"} <= {file.name for file in files}
    for known in (PHONE, MESSAGE_ID, OFFICE, "is wrong"):
        assert known.encode() in content
    for secret in (KEYS["1469"], text, "Snowdrift", "Blizzard"):
        assert secret.lower().encode() not in content.lower()
