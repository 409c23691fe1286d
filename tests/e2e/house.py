# SPDX-License-Identifier: ISC
"""Which file of milter/ may know which, and where each file lies. Each function reads a
tree and returns what breaks a rule, one line for each breach; test_house.py asks them
all. A file is read as text: no compiler and no daemon is needed."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple


class Room(NamedTuple):
    """A folder of milter/, or some files of one that have rules of their own."""

    files: tuple[str, ...]  # patterns of paths below milter/
    may_include: tuple[str, ...]  # rooms, besides itself and "base"


# The table of milter/README.md. The first pattern that matches decides. Where a room may
# include one that the drawing there does not show, the reason stands beside it.
ROOMS = {
    "main": Room(("main.c", "start_check.*"),
                 ("milter", "journal", "api", "config", "secret",
                  "text/mime")),  # its library is set up once, before any thread
    "session": Room(("session.*",),
                    ("delivery", "envelope", "config",
                     "text/mime")),  # collects the header and the body of a mail
    "milter": Room(("*",), ("session", "delivery", "config")),
    "ctl": Room(("ctl/*",),
                ("session", "delivery", "journal", "text", "text/mime", "text/sms",
                 "config",
                 "envelope")),  # preview reads addresses and customers as the daemon does
    "delivery": Room(("delivery/*",),
                     ("envelope", "text/compose", "text", "text/mime", "text/sms",
                      "journal", "api", "config")),
    "envelope": Room(("envelope/*",), ("text/mime", "config")),
    "journal": Room(("journal/*",), ("config",)),
    "api": Room(("api/*",),
                ("config",
                 "secret")),  # a request carries the customer's key
    "text/compose": Room(("text/compose.*",),
                         ("text/mime", "text/body", "text/sms", "text", "config")),
    "text/mime": Room(("text/mime/*",), ("text/html", "text", "config")),
    "text/html": Room(("text/html/*",), ("text", "config")),
    "text/body": Room(("text/body/*",), ("text/language", "text", "config")),
    "text/sms": Room(("text/sms/*",), ("text", "config")),
    "text/language": Room(("text/language/*",), ()),
    "text": Room(("text/*",), ()),
    "config": Room(("config/*",), ("secret",)),
    "secret": Room(("secret/*",), ()),
    "base": Room(("base/*",), ()),
}

# The files that may include a library's header.
OWNERS = {
    "confuse.h": ("config/*",),
    "curl/curl.h": ("api/transport.c", "api/transport_*"),
    "glib.h": ("base/calendar.c", "base/digest.c"),
    "gmime/gmime.h": ("text/mime/*",),
    "idn2.h": ("base/domain.c",),
    "json.h": ("api/groupcall.c", "delivery/audit.c", "ctl/json_output.c"),
    "libmilter/mfapi.h": ("milter.c", "reply.*", "service.c"),
    "libpsl.h": ("envelope/alignment.c",),
    "openssl/ssl.h": ("api/transport.c", "api/transport_*"),
    "pcre2.h": ("base/pattern.c",),
    "sodium.h": ("secret/secret_memory.c",),
    "sqlite3.h": ("journal/journal_sqlite*",),
    "utf8proc.h": ("text/sms/unicode.c",),
}

# Of C, POSIX and Linux: no library owns them.
SYSTEM = set("""
    arpa/inet.h assert.h ctype.h dirent.h dlfcn.h errno.h fcntl.h fnmatch.h getopt.h
    glob.h grp.h iconv.h inttypes.h langinfo.h limits.h locale.h math.h net/if.h netdb.h
    netinet/in.h poll.h pthread.h pwd.h regex.h sched.h search.h semaphore.h signal.h
    stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h
    string.h strings.h sys/file.h sys/mman.h sys/prctl.h sys/random.h sys/resource.h
    sys/socket.h sys/stat.h sys/statvfs.h sys/time.h sys/types.h sys/uio.h sys/un.h
    sys/vfs.h sys/wait.h sysexits.h syslog.h time.h unistd.h wchar.h wctype.h""".split())

MAKEFILE_MAX_LINES = 120

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
BUILD_CONFIG = "build-config.h"  # what configure writes


# What there is ------------------------------------------------------------------------

def sources(top: Path) -> list[str]:
    """The C files of milter/, as paths below it."""
    milter = top / "milter"
    return sorted(str(path.relative_to(milter)) for path in milter.rglob("*.[ch]"))


def includes(top: Path, file: str) -> Iterator[tuple[str, bool]]:
    """Each header that a file of milter/ includes, and whether it is our own."""
    for own, library in INCLUDE.findall((top / "milter" / file).read_text()):
        if own != BUILD_CONFIG:
            yield own or library, bool(own)


def matches(file: str, patterns: Iterable[str]) -> bool:
    """"*" is anything within one folder."""
    return any(re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]*"), file)
               for pattern in patterns)


def room_of(file: str) -> str | None:
    return next((name for name, room in ROOMS.items() if matches(file, room.files)), None)


# The rules ----------------------------------------------------------------------------

def wrong_arrows(top: Path) -> list[str]:
    """An include that no arrow of ROOMS allows, and a file that lies in no room."""
    breaches = []
    for file in sources(top):
        room = room_of(file)
        if not room:
            breaches.append(f"{file} lies in no room")
            continue
        for header, is_own in includes(top, file):
            other = room_of(header) if is_own else room
            if other not in (room, "base", *ROOMS[room].may_include):
                breaches.append(f"{file} ({room}) includes {header} ({other})")
    return breaches


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """The groups in which each can be reached from each other one."""
    reached: dict[str, set[str]] = {}
    for begin in arrows:
        seen: set[str] = set()
        waiting = list(arrows[begin])
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(arrows.get(name, ()))
        reached[begin] = seen
    groups = {tuple(sorted(other for other in reached[name]
                           if name in reached.get(other, ())))
              for name in reached if name in reached[name]}
    return sorted(list(group) for group in groups)


def wrong_circles(top: Path) -> list[str]:
    """A circle among rooms, among modules (a .c file and its header are one), and among
    headers."""
    rooms: dict[str, set[str]] = defaultdict(set)
    modules: dict[str, set[str]] = defaultdict(set)
    headers: dict[str, set[str]] = defaultdict(set)
    for file in sources(top):
        for header, is_own in includes(top, file):
            if not is_own:
                continue
            module, other = file[:-2], header[:-2]
            if module != other:
                modules[module].add(other)
            if file.endswith(".h"):
                headers[file].add(header)
            if room_of(file) != room_of(header):
                rooms[str(room_of(file))].add(str(room_of(header)))
    return [f"a circle of {kind}: {', '.join(circle)}"
            for kind, arrows in (("rooms", rooms), ("modules", modules),
                                 ("headers", headers))
            for circle in circles(arrows)]


def wrong_libraries(top: Path) -> list[str]:
    """A library's header outside its owner, and one of a library that has no owner."""
    return [f"{file} includes <{header}>, "
            + (f"which is for {' '.join(OWNERS[header])}" if header in OWNERS
               else "which has no owner")
            for file in sources(top) for header, is_own in includes(top, file)
            if not is_own and header not in SYSTEM
            and not matches(file, OWNERS.get(header, ()))]


def fragment_of(top: Path, folder: str) -> Path:
    """The file that lists the sources of a folder below milter/."""
    if folder == ".":
        return top / "Makefile.am"
    return top / "milter" / folder / f"{Path(folder).name}.am"


def wrong_fragments(top: Path) -> list[str]:
    """A folder whose fragment does not list each of its sources once, lists others or is
    not included, and a Makefile.am that is too long. What is made while building stands
    in CLEANFILES too."""
    makefile = (top / "Makefile.am").read_text()
    breaches = []
    if makefile.count("\n") >= MAKEFILE_MAX_LINES:
        breaches.append(f"Makefile.am has {makefile.count(chr(10))} lines")
    folders: dict[str, set[str]] = defaultdict(set)
    for file in sources(top):
        folders[str(Path(file).parent)].add(f"milter/{file}")
    for folder, files in sorted(folders.items()):
        fragment = fragment_of(top, folder)
        name = str(fragment.relative_to(top))
        if not fragment.exists():
            breaches.append(f"{name} is missing")
            continue
        if folder != "." and f"include $(top_srcdir)/{name}" not in makefile:
            breaches.append(f"Makefile.am does not include {name}")
        text = fragment.read_text().replace("\\\n", " ")
        made = set(" ".join(re.findall(r"^(?:CLEANFILES|BUILT_SOURCES) *\+?=(.*)$", text,
                                       re.M)).split())
        listed = [word for line in re.findall(r"^\w+_SOURCES *\+?=(.*)$", text, re.M)
                  for word in line.split()
                  if word.startswith("milter/") and word.endswith((".c", ".h"))]
        for file in sorted(files | set(listed)):
            if file not in listed and file not in made:
                breaches.append(f"{name} does not list {file}")
            elif listed.count(file) > 1:
                breaches.append(f"{name} lists {file} twice")
            elif file not in files and file not in made:
                breaches.append(f"{name} lists {file}, which is not there")
    return breaches


def wrong_guards(top: Path) -> list[str]:
    """A header whose guard is not named for its path."""
    breaches = []
    for file in sources(top):
        if not file.endswith(".h"):
            continue
        guard = "SMS_MILTER_" + re.sub(r"\W", "_", file).upper()
        text = (top / "milter" / file).read_text()
        if not re.search(rf"^#ifndef {guard}\n#define {guard}\n.*^#endif$", text,
                         re.M | re.S):
            breaches.append(f"{file} has no guard {guard}")
    return breaches


def wrong_tests(top: Path) -> list[str]:
    """A unit test that does not lie where its module does. test_X is of module X, or of
    the module that its name begins with. One of a whole folder begins with its name."""
    folders: dict[str, set[str]] = defaultdict(set)
    for file in sources(top):
        folders[Path(file).stem].add(str(Path(file).parent))
    breaches = []
    unit = top / "tests/unit"
    for path in sorted(unit.rglob("test_*.c")):
        folder = path.relative_to(unit).parent
        words = path.stem.split("_")[1:]
        names = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
        homes = next((folders[name] for name in names if name in folders), set())
        is_of_folder = not homes and words[0].startswith(folder.name)
        if str(folder) not in homes and not is_of_folder:
            breaches.append(f"tests/unit/{path.relative_to(unit)} is of a module in "
                            f"{' or '.join(sorted(homes)) or 'no folder'}")
    return breaches


def wrong_purposes(top: Path) -> list[str]:
    """A folder that milter/README.md does not name."""
    readme = top / "milter/README.md"
    text = readme.read_text() if readme.exists() else ""
    folders = {str(Path(file).parent) for file in sources(top)} - {"."}
    return [f"milter/README.md does not name {folder}/" for folder in sorted(folders)
            if f"`{folder}/`" not in text]


RULES = (wrong_arrows, wrong_circles, wrong_libraries, wrong_fragments, wrong_guards,
         wrong_tests, wrong_purposes)
