# SPDX-License-Identifier: ISC
"""The table of named references is the same whichever awk makes it, and an awk that
finds a mistake in the list makes none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "milter/text/html"
PROGRAM, LIST = FOLDER / "named_references.awk", FOLDER / "named_references.tsv"

# Those that are here. The awk of the BSDs and of macOS is Debian's original-awk.
AWKS = [command for command in (["awk"], ["mawk"], ["gawk"], ["gawk", "--posix"],
                                ["original-awk"], ["busybox", "awk"])
        if shutil.which(command[0])]


@pytest.fixture(params=AWKS, ids=" ".join)
def awk(request: pytest.FixtureRequest) -> list[str]:
    return request.param


def run(awk: list[str], text: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*awk, "-f", PROGRAM], input=text, text=True, timeout=60,
                          capture_output=True, env={**os.environ, "LC_ALL": "C"})


def want(text: str) -> str:
    """The table as Python makes it."""
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    bare = {name for name, _ in lines if not name.endswith(";")}
    rows = []
    for name, points in lines:
        if name.endswith(";"):
            first, second = ([f"0x{point[2:]}" for point in points.split()] + ["0"])[:2]
            may_be_bare = "true" if name[:-1] in bare else "false"
            rows.append(f'{{"{name[:-1]}", {{{first}, {second}}}, {may_be_bare}}},\n')
    return "".join(rows)


def test_each_awk_makes_the_same_table(awk: list[str]) -> None:
    done = run(awk, LIST.read_text())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == want(LIST.read_text())


@pytest.mark.parametrize("text", ["b;\tU+0041\na;\tU+0042\n", "a\tU+0041\n",
                                  "a;\tU+00G1\n", "a;\tU+0041 U+0042 U+0043\n", "a;\n"])
def test_a_mistake_in_the_list_ends_the_build(awk: list[str], text: str) -> None:
    assert run(awk, text).returncode == 1
