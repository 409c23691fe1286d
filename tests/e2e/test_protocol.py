# SPDX-License-Identifier: ISC
"""The milter protocol, spoken by a client that is no mail server of good manners."""

import re
import socket
import struct
from pathlib import Path

from gateway import Gateway
from settings import GREENFIELD_RELAY
from waiting import SLOWNESS

NUMBER = "+447700900123@sms.local"


class MilterClient:
    """Sends packets (a length of four octets, a command, data) and reads the answers."""

    def __init__(self, gateway: Gateway) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20 * SLOWNESS)
        self.socket.connect(str(gateway.postfix.milter_socket))

    def __enter__(self) -> "MilterClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, command: bytes, data: bytes = b"") -> None:
        self.socket.sendall(struct.pack("!I", 1 + len(data)) + command + data)

    def read(self) -> tuple[bytes, bytes]:
        """The next answer; (b"", b"") when the filter has hung up."""
        head = self.socket.recv(4, socket.MSG_WAITALL)
        if len(head) < 4:
            return b"", b""
        body = self.socket.recv(struct.unpack("!I", head)[0], socket.MSG_WAITALL)
        return body[:1], body[1:]

    def ask(self, command: bytes, data: bytes = b"") -> bytes:
        self.send(command, data)
        return self.read()[0]

    def begin(self) -> None:
        """Negotiates all that version 6 knows, and tells of a client."""
        self.send(b"O", struct.pack("!III", 6, 0x1FF, 0x1FFFFF))
        assert self.read()[0] == b"O"
        self.send(b"C", b"client.example\0" + b"4" + struct.pack("!H", 25) +
                  GREENFIELD_RELAY.encode() + b"\0")


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
    gateway.milter.wait_for_log("milter_protocol = 6")
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
    """The old key goes with the configuration that held it; what libraries were given of
    it was wiped. The memory is read as root, past what protects it from others."""
    many = [f"+4477009{n:05}@sms.local" for n in range(40)]
    assert gateway.send(*many, body="x" * 500).end.status == "250 2.0.0"
    old = gateway.simulator.customers["1469"].encode()
    key_file = gateway.milter.folder / "greenfield.key"
    gateway.milter.write_secret(key_file, "another-k3y\n")
    try:
        gateway.milter.reload()
        gateway.milter.wait_for_log("reloaded")
        assert gateway.send(NUMBER).end.status == "550 5.7.1"
        assert count_in_memory(gateway.milter.process.pid, old) == 0
        assert count_in_memory(gateway.milter.process.pid, b"another-k3y") > 0
    finally:
        gateway.milter.stop()  # the next test has the right key again


# AddressSanitizer's own regions, which hold none of the program's data, are terabytes.
LARGEST_REGION = 1 << 28


def count_in_memory(pid: int, needle: bytes) -> int:
    count = 0
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not found:
                continue
            start, end = (int(place, 16) for place in found.groups())
            if end - start > LARGEST_REGION:
                continue
            memory.seek(start)
            count += memory.read(end - start).count(needle)
    return count
