# SPDX-License-Identifier: ISC
"""A private Postfix: Debian's own programs, run from an unpacked package.

Nothing is installed, no service or MTA of the machine is changed, and any number of
instances may run in parallel. tests/install-packages unpacks the package. The snippets
of conf/postfix are used unchanged.
"""

import email.policy
import email.parser
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Sequence

from unpacked import unpacked_root
from waiting import LIMIT_S, wait_until

SOURCE_DIR = Path(__file__).resolve().parents[2]
SNIPPETS = SOURCE_DIR / "conf" / "postfix"

HOSTNAME = "mx.example.org"

# Postfix requires accounts whose numbers nobody else has. These exist in every Debian
# and own nothing here.
MAIL_OWNER, SETGID_GROUP, UNPRIVILEGED = "news", "uucp", "nobody"

# Stands for Debian's /usr/bin/sms-milterctl in the snippet. pipe(8) expands no main.cf
# parameters in argv and sets its own PATH, so this one path is replaced.
CTL_IN_SNIPPET = "/usr/bin/sms-milterctl"

# Debian's main.cf comes first, then the lines that make an instance private, then those
# that keep tests off the network: no DNS, and one maildir for all other domains.
MAIN_CF = """\
compatibility_level = 3.6
biff = no
append_dot_mydomain = no
recipient_delimiter = +
smtpd_relay_restrictions =
    permit_mynetworks permit_sasl_authenticated defer_unauth_destination

command_directory = {programs}/usr/sbin
daemon_directory = {programs}/usr/lib/postfix/sbin
shlib_directory = {programs}/usr/lib/postfix
meta_directory = {config}
queue_directory = {queue}
data_directory = {data}
mail_owner = {mail_owner}
setgid_group = {setgid_group}
default_privs = {unprivileged}
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH
export_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH
maillog_file = {log}
maillog_file_prefixes = {directory}

myhostname = {hostname}
mydestination =
mynetworks = 127.0.0.1/32
inet_interfaces = loopback-only
inet_protocols = ipv4
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtp_dns_support_level = disabled
notify_classes =
smtpd_error_sleep_time = 0
smtpd_junk_command_limit = 10000
smtpd_timeout = {limit_s}s
milter_connect_timeout = {limit_s}s
milter_command_timeout = {limit_s}s
milter_content_timeout = {limit_s}s
local_recipient_maps =
alias_maps =
virtual_mailbox_domains = {ordinary_domain}
virtual_mailbox_maps = static:delivered/
virtual_mailbox_base = {directory}
virtual_uid_maps = static:{unprivileged_uid}
virtual_gid_maps = static:{unprivileged_gid}
default_transport = virtual

smtpd_sasl_auth_enable = yes
"""

# The services in a chroot are those of Debian's master.cf, except the first smtpd,
# because Cyrus SASL opens its files late.
MASTER_CF = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{strict_port} inet n - y - - smtpd
    -o smtpd_sasl_auth_enable=no
    -o relay_recipient_maps=inline:{{@sms.local=SMS}}
pickup    unix  n - y 60 1 pickup
cleanup   unix  n - y - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - y 1000? 1 tlsmgr
rewrite   unix  - - y - - trivial-rewrite
bounce    unix  - - y - 0 bounce
defer     unix  - - y - 0 bounce
trace     unix  - - y - 0 bounce
verify    unix  - - y - 1 verify
proxymap  unix  - - n - - proxymap
error     unix  - - y - - error
retry     unix  - - y - - error
virtual   unix  - n n - - virtual
anvil     unix  - - y - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""

SASL_CONF = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {sasl}/sasldb2
mech_list: PLAIN LOGIN
"""

QUEUE_DIRECTORIES = ("active", "bounce", "corrupt", "defer", "deferred", "flush",
                     "hold", "incoming", "private", "saved", "trace")
QUEUES_AT_WORK = ("maildrop", "incoming", "active")
QUEUES_ON_THE_WAY = (*QUEUES_AT_WORK, "deferred", "hold")


class Postfix:
    """One running Postfix, from start() to stop(), or during its `with` block."""

    ORDINARY_DOMAIN = "ordinary.example"
    LOGINS = {"office@greenfield.sch.example": "tops3cret", "alarm": "b3lls"}

    def __init__(self, main_cf: str = "") -> None:
        """`main_cf` contains additional lines, which override those of the snippet."""
        if os.geteuid() != 0:
            raise PermissionError("a private Postfix needs root: use sudo")
        self.programs = unpacked_root()
        self.directory = Path(tempfile.mkdtemp(prefix="sms-milter-test-", dir="/tmp"))
        self.directory.chmod(0o755)
        self.queue = self.directory / "queue"
        self.config = self.directory / "postfix"
        self.log_file = self.directory / "maillog"
        self.milter_socket = self.queue / "sms-milter" / "milter.sock"
        self.ctl = self.directory / "bin" / "sms-milterctl"
        self.mail_owner = pwd.getpwnam(MAIL_OWNER)
        self.port = 0
        self.strict_port = 0  # in a chroot; knows the recipients it relays for
        self._own_main_cf = main_cf
        self._log_start = 0
        self._master: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "LD_LIBRARY_PATH": str(self.programs / "usr/lib/postfix"),
            "MAIL_CONFIG": str(self.config)}

    def __enter__(self) -> "Postfix":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None, where: TracebackType | None) -> None:
        self.stop()

    # Starting and stopping -------------------------------------------------

    def start(self) -> None:
        """Returns when smtpd greets."""
        try:
            self._make_folders()
            self._make_logins()
            self._start_master_on_free_ports()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops every process and removes every file of this instance."""
        if self._master:
            self._stop_master()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _make_folders(self) -> None:
        owner = self.mail_owner
        for name in ("postfix", "bin", "queue", "queue/pid"):
            (self.directory / name).mkdir()
        for name in QUEUE_DIRECTORIES:
            self._make_folder(self.queue / name, owner.pw_uid, 0, 0o700)
        setgid = grp.getgrnam(SETGID_GROUP).gr_gid
        self._make_folder(self.queue / "public", owner.pw_uid, setgid, 0o710)
        self._make_folder(self.queue / "maildrop", owner.pw_uid, setgid, 0o730)
        self._make_folder(self.directory / "data", owner.pw_uid, 0, 0o700)
        nobody = pwd.getpwnam(UNPRIVILEGED)
        self._make_folder(self.directory / "delivered", nobody.pw_uid,
                          nobody.pw_gid, 0o700)

    @staticmethod
    def _make_folder(path: Path, uid: int, gid: int, mode: int) -> None:
        path.mkdir()
        os.chown(path, uid, gid)
        path.chmod(mode)

    def _make_logins(self) -> None:
        sasl = self.config / "sasl"  # the only place where Debian's Postfix looks
        sasl.mkdir()
        (sasl / "smtpd.conf").write_text(SASL_CONF.format(sasl=sasl))
        for login, password in self.LOGINS.items():
            self.add_login(login, password)

    def add_login(self, login: str, password: str) -> None:
        """Adds a login. One without a domain belongs to this host."""
        file = self.config / "sasl" / "sasldb2"
        user, _, domain = login.partition("@")
        subprocess.run(
            [self.programs / "usr/sbin/saslpasswd2", "-p", "-c", "-f", file,
             "-u", domain or HOSTNAME, user],
            input=password, text=True, check=True, capture_output=True)
        os.chown(file, self.mail_owner.pw_uid, self.mail_owner.pw_gid)

    def _start_master_on_free_ports(self) -> None:
        """Another program may take a free port before Postfix does. In that case try
        again."""
        for _ in range(5):
            self.port, self.strict_port = free_port(), free_port()
            self._write_configuration()
            self._master = self._start_master()
            if self._answers():
                return
            self._stop_master()
        raise RuntimeError(f"Postfix does not start:\n{self._first_words()}")

    def _write_configuration(self) -> None:
        nobody = pwd.getpwnam(UNPRIVILEGED)
        main_cf = MAIN_CF.format(
            programs=self.programs, config=self.config, queue=self.queue,
            limit_s=round(LIMIT_S), directory=self.directory, data=self.directory / "data",
            log=self.log_file, hostname=HOSTNAME,
            mail_owner=MAIL_OWNER, setgid_group=SETGID_GROUP,
            unprivileged=UNPRIVILEGED, unprivileged_uid=nobody.pw_uid,
            unprivileged_gid=nobody.pw_gid, ordinary_domain=self.ORDINARY_DOMAIN)
        master_cf = MASTER_CF.format(port=self.port, strict_port=self.strict_port)
        snippet = (SNIPPETS / "master.cf").read_text()
        if snippet.count(CTL_IN_SNIPPET) != 1:
            raise ValueError(f"{SNIPPETS}/master.cf names {CTL_IN_SNIPPET} not once")
        master_cf += snippet.replace(CTL_IN_SNIPPET, str(self.ctl))
        (self.config / "main.cf").write_text(
            main_cf + (SNIPPETS / "main.cf").read_text() + self._own_main_cf)
        (self.config / "master.cf").write_text(master_cf)
        tables = self.config / "sms-milter"
        tables.mkdir(exist_ok=True)
        for name in ("transport", "header_checks"):
            shutil.copy(SNIPPETS / name, tables / name)
        self._backdate_configuration()

    def _backdate_configuration(self) -> None:
        """Postfix waits two seconds for a file that may still be changing."""
        written = time.time() - 60
        for file in self.config.rglob("*"):
            os.utime(file, (written, written))

    def _start_master(self) -> "subprocess.Popen[bytes]":
        """Starts it in its own session, so that Ctrl-C does not stop it before we
        do."""
        with open(self.directory / "stderr", "wb") as stderr:
            return subprocess.Popen(
                [self.programs / "usr/lib/postfix/sbin/master", "-s"],
                env=self.environment | {"MAIL_LOGTAG": "postfix"},
                start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=stderr, stderr=stderr)

    def _first_words(self) -> str:
        """What it prints if it fails before it can log."""
        return (self.directory / "stderr").read_text(errors="replace") + self.log()

    def _answers(self) -> bool:
        master = self._master
        assert master
        try:
            wait_until(lambda: self._greets() or master.poll() is not None,
                       "smtpd to greet")
        except TimeoutError as error:
            raise TimeoutError(f"{error}:\n{self._first_words()}") from None
        return master.poll() is None

    def _greets(self, host: str = "127.0.0.1") -> bool:
        try:
            with socket.create_connection((host, self.port), LIMIT_S) as connection:
                return connection.recv(4).startswith(b"220")
        except (ConnectionError, TimeoutError):
            return False

    def _stop_master(self) -> None:
        """master sends SIGTERM to its process group, which is that of our session."""
        assert self._master
        self._master.terminate()
        try:
            self._master.wait(LIMIT_S)
        finally:
            try:
                os.killpg(self._master.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._master.wait()
            self._master = None

    def add_cleanup(self, name: str, *options: str) -> None:
        """Adds another cleanup, for a service with cleanup_service_name=name. Call it
        before add_service()."""
        with open(self.config / "master.cf", "a") as master_cf:
            master_cf.write(f"{name} unix n - y - 0 cleanup\n")
            master_cf.writelines(f"    -o {option}\n" for option in options)

    def add_service(self, host: str, *options: str) -> None:
        """Adds another smtpd on the same port of another loopback address, which no
        other program uses. It is ready when this returns, and runs until the end."""
        with open(self.config / "master.cf", "a") as master_cf:
            master_cf.write(f"{host}:{self.port} inet n - n - - smtpd\n")
            master_cf.writelines(f"    -o {option}\n" for option in options)
        self._backdate_configuration()
        assert self._master
        self._master.send_signal(signal.SIGHUP)
        wait_until(lambda: self._greets(host), f"smtpd of {host} to greet")

    # What the package sets up on a real machine ------------------------------

    def install_ctl(self, program: Path, config: Path) -> None:
        """Installs the command of the sms-bounce service where its account may run it.
        On a real machine it finds its configuration in the installed place."""
        copy = self.ctl.with_name("sms-milterctl-itself")
        shutil.copy(program, copy)
        self.ctl.write_text(f'#!/bin/sh\nexec {copy} -c {config} "$@"\n')
        for file in (copy, self.ctl):
            file.chmod(0o755)

    def make_milter_folder(self, milter: pwd.struct_passwd) -> None:
        """Makes the folder in which the milter creates its socket, and in which smtpd
        finds it as Postfix's user. Setgid: the socket gets Postfix's group although the
        milter is not a member."""
        self._make_folder(self.milter_socket.parent, milter.pw_uid,
                          self.mail_owner.pw_gid, 0o2750)

    # What it has done ------------------------------------------------------

    def log(self) -> str:
        """The log since clear()."""
        try:
            return self.log_file.read_text(errors="replace")[self._log_start:]
        except FileNotFoundError:
            return ""

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        return wait_until(lambda: re.search(pattern, self.log()),
                          f"{pattern!r} in Postfix's log")

    def queued(self, queues: Sequence[str] = QUEUES_ON_THE_WAY) -> list[str]:
        """The queue ids of all mail that Postfix has accepted and not yet completed."""
        return [file.name for name in queues
                for file in (self.queue / name).rglob("*") if is_complete(file)]

    def wait_until_done(self) -> None:
        """Returns when all mail, including bounces, has been delivered or bounced.

        Mail moves from queue to queue in the order of the listing, so none is missed.
        Only a bounce begins again in an earlier queue, and is seen the second time.
        """
        wait_until(lambda: not self.queued() and not self.queued(), "an empty queue")

    def delivered(self, recipient: str | None = None) -> list[EmailMessage]:
        """All mail delivered since clear(), or only that to one recipient.

        Waits until Postfix has nothing left to do, so that an empty result is final.
        """
        parser = email.parser.BytesParser(policy=email.policy.default)
        mails = [parser.parsebytes(content) for content in self.delivered_files()]
        return [mail for mail in mails
                if recipient in (None, mail["X-Original-To"])]

    def delivered_files(self) -> list[bytes]:
        """The same, as bytes."""
        self.wait_until_done()
        return [file.read_bytes() for file in self._maildir_files()]

    def _maildir_files(self) -> list[Path]:
        return sorted((self.directory / "delivered").glob("new/*"))

    def clear(self) -> None:
        """Removes earlier mail and the log. A bounce that is still being made would
        arrive after everything is emptied."""
        wait_until(lambda: not self.queued(QUEUES_AT_WORK) and
                   not self.queued(QUEUES_AT_WORK), "Postfix to rest")
        self._run("postsuper", "-d", "ALL")
        self.wait_until_done()
        for file in self._maildir_files():
            file.unlink()
        self._log_start += len(self.log())

    def requeue_all(self) -> None:
        """Sends all queued or held mail through cleanup again, under another queue id,
        at once; pickup alone would look only within a minute."""
        self._run("postsuper", "-r", "ALL")
        self._run("postkick", "public", "pickup", "W")

    def discard_all(self) -> None:
        """No mail that is now queued or held is delivered any more."""
        self._run("postsuper", "-d", "ALL")

    def sendmail(self, sender: str, recipient: str, message: bytes) -> None:
        """Submits locally, which bypasses smtpd and so its milters."""
        self._run("sendmail", "-i", "-f", sender, "--", recipient, stdin=message)

    def _run(self, program: str, *arguments: str, stdin: bytes = b"") -> None:
        result = subprocess.run(
            [self.programs / "usr/sbin" / program, *arguments], input=stdin,
            env=self.environment, capture_output=True)
        if result.returncode != 0:
            raise RuntimeError(f"{program}: {result.stderr.decode()}")


def free_port() -> int:
    """A port of 127.0.0.1 that the kernel found free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_complete(queue_file: Path) -> bool:
    """Postfix sets the x bit when it has taken responsibility for the mail."""
    try:
        status = queue_file.stat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and bool(status.st_mode & stat.S_IXUSR)
