# SPDX-License-Identifier: ISC
"""The milter protocol, spoken by a client that does not follow the rules."""

import itertools
import re
import socket
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterable, Iterator, TypeVar

import pytest

from gateway import OFFICE, Gateway
from preload import HastyClock, LittleMemory, NoThreads, Preload
from settings import GREENFIELD_RELAY, STRANGER
from waiting import LIMIT_S, wait_until

NUMBER = "+447700900123@sms.local"
OTHER = "+447700900124@sms.local"

ALL_ACTIONS, ALL_STEPS = 0x1FF, 0x1FFFFF
NO_DATA = 0x200  # SMFIP_NODATA, which is all that the filter insists on

Packet = tuple[bytes, bytes]


def negotiation(steps: int = ALL_STEPS) -> Packet:
    return b"O", struct.pack("!III", 6, ALL_ACTIONS, steps)


def connection(address: str = GREENFIELD_RELAY) -> Packet:
    return b"C", (b"client.example\0" + b"4" + struct.pack("!H", 25) +
                  address.encode() + b"\0")


def sender(address: str = OFFICE) -> Packet:
    return b"M", f"<{address}>\0".encode()


def recipient(address: str = NUMBER) -> Packet:
    return b"R", f"<{address}>\0".encode()


RECIPIENT = recipient()
CONTENT = ((b"L", b"Subject\0Word\0"), (b"N", b""), (b"B", b"School is shut.\r\n"))
MAIL = (sender(), RECIPIENT, (b"T", b""), *CONTENT, (b"E", b""))

# All that a peer may send, as a mail server would word it.
COMMANDS: dict[str, Packet] = {
    "abort": (b"A", b""), "body": (b"B", b"text"), "connect": connection(),
    "macros": (b"D", b"Mi\0004bXyz1\0"), "end": (b"E", b""), "end with body": (b"E", b"x"),
    "helo": (b"H", b"client.example\0"), "quit, new connection": (b"K", b""),
    "header": (b"L", b"Subject\0Word\0"), "mail": sender(), "end of header": (b"N", b""),
    "negotiation": negotiation(), "quit": (b"Q", b""), "rcpt": RECIPIENT,
    "data": (b"T", b""), "unknown": (b"U", b"HELP\0"),
}


class MilterClient:
    """Sends packets (a length of four octets, a command, data) and reads the answers."""

    def __init__(self, gateway: Gateway, path: Path | None = None) -> None:
        """`path` is another name of the filter's socket."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT_S)
        self.socket.connect(str(path or gateway.postfix.milter_socket))

    def __enter__(self) -> "MilterClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, command: bytes, data: bytes = b"") -> None:
        self.socket.sendall(struct.pack("!I", 1 + len(data)) + command + data)

    def read(self) -> tuple[bytes, bytes]:
        """The next answer; (b"", b"") if the filter has closed the connection."""
        try:
            head = self.socket.recv(4, socket.MSG_WAITALL)
        except ConnectionResetError:  # it has, with a packet of ours not yet read
            return b"", b""
        if len(head) < 4:
            return b"", b""
        body = self.socket.recv(struct.unpack("!I", head)[0], socket.MSG_WAITALL)
        return body[:1], body[1:]

    def read_until(self, commands: bytes) -> tuple[bytes, bytes]:
        """The next answer that is one of these; (b"", b"") as above."""
        while (answer := self.read())[0] not in commands:
            pass
        return answer

    def ask(self, command: bytes, data: bytes = b"") -> bytes:
        self.send(command, data)
        return self.read()[0]

    def begin(self) -> None:
        """Negotiates all that version 6 knows, and names a client."""
        self.send(*negotiation())
        assert self.read()[0] == b"O"
        self.send(*connection())

    def send_all(self, packets: Iterable[Packet]) -> None:
        """Does not wait for an answer."""
        for packet in packets:
            try:
                self.send(*packet)
            except BrokenPipeError:
                break  # behind a quit

    def converse(self, packets: Iterable[Packet]) -> list[bytes]:
        """Sends these packets without waiting for an answer, and returns all answers."""
        self.send_all(packets)
        return self.finish()

    def finish(self) -> list[bytes]:
        """Sends nothing more, and returns all answers that are not read yet, after the
        filter has closed the connection."""
        self.socket.shutdown(socket.SHUT_WR)
        answers = []
        while (answer := self.read())[0]:
            answers.append(b"".join(answer))
        return answers


def converse(gateway: Gateway, packets: Iterable[Packet]) -> list[bytes]:
    """The same in a new connection."""
    with MilterClient(gateway) as client:
        return client.converse(packets)


def assert_still_sends(gateway: Gateway) -> None:
    assert gateway.milter.is_running()
    assert gateway.send(NUMBER).end.status == "250 2.0.0"


def test_the_end_of_a_mail_that_left_out_data_is_harmless(gateway: Gateway) -> None:
    with MilterClient(gateway) as client:
        client.begin()
        client.send(b"M", b"<u@nobody.example>\0")
        assert client.ask(b"R", b"<x@ordinary.example>\0") == b"c"
        client.send(b"N")
        assert client.ask(b"E") in (b"a", b"c")
    assert_still_sends(gateway)


def test_a_recipient_before_any_sender_is_harmless(gateway: Gateway) -> None:
    with MilterClient(gateway) as client:
        client.begin()
        client.send(b"R", f"<{NUMBER}>\0".encode())  # libmilter gives no answer to this
        client.send(b"M", b"<office@greenfield.sch.example>\0")
        assert client.ask(b"R", f"<{NUMBER}>\0".encode()) == b"c"
    assert gateway.simulator.messages() == []
    assert_still_sends(gateway)


def test_an_old_protocol_is_refused_with_a_word_in_the_log(gateway: Gateway) -> None:
    with MilterClient(gateway) as client:
        client.send(b"O", struct.pack("!III", 2, 0x3F, 0x7F))
        assert client.read()[0] != b"O"
    gateway.milter.expect_of_libmilter("st_optionneg.*xxfi_negotiate returned")
    gateway.milter.wait_for_log("milter_protocol = 6")
    assert_still_sends(gateway)


# Order -----------------------------------------------------------------------

OPENINGS: dict[str, tuple[Packet, ...]] = {
    "nothing": (),
    "helo": (COMMANDS["helo"],),
    "unknown": (COMMANDS["helo"], COMMANDS["unknown"]),
    "negotiation": (negotiation(),),
    "a client": (negotiation(), connection()),
    "a sender": (negotiation(), connection(), sender()),
    "a recipient": (negotiation(), connection(), sender(), RECIPIENT),
    "a body": (negotiation(), connection(), *MAIL[:-1]),
    "a mail": (negotiation(), connection(), *MAIL),
    "abort": (negotiation(), connection(), sender(), RECIPIENT, (b"A", b"")),
    "a new connection": (negotiation(), connection(), sender(), (b"A", b""), (b"K", b"")),
    "a new one before any": (*[COMMANDS[n] for n in ("helo", "unknown")], (b"K", b"")),
}


@pytest.mark.parametrize("opening", OPENINGS)
def test_any_two_commands_behind_any_opening_harm_nobody(gateway: Gateway,
                                                         opening: str) -> None:
    """Each pair has its own connection, while another mail is being processed."""
    with MilterClient(gateway) as witness:
        witness.begin()
        witness.send(*sender())
        assert witness.ask(*RECIPIENT) == b"c"
        for first, second in itertools.product(COMMANDS.values(), repeat=2):
            for answer in converse(gateway, (*OPENINGS[opening], first, second)):
                assert answer[:1] in b"acdrstyO", answer
        before = gateway.texts()
        assert witness.ask(b"T") == b"c"
        for packet in CONTENT[:-1]:
            witness.send(*packet)
        assert witness.ask(b"B", b"I am the witness.\r\n") in (b"c", b"s")
        assert witness.ask(b"E") == b"d"
    assert gateway.texts()[len(before):] == [(NUMBER.split("@")[0], "Word: I am the witness.")]
    assert_still_sends(gateway)


@pytest.mark.parametrize("packets", [
    (b"HM", b"M"), (b"HMR", b"R"), (b"U", b""), (b"HUR", b"UR"), (b"HUT", b"T"),
    (b"HUB", b"B"), (b"HUKC", b"C")], ids=lambda packets: packets[0].decode())
def test_a_command_before_negotiation_is_deferred_with_words(
        gateway: Gateway, packets: tuple[bytes, bytes]) -> None:
    by_letter = {packet[0]: packet for packet in COMMANDS.values() if packet[1] != b"x"}
    sent, _ = packets
    answers = converse(gateway, (by_letter[bytes([letter])] for letter in sent))
    for answer in answers:
        assert answer == b"c" or answer.startswith(b"y451 4.5.1 "), answer
    assert_still_sends(gateway)


def test_a_recipient_never_counts_for_the_sender_of_another_mail(
        gateway: Gateway) -> None:
    """After an abort or the end of a mail there is no sender any more, although libmilter
    passes the recipient on."""
    begin = (negotiation(), connection())
    for before in ((sender(), (b"A", b"")), (sender(), RECIPIENT, (b"A", b"")),
                   (sender(), (b"A", b""), (b"U", b"X\0")), (*MAIL, (b"U", b"X\0"))):
        *_, answer = converse(gateway, (*begin, *before, RECIPIENT))
        assert answer.startswith(b"y451 4.5.1 ") or answer == b"d", answer
        converse(gateway, (*begin, *before, RECIPIENT, (b"T", b""),
                           (b"L", b"Subject\0Stolen\0"), *MAIL[4:]))
    assert {text for _, text in gateway.texts()} == {"Word: School is shut."}
    assert_still_sends(gateway)


@pytest.mark.parametrize("between", [
    (b"UH", b""), (b"UCU", b""), (b"UHU", b""), (b"UCA", b""), (b"UEU", b""), (b"UKU", b""),
    (b"UO", b""), (b"H", b""), (b"HU", b""), (b"CU", b""), (b"AU", b""), (b"EU", b"")],
    ids=lambda between: between[0].decode())
def test_what_ends_a_mail_ends_it_where_libmilter_passes_over_it(
        gateway: Gateway, between: tuple[bytes, bytes]) -> None:
    """After an unknown command, libmilter treats most commands as misplaced, and does not
    call abort."""
    by_letter = {packet[0]: packet for packet in COMMANDS.values() if packet[1] != b"x"}
    letters, _ = between
    passed_over = [by_letter[bytes([letter])] for letter in letters + b"U"]
    converse(gateway, (negotiation(), connection(), sender(), *passed_over, RECIPIENT,
                       *MAIL[2:]))
    converse(gateway, (negotiation(), connection(), sender(), RECIPIENT, *passed_over,
                       (b"R", f"<{OTHER}>\0".encode()), *MAIL[2:]))
    assert gateway.texts() == []
    assert_still_sends(gateway)


def test_a_new_connection_on_the_socket_forgets_the_old_client(gateway: Gateway) -> None:
    """It keeps what was negotiated, and nothing else."""
    first = (negotiation(), connection(), sender(), (b"A", b""), (b"K", b""))
    answers = converse(gateway, (*first, *MAIL))
    assert answers[-1].startswith(b"y550 5.7.1 "), answers  # from nowhere
    answers = converse(gateway, (*first, connection(STRANGER), *MAIL))
    assert answers[-1].startswith(b"y550 5.7.1 "), answers
    assert gateway.texts() == []
    answers = converse(gateway, (*first, connection(), *MAIL))
    assert answers[-1] == b"d"
    assert len(gateway.texts()) == 1


def test_a_new_connection_behind_a_mail_forgets_the_old_client(gateway: Gateway) -> None:
    """libmilter ignores this command, and the client that follows it."""
    first = (negotiation(), connection(), *MAIL, (b"K", b""))
    stolen = (sender(), RECIPIENT, (b"T", b""), (b"L", b"Subject\0Stolen\0"), *MAIL[4:])
    for client in ((), (connection(STRANGER),), (connection(),)):
        answers = converse(gateway, (*first, *client, *stolen))
        assert answers[-1].startswith(b"y550 5.7.1 "), answers
    assert {text for _, text in gateway.texts()} == {"Word: School is shut."}


def test_a_new_connection_forgets_the_login(gateway: Gateway) -> None:
    login = (b"D", b"M{auth_authen}\0" + OFFICE.encode() + b"\0")
    first = (negotiation(), connection(STRANGER), login, *MAIL, (b"K", b""))
    answers = converse(gateway, first)
    assert answers[-1] == b"d", answers
    for client in ((), (connection(STRANGER),)):
        answers = converse(gateway, (*first, *client, *MAIL))
        assert answers[-1].startswith(b"y550 5.7.1 "), answers


def test_the_end_of_a_message_answers_once_for_its_last_piece(gateway: Gateway) -> None:
    begin = (negotiation(), connection())
    for last in (b"School is shut.\r\n", b"x" * 60_000):
        for count in (0, 20):  # more than max-message-size, too
            pieces = ((b"B", b"y" * 60_000),) * count
            answers = converse(gateway, (*begin, *MAIL[:5], *pieces, (b"E", last)))
            assert answers[-1] == b"d" and answers[-2] in (b"c", b"s"), answers
    assert len(gateway.texts()) == 4


# Replies -----------------------------------------------------------------------

def test_what_no_reply_was_negotiated_for_gets_none(gateway: Gateway) -> None:
    offer, *others = converse(gateway, (negotiation(), connection(),
                                        COMMANDS["helo"], *MAIL))
    assert offer[:1] == b"O"
    assert others == [b"c", b"c", b"c", b"d"]  # RCPT, DATA, body, end


def test_a_mail_server_that_waits_for_every_reply_gets_it(gateway: Gateway) -> None:
    _, *others = converse(gateway, (negotiation(NO_DATA), connection(),
                                    COMMANDS["helo"], *MAIL))
    assert others == [b"c"] * 8 + [b"d"]


def test_each_reply_is_left_out_by_itself(gateway: Gateway) -> None:
    """SMFIP_NR_* of header, connect, HELO, MAIL and end of header."""
    for step in (0x80, 0x1000, 0x2000, 0x4000, 0x40000):
        _, *others = converse(gateway, (negotiation(NO_DATA | step), connection(),
                                        COMMANDS["helo"], *MAIL))
        assert others == [b"c"] * 7 + [b"d"], hex(step)


def test_libmilter_writes_to_our_log(gateway: Gateway) -> None:
    """In all other tests, libmilter must not log anything there."""
    gateway.milter.expect_of_libmilter("st_optionneg")
    assert converse(gateway, [(b"O", b"short")]) == []
    gateway.milter.wait_for_log("^sms-milter: libmilter: .*len too short")


# The machine has no more ---------------------------------------------------------


Loaded = TypeVar("Loaded", bound=Preload)


@contextmanager
def preloaded(gateway: Gateway, kind: type[Loaded]) -> Iterator[Loaded]:
    """The milter runs with this preload."""
    gateway.milter.stop()
    preload = kind(gateway.milter, gateway.make_folder())
    try:
        gateway.configure()
        yield preload
    finally:
        gateway.milter.stop()
        preload.remove()


def test_a_connection_without_memory_is_deferred_with_words(gateway: Gateway) -> None:
    with preloaded(gateway, LittleMemory) as memory:
        memory.use_up()
        with MilterClient(gateway) as client, gateway.connect() as of_postfix:
            assert client.ask(*negotiation()) == b"O"
            memory.give_back()
            for packet in (connection(), sender()):
                client.send(*packet)
                assert client.read() == (b"y", b"451 4.3.0 no memory\0")
            assert str(of_postfix.mail(OFFICE)) == "451 4.3.0 no memory"
        assert_still_sends(gateway)


def test_a_connection_without_a_thread_is_over_and_the_next_has_one(
        gateway: Gateway) -> None:
    """libmilter itself would end the daemon at the 16th."""
    with preloaded(gateway, NoThreads) as threads:
        threads.use_up()
        for _ in range(20):
            with MilterClient(gateway) as client:
                assert client.read() == (b"", b"")
        assert gateway.send(NUMBER).last.status == "451 4.7.1"
        gateway.milter.wait_for_log("no thread for a connection .*: Resource temporarily")
        threads.give_back()
        assert_still_sends(gateway)


def test_a_connection_that_never_sends_anything_is_over_after_two_hours(
        gateway: Gateway) -> None:
    """It would keep a thread and a descriptor for ever."""
    with preloaded(gateway, HastyClock) as clock, MilterClient(gateway) as silent:
        clock.begin()
        assert silent.read() == (b"", b"")
        assert gateway.milter.is_running()


# Another libmilter ------------------------------------------------------------------

def symbolic(library: bytes) -> bytes:
    """A library that calls its own functions, whatever the program defines, as if linked
    with -Bsymbolic. Its dynamic section has space for one more entry."""
    no_more, is_symbolic, dynamic = 0, 16, 2  # DT_NULL, DT_SYMBOLIC, PT_DYNAMIC
    headers, = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    segments = [struct.unpack_from("<IIQQQQ", library, headers + i * size)
                for i in range(count)]
    begin, length = next((s[2], s[5]) for s in segments if s[0] == dynamic)
    end = next(i for i in range(begin, begin + length, 16)
               if struct.unpack_from("<q", library, i)[0] == no_more)
    assert library[end:end + 32] == bytes(32)
    return library[:end] + struct.pack("<qQ", is_symbolic, 0) + library[end + 16:]


@contextmanager
def another_libmilter(gateway: Gateway, factory: pytest.TempPathFactory,
                      change: Callable[[bytes], bytes]) -> Iterator[None]:
    """From its next start, the daemon uses a libmilter with this change."""
    program = subprocess.run(["ldd", gateway.milter.program], capture_output=True,
                             text=True, check=True)
    path = re.search(r"(libmilter\S+) => (\S+)", program.stdout)
    assert path
    folder = gateway.postfix.directory / factory.mktemp("library").name
    folder.mkdir()
    (folder / path[1]).write_bytes(change(Path(path[2]).read_bytes()))
    gateway.milter.environment["LD_LIBRARY_PATH"] = str(folder)
    gateway.milter.stop()
    try:
        yield
    finally:
        gateway.milter.stop()
        del gateway.milter.environment["LD_LIBRARY_PATH"]


@pytest.fixture
def unguarded(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory
              ) -> Iterator[Gateway]:
    with another_libmilter(gateway, tmp_path_factory, symbolic):
        gateway.configure()
        yield gateway


def test_a_libmilter_that_cannot_be_guarded_is_warned_of(unguarded: Gateway) -> None:
    """It warns once. No mail is lost, however the daemon ends."""
    begin = (negotiation(), connection())
    for last in (b"", b"School is shut.\r\n"):
        pieces = ((b"B", b"y" * 60_000),) * 20  # more than max-message-size
        answers = converse(unguarded, (*begin, *MAIL[:5], *pieces, (b"E", last)))
        assert answers[-1] == b"d", answers
    assert len(unguarded.texts()) == 2
    unguarded.milter.wait_for_log("does not let sms-milter check its packets")
    assert unguarded.milter.log().count("does not let sms-milter check its packets") == 1


def without_sigwait(library: bytes) -> bytes:
    """A library that waits for signals with another function of the C library."""
    before, name, behind = library.partition(b"\0sigwait\0")
    assert name and b"\0sigwait\0" not in behind
    return before + b"\0pause\0".ljust(len(name), b"\0") + behind


def test_a_libmilter_that_would_cut_off_mails_is_refused(
        gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The daemon does not start. A mail that comes meanwhile is deferred."""
    with another_libmilter(gateway, tmp_path_factory, without_sigwait):
        with ThreadPoolExecutor(1) as pool:
            starting = pool.submit(gateway.configure)
            wait_until(lambda: gateway.milter.process is not None
                       and gateway.milter._accepts(), "the socket")
            answers = converse(gateway, (negotiation(), connection(), *MAIL))
            with pytest.raises(RuntimeError, match="wait for signals with sigwait"):
                starting.result()
        process, gateway.milter.process = gateway.milter.process, None
        assert process and process.returncode == 69
        assert answers[-1].startswith(b"y451 4.3.2"), answers
        assert "ready" not in gateway.milter.log()
        assert not gateway.postfix.milter_socket.exists()
        assert gateway.texts() == []


# Broken packets ------------------------------------------------------------------

@pytest.mark.parametrize("macros", [
    b"M", b"M\0", b"Mi\0", b"Mi", b"Mi\0x", b"Mi\0x\0v\0", b"M\0\0\0",
    b"Mi\0x\0{auth_authen}\0", b"C" + b"a\0" * 30_001, b"R{rcpt_addr}\0", b"?i\0"],
    ids=lambda macros: repr(macros[:24]))
def test_macros_without_a_value_are_ignored(gateway: Gateway, macros: bytes) -> None:
    answers = converse(gateway, (negotiation(), connection(), (b"D", macros), *MAIL))
    assert answers[-1] == b"d", answers
    assert_still_sends(gateway)


@pytest.mark.parametrize("packet", [
    b"\0\0\0\0", b"\0\0\0\1", b"\0\0\0\1H", b"\0\0\0\1M", b"\0\0\0\1C", b"\0\0\0\1D", b"\0\0\0\5H",
    b"\0\0\0\4Hxyz", b"\0\0\0\4Mxyz", b"\0\0\0\4Rxyz", b"\0\0\0\2M\0", b"\0\0\0\2R\0",
    b"\0\0\0\4Cxyz", b"\0\0\0\3Cx\0", b"\0\0\0\4Cx\0004", b"\0\0\0\6Cx\0004\0\x19",
    b"\0\0\0\7Cx\0004\0\x19x", b"\0\0\0\10Cx\0L\0\0/\0", b"\0\0\0\4Cx\0U",
    b"\0\0\0\3Lx\0", b"\0\0\0\3L\0\0", b"\0\0\0\2L\0", b"\0\0\0\4Lx\0y",
    b"\0\1\0\0B", b"\0\1\0\1B", b"\x7f\xff\xff\xffB", b"\x80\0\0\0B",
    b"\xff\xff\xff\xffB", b"\0\0\0\1~", b"\0\0\0\1\0"], ids=repr)
def test_a_broken_packet_ends_no_more_than_its_connection(gateway: Gateway,
                                                          packet: bytes) -> None:
    gateway.milter.expect_of_libmilter("connect|mi_rd_cmd")
    for opening in ("nothing", "negotiation", "a client", "a recipient", "a body"):
        with MilterClient(gateway) as client:
            for good in OPENINGS[opening]:
                client.send(*good)
            client.socket.sendall(packet)
            client.finish()
    assert_still_sends(gateway)


def test_a_client_that_hangs_up_is_forgotten(gateway: Gateway) -> None:
    for command in (b"", b"O", b"\xff\xff\xff\xff"):
        with MilterClient(gateway) as client:
            client.socket.sendall(command)
    assert_still_sends(gateway)


def test_text_behind_a_large_attachment_is_not_lost_silently(gateway: Gateway) -> None:
    part = b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = (b"Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part +
               b"QUJDREVGR0g=\r\n" * 2000 + b"\r\n--b\r\n\r\nThe real text\r\n--b--\r\n")
    gateway.configure(max_message_size=16384)
    sent = gateway.send(NUMBER, message=message)
    assert sent.end.status == "552 5.3.4"
    assert gateway.simulator.messages() == []


def test_a_key_that_was_replaced_is_nowhere_in_memory(gateway: Gateway) -> None:
    """The old key is gone with its configuration, and what libraries got of it was wiped.
    The test reads the memory as root, because it is protected from others."""
    many = [f"+4477009{n:05}@sms.local" for n in range(40)]
    assert gateway.send(*many, body="x" * 500).end.status == "250 2.0.0"
    old = gateway.simulator.customers["1469"].encode()
    key_file = gateway.milter.folder / "greenfield.key"
    gateway.milter.write_secret(key_file, "another-k3y\n")
    try:
        gateway.milter.reload()
        gateway.milter.wait_for_log("reloaded")
        assert gateway.send(NUMBER).end.status == "451 4.7.0"
        assert count_in_memory(gateway.milter.process.pid, old) == 0
        assert count_in_memory(gateway.milter.process.pid, b"another-k3y") > 0
    finally:
        gateway.milter.stop()  # the next test has the right key again


# AddressSanitizer's own regions, which hold none of the program's data, are terabytes.
LARGEST_REGION = 1 << 28


def count_in_memory(pid: int, needle: bytes) -> int:
    """If a thread ends meanwhile, its stack is gone; then the memory is read again."""
    counts: list[int] = []

    def has_counted() -> bool:
        try:
            counts.append(sum(region.count(needle) for region in regions(pid)))
        except OSError:
            return False
        return True

    wait_until(has_counted, "memory that stays where it is")
    return counts[0]


def regions(pid: int) -> Iterator[bytes]:
    """The contents of all regions that can be written to."""
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not found:
                continue
            start, end = (int(place, 16) for place in found.groups())
            if end - start > LARGEST_REGION:
                continue
            memory.seek(start)
            yield memory.read(end - start)
