# SPDX-License-Identifier: ISC
"""What Postfix does with a mail that has only numbers as recipients: with after-sending =
"discard" nothing more, with "accept" what its tables say. The manual promises this for
copies, HOLD and REDIRECT."""

from pathlib import Path
from typing import Iterator

import pytest

from gateway import OFFICE, Gateway, make_mail
from settings import GREENFIELD_RELAY
from smtp import SmtpClient, Transaction
from test_outcomes import NUMBER, OTHER, OTHER_PHONE, PARENT, PHONE, bounces

ARCHIVE = "archive@ordinary.example"

# An smtpd each, on an address of its own, with a cleanup of its own where one is needed.
COPYING_CLEANUPS = {
    "127.0.0.31": f"always_bcc={ARCHIVE}",
    "127.0.0.32": f"recipient_bcc_maps=inline:{{{NUMBER}={ARCHIVE}}}",
    "127.0.0.33": f"sender_bcc_maps=inline:{{{OFFICE}={ARCHIVE}}}",
}
COPYING_ACCESS = "127.0.0.34"
COPYING = [*COPYING_CLEANUPS, COPYING_ACCESS]
HOLDING_ACCESS, HOLDING_HEADER = "127.0.0.35", "127.0.0.36"
REDIRECTING_ACCESS, REDIRECTING_HEADER = "127.0.0.37", "127.0.0.38"
ORDINARY = "127.0.0.1"

ACCEPT = pytest.mark.settings(after_sending="accept")


@pytest.fixture(scope="module", autouse=True)
def services(running_gateway: Gateway) -> None:
    postfix = running_gateway.postfix
    cleanups = dict(COPYING_CLEANUPS)
    for host, action in ((HOLDING_HEADER, "HOLD"),
                         (REDIRECTING_HEADER, f"REDIRECT {ARCHIVE}")):
        checks = Path(postfix.config / f"header_checks_{host}")
        checks.write_text(f"/^Subject: Snow/ {action}\n")
        cleanups[host] = f"header_checks=regexp:{checks}"
    for host, option in cleanups.items():
        postfix.add_cleanup(f"cleanup-{host}", option)
        postfix.add_service(host, f"cleanup_service_name=cleanup-{host}")
    for host, action in ((COPYING_ACCESS, f"BCC {ARCHIVE}"), (HOLDING_ACCESS, "HOLD"),
                         (REDIRECTING_ACCESS, f"REDIRECT {ARCHIVE}")):
        postfix.add_service(host, "{ smtpd_data_restrictions = check_sender_access "
                                  f"inline:{{{{{OFFICE}={action}}}}} }}")


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    yield gateway
    gateway.clear()  # what is on hold here


def send(gateway: Gateway, host: str, *recipients: str, **headers: str) -> Transaction:
    message = make_mail(OFFICE, recipients, "Shut.", **{"Subject": "Snow"} | headers)
    with SmtpClient(gateway.postfix.port, GREENFIELD_RELAY, host=host) as client:
        sent = client.transfer(OFFICE, recipients, message)
    assert sent.last.status == "250 2.0.0"
    return sent


def readers(gateway: Gateway) -> list[str]:
    """The recipients of a mail, or of a bounce."""
    return sorted(mail["X-Original-To"] for mail in gateway.postfix.delivered())


# Copies ------------------------------------------------------------------------------


@ACCEPT
@pytest.mark.parametrize("host", COPYING)
def test_with_accept_the_archive_gets_its_copy(gateway: Gateway, host: str) -> None:
    send(gateway, host, NUMBER)
    assert gateway.texts() == [(PHONE, "Snow: Shut.")]
    assert readers(gateway) == [ARCHIVE]


@pytest.mark.parametrize("host", COPYING)
def test_by_default_it_gets_none(gateway: Gateway, host: str) -> None:
    send(gateway, host, NUMBER)
    assert gateway.texts() == [(PHONE, "Snow: Shut.")]
    assert readers(gateway) == []


@pytest.mark.parametrize("after", ["discard", "accept"])
@pytest.mark.parametrize("host", COPYING)
def test_with_an_ordinary_recipient_both_are_the_same(gateway: Gateway, host: str,
                                                      after: str) -> None:
    gateway.configure(after_sending=after)
    send(gateway, host, NUMBER, PARENT)
    assert gateway.texts() == [(PHONE, "Snow: Shut.")]
    assert readers(gateway) == [ARCHIVE, PARENT]


@ACCEPT
def test_nobody_gets_what_nobody_asked_a_copy_of(gateway: Gateway) -> None:
    """There is no bounce either, because Postfix removes a mail without recipients."""
    send(gateway, ORDINARY, NUMBER, f'"{PHONE}"@sms.local', "07700900123@sms.local", OTHER)
    assert [phone for phone, _ in gateway.texts()] == [PHONE, OTHER_PHONE]
    assert readers(gateway) == []
    gateway.postfix.wait_for_log(r"qmgr.*: removed")


@pytest.mark.settings(after_sending="accept", auto_replies="discard")
def test_mail_that_is_dropped_is_copied_too(gateway: Gateway) -> None:
    send(gateway, COPYING[0], NUMBER, Auto_Submitted="auto-replied")
    assert gateway.texts() == []
    assert readers(gateway) == [ARCHIVE]


@ACCEPT
def test_mail_that_an_earlier_try_sent_is_copied_too(gateway: Gateway) -> None:
    for _ in range(2):
        send(gateway, COPYING[0], NUMBER, Message_ID="<snow@greenfield.sch.example>")
    assert len(gateway.texts()) == 1
    assert readers(gateway) == [ARCHIVE, ARCHIVE]


@ACCEPT
def test_a_refused_number_bounces_all_the_same(gateway: Gateway) -> None:
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    send(gateway, COPYING[0], NUMBER, OTHER)
    assert readers(gateway) == [ARCHIVE, OFFICE]
    assert list(bounces(gateway)) == [OTHER]


@pytest.mark.parametrize("everybody, greenfield, copies", [
    ("discard", "accept", [ARCHIVE]), ("accept", "discard", [])])
def test_a_customer_has_its_own(gateway: Gateway, everybody: str, greenfield: str,
                                copies: list[str]) -> None:
    gateway.configure(after_sending=everybody,
                      customers={"greenfield": {"after_sending": greenfield}})
    send(gateway, COPYING[0], NUMBER)
    assert len(gateway.texts()) == 1
    assert readers(gateway) == copies


# HOLD and REDIRECT --------------------------------------------------------------------


@pytest.mark.parametrize("host", [HOLDING_ACCESS, HOLDING_HEADER])
@pytest.mark.parametrize("after, held", [("discard", 0), ("accept", 1)])
def test_hold_keeps_the_mail_and_not_its_sms(gateway: Gateway, host: str, after: str,
                                             held: int) -> None:
    gateway.configure(after_sending=after)
    send(gateway, host, NUMBER)
    assert len(gateway.texts()) == 1
    assert len(gateway.postfix.queued(("hold",))) == held


@pytest.mark.parametrize("after", ["discard", "accept"])
def test_redirect_of_an_access_table_finds_nobody_to_redirect(gateway: Gateway,
                                                              after: str) -> None:
    gateway.configure(after_sending=after)
    send(gateway, REDIRECTING_ACCESS, NUMBER)
    assert len(gateway.texts()) == 1
    assert readers(gateway) == []


@pytest.mark.parametrize("after", ["discard", "accept"])
def test_redirect_of_header_checks_comes_before_the_milter(gateway: Gateway,
                                                           after: str) -> None:
    gateway.configure(after_sending=after)
    send(gateway, REDIRECTING_HEADER, NUMBER)
    assert gateway.texts() == []
    [mail] = gateway.postfix.delivered()
    assert mail["Delivered-To"] == ARCHIVE
