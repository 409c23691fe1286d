# SPDX-License-Identifier: ISC
"""Who may send, to whom, and when."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Iterator
from zoneinfo import ZoneInfo

import pytest

from gateway import OFFICE, Gateway, make_mail
from postfix import Postfix
from settings import GREENFIELD_RELAY, OAKHILL_RELAY, STRANGER
from smtp import Transaction
from test_outcomes import (NUMBER, OAKHILL, OTHER, OTHER_PHONE, PARENT, PHONE, THIRD,
                           THIRD_PHONE, bounces, requests)
from waiting import wait_until
from zones import zone_at_noon

HEAD = "head@greenfield.sch.example"
LOGIN = (OFFICE, Postfix.LOGINS[OFFICE])
OF_OAKHILL = {"sender": OAKHILL, "source": OAKHILL_RELAY}


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    """The API's counters begin with the test, and reloads of the test end with it."""
    assert gateway.simulator.ask("DELETE", "/stats").status == 204
    yield gateway
    gateway.postfix.wait_until_done()
    gateway.milter.stop()


def statuses(sent: Transaction) -> list[str]:
    return [reply.status for reply in sent.recipients]


def texted(gateway: Gateway) -> list[str]:
    return [number for number, _ in gateway.texts()]


def ordinary(gateway: Gateway) -> list[str]:
    return [mail["X-Original-To"] for mail in gateway.postfix.delivered()]


def configure(gateway: Gateway, **greenfield: Any) -> None:
    gateway.configure(customers={"greenfield": greenfield})


# enabled and senders -----------------------------------------------------------------


def test_a_customer_may_be_switched_off_and_reads_no_key(gateway: Gateway) -> None:
    configure(gateway, enabled=False, **{"api-key-file": "/nonexistent/key"})
    sent = gateway.send(PARENT, NUMBER, OTHER)

    assert statuses(sent) == ["250 2.1.5", "550 5.7.1", "550 5.7.1"]
    assert "greenfield is disabled" in sent.recipients[1].text
    assert sent.last.status == "250 2.0.0"
    assert ordinary(gateway) == [PARENT]
    assert requests(gateway) == 0
    assert gateway.send(NUMBER, **OF_OAKHILL).last.status == "250 2.0.0"


@pytest.mark.settings(customers={"greenfield": {"senders": [
    OFFICE, "*@staff.greenfield.sch.example", "h*d@greenfield.sch.example"]}})
@pytest.mark.parametrize("sender, is_listed", [
    (OFFICE, True), ("Office@Greenfield.SCH.example", True), (HEAD, True),
    ("hd@greenfield.sch.example", True),
    ("anybody@staff.greenfield.sch.example", True),
    ("a.b@STAFF.greenfield.sch.example", True),
    ("cook@greenfield.sch.example", False),
    ("office@staff.x.greenfield.sch.example", False),
    ("xoffice@greenfield.sch.example", False),
    ("heads@greenfield.sch.example", False),
    ('"x@staff.greenfield.sch.example"@greenfield.sch.example', False),
])
def test_only_those_named_may_send(gateway: Gateway, sender: str,
                                   is_listed: bool) -> None:
    sent = gateway.send(PARENT, NUMBER, sender=sender)

    assert statuses(sent) == ["250 2.1.5", "250 2.1.5" if is_listed else "550 5.7.1"]
    assert texted(gateway) == [PHONE] * is_listed
    assert ordinary(gateway) == [PARENT]
    if not is_listed:
        assert "greenfield (senders)" in sent.recipients[1].text


@pytest.mark.settings(customers={"greenfield": {"senders": [HEAD]}})
def test_one_who_may_not_send_must_not_do_so_in_the_name_of_one_who_may(
        gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, sender=HEAD, source=STRANGER, login=LOGIN)
    assert statuses(sent) == ["250 2.1.5"]
    assert sent.end and sent.end.status == "550 5.7.1"
    gateway.milter.wait_for_log(f'rule="sasl: {OFFICE} is not in senders')

    configure(gateway, senders=[HEAD, OFFICE])
    sent = gateway.send(NUMBER, sender=HEAD, source=STRANGER, login=LOGIN)
    assert sent.last.status == "250 2.0.0"


@pytest.mark.settings(customers={"greenfield": {
    "senders": [HEAD], "sasl-logins": ["alarm"]}})
def test_a_login_without_domain_is_as_good_as_it_was_written(gateway: Gateway) -> None:
    alarm = ("alarm", Postfix.LOGINS["alarm"])

    assert gateway.send(NUMBER, sender=HEAD, source=STRANGER, login=alarm
                        ).last.status == "250 2.0.0"
    assert gateway.send(NUMBER, source=STRANGER, login=alarm).last.status == "550 5.7.1"


# Numbers -----------------------------------------------------------------------------


@pytest.mark.settings(customers={"greenfield": {
    "allow": ["+44", "+447700900", "+4477009001234", "+1212555"],
    "deny": ["+4477", "+447700900", "+447700900123", "+1"]}})
@pytest.mark.parametrize("number, may", [
    ("+441632960123", True),   # +44
    ("+447812345678", True),   # +44
    ("+447712345678", False),  # -4477 is longer than +44
    ("+447700900999", False),  # +447700900 and -447700900 are of one length
    ("+447700900123", False),  # -447700900123
    ("+4477009001234", True),  # +4477009001234 is longer
    ("+12125550100", True), ("+12135550100", False),
    ("+33612345678", False),  # fits none
])
def test_the_longest_beginning_decides(gateway: Gateway, number: str,
                                       may: bool) -> None:
    sent = gateway.send(PARENT, f"{number}@sms.local")

    assert statuses(sent) == ["250 2.1.5", "250 2.1.5" if may else "550 5.7.1"]
    assert texted(gateway) == [number] * may
    assert ordinary(gateway) == [PARENT]


@pytest.mark.settings(customers={"greenfield": {"allow": ["+44", "+33"]}})
def test_what_one_customer_may_text_another_may_not(gateway: Gateway) -> None:
    french = "+33612345678@sms.local"

    assert gateway.send(french).last.status == "250 2.0.0"
    assert gateway.send(french, **OF_OAKHILL).last.status == "550 5.7.1"


@pytest.mark.settings(customers={"greenfield": {"deny": ["+4470"]}})
def test_with_deny_alone_it_is_the_default_country_without_that(
        gateway: Gateway) -> None:
    assert statuses(gateway.send("+447012345678@sms.local", "+33612345678@sms.local",
                                 NUMBER)) == ["550 5.7.1", "550 5.7.1", "250 2.1.5"]


def without_country(**greenfield: Any) -> dict[str, Any]:
    """Settings in which no number is national."""
    names = ("greenfield", "greenfield-infants", "oakhill")
    return {"default_country": None, "customers": {
        name: {"allow": ["+44", "+353"]} | (greenfield if name == "greenfield" else {})
        for name in names}}


@pytest.mark.settings(**without_country(deny=["+449", "+3531"]))
@pytest.mark.parametrize("local_part", [
    "+4409098790000", "004409098790000", "4409098790000", "sms=+4409098790000",
    "+44.0-9098790000", '"+44(0)9098 790000"', '"+44 (0) 9098790000"', '"+44 0 9098790000"',
    '"(0044)09098790000"', "+44009098790000", '"+44 00 9098790000"', '"+44(0)09098790000"',
    '"+440(0)9098790000"', '"+449(0)098790000"', "+353016712345", '"+353 (0)1 6712345"'])
def test_a_zero_behind_the_country_code_gets_past_nothing(gateway: Gateway,
                                                          local_part: str) -> None:
    sent = gateway.send(PARENT, f"{local_part}@sms.local")

    assert statuses(sent)[1] in ("550 5.7.1", "550 5.1.3")
    assert requests(gateway) == 0


@pytest.mark.settings(**without_country())
def test_a_number_with_such_a_zero_is_the_one_without(gateway: Gateway,
                                                      blocklist: Path) -> None:
    """It gets one SMS for one mail and has one record, and a blocklist stops it in every
    spelling."""
    spellings = ["+4407700900123@sms.local", '"+44 (0)7700 900123"@sms.local', NUMBER,
                 "004407700900123@sms.local"]
    assert statuses(gateway.send(*spellings)) == ["250 2.1.5"] * 4
    assert texted(gateway) == [PHONE]
    assert [row["number"] for row in gateway.journal.rows()] == [PHONE]
    for number in ("+4407700900123", "004407700900123", "+44 (0)7700 900123"):
        done = subprocess.run([gateway.postfix.ctl, "history", "--json", "--number", number],
                              capture_output=True, text=True, check=True)
        assert len(done.stdout.splitlines()) == 1

    blocklist.write_text("+44(0)7700900123\n")
    gateway.configure(blocklist=str(blocklist), **without_country())
    assert statuses(gateway.send(*spellings)) == ["550 5.7.1"] * 4


@pytest.mark.settings(max_recipients=5)
def test_thirty_numbers_beyond_it_all_arrive(gateway: Gateway) -> None:
    """As a mail server does it: it sends to the deferred recipients in further mails, over
    the same connection. smtpd counts each deferral as an error of the client."""
    phones = [f"+4477009{index:05}" for index in range(35)]
    left = [f"{phone}@sms.local" for phone in phones]
    message = make_mail(OFFICE, [], "Shut.", Message_ID="<7.x@greenfield.sch.example>")
    with gateway.connect() as client:
        while left:
            sent = client.transfer(OFFICE, left, message)
            assert statuses(sent) == ["250 2.1.5"] * 5 + ["452 4.5.3"] * (len(left) - 5)
            assert sent.last.status == "250 2.0.0"
            left = left[5:]

    assert texted(gateway) == phones
    assert [len(request["body"]["messageData"])
            for request in gateway.simulator.requests()] == [5] * 7


# What a stranger learns ----------------------------------------------------------------


VEILED = ("this SMS was refused: ask the administrator of the SMS gateway; its log "
          "says why")
TELLING = re.compile("greenfield|oakhill|senders|allow|deny|blocklist|opted|want|enabled"
                     "|switched|hours|next|max-recipients|[0-9]:[0-9]", re.IGNORECASE)


def assert_nothing_told(sent: Transaction) -> None:
    """Apart from the recipient that the client wrote itself."""
    for reply in sent.recipients:
        assert not TELLING.search(re.sub("<[^>]*>", "", reply.text)), reply


@pytest.fixture
def secretive(gateway: Gateway, blocklist: Path) -> Gateway:
    blocklist.write_text(f"{OTHER_PHONE}\n")
    gateway.configure(blocklist=str(blocklist), customers={
        "greenfield": {"senders": [HEAD], "deny": ["+4470"],
                       "sender-auth": ["sasl", "network", "dmarc"]},
        "oakhill": {"enabled": False}})
    return gateway


COOK = "cook@greenfield.sch.example"
PROBES = [
    (HEAD, OTHER, "blocklist"), (HEAD, "+447012345678@sms.local", "allow, deny"),
    (HEAD, "+33612345678@sms.local", "allow, deny"), (COOK, NUMBER, "senders"),
    (COOK, OTHER, "senders"), (OAKHILL, NUMBER, "enabled"), (OAKHILL, OTHER, "enabled"),
]


@pytest.mark.parametrize("source, login", [
    (STRANGER, None), ("127.0.0.1", None), (OAKHILL_RELAY, None),
    (STRANGER, ("alarm", Postfix.LOGINS["alarm"]))],
    ids=["stranger", "loopback", "another customer's server", "a login of nobody's"])
def test_a_stranger_gets_one_text_for_every_reason(
        secretive: Gateway, source: str, login: tuple[str, str] | None) -> None:
    milter = secretive.milter
    for sender, recipient, reason in PROBES:
        if (sender, source) == (OAKHILL, OAKHILL_RELAY):
            continue  # he is no stranger there
        lines = len(milter.log_lines())
        sent = secretive.send(PARENT, recipient, sender=sender, source=source, login=login)

        assert statuses(sent) == ["250 2.1.5", "550 5.7.1"]
        assert VEILED in sent.recipients[1].text
        assert_nothing_told(sent)
        [line] = [line for line in milter.log_lines()[lines:] if "refused: " in line]
        number = recipient.partition("@")[0]
        assert reason in line
        assert f" client={source} " in line
        assert f" number={number[:3]}{'*' * (len(number) - 6)}{number[-3:]} " in line
        assert number not in line


def test_whether_it_is_a_number_does_not_tell_who_may_send(secretive: Gateway) -> None:
    said = {secretive.send("office@sms.local", sender=sender, source=STRANGER).last
            for sender in (HEAD, COOK, OAKHILL)}
    assert {reply.status for reply in said} == {"550 5.1.3"}
    assert len(said) == 1


@pytest.mark.parametrize("sender, recipient, words", [
    (COOK, NUMBER, "greenfield (senders)"), (HEAD, OTHER, "(blocklist)"),
    (HEAD, "+447012345678@sms.local", "(allow, deny)")])
@pytest.mark.parametrize("source, login", [
    (GREENFIELD_RELAY, None), (STRANGER, LOGIN)], ids=["network", "login"])
def test_who_is_proved_is_told(secretive: Gateway, sender: str, recipient: str,
                               words: str, source: str,
                               login: tuple[str, str] | None) -> None:
    """Although office@, who logs in, is not one of the senders."""
    sent = secretive.send(recipient, sender=sender, source=source, login=login)

    assert sent.last.status == "550 5.7.1"
    assert words in sent.last.text


@pytest.mark.settings(customers={"greenfield": {"sender-auth": ["none"],
                                                "deny": ["+4470"]}})
def test_none_is_no_proof(gateway: Gateway) -> None:
    """The customer's own network does not count either, as no method asks for it."""
    for source in (STRANGER, GREENFIELD_RELAY):
        sent = gateway.send("+447012345678@sms.local", source=source)
        assert sent.last.status == "550 5.7.1"
        assert VEILED in sent.last.text


@pytest.mark.parametrize("outside, status", [("defer", "451 4.7.1"),
                                             ("refuse", "550 5.7.1")])
def test_a_stranger_does_not_learn_the_hours(gateway: Gateway, outside: str,
                                             status: str) -> None:
    opens = in_three_hours()
    gateway.configure(time_zone="Europe/London", customers={"greenfield": {
        "hours": [hours_from(opens, timedelta(hours=2))], "outside-hours": outside}})
    sent = gateway.send(NUMBER, source=STRANGER)

    assert sent.last.status == status
    assert_nothing_told(sent)
    told = gateway.milter.wait_for_log("recipient refused")
    assert "(hours); the next period begins" in told


@pytest.mark.settings(customers={"greenfield": {"max-recipients": 1}})
def test_a_stranger_does_not_learn_the_limit(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, OTHER, source=STRANGER)

    assert statuses(sent) == ["250 2.1.5", "452 4.5.3"]
    assert_nothing_told(sent)
    assert "(max-recipients)" in gateway.send(NUMBER, OTHER).recipients[1].text


def test_the_end_tells_a_stranger_nothing_either(secretive: Gateway) -> None:
    automatic = {"Auto_Submitted": "auto-replied"}
    said = {secretive.send(NUMBER, sender=HEAD, source=STRANGER, body=body, **headers).last
            for body in ("Shut.", "", "x" * 5000) for headers in ({}, automatic)}

    assert [reply.status for reply in said] == ["550 5.7.1"]
    [reply] = said
    assert "greenfield" not in reply.text


@pytest.mark.settings(customers={"greenfield": {"senders": [HEAD]}})
@pytest.mark.parametrize("sender, is_listed", [
    ('"head"@greenfield.sch.example', True), ('"he\\ad"@greenfield.sch.example', True),
    ('"head "@greenfield.sch.example', False), ('"cook"@greenfield.sch.example', False)])
def test_needless_quotes_make_no_other_sender(gateway: Gateway, sender: str,
                                              is_listed: bool) -> None:
    assert statuses(gateway.send(NUMBER, sender=sender)) == [
        "250 2.1.5" if is_listed else "550 5.7.1"]


# Hours ---------------------------------------------------------------------------------


LONDON = ZoneInfo("Europe/London")


def hours_from(start: datetime, length: timedelta) -> str:
    """Hours on every day, past midnight if necessary."""
    return f"{start:%H:%M}-{start + length:%H:%M}"


def in_three_hours() -> datetime:
    """A time that the clock of London shows for the first time then. It is in no hour that
    comes twice, and in none that is skipped."""
    start = (datetime.now(LONDON).astimezone(ZoneInfo("UTC")).replace(second=0)
             + timedelta(hours=3)).astimezone(LONDON)
    return (start.astimezone(ZoneInfo("UTC")) - timedelta(hours=start.fold)
            ).astimezone(LONDON)


@pytest.mark.parametrize("outside, status", [
    (None, "451 4.7.1"), ("defer", "451 4.7.1"), ("refuse", "550 5.7.1")])
def test_outside_the_hours_an_sms_waits_or_is_refused_and_told_when(
        gateway: Gateway, outside: str | None, status: str) -> None:
    opens = in_three_hours()
    gateway.configure(time_zone="Europe/London", customers={"greenfield": {
        "hours": [hours_from(opens, timedelta(hours=2))],
        "outside-hours": outside}})
    sent = gateway.send(NUMBER, PARENT, OTHER)

    assert statuses(sent) == [status, "250 2.1.5", status]
    assert f"the next period begins {opens:%Y-%m-%d %H:%M %Z}" in sent.recipients[0].text
    assert "(hours)" in sent.recipients[0].text
    assert sent.last.status == "250 2.0.0"
    assert ordinary(gateway) == [PARENT]
    assert requests(gateway) == 0
    assert gateway.journal.rows() == []
    assert gateway.send(NUMBER, **OF_OAKHILL).last.status == "250 2.0.0"


def test_within_the_hours_it_is_sent(gateway: Gateway) -> None:
    """The hours begin and end at least one hour away, even if the clock is changed."""
    now = datetime.now(LONDON)
    configure(gateway, **{"time-zone": "Europe/London"}, hours=[
        "mon 00:00-00:01", hours_from(now - timedelta(hours=4), timedelta(hours=8))])

    assert gateway.send(NUMBER).last.status == "250 2.0.0"


@pytest.mark.parametrize("hours, is_open", [
    (["06:00-18:00"], True), (["18:00-06:00"], False),
    (["00:00-06:00", "18:00-24:00"], False), (["00:00-24:00"], True),
    (["18:00-17:00"], True),  # until the next day
    (["{today} 06:00-18:00"], True), (["{others} 00:00-24:00"], False),
    (["{yesterday} 18:00-17:00"], True), (["{tomorrow},{yesterday} 06:00-17:00"], False),
    (["{yesterday}-{tomorrow} 06:00-18:00"], True),
    (["{others} 06:00-18:00", "{today} 06:00-18:00"], True),
])
def test_hours_have_days_and_may_go_over_midnight(gateway: Gateway, hours: list[str],
                                                  is_open: bool) -> None:
    zone = zone_at_noon()
    now = datetime.now(ZoneInfo(zone))
    yesterday, today, tomorrow, *rest = (
        f"{now + timedelta(days=day):%a}".lower() for day in range(-1, 6))
    others = ",".join([yesterday, tomorrow, *rest])
    configure(gateway, **{"time-zone": zone}, hours=[
        item.format(yesterday=yesterday, today=today, tomorrow=tomorrow, others=others)
        for item in hours])

    assert statuses(gateway.send(NUMBER)) == ["250 2.1.5" if is_open else "451 4.7.1"]


def test_each_customer_has_a_clock_of_its_own(gateway: Gateway) -> None:
    """When it is noon in one zone, it is midnight on the other side of the earth."""
    noon = zone_at_noon()
    west_h = int(noon.removeprefix("Etc/GMT") or 0)
    midnight = f"Etc/GMT{west_h - 12 if west_h >= 0 else west_h + 12:+d}".replace(
        "GMT+0", "GMT")
    day = {"hours": ["06:00-18:00"]}
    gateway.configure(time_zone=midnight, customers={
        "greenfield": day | {"time-zone": noon}, "oakhill": day})

    assert gateway.send(NUMBER).last.status == "250 2.0.0"
    assert gateway.send(NUMBER, **OF_OAKHILL).last.status == "451 4.7.1"


def test_a_number_that_may_not_be_texted_is_refused_at_any_hour(
        gateway: Gateway) -> None:
    """A retry when the hours begin would not help."""
    configure(gateway, **{"time-zone": zone_at_noon()}, hours=["18:00-20:00"])

    assert statuses(gateway.send("+33612345678@sms.local", "office@sms.local", NUMBER)
                    ) == ["550 5.7.1", "550 5.1.3", "451 4.7.1"]


def test_a_mail_that_began_within_the_hours_ends_outside(gateway: Gateway) -> None:
    """A recipient that was accepted at RCPT gets the SMS."""
    zone = {"time-zone": zone_at_noon()}
    configure(gateway, **zone, hours=["06:00-18:00"])
    with gateway.connect() as client:
        client.mail(OFFICE)
        assert client.rcpt(NUMBER).is_good
        reload_as(gateway, **zone, hours=["18:00-20:00"])
        client.data()
        assert client.end(make_mail(OFFICE, [NUMBER], "Shut.")).status == "250 2.0.0"
    assert statuses(gateway.send(OTHER)) == ["451 4.7.1"]


def reload_as(gateway: Gateway, **greenfield: Any) -> None:
    gateway.milter.write_settings(gateway.settings(customers={"greenfield": greenfield}))
    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:")


# Blocklists ------------------------------------------------------------------------------


@pytest.fixture
def blocklist(gateway: Gateway) -> Path:
    return gateway.milter.folder / "optouts"


def test_who_is_on_the_list_of_all_is_not_texted_by_anybody(gateway: Gateway,
                                                            blocklist: Path) -> None:
    blocklist.write_text(f"# opted out\n{PHONE}\n\n+44 7700 900124 # rang us\n")
    gateway.configure(blocklist=str(blocklist))
    sent = gateway.send(NUMBER, PARENT, OTHER, "07700900123@sms.local", THIRD)

    assert statuses(sent) == ["550 5.7.1", "250 2.1.5", "550 5.7.1", "550 5.7.1",
                              "250 2.1.5"]
    assert "(blocklist)" in sent.recipients[0].text
    assert texted(gateway) == [THIRD_PHONE]
    assert ordinary(gateway) == [PARENT]
    assert statuses(gateway.send(NUMBER, **OF_OAKHILL)) == ["550 5.7.1"]
    assert PHONE not in gateway.milter.log()


def test_who_is_on_a_customers_list_is_not_texted_by_that_one(gateway: Gateway,
                                                              blocklist: Path) -> None:
    own = blocklist.with_name("optouts-of-greenfield")
    blocklist.write_text(f"{OTHER_PHONE}\n")
    own.write_text("+44(0)7700 900.123\n")
    gateway.configure(blocklist=str(blocklist),
                      customers={"greenfield": {"blocklist": str(own)}})

    assert statuses(gateway.send(NUMBER, OTHER, THIRD)) == ["550 5.7.1", "550 5.7.1",
                                                            "250 2.1.5"]
    assert statuses(gateway.send(NUMBER, OTHER, **OF_OAKHILL)) == ["250 2.1.5",
                                                                   "550 5.7.1"]


def test_a_list_is_read_again_at_reload_and_not_before(gateway: Gateway,
                                                       blocklist: Path) -> None:
    blocklist.write_text(f"{PHONE}\n")
    gateway.configure(blocklist=str(blocklist))
    blocklist.write_text(f"{OTHER_PHONE}\n")
    assert statuses(gateway.send(NUMBER, OTHER)) == ["550 5.7.1", "250 2.1.5"]

    gateway.milter.reload()
    gateway.milter.wait_for_log("reloaded:")
    assert statuses(gateway.send(NUMBER, OTHER)) == ["250 2.1.5", "550 5.7.1"]


@pytest.mark.parametrize("line, is_of_customer", [
    ("07700 900125", False), ("office", True), ("+44", False),
    ("+447700900125 +447700900126", True), ("+4477009001234567890", False)])
def test_a_line_that_is_no_number_is_named_and_the_old_list_stays(
        gateway: Gateway, blocklist: Path, line: str, is_of_customer: bool) -> None:
    milter = gateway.milter
    option = {"blocklist": str(blocklist)}
    blocklist.write_text(f"{PHONE}\n")
    gateway.configure(**{"customers": {"greenfield": option}} if is_of_customer
                      else option)
    blocklist.write_text(f"# of today\n{OTHER_PHONE}\n{line}\n")
    milter.reload()

    log = milter.wait_for_log("the old configuration stays")
    assert f"{blocklist}:3: " in log
    assert line not in milter.log()
    assert statuses(gateway.send(NUMBER, OTHER)) == ["550 5.7.1", "250 2.1.5"]
    checked = milter.check()
    assert checked.returncode == 78
    assert f"{blocklist}:3: " in checked.stderr
    assert line not in checked.stderr


def test_a_list_that_is_gone_or_cannot_be_read_stays(gateway: Gateway,
                                                     blocklist: Path) -> None:
    blocklist.write_text(f"{PHONE}\n")
    gateway.configure(blocklist=str(blocklist))
    blocklist.unlink()
    gateway.milter.reload()
    gateway.milter.wait_for_log(f"{blocklist}.*the old configuration stays")
    blocklist.mkdir()
    gateway.milter.reload()
    gateway.milter.wait_for_log("the old configuration stays", times=2)
    blocklist.rmdir()

    assert statuses(gateway.send(NUMBER, OTHER)) == ["550 5.7.1", "250 2.1.5"]


LINES = 300_000


def test_a_list_of_hundreds_of_thousands_is_read_while_mail_flows(
        gateway: Gateway, blocklist: Path) -> None:
    milter = gateway.milter
    blocklist.write_text("")
    gateway.configure(blocklist=str(blocklist))
    new = blocklist.with_name("optouts.new")
    new.write_text("".join(f"+44 7{index:09}\n" for index in range(LINES)))
    new.rename(blocklist)
    first, last = "+447000000000@sms.local", f"+447{LINES - 1:09}@sms.local"

    sent = 0
    milter.reload()
    with gateway.connect() as client:
        def is_reloaded_meanwhile() -> bool:
            nonlocal sent
            if "reloaded:" in milter.log():
                return True
            done = client.transfer(OFFICE, [NUMBER], make_mail(OFFICE, [], "Shut."))
            assert done.last.status == "250 2.0.0"
            sent += 1
            return False
        wait_until(is_reloaded_meanwhile, "the reload")

    assert len(gateway.texts()) == sent
    assert statuses(gateway.send(first, NUMBER, last)) == ["550 5.7.1", "250 2.1.5",
                                                           "550 5.7.1"]


def test_a_bad_line_in_a_long_list_is_found(gateway: Gateway, blocklist: Path) -> None:
    gateway.configure()
    blocklist.write_text(f"{PHONE}\n" * (LINES - 1) + "07700 900125\n")
    gateway.milter.write_settings(gateway.settings(blocklist=str(blocklist)))
    checked = gateway.milter.check()

    assert checked.returncode == 78
    assert f"{blocklist}:{LINES}: " in checked.stderr


# Automatic mail ---------------------------------------------------------------------------


REPORT = (b"From: <mailer-daemon@example.org>\r\nSubject: Undelivered\r\n"
          b"MIME-Version: 1.0\r\nContent-Type: multipart/report; "
          b"report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nNot delivered.\r\n"
          b"--r\r\nContent-Type: message/delivery-status\r\n\r\n"
          b"Reporting-MTA: dns; mx.example.org\r\n\r\nAction: failed\r\n--r--\r\n")
CRON = (b"From: cron@greenfield.sch.example\r\nAuto-Submitted: auto-generated\r\n\r\n"
        b"Boiler is cold.\r\n")


@pytest.mark.parametrize("choice, message, status, is_sent", [
    (None, CRON, "550 5.7.1", False), ("refuse", CRON, "550 5.7.1", False),
    ("discard", CRON, "250 2.0.0", False), ("send", CRON, "250 2.0.0", True),
    ("refuse", REPORT, "550 5.7.1", False), ("discard", REPORT, "250 2.0.0", False),
    ("send", REPORT, "550 5.7.1", False)])
def test_a_customer_says_what_becomes_of_automatic_mail(
        gateway: Gateway, choice: str | None, message: bytes, status: str,
        is_sent: bool) -> None:
    """Whatever other customers have set."""
    others = "discard" if choice in (None, "refuse") else "refuse"
    gateway.configure(**{"auto_replies": others} if choice else {}, customers={
        "greenfield": {"auto-replies": choice} if choice else {},
        "oakhill": {"auto-replies": others}})
    reply = gateway.send(NUMBER, message=message).last

    assert reply.status == status
    assert texted(gateway) == [PHONE] * is_sent
    if status.startswith("550") and message is CRON:
        assert "Auto-Submitted" in reply.text
    assert gateway.postfix.delivered() == []
    assert gateway.send(NUMBER, message=message, **OF_OAKHILL).last.status == (
        "250 2.0.0" if others == "discard" else "550 5.7.1")


def test_discarded_is_in_the_log(gateway: Gateway) -> None:
    gateway.configure(auto_replies="discard")
    gateway.send(NUMBER, PARENT, message=CRON)

    gateway.milter.wait_for_log("outcome=discarded customer=greenfield")
    assert ordinary(gateway) == [PARENT]


MOST_ROUNDS = 10


@pytest.mark.parametrize("forwarded_as", ["", OFFICE], ids=["null sender", "its own"])
def test_a_mailbox_that_forwards_all_to_the_gateway_makes_no_loop(
        gateway: Gateway, forwarded_as: str) -> None:
    """The API refuses a number, so the sender gets a bounce. A rule of the sender's mailbox
    forwards it to another number, and so on."""
    gateway.configure(auto_replies="send")
    gateway.simulator.set_faults(f"invalid,number={OTHER_PHONE}")
    assert gateway.send(NUMBER, OTHER).last.status == "250 2.0.0"
    assert list(bounces(gateway)) == [OTHER]

    forwarded = 0
    for _ in range(MOST_ROUNDS):
        for bounce in gateway.postfix.delivered_files()[forwarded:]:
            sent = gateway.send(NUMBER, OTHER, sender=forwarded_as, message=bounce)
            assert sent.last.status == "550 5.7.1"
            forwarded += 1
    assert forwarded == 1
    assert texted(gateway) == [PHONE]
    assert requests(gateway) == 1


def test_two_mailboxes_that_forward_to_each_other_get_one_bounce(
        gateway: Gateway) -> None:
    """The mail is forwarded and its bounce is not, because the gateway recognises the
    mail."""
    gateway.configure(auto_replies="send")
    gateway.simulator.set_faults("no-sms")
    mail = make_mail(OFFICE, [PARENT], "Shut.", Message_ID="<8.x@greenfield.sch.example>")
    gateway.send(PARENT, NUMBER, message=mail)
    wait_until(lambda: len(gateway.postfix.delivered()) == 2, "the mail and its bounce")

    assert gateway.send(NUMBER, message=mail, source=STRANGER, sender=""
                        ).last.status == "550 5.7.1"
    assert list(bounces(gateway)) == [NUMBER]
    with ThreadPoolExecutor(4) as pool:
        for sent in pool.map(lambda _: gateway.send(NUMBER, message=mail, sender=""),
                             range(4)):
            assert sent.last.status == "550 5.7.1"
    assert len(gateway.postfix.delivered()) == 2
    assert requests(gateway) == 1
