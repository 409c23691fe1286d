# SPDX-License-Identifier: ISC
"""Debian's OpenDKIM and OpenDMARC before the milter, with their own DNS.

They and a name server run in separate network and mount namespaces. Port 53 and
/etc/resolv.conf there belong to them, the real DNS cannot be reached, and nothing on
the machine changes. Postfix, outside, reaches them by unix sockets.
"""

import os
import re
import signal
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Mapping, Sequence

import dkim

from gateway import OFFICE, Gateway
from postfix import HOSTNAME, SNIPPETS, Postfix
from settings import STRANGER
from smtp import SmtpClient, Transaction
from unpacked import unpacked_root
from waiting import LIMIT_S, wait_until

AUTHSERV_ID = HOSTNAME
ORDINARY = f"parent@{Postfix.ORDINARY_DOMAIN}"

GREENFIELD = "greenfield.sch.example"
INFANTS = "infants.greenfield.sch.example"  # an account of its own within Greenfield
OAKHILL = "oakhill.sch.example"
EVIL = "evil.example"  # not a customer

# Loopback addresses pass every SPF record, so the clients give other addresses with
# XCLIENT. The record of each domain names one.
ADDRESSES = {GREENFIELD: "192.0.2.1", INFANTS: "192.0.2.2", OAKHILL: "192.0.2.3",
             EVIL: "192.0.2.66"}
NOBODYS_ADDRESS = "198.51.100.1"
DKIM_ALONE_ADDRESS = "198.51.100.2"  # OpenDMARC does not see its mail

# Keys that the DNS has for every domain: a valid one and a revoked one.
SELECTOR, REVOKED = "school", "revoked"

# A selector of evil.example that OpenDKIM copies unchanged into its field, where the
# comments in it act as white space.
ODD_SELECTOR = f"x(c)header.d={GREENFIELD}(c)"

# A subdomain of Greenfield for which the name server answers only SERVFAIL.
UNANSWERED = f"unanswered.{GREENFIELD}"

# A subdomain whose SPF record leads there.
HALF_ANSWERED = f"half.{GREENFIELD}"

EVERY_FIELD = ("from", "to", "cc", "subject", "date", "message-id")

_SNIPPET_MILTERS = re.search(r"^smtpd_milters = (.+)$",
                             (SNIPPETS / "main.cf").read_text(), re.M)
assert _SNIPPET_MILTERS

# The last milter is sms-milter, as in the snippet.
MAIN_CF = f"""
smtpd_milters =
    {{ unix:filters/opendkim.sock, default_action=tempfail }}
    {{ unix:filters/opendmarc.sock, default_action=tempfail }}
    {_SNIPPET_MILTERS[1]}
smtpd_milter_maps = inline:{{ {{ {DKIM_ALONE_ADDRESS} =
    {{ unix:filters/opendkim.sock, default_action=tempfail }}
    {_SNIPPET_MILTERS[1]} }} }}
smtpd_authorized_xclient_hosts = 127.0.0.0/8
"""

# A server for all of this DNS. A zone whose file is missing gets SERVFAIL.
NSD_CONF = """\
server:
    ip-address: 127.0.0.1
    username: ""
    database: ""
    pidfile: ""
    server-count: 1
    zonesdir: "{folder}"
    xfrdfile: "{folder}/xfrd.state"
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
remote-control:
    control-enable: no
zone:
    name: "."
    zonefile: "root.zone"
zone:
    name: "{unanswered}"
    zonefile: "there-is-none.zone"
"""

ROOT_ZONE = """\
$TTL 60
. SOA localhost. nobody.localhost. 1 3600 600 86400 60
. NS localhost.
localhost. A 127.0.0.1
{half_answered}. TXT "v=spf1 include:{unanswered} -all"
{odd_selector}._domainkey.{evil}. TXT {evil_key}
"""

DOMAIN_RECORDS = """\
{domain}. TXT "v=spf1 ip4:{address} -all"
_dmarc.{domain}. TXT "v=DMARC1; p=reject"
{selector}._domainkey.{domain}. TXT {key}
{revoked}._domainkey.{domain}. TXT "v=DKIM1; k=rsa; p="
"""

# AlwaysAddARHeader: adds a result even if there is no signature. RemoveARAll: as in
# sms-milter.conf(5) for a mail server that removes no fields.
OPENDKIM_CONF = """\
Mode v
AuthservID {authserv_id}
AlwaysAddARHeader yes
RemoveARAll yes
Nameservers 127.0.0.1
Socket local:{socket}
"""

OPENDMARC_CONF = """\
AuthservID {authserv_id}
TrustedAuthservIDs {authserv_id}
RejectFailures false
SPFSelfValidate true
SPFIgnoreResults true
PublicSuffixList {suffixes}
Socket local:{socket}
"""

# Schools are registered below it, as below sch.uk.
PUBLIC_SUFFIXES = "example\nsch.example\n"


class MailAuth:
    """The filters of one Postfix, which has MAIN_CF. They run while the `with` block
    runs."""

    def __init__(self, postfix: Postfix) -> None:
        self.programs = unpacked_root()
        self.postfix = postfix
        self.folder = postfix.directory / "mail-auth"
        self.sockets = postfix.queue / "filters"
        self.keys: dict[str, bytes] = {}
        self._name_server: subprocess.Popen[bytes] | None = None
        self._running = ExitStack()

    def __enter__(self) -> "MailAuth":
        with ExitStack() as starting:
            self._make_folders()
            self.keys = {domain: make_key() for domain in (*ADDRESSES, UNANSWERED)}
            self._write_zones()
            self._start_name_server(starting)
            self._start_filter(starting, "opendkim", OPENDKIM_CONF)
            self._start_filter(starting, "opendmarc", OPENDMARC_CONF)
            self._running = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, where: TracebackType | None) -> None:
        self._running.close()

    def sign(self, message: bytes, domain: str = GREENFIELD, selector: str = SELECTOR,
             fields: Sequence[str] = EVERY_FIELD, has_length: bool = False,
             **tags: str) -> bytes:
        """The message with the domain's signature above it. `has_length`: l= says how
        much of the body is signed, which is all that exists yet. `tags` are added, or
        replace the usual ones."""
        signature = Signature(message, tags)
        return signature.sign(
            selector.encode(), domain.encode(), self.keys[domain], length=has_length,
            include_headers=[name.encode() for name in fields]) + message

    def _make_folders(self) -> None:
        owner = self.postfix.mail_owner
        for folder in (self.folder, self.sockets):
            folder.mkdir()
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        (self.folder / "suffixes").write_text(PUBLIC_SUFFIXES)
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")

    def _write_zones(self) -> None:
        records = [DOMAIN_RECORDS.format(domain=domain, address=address,
                                         selector=SELECTOR, revoked=REVOKED,
                                         key=key_record(self.keys[domain]))
                   for domain, address in ADDRESSES.items()]
        (self.folder / "root.zone").write_text("".join([
            ROOT_ZONE.format(half_answered=HALF_ANSWERED, unanswered=UNANSWERED,
                             odd_selector=re.sub(r"([()])", r"\\\1", ODD_SELECTOR),
                             evil=EVIL, evil_key=key_record(self.keys[EVIL])),
            *records]))
        (self.folder / "nsd.conf").write_text(NSD_CONF.format(
            folder=self.folder, unanswered=UNANSWERED))

    def _start_name_server(self, starting: ExitStack) -> None:
        """Starts the first process in the namespaces, which last as long as one is
        left."""
        log = self.folder / "nsd.log"
        inside = ('ip link set lo up && mount --bind "$1" /etc/resolv.conf && '
                  'exec "$2" -d -c "$3"')
        self._name_server = self._start(
            log, "setpriv", "--pdeathsig", "KILL", "--",
            "unshare", "--net", "--mount", "--", "sh", "-c", inside, "sh",
            self.folder / "resolv.conf", self.programs / "usr/sbin/nsd",
            self.folder / "nsd.conf")
        starting.callback(stop, self._name_server, signal.SIGTERM)
        self._wait_for(lambda: "nsd started" in log.read_text(), self._name_server, log)

    def _start_filter(self, starting: ExitStack, name: str, conf: str) -> None:
        """Runs the filter as Postfix's user, who can then use its socket."""
        owner = self.postfix.mail_owner
        log = self.folder / f"{name}.log"
        config_option = {"opendkim": "-x", "opendmarc": "-c"}[name]
        path = self.sockets / f"{name}.sock"
        conf_file = self.folder / f"{name}.conf"
        conf_file.write_text(conf.format(authserv_id=AUTHSERV_ID, socket=path,
                                         suffixes=self.folder / "suffixes"))
        assert self._name_server
        process = self._start(
            log, "nsenter", "--target", str(self._name_server.pid), "--net",
            "--mount", "--", "setpriv", "--reuid", str(owner.pw_uid), "--regid",
            str(owner.pw_gid), "--clear-groups", "--pdeathsig", "KILL", "--",
            self.programs / "usr/sbin" / name, "-f", config_option, conf_file)
        # It has nothing to save, and would take five seconds to end on SIGTERM.
        starting.callback(stop, process, signal.SIGKILL)
        self._wait_for(lambda: accepts(path), process, log)

    @staticmethod
    def _start(log: Path, *command: str | Path) -> "subprocess.Popen[bytes]":
        with open(log, "wb") as output:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=output, start_new_session=True)

    @staticmethod
    def _wait_for(is_ready: Callable[[], bool], process: "subprocess.Popen[bytes]",
                  log: Path) -> None:
        wait_until(lambda: is_ready() or process.poll() is not None, log.stem)
        if process.poll() is not None:
            raise RuntimeError(f"{log.stem} does not start: {log.read_text()}")


class Chain:
    """A gateway with the filters before it, and clients from any address."""

    def __init__(self, gateway: Gateway, auth: MailAuth) -> None:
        self.gateway = gateway
        self.auth = auth

    def use(self, *methods: str, **changes: Any) -> None:
        """Sets the sender-auth methods of every customer, and changes to the
        settings."""
        customers = {name: {"sender_auth": list(methods), "networks": None}
                     for name in self.gateway.settings()["customers"]}
        self.gateway.configure(authserv_id=AUTHSERV_ID, customers=customers, **changes)

    def send(self, message: bytes, *recipients: str, sender: str = OFFICE,
             address: str = NOBODYS_ADDRESS, way: str = "127.0.0.1") -> Transaction:
        """Sends one mail from a client with that address to that address of the
        server."""
        with SmtpClient(self.gateway.postfix.port, STRANGER, host=way) as client:
            assert client.command(
                f"XCLIENT ADDR={address} NAME=[UNAVAILABLE]").is_good
            assert client.command("EHLO client.example").is_good
            return client.transfer(sender, recipients, message)

    def proof_of(self, send: Callable[[], Transaction]) -> str:
        """Sends a mail that must be accepted, and returns the method that proved its
        sender."""
        pattern = r"outcome=sent .*\bproof=(\S+)"
        count = len(re.findall(pattern, self.gateway.milter.log()))
        sent = send()
        assert sent.last.status == "250 2.0.0", sent.last
        line = self.gateway.milter.wait_for_log(pattern, count + 1)
        found = re.search(pattern, line)
        assert found
        return found[1]

    def results(self, message: bytes, **envelope: str) -> list[str]:
        """The Authentication-Results fields of an ordinary mail, topmost first,
        unfolded. The start of the signature is left out, because it differs between
        runs."""
        self.gateway.postfix.clear()
        assert self.send(message, ORDINARY, **envelope).last.is_good
        [mail] = self.gateway.postfix.delivered(ORDINARY)
        fields = [" ".join(str(value).split())
                  for value in mail.get_all("Authentication-Results", [])]
        return [re.sub(r" header\.b=[^ ;]+", "", text) for text in fields]


def accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(LIMIT_S)


def make_key() -> bytes:
    return subprocess.run(["openssl", "genrsa", "-traditional", "2048"], check=True,
                          capture_output=True).stdout


def key_record(key: bytes) -> str:
    """The DNS record of the key, in strings as long as TXT records allow."""
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, check=True,
                            capture_output=True).stdout.decode()
    base64 = "".join(line for line in public.splitlines() if "-----" not in line)
    text = f"v=DKIM1; k=rsa; p={base64}"
    return " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250))


class Signature(dkim.DKIM):
    """A signature in which a test may set tags that dkimpy does not offer, or tags with
    other values: t=, x=, i=."""

    def __init__(self, message: bytes, tags: Mapping[str, str]) -> None:
        super().__init__(message)
        self._tags = {name.encode(): value.encode() for name, value in tags.items()}

    def gen_header(self, fields: list[tuple[bytes, bytes]], *arguments: Any,
                   **options: Any) -> bytes:
        """b= comes last and is computed over all others."""
        tags = dict(fields[:-1]) | self._tags
        return super().gen_header([*tags.items(), fields[-1]], *arguments, **options)
