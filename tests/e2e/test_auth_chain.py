# SPDX-License-Identifier: ISC
"""Mail whose sender OpenDKIM and OpenDMARC have checked: what passes and what does not.
Every mail goes through Postfix, the two real filters and sms-milter, in this order."""

import re
import time
from dataclasses import dataclass
from email.utils import formatdate, make_msgid
from typing import Callable, Iterator

import pytest

from gateway import OFFICE, Gateway
from mail_auth import (ADDRESSES, AUTHSERV_ID, DKIM_ALONE_ADDRESS, EVERY_FIELD, EVIL,
                       GREENFIELD, HALF_ANSWERED, INFANTS, MAIN_CF, OAKHILL,
                       ODD_SELECTOR, REVOKED, UNANSWERED, Chain, MailAuth)
from smtp import Transaction

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"
DAY_S = 24 * 60 * 60
SIGNED_METHODS = pytest.mark.parametrize("method", ["dkim", "dmarc"])


@pytest.fixture(scope="module")
def running_chain() -> Iterator[Chain]:
    with Gateway(MAIN_CF) as gateway, MailAuth(gateway.postfix) as auth:
        yield Chain(gateway, auth)


@pytest.fixture
def chain(running_chain: Chain) -> Iterator[Chain]:
    running_chain.gateway.clear()
    yield running_chain
    running_chain.gateway.milter.assert_healthy()


def letter(sender: str = f"The Office <{OFFICE}>", to: str = NUMBER, above: str = "",
           body: str = "School is shut.\r\n", age_s: int = 0) -> bytes:
    """A mail that is not signed yet. `above` contains more fields."""
    return (f"{above}From: {sender}\r\nTo: {to}\r\nSubject: Snow\r\n"
            f"Date: {formatdate(time.time() - age_s)}\r\n"
            f"Message-ID: {make_msgid(domain=GREENFIELD)}\r\n\r\n{body}").encode()


def replaced(message: bytes, old: str, new: str) -> bytes:
    assert message.count(old.encode()) == 1
    return message.replace(old.encode(), new.encode())


def assert_refused(chain: Chain, sent: Transaction) -> None:
    """The refusal comes at the end of the mail, when the fields are known, and causes no
    bounce."""
    assert all(reply.is_good for reply in sent.recipients)
    assert sent.end and sent.end.status == "550 5.7.1"
    assert chain.gateway.texts() == []
    assert chain.gateway.postfix.delivered() == []


# What the filters say ----------------------------------------------------------

PASS_BY = ("mx.example.org; dkim=pass (2048-bit key; unprotected) header.d={0} "
           "header.i=@{0} header.a=rsa-sha256 header.s=school; dkim-atps=neutral")
DMARC_PASS, DMARC_FAIL = (
    f"mx.example.org; dmarc={result} (p=reject dis=none) header.from={GREENFIELD}"
    for result in ("pass", "fail"))
SPF_PASS, SPF_FAIL = (f"mx.example.org; spf={result} smtp.mailfrom={GREENFIELD}"
                      for result in ("pass", "fail"))
FAIL_BECAUSE = ('mx.example.org; dkim=fail reason="{}"{} '
                f"header.d={GREENFIELD} header.i=@{GREENFIELD} "
                "header.a=rsa-sha256 header.s={}; dkim-atps=neutral")


@pytest.mark.parametrize("make, address, fields", [
    (lambda auth: auth.sign(letter()), ADDRESSES[GREENFIELD],
     [DMARC_PASS, SPF_PASS, PASS_BY.format(GREENFIELD)]),
    (lambda auth: auth.sign(letter()), ADDRESSES[EVIL],
     [DMARC_PASS, SPF_FAIL, PASS_BY.format(GREENFIELD)]),
    (lambda auth: letter(), ADDRESSES[EVIL],
     [DMARC_FAIL, SPF_FAIL, "mx.example.org; dkim=none; dkim-atps=neutral"]),
    (lambda auth: auth.sign(letter(), EVIL), ADDRESSES[EVIL],
     [DMARC_FAIL, SPF_FAIL, PASS_BY.format(EVIL)]),
    (lambda auth: replaced(auth.sign(letter()), "shut", "open"), ADDRESSES[EVIL],
     [DMARC_FAIL, SPF_FAIL,
      FAIL_BECAUSE.format("signature verification failed",
                          " (2048-bit key; unprotected)", "school")]),
    (lambda auth: auth.sign(letter(), selector=REVOKED), ADDRESSES[EVIL],
     [DMARC_FAIL, SPF_FAIL, FAIL_BECAUSE.format("key revoked", "", "revoked")]),
    (lambda auth: auth.sign(letter(), selector="absent"), ADDRESSES[EVIL],
     [DMARC_FAIL, SPF_FAIL, FAIL_BECAUSE.format("key not found in DNS", "", "absent")]),
], ids=["good", "forwarded", "unsigned", "evil", "altered", "revoked", "no key"])
def test_these_are_the_fields_that_the_filters_write(
        chain: Chain, make: Callable[[MailAuth], bytes], address: str,
        fields: list[str]) -> None:
    """sms-milter reads these fields. If another version of a filter writes other fields,
    this test fails."""
    assert chain.results(make(chain.auth), address=address) == fields


def test_a_domain_without_records_has_results_of_none(chain: Chain) -> None:
    sender = "x@absent.example"

    assert chain.results(letter(sender), sender=sender) == [
        "mx.example.org; dmarc=none (p=none dis=none) header.from=absent.example",
        "mx.example.org; spf=none smtp.mailfrom=absent.example",
        "mx.example.org; dkim=none; dkim-atps=neutral"]


def test_opendmarc_calls_a_dns_failure_tempfail(chain: Chain) -> None:
    """RFC 8601 has the word temperror. If the record of the domain itself cannot be
    queried, and not only one that it includes, OpenDMARC says fail."""
    for domain, result in (HALF_ANSWERED, "tempfail"), (UNANSWERED, "fail"):
        results = chain.results(letter(), sender=f"office@{domain}")
        assert f"mx.example.org; spf={result} smtp.mailfrom={domain}" in results


# What passes -------------------------------------------------------------------


@SIGNED_METHODS
def test_a_signed_mail_passes(chain: Chain, method: str) -> None:
    chain.use(method)
    message = chain.auth.sign(letter())

    assert chain.proof_of(lambda: chain.send(message, NUMBER)) == method
    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@SIGNED_METHODS
@pytest.mark.parametrize("to", [
    f"{NUMBER}, {OTHER}", f"Parents: {NUMBER}, <{OTHER}>;",
    f'"Parent, A" <{NUMBER}>\r\nCc: Parent B <{OTHER}>',
], ids=["list", "group", "cc"])
def test_every_number_that_was_addressed_gets_it(chain: Chain, method: str,
                                                 to: str) -> None:
    chain.use(method)
    message = chain.auth.sign(letter(to=to))

    assert chain.proof_of(lambda: chain.send(message, NUMBER, OTHER)) == method
    assert [number for number, _ in chain.gateway.texts()] == [PHONE, OTHER_PHONE]


@SIGNED_METHODS
def test_a_signature_of_somebody_else_besides_does_no_harm(chain: Chain,
                                                           method: str) -> None:
    """A list or a provider has signed the mail too, above or below."""
    chain.use(method)
    auth = chain.auth
    for message in (auth.sign(auth.sign(letter()), EVIL),
                    auth.sign(auth.sign(letter(body="School is open.\r\n"), EVIL))):
        assert chain.proof_of(lambda: chain.send(message, NUMBER)) == method


def test_a_mail_from_the_domains_own_server_passes(chain: Chain) -> None:
    chain.use("spf")

    assert chain.proof_of(lambda: chain.send(letter(), NUMBER,
                                             address=ADDRESSES[GREENFIELD])) == "spf"
    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


def test_dmarc_passes_by_spf_alone(chain: Chain) -> None:
    chain.use("dmarc")

    assert chain.proof_of(lambda: chain.send(letter(), NUMBER,
                                             address=ADDRESSES[GREENFIELD])) == "dmarc"


@pytest.mark.parametrize("alignment, is_good", [("relaxed", True), ("strict", False)])
def test_alignment_says_whether_a_parent_domain_may_sign(
        chain: Chain, alignment: str, is_good: bool) -> None:
    """For DMARC, the domain's own record decides this."""
    chain.use("dkim", alignment=alignment)
    sender = f"office@sub.{GREENFIELD}"
    sent = chain.send(chain.auth.sign(letter(sender)), NUMBER, sender=sender)

    assert sent.last.status == ("250 2.0.0" if is_good else "550 5.7.1")
    assert len(chain.gateway.texts()) == int(is_good)


# What does not -----------------------------------------------------------------


@dataclass(frozen=True)
class Attack:
    """A mail that pretends to come from Greenfield's office, sent from a foreign
    address."""

    make: Callable[[MailAuth], bytes]
    sender: str = OFFICE


NO_TO = [name for name in EVERY_FIELD if name != "to"]
NO_DATE = [name for name in EVERY_FIELD if name != "date"]
NO_MESSAGE_ID = [name for name in EVERY_FIELD if name != "message-id"]
NO_CC = [name for name in EVERY_FIELD if name != "cc"]


def injected(results: str) -> str:
    """An i= of evil.example that OpenDKIM decodes, and then writes as it is into
    its Authentication-Results field."""
    text = f"x{results} header.i=x"
    return re.sub(r"[;= \r\n]", lambda found: f"={ord(found[0]):02X}", text) + f"@{EVIL}"


def expired_tags() -> dict[str, str]:
    """Signed two hours ago, valid for one hour."""
    now_s = int(time.time())
    return {"t": str(now_s - 7200), "x": str(now_s - 3600)}


def with_new_date(message: bytes) -> bytes:
    return re.sub(rb"(?m)^Date: .*\r$", f"Date: {formatdate()}\r".encode(), message)


# Both filters refute these.
REFUTED = {
    "unsigned": Attack(lambda auth: letter()),
    "signed_by_nobody_we_know": Attack(lambda auth: auth.sign(letter(), EVIL)),
    "signed_by_another_customer": Attack(lambda auth: auth.sign(letter(), OAKHILL)),
    "body_altered": Attack(lambda auth: replaced(auth.sign(letter()), "shut", "open")),
    "to_altered": Attack(lambda auth: replaced(
        auth.sign(letter(to=OTHER)), OTHER, NUMBER)),
    "date_altered": Attack(lambda auth: with_new_date(
        auth.sign(letter(age_s=4 * DAY_S)))),
    "subject_altered": Attack(lambda auth: replaced(auth.sign(letter()), "Snow", "Fire")),
    "signature_expired": Attack(lambda auth: auth.sign(letter(), **expired_tags())),
    "key_revoked": Attack(lambda auth: auth.sign(letter(), selector=REVOKED)),
    "key_unknown": Attack(lambda auth: auth.sign(letter(), selector="absent")),
    "domain_that_ends_alike": Attack(lambda auth: auth.sign(
        letter(f"office@evil{GREENFIELD}"), EVIL)),
    "from_twice_evil_below": Attack(lambda auth: replaced(
        auth.sign(letter()), "\r\nTo:", f"\r\nFrom: x@{EVIL}\r\nTo:")),
    "from_twice_evil_signed": Attack(lambda auth:
        f"From: {OFFICE}\r\n".encode() + auth.sign(letter(f"x@{EVIL}"), EVIL)),
}

# These are as the filters like them: OpenDKIM says that a signature is good.
BELIEVED = {
    "another_customers_mail": Attack(lambda auth: auth.sign(
        letter(f"office@{OAKHILL}"), OAKHILL)),
    "nobodys_mail": Attack(lambda auth: auth.sign(letter(f"x@{EVIL}"), EVIL)),
    "domain_that_begins_alike": Attack(lambda auth: auth.sign(
        letter(f"office@{GREENFIELD}.{EVIL}"), EVIL)),
    "neighbour_in_the_domain_signs": Attack(lambda auth: auth.sign(letter(), INFANTS)),
    "neighbour_in_the_domain_sends": Attack(lambda auth: auth.sign(letter()),
                                            f"office@{INFANTS}"),
    "parent_signs_for_neighbour": Attack(lambda auth: auth.sign(
        letter(f"office@{INFANTS}")), f"office@{INFANTS}"),
    "too_old": Attack(lambda auth: auth.sign(letter(age_s=4 * DAY_S))),
    "from_twice_evil_above": Attack(lambda auth:
        f"From: x@{EVIL}\r\n".encode() + auth.sign(letter())),
    "from_twice_greenfield_above": Attack(lambda auth:
        f"From: head@{GREENFIELD}\r\n".encode() + auth.sign(letter())),
    "from_of_two": Attack(lambda auth: auth.sign(letter(f"{OFFICE}, head@{GREENFIELD}"))),
    "from_of_two_domains": Attack(lambda auth: auth.sign(letter(f"{OFFICE}, x@{EVIL}"))),
    "from_of_two_domains_evil_first": Attack(lambda auth: auth.sign(
        letter(f"x@{EVIL}, {OFFICE}"), EVIL)),
    "to_not_signed": Attack(lambda auth: replaced(
        auth.sign(letter(to=OTHER), fields=NO_TO), OTHER, NUMBER)),
    "to_twice": Attack(lambda auth:
        f"To: {NUMBER}\r\n".encode() + auth.sign(letter(to=OTHER))),
    "cc_added_unsigned": Attack(lambda auth:
        f"Cc: {NUMBER}\r\n".encode() + auth.sign(letter(to=OTHER), fields=NO_CC)),
    "date_not_signed": Attack(lambda auth: with_new_date(
        auth.sign(letter(age_s=4 * DAY_S), fields=NO_DATE))),
    "date_twice": Attack(lambda auth:
        f"Date: {formatdate()}\r\n".encode() + auth.sign(letter(age_s=4 * DAY_S))),
    "body_appended": Attack(lambda auth:
        auth.sign(letter(), has_length=True) + b"Come to the car park.\r\n"),
    "body_all_appended": Attack(lambda auth:
        auth.sign(letter(body="\r\n"), has_length=True) + b"Come to the car park.\r\n"),
    "dkim_injected_by_a_signature": Attack(lambda auth: auth.sign(
        letter(), EVIL, i=injected(f"; dkim=pass header.d={GREENFIELD}"))),
    "dmarc_injected_by_a_signature": Attack(lambda auth: auth.sign(
        letter(), EVIL, i=injected(f"; dmarc=pass header.from={GREENFIELD}"))),
    "field_injected_by_a_signature": Attack(lambda auth: auth.sign(
        letter(), EVIL, i=injected(f"\r\nAuthentication-Results: {AUTHSERV_ID}; "
                                   f"dkim=pass header.d={GREENFIELD}"))),
    "dkim_injected_by_a_bad_signature": Attack(lambda auth: auth.sign(
        letter(), EVIL, i=injected(f"; dkim=pass header.d={GREENFIELD}"),
        **expired_tags())),
    "dkim_injected_beside_a_copied_signature": Attack(lambda auth: auth.sign(
        replaced(auth.sign(letter()), "shut", "open"), EVIL,
        i=injected(f"; dkim=pass header.d={GREENFIELD}"))),
    "dkim_injected_by_from": Attack(lambda auth: auth.sign(
        letter(f"<x@[{EVIL}; dkim=pass header.d={GREENFIELD} header.x=]>"), EVIL)),
}


@SIGNED_METHODS
@pytest.mark.parametrize("name", [*REFUTED, *BELIEVED])
def test_a_mail_of_somebody_else_is_refused(chain: Chain, method: str,
                                            name: str) -> None:
    chain.use(method)
    attack = (REFUTED | BELIEVED)[name]
    sent = chain.send(attack.make(chain.auth), NUMBER, sender=attack.sender)

    assert_refused(chain, sent)


@pytest.mark.parametrize("name", BELIEVED)
def test_the_filters_alone_believe_it(chain: Chain, name: str) -> None:
    """This shows that the test above passes for the right reason."""
    results = chain.results(BELIEVED[name].make(chain.auth), sender=BELIEVED[name].sender)

    assert any("dkim=pass" in text for text in results)


@pytest.mark.parametrize("name", REFUTED)
def test_the_filters_alone_refute_it(chain: Chain, name: str) -> None:
    results = chain.results(REFUTED[name].make(chain.auth), sender=REFUTED[name].sender)

    assert not any(f"header.d={GREENFIELD}" in text and "dkim=pass" in text
                   or "dmarc=pass" in text for text in results)


@SIGNED_METHODS
def test_a_neighbours_server_does_not_prove_the_sender(chain: Chain, method: str) -> None:
    """DMARC passes by SPF because the organisational domain is the same, but MAIL FROM
    belongs to another customer."""
    chain.use(method)
    sent = chain.send(letter(), NUMBER, sender=f"office@{INFANTS}",
                      address=ADDRESSES[INFANTS])

    assert_refused(chain, sent)


FORGED = {
    "as_it_would_be": f"Authentication-Results: {AUTHSERV_ID}; {{}}",
    "other_case": f"AUTHENTICATION-results: {AUTHSERV_ID.upper()}; {{}}",
    "with_a_version": f"Authentication-Results: {AUTHSERV_ID} 1; {{}}",
    "with_comments": f"Authentication-Results: (a (b\\)) c) {AUTHSERV_ID} (;) ; (d) {{}}",
    "in_quotes": f'Authentication-Results: "{AUTHSERV_ID}"; {{}}',
    "folded": f"Authentication-Results:\r\n {AUTHSERV_ID}\r\n\t;\r\n {{}}",
    "space_before_colon": f"Authentication-Results \t: {AUTHSERV_ID}; {{}}",
    "many": "\r\n".join([f"Authentication-Results: {AUTHSERV_ID}; {{}}"] * 50),
    "in_arc": f"ARC-Authentication-Results: i=1; {AUTHSERV_ID}; {{}}",
    "in_received_spf": "Received-SPF: pass (mx.example.org: ok) client-ip=192.0.2.1;\r\n"
                       f"X-Authentication-Results: {AUTHSERV_ID}; {{}}",
}
PASSES = (f"dkim=pass header.d={GREENFIELD}; spf=pass smtp.mailfrom={GREENFIELD}; "
          f"dmarc=pass header.from={GREENFIELD}")


@pytest.mark.parametrize("place", ["above", "below"])
@pytest.mark.parametrize("name", FORGED)
def test_forged_results_are_not_believed(chain: Chain, name: str, place: str) -> None:
    chain.use("spf", "dkim", "dmarc")
    forged = FORGED[name].replace("{}", PASSES) + "\r\n"
    message = (letter(above=forged) if place == "above" else
               replaced(letter(), "Subject:", forged + "Subject:"))

    assert_refused(chain, chain.send(message, NUMBER))


@pytest.mark.parametrize("sender, address", [
    (OFFICE, ADDRESSES[EVIL]), (OFFICE, ADDRESSES[OAKHILL]), (OFFICE, ADDRESSES[INFANTS]),
    (f"office@{INFANTS}", ADDRESSES[GREENFIELD]),
], ids=["stranger", "other_customer", "neighbour", "parent"])
def test_a_mail_from_another_server_is_refused(chain: Chain, sender: str,
                                               address: str) -> None:
    """SPF alone is accepted, so even a good signature does not help."""
    chain.use("spf")
    sent = chain.send(chain.auth.sign(letter(sender)), NUMBER, sender=sender,
                      address=address)

    assert_refused(chain, sent)


INJECTED = {
    "spf": lambda auth: auth.sign(
        letter(), EVIL, i=injected(f"; spf=pass smtp.mailfrom={GREENFIELD}")),
    "dkim": lambda auth: auth.sign(
        replaced(auth.sign(letter()), "shut", "open"), EVIL,
        i=injected(f"; dkim=pass header.d={GREENFIELD}")),
    "dmarc": lambda auth: auth.sign(
        replaced(auth.sign(letter()), "shut", "open"), EVIL,
        i=injected(f"; dkim=pass header.d={GREENFIELD}; "
                   f"dmarc=pass header.from={GREENFIELD}")),
    "dkim by the selector": lambda auth: auth.sign(
        replaced(auth.sign(letter()), "shut", "open"), EVIL, selector=ODD_SELECTOR),
}


@pytest.mark.parametrize("name", INJECTED)
def test_opendkim_alone_cannot_be_made_to_say_so(chain: Chain, name: str) -> None:
    """Without OpenDMARC, no other filter writes a result above the one of OpenDKIM."""
    chain.use("spf", "dkim", "dmarc")
    message = INJECTED[name](chain.auth)
    results = chain.results(message, address=DKIM_ALONE_ADDRESS)
    assert len(results) == 1 and GREENFIELD in results[0]

    chain.gateway.clear()
    assert_refused(chain, chain.send(message, NUMBER, address=DKIM_ALONE_ADDRESS))


def test_opendkim_alone_will_do(chain: Chain) -> None:
    chain.use("dkim")

    assert chain.proof_of(lambda: chain.send(
        chain.auth.sign(letter()), NUMBER, address=DKIM_ALONE_ADDRESS)) == "dkim"


# Where the mail server removes nothing -------------------------------------------


UNGUARDED = "127.0.1.3"  # no header_checks there, as if it were Sendmail


@pytest.fixture(scope="module")
def unguarded(running_chain: Chain) -> str:
    running_chain.gateway.postfix.add_service(
        UNGUARDED, "receive_override_options=no_header_body_checks")
    return UNGUARDED


BOTH_PASS = f"dmarc=pass header.from={GREENFIELD}; spf=pass smtp.mailfrom={GREENFIELD}"
SENDER = f"smtp.mailfrom={GREENFIELD}"
LONG = "x" * 4200
UNREMOVED = {
    # As OpenDKIM can read them: it removes them.
    "plain": f"{AUTHSERV_ID}; {BOTH_PASS}",
    "quoted id": f'"{AUTHSERV_ID}"; {BOTH_PASS}',
    "id in capitals": f"{AUTHSERV_ID.upper()}; {BOTH_PASS}",
    "long comment": f"{AUTHSERV_ID}; {BOTH_PASS} ({LONG})",
    "long comment before the id": f"({LONG}) {AUTHSERV_ID}; {BOTH_PASS}",
    "long comment behind the id": f"{AUTHSERV_ID} ({LONG}); {BOTH_PASS}",
    "comment of 1,900": f"{AUTHSERV_ID}; {BOTH_PASS} ({LONG[:1700]})",
    "comments": f"{AUTHSERV_ID}; {BOTH_PASS}" + f" ({LONG[:40]})" * 120,
    "folded comment": f"{AUTHSERV_ID}; {BOTH_PASS}" + f"\r\n ({LONG[:900]})" * 5,
    "nested comments": f"{AUTHSERV_ID}; {BOTH_PASS} {'(' * 2100}x{')' * 2100}",
    "long quoted string": f'{AUTHSERV_ID}; {BOTH_PASS} policy.x="{LONG}"',
    "long reason": f'{AUTHSERV_ID}; x=y reason="{LONG}"; {BOTH_PASS}',
    "long value": f"{AUTHSERV_ID}; {BOTH_PASS} policy.x={LONG}",
    "many results": f"{AUTHSERV_ID}; {BOTH_PASS}" + "; x=y" * 1000,
    "many properties": f"{AUTHSERV_ID}; {BOTH_PASS}{' body.z=1' * 60}; x=y{' body.z=1' * 60}",
    "unknown ptype": f"{AUTHSERV_ID}; spf=pass x.y=z {SENDER}",
    "unknown ptype elsewhere": f"{AUTHSERV_ID}; {BOTH_PASS}; x=y z.z=z",
    "action": f"{AUTHSERV_ID}; {BOTH_PASS} action=none",
    "capital ptype": f"{AUTHSERV_ID}; spf=pass {SENDER.replace('smtp', 'Smtp')}",
    "version apart": f"{AUTHSERV_ID}; spf / 1=pass {SENDER}",
    "comment before the version": f"{AUTHSERV_ID}; spf (x)/1=pass {SENDER}",
    "reason with a dot": f"{AUTHSERV_ID}; spf=pass reason=a.b {SENDER}",
    "reason like a comment": f'{AUTHSERV_ID}; spf=pass reason="(" {SENDER}',
    "escaped reason like one": f'{AUTHSERV_ID}; spf=pass reason="\\(" {SENDER}',
    "empty reason": f'{AUTHSERV_ID}; spf=pass reason="" {SENDER}',
    "no id": BOTH_PASS,
    "no id, then ours": f"spf=none; {AUTHSERV_ID}; {BOTH_PASS}",
}


@pytest.mark.parametrize("address", [DKIM_ALONE_ADDRESS, ADDRESSES[EVIL]],
                         ids=["OpenDKIM alone", "OpenDMARC too"])
@pytest.mark.parametrize("place", ["alone", "twice", "behind ours"])
@pytest.mark.parametrize("name", UNREMOVED)
def test_a_forged_field_gains_nothing_where_it_is_not_removed(
        chain: Chain, unguarded: str, name: str, place: str, address: str) -> None:
    chain.use("spf", "dkim", "dmarc")
    field = f"Authentication-Results: {UNREMOVED[name]}\r\n"
    above = {"alone": field, "twice": field * 2,
             "behind ours": f"Authentication-Results: {UNREMOVED['plain']}\r\n{field}"}[place]
    sent = chain.send(chain.auth.sign(letter(above=above), EVIL), NUMBER,
                      address=address, way=unguarded)

    assert_refused(chain, sent)


def test_what_opendkim_removes_harms_no_honest_mail(chain: Chain, unguarded: str) -> None:
    chain.use("dkim")
    above = (f"Authentication-Results: {UNREMOVED['plain']}\r\n"
             "Authentication-Results: mail.elsewhere.example; spf=pass "
             "(elsewhere.example: domain of x@elsewhere.example designates 192.0.2.7 as "
             "permitted sender) smtp.mailfrom=x@elsewhere.example\r\n"
             # As Microsoft 365 sends it.
             "Authentication-Results: dkim=none (message not signed)\r\n"
             f" header.d=none;dmarc=none action=none header.from={GREENFIELD};\r\n")

    assert chain.proof_of(lambda: chain.send(
        chain.auth.sign(letter(above=above)), NUMBER, address=DKIM_ALONE_ADDRESS,
        way=unguarded)) == "dkim"


# Replay ------------------------------------------------------------------------


@SIGNED_METHODS
@pytest.mark.parametrize("numbers", [[OTHER], [NUMBER, OTHER]], ids=["other", "both"])
def test_a_replay_to_other_numbers_is_refused(chain: Chain, method: str,
                                              numbers: list[str]) -> None:
    chain.use(method)
    message = chain.auth.sign(letter())
    assert chain.send(message, NUMBER).last.status == "250 2.0.0"
    replay = chain.send(message, *numbers)

    assert replay.end and replay.end.status == "550 5.7.1"
    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@SIGNED_METHODS
def test_a_replay_to_the_same_number_sends_nothing(chain: Chain, method: str) -> None:
    chain.use(method)
    message = chain.auth.sign(letter())
    assert chain.send(message, NUMBER).last.status == "250 2.0.0"
    assert chain.send(message, NUMBER).last.status == "250 2.0.0"

    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@SIGNED_METHODS
@pytest.mark.parametrize("change", [
    lambda message: re.sub(rb"(?m)^Message-ID: .*\r$", b"Message-ID: <2@x>\r", message),
    lambda message: re.sub(rb"(?m)^Message-ID: .*\r\n", b"", message),
    lambda message: b"Message-ID: <2@x>\r\n" + message,
], ids=["replaced", "removed", "added"])
def test_nor_does_one_that_looks_like_another_mail(
        chain: Chain, method: str, change: Callable[[bytes], bytes]) -> None:
    """Many signatures do not cover Message-ID."""
    chain.use(method)
    message = chain.auth.sign(letter(), fields=NO_MESSAGE_ID)
    assert chain.send(message, NUMBER).last.status == "250 2.0.0"
    chain.send(change(message), NUMBER)

    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@SIGNED_METHODS
def test_nor_does_one_with_another_envelope(chain: Chain, method: str) -> None:
    """The client can choose any MAIL FROM."""
    chain.use(method)
    message = chain.auth.sign(letter())
    assert chain.send(message, NUMBER).last.status == "250 2.0.0"
    chain.send(message, NUMBER, sender=f"bounces-7@{GREENFIELD}")

    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@SIGNED_METHODS
@pytest.mark.parametrize("age_s, status", [(50, "250 2.0.0"), (3600, "550 5.7.1")])
def test_replay_window_says_how_old_a_mail_may_be(chain: Chain, method: str, age_s: int,
                                                  status: str) -> None:
    chain.use(method, replay_window=600)
    sent = chain.send(chain.auth.sign(letter(age_s=age_s)), NUMBER)

    assert sent.end and sent.end.status == status


@SIGNED_METHODS
@pytest.mark.parametrize("message", [
    lambda: letter(to=OTHER), lambda: letter(age_s=4 * DAY_S),
], ids=["bcc", "old"])
def test_from_the_domains_own_server_nothing_is_a_replay(
        chain: Chain, method: str, message: Callable[[], bytes]) -> None:
    chain.use(method)

    assert chain.proof_of(lambda: chain.send(
        chain.auth.sign(message()), NUMBER, address=ADDRESSES[GREENFIELD])) == method


# DNS ---------------------------------------------------------------------------


def test_a_key_that_dns_does_not_tell_puts_the_mail_off(chain: Chain) -> None:
    """In this case OpenDKIM adds no result and lets the mail pass, whatever On-DNSError
    says."""
    chain.use("dkim", "dmarc")
    sender = f"office@{UNANSWERED}"
    sent = chain.send(chain.auth.sign(letter(sender), UNANSWERED), NUMBER, sender=sender)

    assert sent.end and sent.end.status == "451 4.7.1"
    assert chain.gateway.texts() == []


def test_an_spf_record_that_dns_does_not_tell_puts_the_mail_off(chain: Chain) -> None:
    chain.use("spf")
    sender = f"office@{HALF_ANSWERED}"
    sent = chain.send(letter(sender), NUMBER, sender=sender)

    assert sent.end and sent.end.status == "451 4.7.1"
    assert chain.gateway.texts() == []


# Whose mail a copy counts as ---------------------------------------------------


def other_message_id(message: bytes) -> bytes:
    return re.sub(rb"(?m)^Message-ID: .*\r$",
                  f"Message-ID: {make_msgid(domain=EVIL)}\r".encode(), message)


def with_bad_signature(message: bytes) -> bytes:
    """Anybody can write a signature of any domain; it need not be valid."""
    return (f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={GREENFIELD}; "
            "s=school; h=from:to:cc:date:subject; bh=AAAA; b=AAAA\r\n").encode() + message


COPIES = {
    "as_it_is": (EVERY_FIELD, lambda message: message),
    "beside_a_bad_signature": (EVERY_FIELD, with_bad_signature),
    "of_another_message_id": (NO_MESSAGE_ID, other_message_id),
    "behind_padding": (EVERY_FIELD, lambda message: b"X-Pad: " + b"y" * 50_000 +
                       b"\r\n" + message),
    "with_a_name_of_its_own": (EVERY_FIELD, lambda message:
                               b'Content-Type: text/plain; name="x"\r\n' + message),
}


@pytest.mark.parametrize("methods", [("dkim",), ("dmarc",), ("spf", "dmarc")],
                         ids="-".join)
@pytest.mark.parametrize("first_address", [ADDRESSES[GREENFIELD], ADDRESSES[EVIL]],
                         ids=["spf_passed", "forwarded"])
@pytest.mark.parametrize("name", COPIES)
def test_a_strangers_copy_of_a_signed_mail_is_no_other_mail(
        chain: Chain, methods: tuple[str, ...], first_address: str, name: str) -> None:
    """It does not matter how the first mail was proved, or how the stranger changed what is
    not signed."""
    chain.use(*methods)
    fields, change = COPIES[name]
    message = chain.auth.sign(letter(), fields=fields)
    sent = chain.send(message, NUMBER, address=first_address)
    assert sent.last.status == "250 2.0.0"

    copied = chain.send(change(message), NUMBER, sender=f"other@{GREENFIELD}")

    assert copied.last.status == "250 2.0.0"
    assert [number for number, _ in chain.gateway.texts()] == [PHONE]


@pytest.mark.parametrize("methods", [("dkim",), ("dmarc",)], ids="-".join)
@pytest.mark.parametrize("field", [b"Content-Type: application/octet-stream",
                                   b"Content-Transfer-Encoding: base64",
                                   b"Content-Disposition: attachment",
                                   b"Auto-Submitted: auto-replied"],
                         ids=lambda field: field.decode())
def test_a_strangers_field_does_not_stand_in_for_the_signed_mail(
        chain: Chain, methods: tuple[str, ...], field: bytes) -> None:
    """The stranger's copy comes first and is refused. Then the genuine mail is sent
    whole."""
    chain.use(*methods)
    message = chain.auth.sign(letter(), fields=("from", "to", "subject", "date"))
    copied = chain.send(field + b"\r\n" + message, NUMBER, address=ADDRESSES[EVIL])
    assert copied.last.status == "550 5.7.1"
    assert chain.gateway.texts() == []

    sent = chain.send(message, NUMBER, address=ADDRESSES[EVIL])
    assert sent.last.status == "250 2.0.0"
    [(_, text)] = chain.gateway.texts()
    assert text.endswith("School is shut.")
