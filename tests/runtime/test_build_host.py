"""The distribution carries nothing of the machine that built it."""

from __future__ import annotations

import getpass
import os
import re
import socket
import subprocess
import time
import unittest
import zipfile
from pathlib import Path

DIST = Path(os.environ["COIL_CLI"]).parent.parent
SOURCE = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ["COIL_CACHE"]) / "built"

# Shorter values are found by chance.
SHORTEST_VALUE = 12
SHORTEST_NAME = 6
# What these say is the same on very many machines, and CPython's own texts know it.
COMMON_VARIABLES = re.compile(
    "_|COLORTERM|DEBIAN_FRONTEND|EDITOR|LANG|LANGUAGE|LC_.*|PAGER|PATH|SHELL|TERM|TZ"
)
COMMON_VALUE = re.compile(r"[\d.]+|https?://[^/]*/?")

# As __DATE__, date(1), ISO 8601 and people write a day.
US_DATES = ("%b %e %Y", "%a %b %e", "%m/%d/%Y")
DATES = (*US_DATES, "%e %b %Y", "%d %b %Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y")


def paths() -> list[str]:
    """Return the paths of the sources, the build, the cache, the home folder."""
    build = Path(os.environ["COIL_BUILD"]).resolve()
    traces = [str(SOURCE), str(build), os.environ["COIL_CACHE"], f"{Path.home()}/"]
    return [path for path in traces if len(path) > len("/x")]


def user_name() -> str:
    """Return the user's name, or nothing where a number is all there is, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def names() -> list[str]:
    """Return user and host, alone only where they can be no word of ordinary text."""
    user, host = user_name(), socket.gethostname()
    alone = [
        name
        for name in (user, host)
        if len(name) >= SHORTEST_VALUE or (len(name) >= SHORTEST_NAME and re.search(r"\d", name))
    ]
    return [*alone, f"{user}@{host}"] if user and host else alone


def is_ours(text: str) -> bool:
    """Whether the repository itself says it, so that it is no trace of a machine."""
    command = ["git", "-C", str(SOURCE), "grep", "--quiet", "--fixed-strings", "-e", text]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def values() -> list[str]:
    """Return the values of the environment that are found in no file by chance."""
    return [
        value
        for name, value in os.environ.items()
        if len(value) >= SHORTEST_VALUE
        and not COMMON_VARIABLES.fullmatch(name)
        and not COMMON_VALUE.fullmatch(value)
    ]


def dates() -> list[str]:
    """Return the days on which steps of the build ended, in the usual ways of writing them."""
    ends = {path.stat().st_mtime for path in [*BUILT.iterdir(), DIST / "pyodide.asm.wasm"]}
    days = {time.localtime(end)[:3] for end in ends} | {time.gmtime(end)[:3] for end in ends}
    moments = [time.strptime(f"{year} {month} {day}", "%Y %m %d") for year, month, day in days]
    return sorted({time.strftime(form, moment) for moment in moments for form in DATES})


def is_generated(member: str) -> bool:
    """Whether the build wrote a member of an archive; the others are CPython's, dates and all."""
    return "_sysconfigdata" in member or member.endswith("build-details.json")


def generated_contents() -> dict[str, bytes]:
    """Return, by name, what the build made itself, out of the archives as well."""
    contents: dict[str, bytes] = {}
    for path in DIST.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist() if is_generated(name)]
                contents |= {f"{path.name}/{name}": archive.read(name) for name in members}
        elif path.is_file():
            contents[path.name] = path.read_bytes()
    return contents


class BuildHostTest(unittest.TestCase):
    """Greps every file of the distribution; its archives are stored, so their contents too."""

    def found(self, traces: list[str], *, words: bool = False) -> list[str]:
        """Return which traces are in which files; words end where letters and digits end."""
        files = [path for path in DIST.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 4, f"no distribution in {DIST}")
        patterns = {trace: pattern_of(trace, words=words) for trace in traces}
        return [
            f"{path.relative_to(DIST)}: {trace}"
            for path in files
            for data in [path.read_bytes()]
            for trace, pattern in patterns.items()
            # The plain search first: it is much the faster one.
            if trace.encode() in data and pattern.search(data)
        ]

    def test_no_path_of_the_build_host_in_any_file(self) -> None:
        self.assertEqual(self.found(paths()), [])

    def test_no_user_and_no_host(self) -> None:
        self.assertEqual(self.found(names(), words=True), [])

    def test_no_value_of_the_environment(self) -> None:
        found = self.found(values(), words=True)
        self.assertEqual([line for line in found if not is_ours(line.partition(": ")[2])], [])

    def test_no_day_of_the_build(self) -> None:
        patterns = [pattern_of(date, words=True) for date in dates()]
        found = [
            f"{name}: {match.group().decode()}"
            for name, data in generated_contents().items()
            for pattern in patterns
            for match in [pattern.search(data)]
            if match
        ]
        self.assertEqual(found, [])

    def test_no_day_of_the_build_on_the_members_of_the_archives(self) -> None:
        days = set(dates())
        for path in DIST.rglob("*.zip"):
            with zipfile.ZipFile(path) as archive:
                stamps = {"{:04}-{:02}-{:02}".format(*m.date_time) for m in archive.infolist()}
            self.assertEqual(stamps & days, set(), path.name)


def pattern_of(trace: str, *, words: bool) -> re.Pattern[bytes]:
    """Return what finds a trace, as a word of its own if *words*."""
    text = re.escape(trace.encode())
    return re.compile(rb"(?<![A-Za-z0-9])" + text + rb"(?![A-Za-z0-9])" if words else text)


if __name__ == "__main__":
    unittest.main()
