# SPDX-License-Identifier: ISC
"""Each file of milter/ lies in its folder and includes only what that folder may include:
see house.py."""

from pathlib import Path
from typing import Callable

import pytest

import house

TOP = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_each_file_keeps_the_rules_of_the_house(
        rule: Callable[[Path], list[str]]) -> None:
    assert rule(TOP) == []


def test_no_arrow_of_the_table_is_unused() -> None:
    """An arrow that nothing uses would allow an include that nobody wanted."""
    used = {(house.room_of(file), house.room_of(header)) for file in house.sources(TOP)
            for header, is_own in house.includes(TOP, file) if is_own}
    allowed = {(name, other) for name, room in house.ROOMS.items()
               for other in room.may_include}
    assert allowed - used == set()


def test_the_table_itself_has_no_circle() -> None:
    assert house.circles({name: set(room.may_include)
                          for name, room in house.ROOMS.items()}) == []


# The rules are proved by breaking each in a small tree. -----------------------------------

GOOD = {
    "Makefile.am": """\
libsms_a_SOURCES = milter/session.c milter/session.h
include $(top_srcdir)/milter/base/base.am
include $(top_srcdir)/milter/envelope/envelope.am
include $(top_srcdir)/milter/text/text.am
""",
    "milter/README.md": "`base/`, `envelope/` and `text/` are rooms.\n",
    "milter/session.c": '#include "session.h"\n#include "envelope/address.h"\n',
    "milter/session.h": "#ifndef SMS_MILTER_SESSION_H\n#define SMS_MILTER_SESSION_H\n"
                        "#endif\n",
    "milter/base/base.am": "libsms_a_SOURCES += \\\n\tmilter/base/domain.c \\\n"
                           "\tmilter/base/domain.h\n",
    "milter/base/domain.c": '#include "base/domain.h"\n#include <idn2.h>\n'
                            "#include <string.h>\n",
    "milter/base/domain.h": "#ifndef SMS_MILTER_BASE_DOMAIN_H\n"
                            "#define SMS_MILTER_BASE_DOMAIN_H\n#endif\n",
    "milter/envelope/envelope.am": "libsms_a_SOURCES += milter/envelope/address.c "
                                   "milter/envelope/address.h\n",
    "milter/envelope/address.c": '#include "envelope/address.h"\n'
                                 '#include "base/domain.h"\n',
    "milter/envelope/address.h": "#ifndef SMS_MILTER_ENVELOPE_ADDRESS_H\n"
                                 "#define SMS_MILTER_ENVELOPE_ADDRESS_H\n#endif\n",
    "milter/text/text.am": "libsms_a_SOURCES += milter/text/names.h\n"
                           "CLEANFILES += milter/text/names.h\n",
    "tests/unit/envelope/test_address.c": "",
    "tests/unit/envelope/test_address_forms.c": "",
    "tests/unit/envelope/test_envelope_attacks.c": "",
    "tests/unit/test_session.c": "",
}


def build(top: Path, changes: dict[str, str]) -> Path:
    for name, text in {**GOOD, **changes}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def all_breaches(top: Path) -> list[str]:
    return [breach for rule in house.RULES for breach in rule(top)]


def test_a_good_tree_breaks_no_rule(tmp_path: Path) -> None:
    assert all_breaches(build(tmp_path, {})) == []


def more(name: str, text: str) -> dict[str, str]:
    """The good file with some text before its last line."""
    lines = GOOD[name].splitlines(keepends=True)
    return {name: "".join([*lines[:-1], text, lines[-1]])}


BREACHES: dict[str, tuple[dict[str, str], list[str]]] = {
    "an arrow that goes up": (
        more("milter/base/domain.c", '#include "text/cuts.h"\n'),
        ["base/domain.c (base) includes text/cuts.h (text)"]),
    "an arrow to the side": (
        more("milter/envelope/address.c", '#include "journal/journal.h"\n'),
        ["envelope/address.c (envelope) includes journal/journal.h (journal)"]),
    "an arrow that passes over a room": (
        more("milter/session.c", '#  include "journal/journal.h"\n'),
        ["session.c (session) includes journal/journal.h (journal)"]),
    "an include without its folder": (
        more("milter/envelope/address.c", '#include "number.h"\n'),
        ["envelope/address.c (envelope) includes number.h (milter)"]),
    "a circle of rooms": (
        {**more("milter/base/domain.h", '#include "envelope/address.h"\n')},
        ["base/domain.h (base) includes envelope/address.h (envelope)",
         "a circle of rooms: base, envelope",
         "a circle of modules: base/domain, envelope/address"]),
    "a circle of modules": (
        {**more("milter/envelope/address.h", '#include "envelope/number.h"\n'),
         "milter/envelope/number.c": '#include "envelope/address.h"\n',
         "milter/envelope/envelope.am": GOOD["milter/envelope/envelope.am"].replace(
             "\n", " milter/envelope/number.c\n")},
        ["a circle of modules: envelope/address, envelope/number"]),
    "a circle of headers": (
        {**more("milter/session.h", '#include "session.h"\n')},
        ["a circle of headers: session.h"]),
    "a library outside its owner": (
        more("milter/envelope/address.c", "#include <idn2.h>\n"),
        ["envelope/address.c includes <idn2.h>, which is for base/domain.c"]),
    "a library without an owner": (
        more("milter/envelope/address.c", "#include <libxml/parser.h>\n"),
        ["envelope/address.c includes <libxml/parser.h>, which has no owner"]),
    "a file in no room": (
        {"milter/attic/old.c": "",
         "milter/attic/attic.am": "libsms_a_SOURCES += milter/attic/old.c\n",
         "Makefile.am": GOOD["Makefile.am"]
         + "include $(top_srcdir)/milter/attic/attic.am\n",
         "milter/README.md": GOOD["milter/README.md"] + "`attic/`"},
        ["attic/old.c lies in no room"]),
    "a source that no fragment lists": (
        {"milter/base/limit.c": ""},
        ["milter/base/base.am does not list milter/base/limit.c"]),
    "a fragment that lists what is not there": (
        {"milter/base/base.am": GOOD["milter/base/base.am"].replace(
            "\n", " milter/base/limit.c \\\n", 1).replace("\\ ", "")},
        ["milter/base/base.am lists milter/base/limit.c, which is not there"]),
    "a source that is listed twice": (
        {"Makefile.am": GOOD["Makefile.am"].replace("session.h", "session.h "
                                                    "milter/session.c")},
        ["Makefile.am lists milter/session.c twice"]),
    "a folder without a fragment": (
        {"milter/secret/secret.c": "",
         "milter/README.md": GOOD["milter/README.md"] + "`secret/`"},
        ["milter/secret/secret.am is missing"]),
    "a fragment that is not included": (
        {"Makefile.am": GOOD["Makefile.am"].replace("base/base.am", "base/base.am.old")
         .replace("include $(top_srcdir)/milter/base/base.am.old\n", "")},
        ["Makefile.am does not include milter/base/base.am"]),
    "a long Makefile.am": (
        {"Makefile.am": GOOD["Makefile.am"] + "#\n" * 116},
        ["Makefile.am has 120 lines"]),
    "a guard of another folder": (
        {"milter/base/domain.h": GOOD["milter/session.h"]},
        ["base/domain.h has no guard SMS_MILTER_BASE_DOMAIN_H"]),
    "a test in another folder": (
        {"tests/unit/base/test_address.c": ""},
        ["tests/unit/base/test_address.c is of a module in envelope"]),
    "a test of no module": (
        {"tests/unit/base/test_nothing.c": ""},
        ["tests/unit/base/test_nothing.c is of a module in no folder"]),
    "a room that nobody explains": (
        {"milter/README.md": "`base/` and `text/` are rooms.\n"},
        ["milter/README.md does not name envelope/"]),
}


@pytest.mark.parametrize("name", BREACHES)
def test_each_breach_of_a_rule_is_found(tmp_path: Path, name: str) -> None:
    changes, expected = BREACHES[name]
    assert all_breaches(build(tmp_path, changes)) == expected
