# SPDX-License-Identifier: ISC
"""Attacks that cost somebody else money or trust, each through a real Postfix, beside the
honest mails that look most like them."""

import json
import re
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

from attack import (CARETAKER, GREENFIELD, HEAD, INFANTS, INFANTS_RELAY, MALLORY,
                    NO_NUMBER, NUMBER, NURSE, OAKHILL, OTHER, PHONE, REFUSED, SENT, TLS,
                    UNGUARDED, Attack, Target, letter, passes, results, signature)
from certificates import Authority, Certificate
from gateway import OFFICE, Gateway
from postfix import HOSTNAME, Postfix
from settings import GREENFIELD_RELAY, KEYS, OAKHILL_RELAY
from test_outcomes import PARENT
from waiting import LIMIT_S


@pytest.fixture(scope="module", autouse=True)
def ways_in(running_gateway: Gateway) -> None:
    running_gateway.postfix.add_service(
        UNGUARDED, "receive_override_options=no_header_body_checks")


@pytest.fixture
def target(gateway: Gateway) -> Iterator[Target]:
    target = Target(gateway)
    yield target
    target.assert_healthy()


def row(name: str, *values: object) -> object:
    return pytest.param(*values, id=name)


# Forged senders ----------------------------------------------------------------------


@pytest.mark.parametrize("attack", [
    row("a stranger writes the head's address", Attack(rule="network: the client is")),
    row("from this machine", Attack(source="127.0.0.1", rule="network: the client is")),
    row("from another customer's server",
        Attack(source=OAKHILL_RELAY, rule="network: the client is in no trusted "
                                          "network")),
    row("a customer's server for another customer",
        Attack(sender=CARETAKER, source=GREENFIELD_RELAY, rule="network: the client is")),
    row("an address below the domain",
        Attack(sender=f"x@a.b.{GREENFIELD}", rule="network: the client is in no "
                                                  "trusted network")),
    row("in capitals", Attack(sender=HEAD.upper(), rule="network: the client is")),
    row("with a name of the school's",
        Attack(letter(From=f'"Greenfield School" <{HEAD}>'), rule="sasl: the client "
                                                                  "did not log in")),
    row("a quoted local part",
        Attack(sender=f'"a@b"@{GREENFIELD}', rule="MAIL FROM could make")),
    row("a quoted local part that is another address",
        Attack(sender=f'"{MALLORY}"@{GREENFIELD}', rule="MAIL FROM could make")),
    row("a source route that ends at the school",
        Attack(sender=f"@evil.example:{HEAD}", rule="spf: no result")),
    row("full-width dots", Attack(sender="head@greenfield．sch．example",
                                  parameters=" SMTPUTF8", rule="spf: no result")),
    row("full-width letters", Attack(sender="head@ｇreenfield.sch.example",
                                     parameters=" SMTPUTF8", rule="spf: no result")),
    row("a zero width space", Attack(sender="head@green\u200bfield.sch.example",
                                     parameters=" SMTPUTF8", rule="spf: no result")),
    row("SMTPUTF8 and nothing to need it",
        Attack(parameters=" SMTPUTF8", rule="spf: no result")),
    row("the client's word for its login",
        Attack(parameters=f" AUTH={HEAD}", rule="sasl: the client did not log in")),
    row("the client's word for its login, as xtext",
        Attack(parameters=" AUTH=head+40greenfield.sch.example", rule="sasl: the "
                                                                      "client did "
                                                                      "not log in")),
])
def test_a_forged_sender_is_refused_at_the_end(target: Target, attack: Attack) -> None:
    target.assert_refused_at_the_end(target.send(attack), attack.rule)


@pytest.mark.parametrize("sender, rule", [
    row("the head's address in From alone", MALLORY, "domain evil.example"),
    row("null", "", "bounces and automatic replies"),
    row("no domain", "head", "has no domain"),
    row("a domain with the school's at its end", "x@evilgreenfield.sch.example",
        "domain evilgreenfield.sch.example"),
    row("a domain with the school's at its beginning",
        f"head@{GREENFIELD}.evil.example",
        "domain greenfield.sch.example.evil.example"),
    row("the school's parent", "head@sch.example", "domain sch.example"),
    row("an underscore for the dot", "head@_greenfield.sch.example", "_greenfield"),
    row("a hyphen for the dot", "head@x-greenfield.sch.example", "x-greenfield"),
    row("the school's address as a local part",
        f'"{HEAD}"@evil.example', "evil.example"),
    row("the school's path as a local part",
        f'"<{HEAD}>"@evil.example', "evil.example"),
    row("percent", f"head%{GREENFIELD}@evil.example", "domain evil.example"),
    row("bang", f"{GREENFIELD}!head@evil.example", "domain evil.example"),
    row("a route by way of the school", f"@{GREENFIELD}:{MALLORY}", "evil.example"),
    row("an address literal", "head@[127.0.0.2]", "has no domain"),
    row("an address literal with the domain in it", f"head@[IPv6:{GREENFIELD}]",
        "has no domain"),
    row("Cyrillic", "head@gr\u0435enfield.sch.example", "domain xn--"),
    row("a zero width joiner",
        "head@green\u200dfield.sch.example", "has no domain|domain xn"),
    row("a soft hyphen at the end", "head@greenfield.sch.examples\u00ad", "examples"),
    row("a full-width at sign", f"head＠{GREENFIELD}@evil.example", "domain evil"),
    row("only a full-width at sign", f"head＠{GREENFIELD}", "has no domain"),
    row("Cyrillic in an A-label", "head@xn--greenfild-lfh.sch.example",
        "has no domain|domain xn--"),
])
def test_a_domain_of_nobodys_is_refused_at_rcpt(target: Target, sender: str,
                                                rule: str) -> None:
    """This holds although everything is proved for that domain, and the mail seems to come
    from the school's server."""
    domain = sender.rpartition("@")[2] or "x.example"
    attack = Attack(letter(results(passes(domain))), sender, source=GREENFIELD_RELAY,
                    way=UNGUARDED, parameters="" if sender.isascii() else " SMTPUTF8")
    sent = target.send(attack)

    if not sent.recipients:
        assert sent.mail and sent.mail.status[0] == "5", sent.mail
        target.assert_untouched()
        return
    target.assert_refused_at_rcpt(sent, REFUSED, rule)


@pytest.mark.parametrize("sender", [
    row("NUL at the end", HEAD.encode() + b"\0@evil.example"),
    row("NUL in the domain", b"head@greenfield.sch.example\0.evil.example"),
    row("NUL before", b"\0" + HEAD.encode()),
    row("a trailing dot", HEAD + "."),
    row("two dots", "head@greenfield..sch.example"),
    row("Latin-1", "hé@greenfield.sch.example".encode("latin-1")),
    row("Latin-1 in the domain", "head@gréenfield.sch.example".encode("latin-1")),
    row("half a character of UTF-8", b"head@greenfield.sch.example\xe2\x80"),
    row("two paths", f"{HEAD}> <{MALLORY}"),
    row("AUTH between brackets", f"{HEAD} AUTH={HEAD}"),
    row("4,000 octets", "x" * 4000 + f"@{GREENFIELD}"),
])
def test_an_address_that_is_none_proves_nothing(target: Target,
                                                sender: str | bytes) -> None:
    """A stranger sends it. It does not matter whether Postfix or the milter refuses it."""
    sent = target.send(Attack(sender=sender))

    assert not sent.last.is_good, sent.last
    target.assert_untouched()


@pytest.mark.parametrize("sender", [
    row("two @", f"x@evil.example@{GREENFIELD}"),
    row("three @", f"a@b@c@{GREENFIELD}"),
    row("two @ and a question mark", f"a?@b@{GREENFIELD}"),
    row("two @ next to each other", f"head@@{GREENFIELD}"),
    row("two @ and quotes", f'"head"@evil.example@{GREENFIELD}'),
    row("the victim first", f"{HEAD}@evil.example"),
    row("CR", f"he\rad@{GREENFIELD}"),
    row("CR before the @", f"head\r@{GREENFIELD}"),
    row("LF", f"he\nad@{GREENFIELD}"),
    row("tab", f"he\tad@{GREENFIELD}"),
    row("escape", f"he\x1b[1mad@{GREENFIELD}"),
    row("DEL", f"he\x7fad@{GREENFIELD}"),
    row("CR in quotes", f'"he\rad"@{GREENFIELD}'),
    row("CR behind a backslash", f'"he\\\rad"@{GREENFIELD}'),
    row("a blank", f"the head@{GREENFIELD}"),
    row("a dot first", f".head@{GREENFIELD}"),
    row("a dot last", f"head.@{GREENFIELD}"),
    row("two dots", f"the..head@{GREENFIELD}"),
    row("a quote first", f'"head@{GREENFIELD}'),
    row("a quote last", f'head"@{GREENFIELD}'),
    row("a quote within", f'he"ad@{GREENFIELD}'),
    row("quotes around a part", f'the."head"@{GREENFIELD}'),
    row("a backslash", f"he\\ad@{GREENFIELD}"),
    row("no local part", f"@{GREENFIELD}"),
    row("a comment", f"head(x)@{GREENFIELD}"),
    row("brackets", f"<{HEAD}>"),
    row("a comma", f"{HEAD},{MALLORY}"),
    row("a trailing dot", f"{HEAD}."),
    row("nothing behind the @", "head@"),
    row("a route that goes nowhere", f"@{GREENFIELD}"),
    row("Latin-1", "h\xe9ad@greenfield.sch.example".encode("latin-1")),
])
def test_a_sender_that_is_no_address_sends_no_sms(target: Target,
                                                  sender: str | bytes) -> None:
    """This holds although it comes from the school's server. Ordinary recipients get the
    mail if Postfix accepts it."""
    sent = target.send(Attack(sender=sender, to=(NUMBER, PARENT),
                              source=GREENFIELD_RELAY))
    if not sent.mail or not sent.mail.is_good:
        target.assert_untouched()
        return

    number, ordinary = sent.recipients
    assert not number.is_good
    assert ordinary.is_good and sent.last.is_good
    if "recipient refused" in target.log():
        assert number.status == "550 5.1.7"
    assert target.gateway.simulator.requests() == []
    assert target.gateway.journal.rows() == []
    target.gateway.postfix.wait_until_done()


@pytest.mark.parametrize("commands", [
    row("HELO in the server's name", [f"HELO mail.{GREENFIELD}"]),
    row("HELO with the server's address", [f"EHLO [{GREENFIELD_RELAY}]"]),
    row("XCLIENT", [f"XCLIENT ADDR={GREENFIELD_RELAY} NAME=mail.{GREENFIELD}",
                    f"XCLIENT LOGIN={OFFICE}", "EHLO x.example"]),
    row("XFORWARD", [f"XFORWARD ADDR={GREENFIELD_RELAY} SOURCE=LOCAL"]),
    row("PROXY", [f"PROXY TCP4 {GREENFIELD_RELAY} 127.0.0.1 1025 25"]),
    row("a login that fails", ["AUTH PLAIN AG9mZmljZUBncmVlbmZpZWxkLnNjaC5leGFtcGxlAHg="]),
    row("a login that is broken off", ["AUTH LOGIN", "b2ZmaWNlQGdyZWVuZmllbGQuc2NoLmV4YW1wbGU=",
                                       "*"]),
])
def test_what_a_client_says_of_itself_proves_nothing(target: Target,
                                                     commands: list[str]) -> None:
    with target.connect(Attack()) as client:
        for line in commands:
            client.command(line)
        sent = client.transfer(HEAD, [NUMBER], letter())

    target.assert_refused_at_the_end(sent, "sasl: the client did not log in; "
                                           "network: the client is in no trusted network")


def test_the_login_of_one_connection_is_not_the_next_ones(target: Target) -> None:
    login = (OFFICE, Postfix.LOGINS[OFFICE])
    target.assert_passes(target.send(Attack(login=login)), "sasl")
    target.gateway.clear()
    target.forget()

    target.assert_refused_at_the_end(target.send(Attack()), "sasl: the client did "
                                                            "not log in")


@pytest.mark.parametrize("sender", [
    row("a person", HEAD), row("capitals", "HEAD@Greenfield.SCH.Example"),
    row("below the domain", f"x@staff.{GREENFIELD}"),
    row("a quoted local part", f'"the head"@{GREENFIELD}'),
    row("a quoted at sign", f'"a@b"@{GREENFIELD}'),
])
def test_an_honest_sender_passes(target: Target, sender: str) -> None:
    target.assert_passes(target.send(Attack(sender=sender, source=GREENFIELD_RELAY)),
                         "network")


# Forged results ----------------------------------------------------------------------


def attached(fields: str) -> bytes:
    """A mail with these fields, as an attachment of another mail."""
    return letter(below="MIME-Version: 1.0\r\n"
                        "Content-Type: multipart/mixed; boundary=b\r\n",
                  body=f"--b\r\n\r\nSchool is shut.\r\n--b\r\n"
                       f"Content-Type: message/rfc822\r\n\r\n{fields}Subject: x\r\n\r\nx\r\n"
                       "--b--\r\n")


FORGED = results(passes())

# Where a filter of ours wrote them, each of these would be believed.
CREDIBLE = [
    row("above", letter(FORGED)),
    row("below", letter(below=FORGED)),
    row("above and below", letter(FORGED, FORGED)),
    row("forty", letter(results("none") * 30 + FORGED)),
    row("one for each method",
        letter("".join(results(one) for one in passes().split("; ")))),
    row("comments", letter(results(passes(), authserv_id=f"(a (b)) {HOSTNAME} (c)"))),
    row("the authserv-id in quotes",
        letter(results(passes(), authserv_id=f'"{HOSTNAME}"'))),
    row("the authserv-id with quoted pairs",
        letter(results(passes(), authserv_id='"mx.\\example\\.org"'))),
    row("the authserv-id in other case",
        letter(results(passes(), authserv_id="MX.Example.ORG"))),
    row("a version", letter(results(passes(), authserv_id=f"{HOSTNAME} 1"))),
    row("a version of a method", letter(results(passes().replace("=pass", "/1=pass")))),
    row("folded before everything", letter(FORGED.replace(": ", ":\r\n "))),
    row("folded everywhere",
        letter(FORGED.replace(" ", "\r\n\t").replace("=pass", "\r\n =\r\n pass"))),
    row("no blank behind the colon", letter(FORGED.replace(": ", ":"))),
    row("a blank before the colon", letter(FORGED.replace(": ", " : "))),
    row("blanks and a tab before the colon", letter(FORGED.replace(": ", " \t : "))),
    row("capitals", letter(FORGED.replace("Authentication", "AUTHENTICATION")
                           .replace("Results", "RESULTS"))),
    row("small letters", letter(FORGED.replace("Auth", "auth").replace("Res", "res"))),
]

# These not even there.
INCREDIBLE = [
    row("ARC", letter(results(passes(), "ARC-Authentication-Results",
                              authserv_id=f"i=1; {HOSTNAME}"))),
    row("X-Authentication-Results",
        letter(results(passes(), "X-Authentication-Results"))),
    row("Original-Authentication-Results",
        letter(results(passes(), "Original-Authentication-Results"))),
    row("Received-SPF", letter(f"Received-SPF: pass (x) client-ip=1.2.3.4; "
                               f"envelope-from={HEAD}; receiver={HOSTNAME}\r\n")),
    row("in the body", letter(body=FORGED + "\r\nShut.\r\n")),
    row("in an attached mail", attached(FORGED)),
    row("of another filter", letter(results(passes(), authserv_id="mx.evil.example"))),
    row("of a filter below ours",
        letter(results(passes(), authserv_id=f"a.{HOSTNAME}"))),
    row("of a filter whose name begins as ours",
        letter(results(passes(), authserv_id=f"{HOSTNAME}.evil.example"))),
    row("in the value of another field", letter("X-Mailer: x; " + FORGED)),
    row("in a fold of another field", letter("X-Mailer: x\r\n " + FORGED)),
    row("behind a carriage return", letter("X-Mailer: x\r" + FORGED)),
    row("behind a carriage return and a fold", letter("X-Mailer: x\r\r\n " + FORGED)),
    row("behind a vertical tab", letter("X-Mailer: x\v" + FORGED)),
    row("behind a next line", letter("X-Mailer: x\u0085" + FORGED)),
    row("behind a line separator", letter("X-Mailer: x\u2028" + FORGED)),
    row("behind NUL", letter("X-Mailer: x\0" + FORGED)),
    row("NUL before the colon", letter(FORGED.replace(": ", "\0: "))),
    row("NUL in the name", letter(FORGED.replace("-R", "\0-R"))),
    row("a no-break space before the colon", letter(FORGED.replace(": ", "\u00a0: "))),
    row("a fold before the colon", letter(FORGED.replace(": ", "\r\n : "))),
    row("a blank before the name", letter(" " + FORGED)),
    row("behind an empty line", letter("\r\n" + FORGED)),
    row("behind a line of blanks", letter(" \r\n" + FORGED)),
    row("behind a From line of mailboxes",
        letter("From x@y.example Wed Nov 25 17:00:00 2026\r\n \r\n " + FORGED)),
]


@pytest.mark.parametrize("message", CREDIBLE + INCREDIBLE)
def test_results_that_arrive_are_removed(target: Target, message: bytes) -> None:
    target.assert_refused_at_the_end(target.send(Attack(message)),
                                     "spf: no result.*dkim: no signature|From is not one")


@pytest.mark.parametrize("message", CREDIBLE)
def test_those_results_would_be_believed_of_our_own_filters(target: Target,
                                                            message: bytes) -> None:
    target.assert_passes(target.send(Attack(message, way=UNGUARDED)), "spf")


@pytest.mark.parametrize("message", INCREDIBLE)
def test_these_results_are_believed_of_nobody(target: Target, message: bytes) -> None:
    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)),
                                     "spf: no result|Authentication-Results, octet |From is")


@pytest.mark.parametrize("fields", [
    row("long", "X-Long: " + ("x" * 900 + "\r\n ") * 200 + "x\r\n"),
    row("many", "X-Many: x\r\n" * 3000),
    row("wide", "X-Wide: " + "x" * 200_000 + "\r\n"),
])
@pytest.mark.parametrize("is_above", [True, False], ids=["above", "below"])
def test_much_header_hides_no_results(target: Target, fields: str,
                                      is_above: bool) -> None:
    message = letter(fields + FORGED if is_above else FORGED + fields)

    target.assert_refused_at_the_end(target.send(Attack(message)), "spf: no result")


# Postfix passes on fields of up to 100 KiB.
PADDING = "X-Long: " + "x" * 57 * 1024 + "\r\n"


def test_a_header_that_is_cut_off_proves_nothing(target: Target) -> None:
    """The part that was cut off could contain another From, or "fail"."""
    message = letter(FORGED + signature(), PADDING * 18 + FAILS)

    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)),
                                     "the header is longer than 512 KiB")


# What a filter of ours says of the forgery.
FAILS = results(f"spf=fail smtp.mailfrom={HEAD}; dkim=none; "
                f"dmarc=fail header.from={GREENFIELD}")
CONTRADICT = "contradict each other: spf"


@pytest.mark.parametrize("below, rule", [
    row("the contrary", FORGED, CONTRADICT),
    row("the contrary, id in other case", FORGED.replace("mx.", "MX."), CONTRADICT),
    row("the contrary, id in quotes",
        FORGED.replace(HOSTNAME, f'"{HOSTNAME}"'), CONTRADICT),
    row("the contrary, version 1",
        FORGED.replace(HOSTNAME, f"{HOSTNAME} 1"), CONTRADICT),
    row("version 2", FORGED.replace(HOSTNAME, f"{HOSTNAME} 2"), "unknown version"),
    row("version 2 of a method", FORGED.replace("spf=", "spf/2="), "unknown version"),
    row("the contrary of DKIM alone", results(f"dkim=pass header.d={GREENFIELD}"),
        "contradict each other: dkim"),
    row("the contrary of DMARC alone", results(f"dmarc=pass header.from={GREENFIELD}"),
        "contradict each other: dmarc"),
    row("fails twice", FAILS, "spf: did not pass"),
    row("of another filter", FORGED.replace(HOSTNAME, "mx.evil.example"),
        "spf: did not pass"),
    row("of another filter and unparsable",
        FORGED.replace(HOSTNAME, "mx.evil.example").replace("=pass", "= =pass"),
        "Authentication-Results, octet "),
    row("more than 2,000 octets", results(f"x=fail a.b={'x' * 2000}; {passes()}"),
        "limit is 2000"),
    row("more than 2,000 octets of another filter",
        results(f"x=fail a.b={'x' * 2000}", authserv_id="mx.evil.example"), "limit is 2000"),
    row("longer comments than filters write",
        results(f"{passes()} ({'x' * 600})"), "longer comments than filters write"),
    row("more comments than filters write",
        results(passes() + f" ({'x' * 90})" * 6), "longer comments than filters write"),
    row("comments in comments", results(f"{passes()} {'(' * 9}{')' * 9}"), "too deep"),
    row("a property that OpenDKIM cannot read", results(f"{passes()} x.y=z"),
        "in a form that no known filter writes"),
    row("a comment that never ends", results("x=fail (; " + passes()),
        "Authentication-Results, octet "),
    row("a bracket between quotes in a comment",
        results('x=fail (") ; ' + passes() + '(")'),
        "Authentication-Results, octet "),
    row("a string that never ends", results('x=fail reason="; ' + passes()),
        "Authentication-Results, octet "),
    row("a comment over lines", results(f"spf=fail (\r\n ; {passes()}\r\n )"),
        "spf: did not pass"),
    row("results in a string", results(f'x=fail reason="; {passes()}"'),
        "spf: did not pass"),
    row("no semicolon", results(passes().replace(";", "")), "Authentication-Results, octet "),
    row("a full-width semicolon", results("x=fail a.b=c；" + passes()),
        "Authentication-Results, octet "),
    row("a Greek question mark", results("x=fail a.b=c\u037e" + passes()),
        "Authentication-Results, octet "),
    row("a carriage return", results("none (\r; " + passes() + ")"),
        "Authentication-Results, octet |spf: did not pass"),
    row("a property in a property",
        results(f"spf=pass smtp.mailfrom= smtp.mailfrom={GREENFIELD}"),
        "Authentication-Results, octet "),
    row("Cyrillic",
        results(passes().replace("pass", "p\u0430ss")), "Authentication-Results, octet "),
    row("zero width space in the id", FORGED.replace("mx.", "mx\u200b."),
        "Authentication-Results, octet "),
    row("a line of white space", results("none;\r\n \r\n " + passes()),
        "Authentication-Results, octet "),
    row("behind none", results("none; " + passes()), "Authentication-Results, octet "),
])
def test_a_forgery_below_our_own_result_is_refused(target: Target, below: str,
                                                   rule: str) -> None:
    """header_checks is off, as an administrator may have configured it."""
    message = letter(FAILS + below + signature())

    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)), rule)


@pytest.mark.parametrize("top, rule", [
    row("HELO", f"spf=pass smtp.helo={GREENFIELD}", "spf: no result"),
    row("HELO beside a sender that fails",
        f"spf=fail smtp.mailfrom={HEAD}; spf=pass smtp.helo={GREENFIELD}", "spf: did not"),
    row("another domain", passes("evil.example"), "spf: no result for greenfield"),
    row("another customer", passes(OAKHILL), "spf: no result for greenfield"),
    row("the neighbour", passes(INFANTS), "spf: no result for greenfield"),
    row("the parent", passes("sch.example"), "spf: no result for greenfield"),
    row("two senders",
        f"spf=pass smtp.mailfrom=evil.example smtp.mailfrom={GREENFIELD}",
        "spf: no result"),
    row("pass and fail",
        f"spf=pass smtp.mailfrom={HEAD}; spf=fail smtp.mailfrom={HEAD}",
        "contradict"),
    row("of the recipient", f"spf=pass smtp.rcptto={HEAD}", "spf: no result"),
    row("iprev and auth",
        f"iprev=pass policy.iprev=127.0.0.9; auth=pass smtp.auth={HEAD}",
        "spf: no result"),
    row("the comment of a filter",
        f"spf=fail (domain of \"; spf=pass smtp.mailfrom={GREENFIELD}\"@x.example) "
        f"smtp.mailfrom={HEAD}", "spf: did not pass"),
    row("the local part of the sender",
        f'spf=fail smtp.mailfrom="; spf=pass smtp.mailfrom={HEAD};"@evil.example',
        "spf: no result"),
    row("a local part that is the school",
        f'spf=pass smtp.mailfrom="{HEAD}"@evil.example',
        "spf: no result"),
    row("a neutral one", passes().replace("pass", "neutral"), "spf: did not pass"),
    row("soft", passes().replace("pass", "softfail"), "spf: did not pass"),
    row("a word that begins with pass",
        passes().replace("pass", "passed"), "did not pass"),
    row("bestguesspass", passes().replace("pass", "bestguesspass"), "did not pass"),
])
def test_our_own_result_counts_for_what_it_says(target: Target, top: str,
                                                rule: str) -> None:
    message = letter(results(top))

    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)), rule)


def test_results_that_agree_pass(target: Target) -> None:
    message = letter(results("spf=none smtp.helo=x.example") + FORGED + FORGED +
                     results("spf=fail smtp.mailfrom=evil.example", authserv_id="x"))

    target.assert_passes(target.send(Attack(message, way=UNGUARDED)), "spf")


@pytest.mark.parametrize("result", ["temperror", "tempfail"])
def test_a_result_that_failed_for_now_puts_the_mail_off(target: Target,
                                                        result: str) -> None:
    message = letter(results(f"spf={result} smtp.mailfrom={HEAD}"))
    sent = target.send(Attack(message, way=UNGUARDED))

    assert sent.end and sent.end.status == "451 4.7.1"
    target.assert_untouched()


# Signatures --------------------------------------------------------------------------

EVIL_SIGNED = results("dkim=pass header.d=evil.example; dmarc=fail "
                      f"header.from={GREENFIELD}") + signature("evil.example")
SIGNED = results(f"dkim=pass header.d={GREENFIELD} header.i=@{GREENFIELD}; "
                 f"dmarc=pass header.from={GREENFIELD}")
NOT_ALIGNED = "dkim: no signature"


def signed_by_evil(From: str) -> bytes:
    """With DMARC's result for the domain that it mistook for the author's."""
    return letter(results("dkim=pass header.d=evil.example; dmarc=pass "
                          "header.from=evil.example") + signature("evil.example"),
                  From=From)


@pytest.mark.parametrize("message, rule", [
    row("a mail of another domain", letter(EVIL_SIGNED), NOT_ALIGNED),
    row("of a domain that ends alike",
        letter(results("dkim=pass header.d=evilgreenfield.sch.example") +
               signature("evilgreenfield.sch.example")), NOT_ALIGNED),
    row("of a domain that begins alike",
        letter(results(f"dkim=pass header.d={GREENFIELD}.evil.example")), NOT_ALIGNED),
    row("of a public suffix",
        letter(results("dkim=pass header.d=example; dkim=pass header.d=sch.example")),
        NOT_ALIGNED),
    row("of the neighbour, in the head's name",
        letter(results(f"dkim=pass header.d={INFANTS}; dmarc=pass header.from={GREENFIELD}")
               + signature(INFANTS)), "dkim: no signature.*dmarc: no signature"),
    row("a signer's name in the school's", letter(results(
        f"dkim=pass header.d=evil.example header.i=@{GREENFIELD}")), NOT_ALIGNED),
    row("a signer twice", letter(results(
        f"dkim=pass header.d=evil.example header.d={GREENFIELD}")), NOT_ALIGNED),
    row("the school's signature, which fails, and another's", letter(results(
        f"dkim=fail header.d={GREENFIELD}; dkim=pass header.d=evil.example")
        + signature() + signature("evil.example")), "dkim: did not pass"),
    row("From of another domain",
        signed_by_evil(f"<{MALLORY}>"), "the From domain evil.example"),
    row("the head's address as a name", signed_by_evil(f'"{HEAD}" <{MALLORY}>'),
        "the From domain evil.example"),
    row("the head's address in a comment", signed_by_evil(f"{MALLORY} ({HEAD})"),
        "the From domain evil.example"),
    row("the head's address as a local part", signed_by_evil(f'"{HEAD}"@evil.example'),
        "the From domain|From is"),
    row("two authors", signed_by_evil(f"{MALLORY}, {HEAD}"), "From is not one"),
    row("two authors in a group",
        signed_by_evil(f"x: {HEAD}, {MALLORY};"), "From is not one"),
    row("two angle brackets",
        signed_by_evil(f"<{HEAD}> <{MALLORY}>"), "From is not one"),
    row("two From", letter(SIGNED + signature() + f"From: {MALLORY}\r\n"),
        "From is not one"),
    row("a second From below", letter(SIGNED + signature(), f"From: {MALLORY}\r\n"),
        "From is not one"),
    row("a second From with a blank",
        letter(SIGNED + signature(), f"From : {MALLORY}\r\n"),
        "From is not one"),
    row("no From", letter(SIGNED + signature(), From=None), "From is not one"),
    row("a null From", letter(SIGNED + signature(), From="<>"), "From is not one"),
    row("a route in From", letter(SIGNED + signature(), From=f"<@evil.example:{HEAD}>"),
        "From is not one"),
    row("Sender alone is the head", letter(
        results("dkim=pass header.d=evil.example"), f"Sender: {HEAD}\r\n",
        From=MALLORY), "the From domain evil.example"),
])
def test_a_signature_that_proves_another_is_refused(target: Target, message: bytes,
                                                    rule: str) -> None:
    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)), rule)


def injected(text: str) -> str:
    """A mail of evil.example. Its i= contains more than the signer. OpenDKIM 2.11 decodes
    it and writes it into its own result."""
    encoded = "".join(f"={ord(c):02X}" if c in " ;=@" else c for c in text)
    return (results(f"dkim=pass (2048-bit key; unprotected) header.d=evil.example "
                    f"header.i=a; {text} header.a=rsa-sha256 header.s=school")
            + signature("evil.example", more=f" i=a=3B=20{encoded}@evil.example;"))


@pytest.mark.parametrize("message", [
    row("spf", letter(injected(f"spf=pass smtp.mailfrom={GREENFIELD}"))),
    row("dkim", letter(injected(f"dkim=pass header.d={GREENFIELD}") + signature())),
    row("dkim, without a signature of the school's",
        letter(injected(f"dkim=pass header.d={GREENFIELD}"))),
    row("dmarc", letter(injected(f"dmarc=pass header.from={GREENFIELD}"))),
    row("dmarc and dkim", letter(injected(passes().partition("; ")[2]) + signature())),
    row("all of them", letter(injected(passes()) + signature())),
])
def test_a_result_that_a_signature_injects_is_refused(target: Target,
                                                      message: bytes) -> None:
    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)), "")


# A signature does not cover the envelope: the mail was sent to one number once, and now
# somebody who has it sends it to others.

REPLAY = "may be a replay: "
NOT_IN_TO = REPLAY + "a number is not in any signed To or Cc"
DAY_S = 24 * 60 * 60


@pytest.mark.parametrize("attack", [
    row("another number",
        Attack(letter(SIGNED + signature()), to=(OTHER,), rule=NOT_IN_TO)),
    row("another number besides",
        Attack(letter(SIGNED + signature()), to=(NUMBER, OTHER), rule=NOT_IN_TO)),
    row("blind copies only",
        Attack(letter(SIGNED + signature(), To=None), rule=NOT_IN_TO)),
    row("a Bcc field", Attack(letter(SIGNED + signature(), f"Bcc: <{NUMBER}>\r\n",
                                     To="parents@ordinary.example"), rule=NOT_IN_TO)),
    row("the number as a name", Attack(letter(
        SIGNED + signature(), To=f'"{NUMBER}" <x@ordinary.example>'), rule=NOT_IN_TO)),
    row("the number in a comment", Attack(letter(
        SIGNED + signature(), To=f"x@ordinary.example ({NUMBER})"), rule=NOT_IN_TO)),
    row("the number at another domain", Attack(letter(
        SIGNED + signature(), To=f"<{PHONE}@sms.local.evil.example>"), rule=NOT_IN_TO)),
    row("Resent-To", Attack(letter(
        SIGNED + signature(), f"Resent-To: <{NUMBER}>\r\n", To="<x@ordinary.example>"),
        rule=NOT_IN_TO)),
    row("a second To", Attack(letter(
        f"To: <{OTHER}>\r\n" + SIGNED + signature()), to=(OTHER,), rule=NOT_IN_TO)),
    row("To is not signed", Attack(letter(
        SIGNED + signature(signed="From:Cc:Subject:Date")), rule=NOT_IN_TO)),
    row("a Cc that is not signed", Attack(letter(
        SIGNED + signature(signed="From:To:Subject:Date"), f"Cc: <{OTHER}>\r\n"),
        to=(OTHER,), rule=NOT_IN_TO)),
    row("old", Attack(letter(SIGNED + signature(), age_s=4 * DAY_S),
                      rule=REPLAY + "its Date is older")),
    row("of the future", Attack(letter(SIGNED + signature(), age_s=-2 * DAY_S),
                                rule=REPLAY + "its Date is in the future")),
    row("a second Date", Attack(letter(
        "Date: Wed, 25 Nov 2026 17:00:00 +0000\r\n" + SIGNED + signature(),
        age_s=4 * DAY_S), rule=REPLAY + "Date is not signed")),
    row("Date is not signed", Attack(letter(
        SIGNED + signature(signed="From:To:Cc:Subject")), rule=REPLAY + "Date is not")),
    row("From is not signed", Attack(letter(
        SIGNED + signature(signed="To:Cc:Subject:Date")), rule=REPLAY + "From is not")),
    row("a Subject that is not signed", Attack(letter(
        SIGNED + signature(signed="From:To:Cc:Date")), rule=REPLAY + "Subject is not")),
    row("a second Subject", Attack(letter(
        "Subject: Pay here\r\n" + SIGNED + signature()), rule=REPLAY + "Subject is not")),
    row("more body (l=)", Attack(letter(SIGNED + signature(more=" l=10;")),
                                 rule=REPLAY + "the signature does not cover")),
    row("l= in a tag that is folded", Attack(letter(
        SIGNED + signature(more="\r\n\tl\r\n =\r\n 10;")),
        rule=REPLAY + "the signature does not cover")),
    row("no signature in the mail",
        Attack(letter(SIGNED), rule=REPLAY + "there is no")),
    row("another domain's signature in the mail", Attack(letter(
        SIGNED + signature("evil.example")), rule=REPLAY + "there is no")),
    row("a signature of two domains", Attack(letter(
        SIGNED + signature(more=" d=evil.example;")), rule=REPLAY + "a DKIM-Signature")),
    row("a good signature beside a poor one", Attack(letter(
        SIGNED + signature() + signature(signed="From")), rule=REPLAY)),
])
def test_a_signed_mail_that_is_replayed_is_refused(target: Target,
                                                   attack: Attack) -> None:
    at_home = Attack(attack.message, to=attack.to, way=UNGUARDED)

    target.assert_refused_at_the_end(target.send(at_home), attack.rule)


@pytest.mark.parametrize("message", [
    row("to one", letter(SIGNED + signature())),
    row("by a name", letter(SIGNED + signature(), To=f'"Parent, A" <{NUMBER}>')),
    row("by another spelling",
        letter(SIGNED + signature(), To="<07700900123@sms.local>")),
    row("as a copy", letter(SIGNED + signature(), f"Cc: <{NUMBER}>\r\n",
                            To="x@ordinary.example")),
    row("two days old", letter(SIGNED + signature(), age_s=2 * DAY_S)),
    row("signed twice", letter(SIGNED + signature() + signature("esp.example"))),
])
@pytest.mark.parametrize("method", ["dkim", "dmarc"])
def test_a_signed_mail_passes(target: Target, message: bytes, method: str) -> None:
    target.configure(customers={
        "greenfield": {"sender_auth": ["network", method]}})
    target.assert_passes(target.send(Attack(message, way=UNGUARDED)), method)


def test_spf_proves_who_may_send_a_signed_mail_to_any_number(target: Target) -> None:
    target.assert_passes(target.send(Attack(letter(FORGED), to=(OTHER,), way=UNGUARDED)),
                         "spf")


# Recipients --------------------------------------------------------------------------

# All from the school's own server: the recipient alone is the attack.


@pytest.mark.parametrize("recipient", [
    row("percent", f"{PHONE}%other@sms.local"),
    row("percent with a domain", f"{PHONE}%evil.example@sms.local"),
    row("bang", f"evil.example!{PHONE}@sms.local"),
    row("bang behind", f"{PHONE}!x@sms.local"),
    row("two at signs", f"{NUMBER}@sms.local"),
    row("two at signs in quotes", f'"{NUMBER}"@sms.local'),
    row("a source route", f"@evil.example:{NUMBER}"),
    row("a source route of two", f"@sms.local,@evil.example:{NUMBER}"),
    row("NUL behind", PHONE.encode() + b"\0@sms.local"),
    row("NUL within", b"+4477009\x0000123@sms.local"),
    row("NUL in quotes", b'"+447700900123\0"@sms.local'),
    row("300 digits", "+44" + "7" * 300 + "@sms.local"),
    row("300 zeroes before", "0" * 300 + "447700900123@sms.local"),
    row("300 characters", "x" * 300 + "@sms.local"),
    row("16 digits", "+4477009001234567@sms.local"),
    row("no digits", "+@sms.local"),
    row("nothing", "@sms.local"),
    row("nothing in quotes", '""@sms.local'),
    row("quoted pairs", '"+44\\7\\7\\0\\0900123"@sms.local'),
    row("a string of two pieces", '"+447700"."900123"@sms.local'),
    row("a quotation mark inside", '"+4477"00900123@sms.local'),
    row("letters", "+44770090012O@sms.local"),
    row("hexadecimal", "0x1a2b3c4d5e@sms.local"),
    row("an exponent", "447700900e123@sms.local"),
    row("plus inside", "+44+7700900123@sms.local"),
    row("minus before plus", "4-+47700900123@sms.local"),
    row("tab in quotes", '"+44\t7700900123"@sms.local'),
    row("a line end in quotes", '"+447700900123\r\nX: y"@sms.local'),
    row("an extension", "+447700900123;ext=1@sms.local"),
    row("ISDN subaddress", "+447700900123/T33S=1@sms.local"),
    row("sms twice", f"sms=sms={PHONE}@sms.local"),
    row("sms and nothing", "sms=@sms.local"),
    row("another scheme", f"fax={PHONE}@sms.local"),
    row("premium by format", "%2b447700900123@sms.local"),
    row("a format", "%s%n%x@sms.local"),
    row("JSON", '"+447700900123\\",\\"sender\\":\\"x"@sms.local'),
    row("SQL", "\"+447700900123'; DROP TABLE sms;--\"@sms.local"),
    row("full-width digits", "+４４７７００９００１２３@sms.local"),
    row("Arabic digits", "+٤٤٧٧٠٠٩٠٠١٢٣@sms.local"),
    row("a superscript", "+44770090012³@sms.local"),
    row("a full-width plus", "＋447700900123@sms.local"),
    row("a zero width space", "+4477\u200b00900123@sms.local"),
    row("right to left", "\u202e+447700900123@sms.local"),
    row("Latin-1", "+44770090012\xb3@sms.local".encode("latin-1")),
    row("half a character", b"+447700900123\xe2\x80@sms.local"),
    row("overlong UTF-8", b"+44770090012\xc0\xb3@sms.local"),
    row("an emergency number", "112@sms.local"),
])
def test_a_recipient_that_is_no_number_is_refused(target: Target,
                                                  recipient: str | bytes) -> None:
    is_wide = isinstance(recipient, str) and not recipient.isascii()
    sent = target.send(Attack(source=GREENFIELD_RELAY, to=(recipient,),
                              parameters=" SMTPUTF8" if is_wide else ""))

    assert not sent.recipients[0].is_good, sent.last
    if "recipient refused" in target.log():  # and not by Postfix before it asks
        assert sent.recipients[0].status == NO_NUMBER
    target.assert_untouched()


@pytest.mark.parametrize("recipient", [
    row("another country", "+33612345678@sms.local"),
    row("another country by 00", "0033612345678@sms.local"),
    row("another country in quotes", '"+33 (612) 345678"@sms.local'),
    row("a satellite", "+881612345678@sms.local"),
    row("premium abroad", "+2392345678@sms.local"),
])
def test_a_number_that_may_not_be_texted_is_refused(target: Target,
                                                    recipient: str) -> None:
    sent = target.send(Attack(source=GREENFIELD_RELAY, to=(recipient,)))

    target.assert_refused_at_rcpt(sent, REFUSED, "allow, deny")


@pytest.mark.parametrize("recipient", [
    row("nothing", "@sms.local"),
    row("a trailing dot", f"{NUMBER}."),
    row("two trailing dots", f"{NUMBER}.."),
    row("bang", f"sms.local!{PHONE}"),
    row("percent", f"{PHONE}%sms.local"),
    row("percent in quotes", f'"{PHONE}%sms.local"'),
    row("at sign in quotes", f'"{NUMBER}"'),
    row("below the domain", f"{PHONE}@evil.example.sms.local"),
    row("a local part and a label", f"{PHONE}@x.sms.local"),
    row("a route by way of it", f"@sms.local:{PHONE}@evil.example"),
    row("an address literal", f"{PHONE}@[sms.local]"),
    row("a comment", f"{PHONE}(x)@sms.local"),
    row("a comment behind", f"{NUMBER}(x)"),
    row("blanks", f"{PHONE} @ sms.local"),
    row("full-width dot", f"{PHONE}@sms．local"),
    row("a zero width space", f"{PHONE}@sms.lo\u200bcal"),
    row("Kelvin and long s", f"{PHONE}@\u017fms.local"),
])
def test_an_sms_domain_in_disguise_gets_no_bounce_sent(target: Target,
                                                       recipient: str) -> None:
    """If Postfix counted a mail as an SMS and the milter did not, the mail would bounce
    to the owner of the forged address."""
    sent = target.send(Attack(to=(recipient,),
                              parameters="" if recipient.isascii() else " SMTPUTF8"))

    assert not sent.last.is_good, sent.last
    if "recipient refused" in target.log():
        assert sent.last.status == NO_NUMBER
    target.assert_untouched()


@pytest.mark.parametrize("recipient", [
    row("the domain as part of another", f"{PHONE}@sms.local.ordinary.example"),
    row("a local part that is the address", f'"{NUMBER}"@ordinary.example'),
    row("percent", f"{PHONE}%sms.local@ordinary.example"),
    row("bang", f"sms.local!{PHONE}@ordinary.example"),
    row("a route by way of it", f"@sms.local:{PHONE}@ordinary.example"),
])
def test_a_recipient_of_another_domain_gets_no_sms(target: Target,
                                                   recipient: str) -> None:
    """Postfix decides whether it accepts the recipient as ordinary mail."""
    target.send(Attack(source=GREENFIELD_RELAY, to=(recipient,)))

    target.gateway.postfix.wait_until_done()
    assert target.gateway.simulator.requests() == []
    assert target.gateway.journal.rows() == []


SPELLINGS = (
    NUMBER, "07700900123@sms.local", "00447700900123@sms.local", "447700900123@sms.local",
    f"sms={PHONE}@sms.local", f"SMS={PHONE}@sms.local", f"{PHONE}@SMS.Local",
    '"+44 7700 900123"@sms.local', '"+44(0)7700-900.123"@sms.local',
    '"07700 900123"@sms.local', "07.700-900.123@sms.local", NUMBER)


def test_every_spelling_of_a_number_is_one_sms(target: Target) -> None:
    sent = target.send(Attack(source=GREENFIELD_RELAY, to=SPELLINGS))

    assert {reply.status for reply in sent.recipients} == {"250 2.1.5"}
    target.assert_passes(sent, "network")
    assert [row["number"] for row in target.gateway.journal.rows()] == [PHONE]


def test_a_thousand_recipients_are_a_hundred_sms_at_the_most(target: Target) -> None:
    many = tuple(f"+4477009{n:05}@sms.local" for n in range(1000))
    sent = target.send(Attack(source=GREENFIELD_RELAY, to=many))

    assert [reply.status for reply in sent.recipients] == (
        ["250 2.1.5"] * 100 + ["452 4.5.3"] * 900)
    assert sent.last.status == SENT
    assert [number for number, _ in target.gateway.texts()] == [
        address.partition("@")[0] for address in many[:100]]


def test_a_thousand_recipients_of_a_forger_are_none(target: Target) -> None:
    many = tuple(f"+4477009{n:05}@sms.local" for n in range(1000))

    target.assert_refused_at_the_end(target.send(Attack(to=many)), "network: ",
                                     put_off=900)


# What is written where ---------------------------------------------------------------


TEXT = {"template": "{from-name} {from-address} {subject}: {body}", "max_parts": 6}

# Subjects, and what an SMS may say of them.
INJECTIONS = [
    row("line ends in a word",
        "=?utf-8?q?a=0D=0ABcc=3A_x=40evil.example?=", "a Bcc: x@evil.example"),
    row("line ends in base64", "=?utf-8?b?YQ0KQmNjOiB4?=", "a Bcc: x"),
    row("a line separator", "=?utf-8?q?a=E2=80=A8b?=", "a b"),
    row("a next line", "=?utf-8?q?a=C2=85b?=", "a b"),
    row("the end of JSON", 'a"}]},{"x":"y', 'a"}]},{"x":"y'),
    row("an escape of JSON", r'a\",\u0022', r'a\",\u0022'),
    row("a field of JSON", 'a","customerPassword":"x', 'a","customerPassword":"x'),
    row("a field of the template", "a {from-name} {body} b", "a {from-name} {body} b"),
    row("a format", "a %s%n%x %1$s", "a %s%n%x %1$s"),
    row("a shell", "a $(id) ; | & b", "a $(id) ; | & b"),
    row("HTML", "a <script>x</script>", "a <script>x</script>"),
    row("an escape sequence", "=?utf-8?q?a=1B=5B31mb?=", "a[31mb"),
    row("a bell", "=?utf-8?q?a=07=08=7Fb?=", "ab"),
    row("NUL", "=?utf-8?q?a=00b?=", None),
    row("right to left", "=?utf-8?q?a=E2=80=AEb=E2=80=ACc?=", "abc"),
    row("half a character", "=?utf-8?q?a=E2=80?= b", None),
    row("a surrogate", "=?utf-8?q?a=ED=A0=80b?=", None),
    row("a long one", "=?utf-8?q?" + "=0A" * 300 + "x?=", "x"),
]


def raw_elements(gateway: Gateway) -> list[dict[str, object]]:
    [request] = gateway.simulator.requests()
    return request["body"]["messageData"]


@pytest.mark.parametrize("words, text", INJECTIONS)
@pytest.mark.parametrize("place", ["Subject", "From"])
def test_words_of_the_sender_stay_words(target: Target, place: str, words: str,
                                        text: str | None) -> None:
    """In the SMS, the request, the reply, the journal and its output, and the logs. A From
    name that is not an encoded word is written unchanged."""
    gateway = target.gateway
    name = words if words.startswith("=?") else quoted(words)
    header = {"Subject": words} if place == "Subject" else {"From": f"{name} <{HEAD}>"}
    target.configure(text=TEXT)
    sent = target.send(Attack(letter(**header), source=GREENFIELD_RELAY))

    target.assert_passes(sent, "network")
    [element] = raw_elements(gateway)
    assert set(element) == FIELDS
    assert element["Password"] == KEYS["1469"]
    assert element["Recipients"] == [{"MobileNumber": PHONE}]
    assert element["SMSMessage"] == gateway.texts()[0][1]
    words_sent = " ".join(str(element["SMSMessage"]).split())
    assert text is None or text in words_sent
    assert_clean(words_sent)
    assert_log_is_honest(target, ["number", "outcome"])
    assert_clean(str(sent.end))
    assert len(gateway.journal.rows()) == 1
    [line] = history(gateway, "--json")
    assert set(json.loads(line)) == HISTORY_FIELDS
    assert_clean(line)


def quoted(words: str) -> str:
    return '"' + re.sub(r'(["\\\\])', r"\\\1", words) + '"'


FIELDS = {"CustomerId", "Password", "SMSMessage", "Recipients", "SMSSender",
          "ClientRef"}
AUDIT_FIELDS = {
    "time", "event", "customer", "sender", "client", "login", "proof", "rule", "number",
    "parts", "outcome", "status", "reason", "queue_id", "message_id", "api_message_id"}
HISTORY_FIELDS = {
    "created", "updated", "customer", "sender", "number", "state", "verdict", "parts",
    "queue_id", "message_id", "api_message_id", "status", "reason", "attempts",
    "unknowns"}


def assert_clean(text: str) -> None:
    """No control characters, no bidirectional overrides, nothing invisible."""
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069"
                         "\ufeff]", text.replace("\n", "")), ascii(text)
    assert "\n" not in text.rstrip("\n"), text


def assert_log_is_honest(target: Target, keys: list[str]) -> None:
    """This many lines, each beginning as sms-milter begins them."""
    lines = target.log().splitlines()
    begins = [re.match(r"sms-milter: [0-9A-F]+: (\w+)=", line) for line in lines]
    assert [found and found[1] for found in begins] == keys, lines
    for line in [*lines, *target.audit_lines()]:
        assert_clean(line)
    for line in target.audit_lines():
        assert set(json.loads(line)) <= AUDIT_FIELDS


def history(gateway: Gateway, *options: str) -> list[str]:
    done = subprocess.run([gateway.postfix.ctl, "history", *options], text=True,
                          capture_output=True, timeout=LIMIT_S)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize("sender", [
    row("the end of JSON", '"x\\"}],y"@greenfield.sch.example'),
    row("a key of the log", '"x proof=sasl outcome=sent"@greenfield.sch.example'),
    row("a format", "%s%n%x@greenfield.sch.example"),
    row("SQL", "\"x'; DROP TABLE sms;--\"@greenfield.sch.example"),
    row("a fold", '"x\tQUEUE: outcome=sent"@greenfield.sch.example'),
    row("right to left", "x\u202ey@greenfield.sch.example"),
    row("an escape sequence", '"x\x1b[31m"@greenfield.sch.example'),
])
def test_an_odd_sender_forges_no_line(target: Target, sender: str) -> None:
    """The school's own server sends the mail. It is sent as SMS, or Postfix refuses it."""
    sent = target.send(Attack(sender=sender, source=GREENFIELD_RELAY,
                              parameters="" if sender.isascii() else " SMTPUTF8"))
    if not sent.last.is_good:
        target.assert_untouched()
        return

    target.assert_passes(sent, "network")
    assert_log_is_honest(target, ["number", "outcome"])
    [line] = history(target.gateway, "--json")
    assert json.loads(line)["sender"].rpartition("@")[2] == GREENFIELD
    for line in history(target.gateway):
        assert_clean(line)
    assert len(target.gateway.journal.rows()) == 1


@pytest.mark.parametrize("message", [
    row("a local part of From", letter(
        SIGNED + signature(), From=f'"x\\" proof=sasl outcome=sent \\""@{GREENFIELD}')),
    row("a Message-ID", letter("Message-ID: <x\x1b[31m\" proof=sasl@y>\r\n")),
    row("an authserv-id", letter(results("=", authserv_id='"x proof=sasl\\""'))),
])
def test_a_refusal_forges_no_line(target: Target, message: bytes) -> None:
    target.configure(customers={
        "greenfield": {"senders": [HEAD]}})
    target.assert_refused_at_the_end(target.send(Attack(message, way=UNGUARDED)), "")

    assert_log_is_honest(target, ["outcome"])


# Neighbours and logins ---------------------------------------------------------------


LOGINS = {"nurse@infants.greenfield.sch.example": "n1ghtingale",
          "caretaker@oakhill.sch.example": "k3yring",
          "office@evil.example": "m4lice",
          "office@sch.example": "0rg",
          "x@staff.greenfield.sch.example": "st4ff",
          "office@greenfield.sch.example.evil.example": "l0ng",
          "greenfield.sch.example": "pl4in",
          "alarm@evil.example@greenfield.sch.example": "tw0"}


def login(name: str) -> tuple[str, str]:
    return name, (LOGINS | Postfix.LOGINS)[name]


@pytest.fixture(scope="module")
def logins(running_gateway: Gateway) -> None:
    for name, password in LOGINS.items():
        running_gateway.postfix.add_login(name, password)


@pytest.mark.usefixtures("logins")
@pytest.mark.parametrize("attack", [
    row("the neighbour's network", Attack(sender=HEAD, source=INFANTS_RELAY,
                                          rule="network: the client is in no trusted "
                                               "network")),
    row("the network, for the neighbour", Attack(sender=NURSE, source=GREENFIELD_RELAY,
                                                 rule="network: the client is in no "
                                                      "trusted network")),
    row("the neighbour's login", Attack(
        sender=HEAD, login=login(f"nurse@{INFANTS}"), rule="sasl: nurse@infants")),
    row("the login, for the neighbour", Attack(
        sender=NURSE, login=login(OFFICE), rule="sasl: office@greenfield")),
    row("another customer's login", Attack(
        sender=HEAD, login=login(CARETAKER), rule="sasl: caretaker@oakhill")),
    row("a login of nobody's", Attack(login=login("office@evil.example"),
                                      rule="sasl: office@evil")),
    row("a login of the parent's", Attack(login=login("office@sch.example"),
                                          rule="sasl: office@sch")),
    row("a login of a domain that begins alike", Attack(
        login=login(f"office@{GREENFIELD}.evil.example"), rule="sasl: office@greenfield")),
    row("a plain login", Attack(login=login("alarm"), rule="sasl: alarm")),
    row("a plain login that is the domain", Attack(login=login(GREENFIELD),
                                                   rule="sasl: greenfield")),
    row("a login of two at signs", Attack(
        login=login(f"alarm@evil.example@{GREENFIELD}"), rule="sasl: alarm@evil")),
    row("another's login and the client's word", Attack(
        login=login("office@evil.example"), parameters=f" AUTH={HEAD}",
        rule="sasl: office@evil")),
    row("the neighbour's results", Attack(
        letter(results(passes(INFANTS)) + signature(INFANTS)), way=UNGUARDED,
        rule="spf: no result.*dkim: no signature.*dmarc: no result")),
    row("the results, for the neighbour", Attack(
        letter(results(passes()) + signature(), From=f"<{NURSE}>"), sender=NURSE,
        way=UNGUARDED, rule="spf: no result.*dkim: no signature.*dmarc: no result")),
    row("DMARC by the organisation's signature", Attack(
        letter(results(f"dkim=pass header.d={GREENFIELD}; dmarc=pass header.from={INFANTS}")
               + signature(), From=f"<{NURSE}>"), sender=NURSE, way=UNGUARDED,
        rule="dmarc: no signature")),
    row("DMARC by the neighbour's SPF", Attack(
        letter(results(f"spf=pass smtp.mailfrom={INFANTS}; dmarc=pass header.from={GREENFIELD}")),
        way=UNGUARDED, rule="spf: no result.*dmarc: no signature")),
    row("From of the neighbour's", Attack(
        letter(results(f"spf=fail smtp.mailfrom={HEAD}; dkim=pass header.d={INFANTS}; "
                       f"dmarc=pass header.from={INFANTS}") + signature(INFANTS),
               From=f"<{NURSE}>"), way=UNGUARDED, rule="the From domain infants")),
])
def test_a_neighbour_is_as_strange_as_any(target: Target, attack: Attack) -> None:
    target.assert_refused_at_the_end(target.send(attack), attack.rule)


@pytest.mark.usefixtures("logins")
@pytest.mark.parametrize("attack, method", [
    row("network", Attack(sender=NURSE, source=INFANTS_RELAY), "network"),
    row("login", Attack(sender=NURSE, login=login(f"nurse@{INFANTS}")), "sasl"),
    row("login below the domain", Attack(login=login(f"x@staff.{GREENFIELD}")), "sasl"),
    row("results", Attack(letter(results(passes(INFANTS)) + signature(INFANTS),
                                 From=f"<{NURSE}>"), sender=NURSE, way=UNGUARDED), "spf"),
    row("signature", Attack(letter(
        results(f"dkim=pass header.d={INFANTS}") + signature(INFANTS), From=f"<{NURSE}>"),
        sender=NURSE, way=UNGUARDED), "dkim"),
])
def test_a_school_texts_for_itself(target: Target, attack: Attack, method: str) -> None:
    target.assert_passes(target.send(attack), method)


@pytest.mark.usefixtures("logins")
def test_a_login_of_two_at_signs_holds_where_it_is_named(target: Target) -> None:
    name = f"alarm@evil.example@{GREENFIELD}"
    target.configure(customers={
        "greenfield": {"sasl_logins": [name]}})
    target.assert_passes(target.send(Attack(login=login(name))), "sasl")


# Certificates ------------------------------------------------------------------------


RELAY_NAME, AUTHORITY = "mail.greenfield.sch.example", "School CA"
WRONG = "tls: the certificate is not in tls-subjects"
UNVERIFIED = "tls: the client has no verified certificate"


class Certificates:
    """One of an authority that the mail server trusts, one of another authority, and one of
    an unknown authority with the trusted name."""

    def __init__(self, folder: Path) -> None:
        school, other, false = (
            self._authority(folder / place, name)
            for place, name in (("school", AUTHORITY), ("other", "Other CA"),
                                ("false", AUTHORITY)))
        self.trusted = folder / "trusted.pem"
        self.trusted.write_text(school.itself.cert.read_text() +
                                other.itself.cert.read_text())
        self.trusted.chmod(0o644)
        self.server = school.make_client("127.0.1.2")
        self.clients: dict[str, Certificate | None] = {
            "right": school.make_client(RELAY_NAME),
            "none": None,
            "an unknown authority": false.make_client(RELAY_NAME),
            "itself": self._authority(folder / "itself", RELAY_NAME).itself,
            "expired": school.make_client(RELAY_NAME, -1),
            "another subject": school.make_client("mail.evil.example"),
            "another issuer": other.make_client(RELAY_NAME),
            "both in the subject": other.make_client(f"{RELAY_NAME} issuer={AUTHORITY}"),
            "the issuer as subject": other.make_client(AUTHORITY),
            "other case": school.make_client(RELAY_NAME.upper()),
            "a longer name": school.make_client(RELAY_NAME + ".evil.example"),
            "a wildcard": school.make_client("*"),
            "Cyrillic": school.make_client(RELAY_NAME.replace("e", "\u0435")),
        }

    @staticmethod
    def _authority(folder: Path, name: str) -> Authority:
        folder.mkdir()
        return Authority(folder, name)

    def context(self, name: str) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        shown = self.clients[name]
        if shown:
            context.load_cert_chain(shown.cert, shown.key)
        return context


@pytest.fixture(scope="module")
def certificates(running_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory,
                 ) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    running_gateway.postfix.add_service(
        TLS, "smtpd_tls_security_level=may", "smtpd_tls_ask_ccert=yes",
        f"smtpd_tls_cert_file={made.server.cert}",
        f"smtpd_tls_key_file={made.server.key}",
        f"smtpd_tls_CAfile={made.trusted}")
    return made


def use_certificates(target: Target, *names: str) -> None:
    target.configure(customers={"greenfield": {"tls_subjects": list(names)}})


@pytest.mark.parametrize("shown, rule", [
    ("none", UNVERIFIED), ("an unknown authority", UNVERIFIED), ("itself", UNVERIFIED),
    ("expired", UNVERIFIED), ("another subject", WRONG), ("another issuer", WRONG),
    ("both in the subject", WRONG), ("the issuer as subject", WRONG),
    ("other case", WRONG), ("a longer name", WRONG), ("a wildcard", WRONG),
    ("Cyrillic", WRONG),
])
def test_a_wrong_certificate_proves_nothing(target: Target, certificates: Certificates,
                                            shown: str, rule: str) -> None:
    use_certificates(target, f"{RELAY_NAME} issuer={AUTHORITY}")
    sent = target.send(Attack(way=TLS), certificates.context(shown))

    target.assert_refused_at_the_end(sent, rule)


@pytest.mark.parametrize("entry", [
    f"{RELAY_NAME} issuer={AUTHORITY}", RELAY_NAME, f"issuer={AUTHORITY}", AUTHORITY])
def test_the_right_certificate_passes(target: Target, certificates: Certificates,
                                      entry: str) -> None:
    use_certificates(target, entry)
    sent = target.send(Attack(way=TLS), certificates.context("right"))

    target.assert_passes(sent, "tls")


def test_the_right_certificate_is_another_customers(target: Target,
                                                    certificates: Certificates) -> None:
    use_certificates(target, RELAY_NAME)
    sent = target.send(Attack(sender=CARETAKER, way=TLS), certificates.context("right"))

    target.assert_refused_at_the_end(sent, WRONG)


def test_a_certificate_holds_for_its_own_connection_alone(
        target: Target, certificates: Certificates) -> None:
    use_certificates(target, RELAY_NAME)
    sent = target.send(Attack(way=TLS), certificates.context("right"))
    target.assert_passes(sent, "tls")
    target.gateway.clear()
    target.forget()

    target.assert_refused_at_the_end(target.send(Attack(way=TLS)), UNVERIFIED)


# The API and the environment ---------------------------------------------------------


PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def test_a_proxy_of_the_environment_is_not_obeyed(target: Target) -> None:
    """Such a proxy would see the keys and the texts."""
    gateway = target.gateway
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        gateway.milter.stop()
        gateway.milter.environment = dict.fromkeys(PROXIES, url) | {"no_proxy": ""}
        try:
            target.configure()
            sent = target.send(Attack(source=GREENFIELD_RELAY))
            target.assert_passes(sent, "network")
            proxy.setblocking(False)
            with pytest.raises(BlockingIOError):
                proxy.accept()
        finally:
            gateway.milter.stop()
            gateway.milter.environment = {}
    target.configure()


@pytest.mark.parametrize("fault", ["error=no: {key}", "remark=low: {key}"])
def test_a_key_that_the_api_echoes_is_shown_to_nobody(target: Target,
                                                      fault: str) -> None:
    gateway = target.gateway
    gateway.simulator.set_faults(fault)
    sent = target.send(Attack(source=GREENFIELD_RELAY))
    shown = [str(sent.last), target.log(), gateway.postfix.log(),
             json.dumps(gateway.journal.rows()), *history(gateway),
             *target.audit_lines()]

    assert len(gateway.simulator.requests()) == 1
    assert not [text for text in shown if KEYS["1469"] in text]


# Smuggling ---------------------------------------------------------------------------


@pytest.mark.parametrize("end", [
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r",
    b"\r\r\n.\r\r\n", b"\n\r\n.\n", b"\r\n\0.\r\n", b"\r\n.\0\r\n", b"\r\n. \r\n",
    b"\x0b.\x0b", "\u0085.\u0085".encode(), "\u2028.\u2028".encode(),
], ids=repr)
def test_no_line_end_smuggles_a_second_mail(target: Target, end: bytes) -> None:
    """A pupil writes it in a mail that the school's server passes on unchanged."""
    hidden = (f"MAIL FROM:<{HEAD}>\r\nRCPT TO:<{NUMBER}>\r\nDATA\r\n".encode() +
              letter(Subject="hidden") + b".\r\n")
    with target.connect(Attack(source=GREENFIELD_RELAY)) as client:
        assert client.mail(f"pupil@{GREENFIELD}").is_good
        assert client.rcpt("parent@ordinary.example").is_good
        assert client.data().status == "354"
        client.send(b"Subject: bait\r\n\r\nbait" + end + hidden)
        client.reply()
        assert not client.command("NOOP").status.startswith("354")

    target.gateway.postfix.wait_until_done()
    assert target.gateway.simulator.requests() == []
    assert target.gateway.journal.rows() == []
