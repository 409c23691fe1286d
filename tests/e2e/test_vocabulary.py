# SPDX-License-Identifier: ISC
"""Each outcome of an SMS has one word, wherever it is reported, and the words around it do
not contradict it."""

import re
import socket
from itertools import accumulate
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import pytest

from gateway import Gateway
from settings import GREENFIELD_RELAY, STRANGER
from test_audit import AuditFolder, queue_id
from test_history import records
from test_outcomes import ONE_TRY
from waiting import TIMED_OUT_S

PHONE, OTHER_PHONE = "+447700900123", "+447700900124"
NUMBER, OTHER = f"{PHONE}@sms.local", f"{OTHER_PHONE}@sms.local"
PARENT = "parent@ordinary.example"
MASKED, OTHER_MASKED = "+44*******123", "+44*******124"
PERHAPS = "may have been sent"

TOP = Path(__file__).resolve().parents[2]
MANUAL = (TOP / "milter/sms-milter.8").read_text()
WORDS = ("sent", "refused", "deferred", "unknown", "discarded")


@pytest.fixture
def gateway(gateway: Gateway) -> Iterator[Gateway]:
    yield gateway
    gateway.postfix.wait_until_done()
    gateway.milter.stop()


@pytest.fixture
def audit(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> AuditFolder:
    return AuditFolder(gateway, gateway.postfix.directory
                       / tmp_path_factory.mktemp("audit").name)


def lines_of_mail(gateway: Gateway) -> tuple[list[str], str]:
    """The log lines of the latest mail: those of its numbers, and the one of the mail."""
    mark = f": {queue_id(gateway)}: "
    lines = [line.split(mark, 1)[1] for line in gateway.milter.log_lines()
             if mark in line]
    numbers = [line for line in lines if line.startswith("number=")]
    [mail] = [line for line in lines if line.startswith("outcome=")]
    return numbers, mail


class Case(NamedTuple):
    word: str
    fault: str
    status: str  # of the reply
    words: str  # in the reason
    api: dict[str, Any] = {}
    mail: dict[str, str] = {}


CASES = [
    Case("sent", "", "250 2.0.0", ""),
    Case("sent", "remark=Low", "250 2.0.0", ""),
    Case("refused", "no-sms", "550 5.7.1", "does not allow"),
    Case("refused", "error=Barred", "550 5.7.1", "Barred"),
    Case("refused", "http=400", "550 5.7.1", "HTTP 400"),
    Case("refused", "", "554 5.6.0", "no text", mail={"body": " "}),
    Case("deferred", "invalid", "451 4.7.0", "Data is not valid"),
    Case("deferred", "http=401", "451 4.7.0", "HTTP 401"),
    Case("deferred", "http=403", "451 4.7.0", "HTTP 403"),
    Case("deferred", "http=503", "451 4.4.5", "HTTP 503"),
    Case("deferred", "http=429", "451 4.4.5", "HTTP 429"),
    Case("deferred", "http=404", "451 4.4.5", "HTTP 404"),
    Case("unknown", "http=500", "451 4.4.2", PERHAPS),
    Case("unknown", "reset-after", "451 4.4.2", PERHAPS),
    Case("unknown", "half", "451 4.4.2", PERHAPS),
    Case("unknown", "no-id", "451 4.4.2", PERHAPS),
    Case("unknown", "huge", "451 4.4.2", PERHAPS),
    Case("unknown", "never", "451 4.4.2", PERHAPS,
         {"timeout": TIMED_OUT_S}),
]


def assert_not_the_opposite(word: str, text: str) -> None:
    """For an SMS that was certainly not sent, and for one with an unknown outcome."""
    assert (PERHAPS in text) == (word == "unknown")
    assert not re.search(r"not.sent|failed", text)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.word} {case.fault}".strip()
                                             for case in CASES])
def test_an_outcome_has_one_word(gateway: Gateway, audit: AuditFolder,
                                 case: Case) -> None:
    gateway.configure(**audit.settings() | {"api": ONE_TRY | case.api})
    gateway.simulator.set_faults(*[case.fault] * bool(case.fault))
    sent = gateway.send(NUMBER, **case.mail)
    assert sent.last.status == case.status

    [number], mail = lines_of_mail(gateway)
    assert number.startswith(f"number={MASKED} state={case.word} ")
    assert mail.startswith(f"outcome={case.word} customer=greenfield ")
    assert [(event["outcome"], event["number"]) for event in audit.events()] == [
        (case.word, MASKED)]
    [record] = records(gateway)
    assert record["state"] == case.word
    for text in (number, mail, record["reason"] or "", *sent.last.lines):
        assert case.words in text or case.word == "sent"
        assert_not_the_opposite(case.word, text)


@pytest.mark.parametrize("others", [(), (OTHER,)], ids=["alone", "and another"])
def test_what_is_not_sent_again_is_unknown_still(gateway: Gateway, audit: AuditFolder,
                                                 others: tuple[str, ...]) -> None:
    """With on-unknown = "refuse" the outcome stays unknown."""
    gateway.configure(**audit.settings() | {"api": ONE_TRY, "on_unknown": "refuse"})
    again = {"Message_ID": "<1@greenfield.sch.example>"}
    gateway.simulator.set_faults(f"no-id,number={PHONE}", "error=Barred")
    assert gateway.send(NUMBER, *others, **again).last.status == "451 4.4.2"
    before = len(gateway.milter.log())
    sent = gateway.send(NUMBER, *others, **again)
    assert sent.last.status.startswith("550 5.")

    log = gateway.milter.log()[before:]
    assert f"number={MASKED} state=unknown status=5.4.2 " in log
    assert "outcome=unknown customer=greenfield " in log
    assert f" refused={len(others)} unknown=1 " in log
    words = ["unknown"] + ["refused"] * len(others)
    assert [event["outcome"] for event in audit.events()][-len(words):] == words
    assert [record["state"] for record in records(gateway)] == words


@pytest.mark.settings(api=ONE_TRY, auto_replies="discard")
def test_what_is_discarded_says_so(gateway: Gateway) -> None:
    sent = gateway.send(NUMBER, OTHER, Auto_Submitted="auto-replied")
    assert sent.last.status == "250 2.0.0"

    numbers, mail = lines_of_mail(gateway)
    assert numbers == [f"number={MASKED} state=discarded",
                       f"number={OTHER_MASKED} state=discarded"]
    assert mail.startswith("outcome=discarded ")


@pytest.mark.settings(api=ONE_TRY)
@pytest.mark.parametrize("faults, states, outcome", [
    ((f"error=No,number={PHONE}",), ("refused", "sent"), "refused"),
    ((f"no-id,number={PHONE}",), ("unknown", "sent"), "unknown"),
    ((f"error=No,number={PHONE}", f"no-id,number={OTHER_PHONE}"),
     ("refused", "unknown"), "unknown"),
])
def test_each_number_has_its_own_word_and_the_mail_the_worst(
        gateway: Gateway, faults: tuple[str, ...], states: tuple[str, ...],
        outcome: str) -> None:
    gateway.simulator.set_faults(*faults)
    gateway.send(NUMBER, OTHER)

    numbers, mail = lines_of_mail(gateway)
    assert [re.match(r"number=\S+ state=(\w+)", line)[1] for line in numbers] == [*states]
    for line, state in zip(numbers, states):
        assert_not_the_opposite(state, line)
    assert mail.startswith(f"outcome={outcome} ")
    counts = {word: states.count(word) for word in ("sent", "refused", "unknown")}
    for word, count in counts.items():
        assert f" {word}={count}" in mail or (word == "unknown" and count == 0)


@pytest.mark.settings(api=ONE_TRY, customers={"greenfield": {"rate": "1/day"}})
def test_of_one_deferred_and_one_unknown_the_sender_hears_of_the_unknown(
        gateway: Gateway) -> None:
    gateway.simulator.set_faults("no-id")
    sent = gateway.send(NUMBER, OTHER)
    assert PERHAPS in sent.last.text

    numbers, mail = lines_of_mail(gateway)
    assert sorted(re.search(r"state=(\w+)", line)[1] for line in numbers) == [
        "deferred", "unknown"]
    assert mail.startswith("outcome=unknown ") and PERHAPS in mail


@pytest.mark.settings(api=ONE_TRY)
def test_what_an_earlier_try_sent_is_sent(gateway: Gateway) -> None:
    again = {"Message_ID": "<1@greenfield.sch.example>"}
    assert gateway.send(NUMBER, **again).last.status == "250 2.0.0"
    [first], _ = lines_of_mail(gateway)
    assert gateway.send(NUMBER, **again).last.status == "250 2.0.0"

    [number], mail = lines_of_mail(gateway)
    assert number.startswith(f"number={MASKED} state=sent earlier=1 api_message_id=")
    assert number.split()[-1] == first.split()[-1]
    assert re.match(r"outcome=sent .*\bsms=1 sent=1 earlier=1 ", mail)


@pytest.mark.settings(api=ONE_TRY)
def test_a_mail_that_nobody_proved_names_client_and_numbers(gateway: Gateway) -> None:
    to = [f"+4477009001{i:02}@sms.local" for i in range(23, 28)]
    assert gateway.send(*to, source=STRANGER).last.status == "550 5.7.1"

    numbers, mail = lines_of_mail(gateway)
    assert numbers == []
    assert re.match("outcome=refused customer=greenfield proof=missing rule=", mail)
    assert f" client={STRANGER} number={MASKED},{OTHER_MASKED},+44*******125,... " in mail
    assert PHONE not in gateway.milter.log()


@pytest.mark.settings(api=ONE_TRY)
def test_a_mail_names_its_client(gateway: Gateway) -> None:
    gateway.send(NUMBER)

    assert f" client={GREENFIELD_RELAY}" in lines_of_mail(gateway)[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_addresses_within_the_site_are_for_the_log_alone(gateway: Gateway,
                                                         scheme: str) -> None:
    with socket.socket() as taken:  # nobody listens, and nobody else can begin to
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        gateway.configure(api=ONE_TRY | {"url": f"{scheme}://127.0.0.1:{port}/"})
        sent = gateway.send(NUMBER, PARENT)
    assert sent.last.status == "451 4.4.1"
    assert sent.last.text == "the SMS service cannot be reached: the connection failed"

    [number], _ = lines_of_mail(gateway)
    assert "127.0.0.1" in number and str(port) in number
    [row] = gateway.journal.rows()
    assert "127.0.0.1" not in row["reason"]


# The manual ------------------------------------------------------------------------


def section(title: str) -> str:
    found = re.search(rf"^\.S[sh] {title}\n(.*?)(?=^\.S[sh] )", MANUAL, re.M | re.S)
    assert found
    return found[1]


def test_the_manual_has_the_words_of_the_code() -> None:
    assert re.findall(r"^\.It Li (\w+)$", section("Outcomes"), re.M) == [*WORDS]
    code = ((TOP / "milter/delivery/verdict.c").read_text() +
            (TOP / "milter/journal/journal_record.c").read_text())
    for word in WORDS:
        assert f'"{word}"' in code
    for page in ("conf/sms-milter.conf.5", "milter/ctl/sms-milterctl.8", "README.md"):
        assert not re.search("sent-earlier|partly-sent", (TOP / page).read_text())


def test_the_manual_shows_a_line_of_each_outcome() -> None:
    shown = section("DIAGNOSTICS")
    for word in WORDS:
        assert f" state={word}" in shown
    assert " outcome=" in shown


@pytest.mark.settings(api=ONE_TRY)
@pytest.mark.parametrize("fault", ["remark=Low", "no-sms", "http=503", "http=500"])
def test_the_manual_explains_every_key_of_a_line(gateway: Gateway, fault: str) -> None:
    gateway.simulator.set_faults(fault)
    gateway.send(NUMBER, body="School is shut.\n\n-- \nThe office")
    gateway.send(NUMBER, source=STRANGER)
    numbers, mail = lines_of_mail(gateway)

    shown = section("DIAGNOSTICS")
    for line in (*numbers, mail):
        for key in re.findall(r"(?:^| )([a-z_]+)=", line.partition(" reason=")[0]):
            assert re.search(rf"\b{key}=", shown) or re.search(rf"^\.Li {key}$", shown, re.M)


LOG_CALL = re.compile(r'\blog_\w+\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
CONVERSION = re.compile(r"(%(?:z|ll?)?[sdu])")


def log_formats() -> list[list[str]]:
    """Every format of a log line, split into regular expressions."""
    sources = [path.read_text() for path in (TOP / "milter").rglob("*.c")]
    formats = ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call)).replace('\\"', '"')
               for source in sources for call in LOG_CALL.findall(source)]
    assert len(formats) > 40
    return [[piece for part in CONVERSION.split(text)
             for piece in ((".*" if part.endswith("s") else r"\d+",)
                           if CONVERSION.fullmatch(part) else map(re.escape, part))]
            for text in formats]


def diagnostics() -> list[str]:
    items = re.findall(r"^\.It Li (.*)$", section("DIAGNOSTICS"), re.M)
    assert len(items) > 15
    return [item.strip('"').replace(r"\(dq", '"') for item in items]


def begins_as(line: str, pieces: list[str]) -> bool:
    """Whether the line begins like one of the formats, and consists mostly of words of the
    code."""
    words = [0, *accumulate(piece not in (".*", r"\d+") for piece in pieces)]
    return any(2 * words[count] > len(line) and re.fullmatch("".join(pieces[:count]), line)
               for count in range(1, len(pieces) + 1))


@pytest.mark.parametrize("shown", diagnostics())
def test_the_manual_shows_lines_as_the_log_has_them(shown: str) -> None:
    whole = not shown.endswith("...") or shown.endswith("reason=...")
    line = shown if whole else shown.removesuffix("...").rstrip(": ")
    assert any(re.fullmatch("".join(pieces), line) if whole else begins_as(line, pieces)
               for pieces in log_formats() if pieces != [".*"])


# The sources ----------------------------------------------------------------------


OLD_WORDS = re.compile(r"not-sent|sent-earlier|partly-sent|\bputs?\s+off\b")
TOLD = [TOP / "README.md", *(TOP / "milter").rglob("*.[ch8]"),
        *(path for path in (TOP / "conf").rglob("*") if path.is_file())]


def told_in(path: Path) -> str:
    """Its text, with those in several pieces and in comments of several lines whole."""
    return re.sub(r'"\n\s*"|\n *(?:#|\*) ', " ", path.read_text())


def test_no_source_and_no_manual_has_the_old_words() -> None:
    assert [path for path in TOLD if OLD_WORDS.search(told_in(path))] == []
