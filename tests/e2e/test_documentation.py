# SPDX-License-Identifier: ISC
"""The manual pages and the installed configuration agree with the programs."""

import grp
import os
import re
import shutil
import subprocess
from pathlib import Path

from waiting import LIMIT_S
import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["SMS_BUILD_DIR"])


def options_in_code() -> list[str]:
    """Every option that the daemon's tables know."""
    source = (TOP / "milter/config/option_table.c").read_text()
    found = re.findall(r'^    (?:TEXTS?|NUMBER|TEMPLATE|PATTERNS)\("([a-z-]+)"', source, re.M)
    assert len(found) > 25
    return sorted(set(found))


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], capture_output=True,
                          text=True, timeout=LIMIT_S, check=False)


@pytest.mark.parametrize("option", options_in_code())
def test_every_option_is_in_the_manual_and_in_the_configuration(option: str) -> None:
    manual = (TOP / "conf/sms-milter.conf.5").read_text()
    assert re.search(rf"^\.It Ic .*\b{option}\b", manual, re.M)
    shipped = (TOP / "conf/sms-milter.conf").read_text() + \
        (TOP / "conf/customers.d/example.conf.sample").read_text()
    if option != "api-key":  # of the two ways the safe one is shown
        assert re.search(rf"^\s*#?\s*{option}\s*=", shipped, re.M)


# What a start needs of the host is in these folders.
HOST = re.compile(r'^#(listen|journal)( *= *"\w+:)/var/[^"]*/', re.M)


def shipped_configuration(directory: Path) -> Path:
    """The files as they are installed, with their places moved below directory."""
    keys = directory / "keys"
    keys.mkdir()
    (keys / "greenfield").write_text("k3y\n")
    (keys / "greenfield").chmod(0o600)
    (directory / "blocklist").write_text("+44 7700 900199\n")
    customers = directory / "customers.d"
    customers.mkdir()
    shutil.copy(TOP / "conf/customers.d/example.conf.sample",
                customers / "greenfield.conf")
    for source, target in ((TOP / "conf/sms-milter.conf", directory / "sms-milter.conf"),
                           (customers / "greenfield.conf", customers / "greenfield.conf")):
        text = source.read_text().replace("/etc/sms-milter", str(directory))
        text = HOST.sub(rf"\1\2{directory}/", text)
        text = text.replace("/var/log/sms-milter", str(directory))
        text = text.replace('"postfix"', f'"{grp.getgrgid(os.getegid()).gr_name}"')
        target.write_text(text)
    return directory / "sms-milter.conf"


def test_the_configuration_as_installed_is_good(tmp_path: Path) -> None:
    done = run(BUILD / "sms-milter", "-t", "-c", shipped_configuration(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "sms-milter.conf is good: 1 customer, journal sqlite:" in done.stdout


def defaults_shown() -> list[tuple[str, str]]:
    """The options that stand in the configuration as comments: name and value."""
    text = (TOP / "conf/sms-milter.conf").read_text()
    return re.findall(r"^\s*#([a-z-]+)\s*=\s*(.+)$", text, re.M)


@pytest.mark.parametrize("option, value", defaults_shown())
def test_a_default_that_is_shown_is_a_good_value(tmp_path: Path, option: str,
                                                 value: str) -> None:
    conf = shipped_configuration(tmp_path)
    text = conf.read_text()
    changed = re.sub(rf"^(\s*)#({option}\s*=)", r"\1\2", text, count=1, flags=re.M)
    assert changed != text or option in ("listen", "journal")
    conf.write_text(changed)
    done = run(BUILD / "sms-milter", "-t", "-c", conf)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ["milter/sms-milter.8", "milter/ctl/sms-milterctl.8",
                                  "conf/sms-milter.conf.5"])
def test_a_manual_page_is_sound(page: str) -> None:
    done = run("groff", "-mdoc", "-Tutf8", "-ww", "-z", TOP / page)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("program", ["sms-milter", "sms-milterctl"])
@pytest.mark.parametrize("help_, version", [("-h", "-V"), ("--help", "--version")])
def test_help_and_version(program: str, help_: str, version: str) -> None:
    usage = run(BUILD / program, help_)
    assert (usage.returncode, usage.stderr) == (0, "")
    assert usage.stdout.startswith(f"usage: {program} ")
    told = run(BUILD / program, version)
    assert re.fullmatch(r"sms-milter \d+\.\d+\.\d+\n", told.stdout)
    assert (told.returncode, told.stderr) == (0, "")


def subcommands_in_code() -> list[str]:
    """Every subcommand that sms-milterctl knows."""
    source = (TOP / "milter/ctl/main.c").read_text()
    found = re.findall(r'^    \{"([a-z-]+)", ctl_\w+\},$', source, re.M)
    assert len(found) >= 4
    return found


SUBCOMMANDS = subcommands_in_code()


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_each_subcommand_is_in_the_manual_and_in_the_usage(command: str) -> None:
    manual = (TOP / "milter/ctl/sms-milterctl.8").read_text()
    assert f"\n.Ss {command}\n" in manual
    usage = run(BUILD / "sms-milterctl", "-h").stdout
    assert re.search(rf"^  {command} ", usage, re.M)


@pytest.mark.parametrize("command", SUBCOMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_each_subcommand_has_a_help_of_its_own(command: str, option: str) -> None:
    done = run(BUILD / "sms-milterctl", command, option)

    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(rf"usage: sms-milterctl (\[-c FILE\] )?{command} ", done.stdout)
    assert re.search(r"^  \w.* \w", done.stdout, re.M)  # and what it is for


@pytest.mark.parametrize("words, complaint", [
    ("sms-milter -x", "sms-milter: unknown option -x"),
    ("sms-milter --tets", "sms-milter: unknown option --tets"),
    ("sms-milter --versoin",
     "sms-milter: unknown option --versoin; did you mean --version?"),
    ("sms-milter --help=x", "sms-milter: --help=x: this option takes no value"),
    ("sms-milter -c", "sms-milter: -c needs a value"),
    ("sms-milter start", 'sms-milter: unexpected argument "start"'),
    ("sms-milterctl -x", "sms-milterctl: unknown option -x"),
    ("sms-milterctl histroy",
     'sms-milterctl: no subcommand "histroy"; did you mean history?'),
    ("sms-milterctl bounce_reason",
     'sms-milterctl: no subcommand "bounce_reason"; did you mean bounce-reason?'),
    ("sms-milterctl send", 'sms-milterctl: no subcommand "send"'),
    ("sms-milterctl -- -x", 'sms-milterctl: no subcommand "-x"'),
    ("sms-milterctl parts x", 'sms-milterctl parts: unexpected argument "x"'),
    ("sms-milterctl parts -j", "sms-milterctl parts: unknown option -j"),
    ("sms-milterctl preview --text --json",
     "sms-milterctl preview: --json and --text cannot be used together"),
    ("sms-milterctl preview -r", "sms-milterctl preview: -r needs a value"),
    ("sms-milterctl preview a b",
     'sms-milterctl preview: unexpected argument "a"'),
    ("sms-milterctl history --numbr=1",
     "sms-milterctl history: unknown option --numbr=1; did you mean --number?"),
    ("sms-milterctl history --number", "sms-milterctl history: --number needs a value"),
    ("sms-milterctl bounce-reason 4bXyz1",
     "sms-milterctl bounce-reason: QUEUE_ID and RECIPIENT are required"),
    ("sms-milterctl bounce-reason --sender office@a.example 4bXyz1 +447700900123",
     "sms-milterctl bounce-reason: --sender: only --sender=ADDRESS and "
     "--message-id=ID, each once, may stand before QUEUE_ID and RECIPIENT"),
])
def test_a_wrong_call_is_told_in_one_line(words: str, complaint: str) -> None:
    program, *arguments = words.split()
    done = run(BUILD / program, *arguments)

    assert (done.returncode, done.stdout) == (64, "")
    shown = complaint.split(":")[0]
    assert done.stderr == f"{complaint} (usage: {shown} --help)\n"


def test_no_subcommand_at_all_gets_the_usage() -> None:
    done = run(BUILD / "sms-milterctl")
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.startswith("usage: sms-milterctl ")


def test_a_recipient_nobody_recorded_bounces_all_the_same() -> None:
    done = run(BUILD / "sms-milterctl", "bounce-reason", "4bXyz1",
               "+447700900123@sms.local")
    assert done.returncode == 69
    assert re.match(r"5\.\d\.\d .*\n\Z", done.stdout)


def test_there_is_no_reason_without_a_recipient() -> None:
    assert run(BUILD / "sms-milterctl", "bounce-reason", "4bXyz1").returncode == 64
