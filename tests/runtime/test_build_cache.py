"""The build's cache survives what goes wrong: bad origins, full disks, races, interruptions.

Each test runs the build's own Fetch.cmake or RunStep.cmake in a cache of its own, with pins whose
origins are a local HTTP server or files.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import textwrap
import threading
import time
import unittest
import unittest.mock
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SOURCE = Path(__file__).resolve().parents[2]
MODULES = SOURCE / "src" / "cmake"
CMAKE = shutil.which("cmake") or "cmake"
CONTENT = bytes(range(256)) * 1024
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Origin(http.server.ThreadingHTTPServer):
    """A server of CONTENT whose behaviour a test chooses by the path it asks for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), OriginHandler)
        self.requests: list[str] = []
        self.started = threading.Event()  # half of /stall has been sent
        self.release = threading.Event()  # lets /stall go on

    def url(self, path: str) -> str:
        """Return the URL of *path* on this server."""
        return f"http://127.0.0.1:{self.server_port}{path}"


class OriginHandler(http.server.BaseHTTPRequestHandler):
    """Serves good files whole, cut ones by half, stalled ones after a while, and no others."""

    server: Origin

    def do_GET(self) -> None:
        """Answer one request."""
        self.server.requests.append(self.path)
        if not self.path.endswith(("/good", "/cut", "/stall")):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        half = len(CONTENT) // 2
        self.wfile.write(CONTENT[:half])
        if self.path.endswith("/stall"):
            self.server.started.set()
            self.server.release.wait(60)
        if not self.path.endswith("/cut"):
            with contextlib.suppress(ConnectionError):
                self.wfile.write(CONTENT[half:])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Say nothing; tests read `requests`."""


def start(
    command: Iterable[str | Path],
    preexec_fn: Callable[[], None] | None = None,
    *,
    own_session: bool = False,
) -> subprocess.Popen[str]:
    """Start *command* where a proxy setting of the host cannot come between it and the server."""
    return subprocess.Popen(
        list(map(str, command)),
        env={**os.environ, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=own_session,
        preexec_fn=preexec_fn,  # noqa: PLW1509  # sets a limit and a signal, nothing with locks
        restore_signals=preexec_fn is None,
    )


class CacheTest(unittest.TestCase):
    """What the tests of downloads and of steps share: a server, a cache, and drivers of cmake."""

    def setUp(self) -> None:
        """Make an empty cache and start the server."""
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="coil-cache-")))
        self.cache = self.directory / "cache"
        self.origin = self.enterContext(Origin())
        threading.Thread(target=self.origin.serve_forever, daemon=True).start()
        self.addCleanup(self.origin.shutdown)
        self.addCleanup(self.origin.release.set)

    def write(self, name: str, text: str) -> Path:
        """Write *text* to a file of the test's directory and return its path."""
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Return exit status and all output of *process*."""
        output, errors = process.communicate(timeout=120)
        return process.returncode, output + errors

    def cached(self, folder: str = "downloads") -> list[str]:
        """Return the names of everything in a folder of the cache, hidden files included."""
        path = self.cache / folder
        return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else []

    def assert_one_error(self, result: tuple[int, str], *parts: str) -> None:
        """Check that cmake failed with a single error whose text has all *parts*."""
        status, output = result
        self.assertNotEqual(status, 0, output)
        self.assertEqual(output.count("CMake Error"), 1, output)
        flowing = " ".join(output.split())
        for part in parts:
            self.assertIn(part, flowing)

    def on_small_disk(self, command: Iterable[str | Path]) -> tuple[int, str]:
        """Run *command* with the cache on a disk of 64 KB, and list what it leaves there.

        The disk exists in a mount namespace of the command's own and vanishes with it.
        """
        self.cache.mkdir()
        script = f"""
            mount -t tmpfs -o size=64k tmpfs '{self.cache}' || exit 99
            "$@"
            status=$?
            find '{self.cache}' -type f -size +0 | sed 's/^/left: /'
            exit $status
        """
        namespace = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
        status, output = self.finish(start([*namespace, *command]))
        if status == 99 or "unshare: " in output:
            self.skipTest(f"this host lets nobody mount a small disk: {output.strip()}")
        return status, output


class FetchTest(CacheTest):
    """Fetch.cmake: verified files or none."""

    def command(self, *urls: str, offline: bool = False, sha256: str = SHA256) -> list[str | Path]:
        """Return the command that fetches a pin whose origins are *urls*."""
        return self.command_for([("url", url) for url in urls], offline=offline, sha256=sha256)

    def command_for(
        self, origins: list[tuple[str, str]], *, offline: bool = False, sha256: str = SHA256
    ) -> list[str | Path]:
        """Return the command that fetches a pin with *origins*, each a kind and a place."""
        lines = " ".join(f'ORIGIN {kind} "{place}" SHA256 {sha256}' for kind, place in origins)
        driver = self.write(
            f"fetch-{len(list(self.directory.iterdir()))}.cmake",
            f"""\
            include("{MODULES}/Pins.cmake")
            include("{MODULES}/Fetch.cmake")
            coil_pin(thing VERSION 1.0 {lines})
            coil_fetch(thing path)
            message(STATUS "fetched ${{path}}")
            """,
        )
        options = {
            "COIL_CACHE": self.cache,
            "COIL_OFFLINE": "ON" if offline else "OFF",
            "COIL_DEBIAN_MIRROR": self.origin.url("/debian/"),
        }
        return [CMAKE, *(f"-D{name}={value}" for name, value in options.items()), "-P", driver]

    def with_npm(self, script: str) -> None:
        """Put an npm on PATH that runs *script*."""
        npm = self.write("bin/npm", f"#!/bin/sh\n{script}\n")
        npm.chmod(0o755)
        path = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
        self.enterContext(unittest.mock.patch.dict(os.environ, PATH=path))

    def fetch(self, *urls: str, offline: bool = False, sha256: str = SHA256) -> tuple[int, str]:
        """Fetch and return exit status and output."""
        return self.finish(start(self.command(*urls, offline=offline, sha256=sha256)))

    def assert_recovers(self) -> None:
        """Check that the cache is empty now and that the next run with a good origin succeeds."""
        self.assertEqual(self.cached() + self.cached("partial"), [])
        status, output = self.fetch(self.origin.url("/good"))
        self.assertEqual(status, 0, output)
        self.assert_holds_content()

    def assert_holds_content(self) -> None:
        """Check that the cache holds the whole file and nothing else."""
        names = self.cached()
        self.assertEqual(len(names), 1, names)
        self.assertEqual(self.cached("partial"), [])
        self.assertEqual((self.cache / "downloads" / names[0]).read_bytes(), CONTENT)

    def test_good_file_is_fetched_once(self) -> None:
        for _ in range(2):
            status, output = self.fetch(self.origin.url("/good"))
            self.assertEqual(status, 0, output)
            self.assert_holds_content()
        self.assertEqual(self.origin.requests, ["/good"])

    def test_wrong_hash(self) -> None:
        wrong = "0" * 64
        result = self.fetch(self.origin.url("/good"), sha256=wrong)
        self.assert_one_error(result, "thing 1.0", "/good", "sha256", wrong, SHA256)
        self.assert_recovers()

    def test_cut_download(self) -> None:
        result = self.fetch(self.origin.url("/cut"))
        self.assert_one_error(result, "thing 1.0", "/cut")
        self.assert_recovers()

    def test_origin_without_the_file(self) -> None:
        result = self.fetch(self.origin.url("/missing"))
        self.assert_one_error(result, "thing 1.0", "/missing")
        self.assert_recovers()

    def test_origin_that_does_not_answer(self) -> None:
        with Origin() as closed:
            url = closed.url("/good")
        self.assert_one_error(self.fetch(url), "thing 1.0", url)
        self.assert_recovers()

    def test_missing_local_origin(self) -> None:
        url = (self.directory / "nothing").as_uri()
        self.assert_one_error(self.fetch(url), "thing 1.0", url)
        self.assert_recovers()

    def test_local_origin(self) -> None:
        path = self.directory / "thing.tar.gz"
        path.write_bytes(CONTENT)
        status, output = self.fetch(path.as_uri())
        self.assertEqual(status, 0, output)
        self.assert_holds_content()

    def test_later_origin_serves_when_earlier_ones_fail(self) -> None:
        urls = [self.origin.url(path) for path in ("/missing", "/cut", "/good")]
        status, output = self.fetch(*urls)
        self.assertEqual(status, 0, output)
        self.assert_holds_content()

    def test_every_failed_origin_is_named(self) -> None:
        urls = [self.origin.url(path) for path in ("/missing", "/cut")]
        self.assert_one_error(self.fetch(*urls), *urls)
        self.assert_recovers()

    def test_debian_origin_is_a_file_of_the_mirrors_pool(self) -> None:
        for place, path in (
            ("thing/good", "t/thing/good"),
            ("libthing/good", "libt/libthing/good"),
        ):
            with self.subTest(place):
                shutil.rmtree(self.cache, ignore_errors=True)
                status, output = self.finish(start(self.command_for([("debian", place)])))
                self.assertEqual(status, 0, output)
                self.assertEqual(self.origin.requests[-1], f"/debian/pool/main/{path}")
                self.assert_holds_content()

    def test_npm_origin_is_packed_by_npm(self) -> None:
        content = self.directory / "content"
        content.write_bytes(CONTENT)
        # npm pack SPEC --silent --pack-destination DIRECTORY
        self.with_npm(f"test \"$1 $2\" = 'pack thing@1.0' && cp '{content}' \"$5/thing-1.0.tgz\"")
        status, output = self.finish(start(self.command_for([("npm", "thing@1.0")])))
        self.assertEqual(status, 0, output)
        self.assert_holds_content()

    def test_npm_that_fails(self) -> None:
        self.with_npm('echo half > "$5/thing-1.0.tgz"; echo no such package >&2; exit 1')
        result = self.finish(start(self.command_for([("npm", "thing@1.0")])))
        self.assert_one_error(result, "npm thing@1.0", "no such package")
        self.assert_recovers()

    def test_npm_that_serves_something_else(self) -> None:
        self.with_npm('echo other > "$5/thing-1.0.tgz"')
        result = self.finish(start(self.command_for([("npm", "thing@1.0")])))
        self.assert_one_error(result, "npm thing@1.0", "wrong sha256")
        self.assert_recovers()

    def test_pin_without_origin(self) -> None:
        self.assert_one_error(self.fetch(), "Pins.cmake", "thing")

    def test_offline_without_the_file(self) -> None:
        result = self.fetch(self.origin.url("/good"), offline=True)
        self.assert_one_error(result, "thing 1.0", "COIL_OFFLINE")
        self.assertEqual(self.origin.requests, [])
        self.assert_recovers()

    def test_offline_with_the_file(self) -> None:
        self.assert_recovers()
        status, output = self.fetch(self.origin.url("/good"), offline=True)
        self.assertEqual(status, 0, output)
        self.assertEqual(self.origin.requests, ["/good"])

    def test_changed_file_in_the_cache_is_fetched_again(self) -> None:
        self.assert_recovers()
        (self.cache / "downloads" / self.cached()[0]).write_bytes(CONTENT[:-1])
        status, output = self.fetch(self.origin.url("/good"))
        self.assertEqual(status, 0, output)
        self.assertIn("no longer match", " ".join(output.split()))
        self.assert_holds_content()

    def test_two_builds_at_once_fetch_once(self) -> None:
        commands = [self.command(self.origin.url("/stall")) for _ in range(2)]
        processes = [start(command) for command in commands]
        self.assertTrue(self.origin.started.wait(60))
        self.origin.release.set()
        results = [self.finish(process) for process in processes]
        self.assertEqual([status for status, _ in results], [0, 0], results)
        self.assertEqual(self.origin.requests, ["/stall"])
        self.assert_holds_content()

    def test_killed_fetch_leaves_nothing_after_the_next_one(self) -> None:
        process = start(self.command(self.origin.url("/stall")))
        self.assertTrue(self.origin.started.wait(60))
        process.kill()
        self.finish(process)
        self.origin.release.set()
        status, output = self.fetch(self.origin.url("/good"))
        self.assertEqual(status, 0, output)
        self.assert_holds_content()

    def test_file_size_limit(self) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(CONTENT) // 4, len(CONTENT) // 4))
            # Writing beyond the limit is then an error as on a full disk, and not a deadly signal.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        command = self.command(self.origin.url("/good"))
        result = self.finish(start(command, limit))
        self.assert_one_error(result, "thing 1.0", "/good", "is the disk full?")
        self.assert_recovers()

    def test_full_disk(self) -> None:
        result = self.on_small_disk(self.command(self.origin.url("/good")))
        self.assert_one_error(result, "thing 1.0", "/good", "is the disk full?")
        self.assertNotIn("left: ", result[1])
        self.assert_recovers()


class StepTest(CacheTest):
    """RunStep.cmake: whole results or none."""

    def command(self, script: str, name: str = "thing", settings: str = "") -> list[str | Path]:
        """Return the command that makes the result of a step from *script*."""
        path = self.write(f"{name}.sh", script)
        description = self.write(
            f"{name}.cmake",
            f"""\
            set(STEP_NAME "{name}")
            set(STEP_KEY "0123456789abcdef")
            set(STEP_PREFIX "{self.prefix(name)}")
            set(STEP_SCRIPT "{path}")
            set(COIL_CACHE "{self.cache}")
            set(COIL_SOURCE_DIR "{SOURCE}")
            set(COIL_JOBS 1)
            {settings}
            """,
        )
        return [CMAKE, f"-DSTEP_FILE={description}", "-P", MODULES / "RunStep.cmake"]

    def prefix(self, name: str = "thing") -> Path:
        """Return the directory of the step's result."""
        return self.cache / "built" / f"{name}-0123456789abcdef"

    def make(self, script: str) -> tuple[int, str]:
        """Run the step and return exit status and output."""
        return self.finish(start(self.command(script)))

    def assert_made(self, script: str, content: str = "whole\n") -> None:
        """Check that *script* makes the result ``file`` with *content*."""
        status, output = self.make(script)
        self.assertEqual(status, 0, output)
        self.assertEqual((self.prefix() / "file").read_text(), content)
        self.assertEqual(self.cached("built"), [self.prefix().name])
        self.assertEqual(self.cached("work"), [])

    WHOLE = 'echo whole > "$COIL_DESTDIR$COIL_PREFIX/file"\n'

    def test_result_is_made_once(self) -> None:
        self.assert_made(self.WHOLE)
        self.assert_made("exit 1\n")

    def test_offline_forbids_steps_that_download(self) -> None:
        settings = "set(STEP_NETWORK ON)\nset(COIL_OFFLINE ON)"
        command = self.command(self.WHOLE, settings=settings)
        self.assert_one_error(self.finish(start(command)), "thing", "COIL_OFFLINE")
        self.assertEqual(self.cached("built"), [])
        self.assert_made(self.WHOLE)
        self.assertEqual(self.finish(start(command))[0], 0)

    def test_offline_allows_other_steps(self) -> None:
        command = self.command(self.WHOLE, settings="set(COIL_OFFLINE ON)")
        self.assertEqual(self.finish(start(command))[0], 0)
        self.assert_made("exit 1\n")

    def test_failing_script_shows_its_last_lines_and_leaves_no_result(self) -> None:
        result = self.make(self.WHOLE + "echo the reason >&2; exit 3\n")
        self.assert_one_error(result, "thing", "(3)", "the reason", f"{self.cache}/logs/thing-")
        self.assertEqual(self.cached("built"), [])
        self.assert_made(self.WHOLE)

    def test_full_disk(self) -> None:
        script = 'head -c 200000 /dev/zero > "$COIL_DESTDIR$COIL_PREFIX/file"\n'
        status, output = self.on_small_disk(self.command(script))
        self.assert_one_error((status, output), "thing", "disk full")
        self.assertNotIn(f"left: {self.cache}/built", output)
        self.assert_made(self.WHOLE)

    def test_unset_variable_and_failing_command_end_the_script(self) -> None:
        for script in ('echo "$COIL_NO_SUCH_THING"\n', "false\n"):
            with self.subTest(script):
                status, output = self.make(script + self.WHOLE)
                self.assertNotEqual(status, 0, output)
                self.assertEqual(self.cached("built"), [])

    def test_two_builds_at_once_make_it_once(self) -> None:
        script = f"echo run >> '{self.directory}/runs'; sleep 1\n{self.WHOLE}"
        processes = [start(self.command(script)) for _ in range(2)]
        results = [self.finish(process) for process in processes]
        self.assertEqual([status for status, _ in results], [0, 0], results)
        self.assertEqual((self.directory / "runs").read_text(), "run\n")
        self.assert_made("exit 1\n")

    def test_killed_step_does_not_poison_the_next_run(self) -> None:
        marker = self.directory / "started"
        script = f"{self.WHOLE}touch '{marker}'; exec sleep 60\n"
        process = start(self.command(script), own_session=True)
        while not marker.exists():
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        self.finish(process)
        self.assertEqual(self.cached("built"), [])
        self.assert_made(self.WHOLE)

    def test_result_without_its_mark_is_made_again(self) -> None:
        self.prefix().mkdir(parents=True)
        (self.prefix() / "file").write_text("half")
        (self.prefix() / "stray").write_text("from an interrupted copy")
        self.assert_made(self.WHOLE)
        self.assertFalse((self.prefix() / "stray").exists())


class KeyTest(CacheTest):
    """Step.cmake: equal contents share a result, different ones never do."""

    def keys(self, clone: str, *, flag: str = "-O2", script: str = "true\n") -> list[str]:
        """Return the keys of two steps, the second on top of the first, of a project in *clone*."""
        root = self.directory / clone
        root.mkdir(exist_ok=True)
        (root / "base.sh").write_text(script)
        (root / "top.sh").write_text("true\n")
        (root / "CMakeLists.txt").write_text(
            f"""\
cmake_minimum_required(VERSION 3.25)
project(keys LANGUAGES NONE)
set(COIL_SOURCE_DIR "${{CMAKE_CURRENT_SOURCE_DIR}}")
set(COIL_CACHE "{self.cache}")
include("{MODULES}/Step.cmake")
coil_step(base SCRIPT "${{COIL_SOURCE_DIR}}/base.sh" ENVIRONMENT "FLAGS={flag}")
coil_step(top SCRIPT "${{COIL_SOURCE_DIR}}/top.sh" DEPENDS base)
message(STATUS "keys ${{COIL_KEY_base}} ${{COIL_KEY_top}}")
"""
        )
        process = start([CMAKE, "-G", "Ninja", "-S", root, "-B", root / "build"])
        status, output = self.finish(process)
        self.assertEqual(status, 0, output)
        return output.split("-- keys ")[1].split()[:2]

    def test_another_clone_has_the_same_keys(self) -> None:
        self.assertEqual(self.keys("one"), self.keys("two"))

    def test_changed_script_changes_its_key_and_those_on_top(self) -> None:
        before, after = self.keys("one"), self.keys("one", script="false\n")
        self.assertNotEqual(before[0], after[0])
        self.assertNotEqual(before[1], after[1])

    def test_changed_flag_changes_its_key_and_those_on_top(self) -> None:
        before, after = self.keys("one"), self.keys("one", flag="-O3")
        self.assertNotEqual(before[0], after[0])
        self.assertNotEqual(before[1], after[1])


if __name__ == "__main__":
    unittest.main()
