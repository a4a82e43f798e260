"""The host's file system at its own paths: Coil sees and does what native CPython does."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engines import CLI, ENGINES, Engine
from filesystem_cases import CASES, PRELUDE
from support import NATIVE, Case, Outcome

DIST = Path(CLI).parent.parent

STATUS = """
import os
for name in sorted(os.listdir(".")):
    for follow in (True, False):
        try:
            s = os.stat(name, follow_symlinks=follow)
        except OSError as error:
            print(name, type(error).__name__)
            continue
        print(name, oct(s.st_mode), s.st_ino, s.st_dev, s.st_nlink, s.st_uid, s.st_gid, s.st_rdev,
              s.st_size, s.st_blksize, s.st_blocks, s.st_atime_ns, s.st_mtime_ns, s.st_ctime_ns)
print(os.stat("/dev/null").st_rdev, os.getuid(), os.geteuid(), os.getgid(), os.getegid())
"""


def tree(folder: str) -> list[tuple[str, str, int]]:
    """Return what is in a folder: path, kind and permissions, size."""
    found = []
    for path in sorted(Path(folder).rglob("*")):
        status = path.lstat()
        size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
        found.append((os.fsencode(path.relative_to(folder)).hex(), oct(status.st_mode), size))
    return found


def run_case(python: list[str], code: str) -> tuple[Outcome, list[tuple[str, str, int]]]:
    """Run a program in a new folder; return its outcome and what it left there."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = Case(["-c", PRELUDE + code]).run(python, folder)
        return outcome, tree(folder)


class SameAsNativeTest(unittest.TestCase):
    """Each program prints the same and leaves the same files as under native CPython."""

    maxDiff = None

    def test_every_case_on_every_engine(self) -> None:
        commands = [NATIVE, *(engine.command() for engine in ENGINES)]
        for name, code in CASES.items():
            with ThreadPoolExecutor(2) as pool:
                native, *others = pool.map(run_case, commands, [code] * len(commands))
            self.assertEqual(native[0].status, 0, native[0].errors.decode())
            for engine, coil in zip(ENGINES, others, strict=True):
                with self.subTest(case=name, engine=str(engine)):
                    self.assertEqual(coil[0].output.decode(), native[0].output.decode())
                    self.assertEqual(coil, native)

    def test_status_of_the_same_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "file").write_bytes(b"x" * 12345)
            (root / "folder" / "inner").mkdir(parents=True)
            (root / "link").symlink_to("file")
            (root / "broken").symlink_to("nowhere")
            os.link(root / "file", root / "hard")
            os.mkfifo(root / "pipe")
            os.utime(root / "file", ns=(1_700_000_000_123_456_789, -1_234_567_890))
            native = Case(["-c", STATUS]).run(NATIVE, folder)
            self.assertEqual(native.errors, b"")
            for engine in ENGINES:
                with self.subTest(engine=str(engine)):
                    coil = Case(["-c", STATUS]).run(engine.command(), folder)
                    self.assertEqual(coil.output.decode(), native.output.decode())


class PermissionTest(unittest.TestCase):
    """The host decides who may do what."""

    @unittest.skipUnless(
        hasattr(os, "geteuid") and os.geteuid() == 0, "needs to become another user"
    )
    def test_another_user_is_refused(self) -> None:
        code = (
            "import os\n"
            "for call in (lambda: open('secret'), lambda: open('new', 'w'),\n"
            "             lambda: os.listdir('closed'), lambda: os.unlink('secret'),\n"
            "             lambda: os.chmod('secret', 0o777)):\n"
            "    try:\n"
            "        call()\n"
            "    except PermissionError as error:\n"
            "        print(error.strerror)\n"
            "print(os.access('secret', os.R_OK), os.access('.', os.W_OK), os.getuid())\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            (Path(folder) / "secret").touch(0o600)
            (Path(folder) / "closed").mkdir(0o700)
            for engine in ENGINES:
                with self.subTest(engine=str(engine)):
                    output = self.run_as_nobody(engine, code, folder)
                    expected = (
                        "Permission denied\n" * 4 + "Operation not permitted\nFalse False 65534\n"
                    )
                    self.assertEqual(output, expected)

    def run_as_nobody(self, engine: Engine, code: str, folder: str) -> str:
        """Run code as a user without rights; skip where that one cannot even read the program."""
        probe = ["cat", engine.node, CLI]
        if subprocess.run(probe, check=False, user=65534, capture_output=True).returncode != 0:
            self.skipTest("the build is in a folder that other users cannot read")
        process = subprocess.run(
            engine.command("-c", code),
            cwd=folder,
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(process.stderr, "")
        return process.stdout


class BoundaryTest(unittest.TestCase):
    """Where the host's files end and the interpreter's own begin."""

    def check(self, code: str, expected: str, *options: str) -> None:
        """Run a program on every engine in an empty folder and compare its output."""
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), tempfile.TemporaryDirectory() as folder:
                outcome = Case([*options, "-c", PRELUDE + code]).run(engine.command(), folder)
                self.assertEqual(outcome.errors.decode(), "")
                self.assertEqual(outcome.output.decode(), expected)

    def test_renaming_and_linking_across_is_another_device(self) -> None:
        code = (
            "write('f')\n"
            "library = os.path.dirname(os.__file__)\n"
            "there = library + '/f'\n"
            "print(attempt(os.rename, 'f', there), attempt(os.link, 'f', there))\n"
            "print(attempt(os.rename, library + '/os.py', 'os.py'), os.listdir('.'))\n"
            "import shutil\n"
            "shutil.copy(library + '/os.py', 'copy.py')\n"
            "print(os.path.getsize('copy.py') == os.path.getsize(library + '/os.py'))\n"
        )
        self.check(code, "EXDEV EXDEV\nEXDEV ['f']\nTrue\n")

    def test_the_library_is_there_for_relative_and_indirect_paths(self) -> None:
        code = (
            "library = os.path.dirname(os.__file__)\n"
            "fd = os.open(os.path.dirname(library), os.O_RDONLY)\n"
            "print(os.path.exists(library + '/../python3.13/./os.py'))\n"
            "size = os.stat('python3.13/os.py', dir_fd=fd).st_size\n"
            "print(size == os.path.getsize(os.__file__))\n"
            "os.chdir(library)\n"
            "print(os.path.exists('os.py'), os.path.exists('../../bin/coil'))\n"
            "print(os.getcwd() == library)\n"
            "print('site-packages' in os.listdir('.'), os.path.isdir('site-packages'))\n"
            "os.chdir('site-packages')\n"
            "print(os.path.exists('../os.py'))\n"
        )
        self.check(code, "True\nTrue\nTrue True\nTrue\nTrue True\nTrue\n")

    def test_site_packages_is_a_folder_of_the_host(self) -> None:
        module = DIST / "lib/python3.13/site-packages/coil_test_module.py"
        module.write_text("print('imported from the host')\n")
        self.addCleanup(module.unlink)
        self.check("import coil_test_module\n", "imported from the host\n", "-B")

    def test_descriptors_by_name_are_the_interpreters_own(self) -> None:
        code = (
            "with open('f', 'w+') as file:\n"
            "    file.write('text')\n"
            "    file.flush()\n"
            "    for folder in ('/dev/fd', '/proc/self/fd'):\n"
            "        print(open(f'{folder}/{file.fileno()}').read())\n"
            "    os.unlink('f')\n"
            "    print(open(f'/dev/fd/{file.fileno()}').read())\n"
        )
        self.check(code, "text\ntext\ntext\n")


class IsolatedTest(unittest.TestCase):
    """``--isolated-fs`` runs in memory: no host file is seen, and none is left behind."""

    def run_isolated(self, engine: Engine, code: str, folder: str) -> str:
        """Return what a program prints that runs in memory."""
        case = Case(["--isolated-fs", "-c", PRELUDE + code])
        outcome = case.run(engine.command(), folder)
        self.assertEqual(outcome.errors.decode(), "")
        return outcome.output.decode()

    def test_no_host_file_is_seen(self) -> None:
        code = (
            "print(sorted(os.listdir('/')))\n"
            "for name in ('/etc/passwd', '/usr', '/root', '/proc/version', sys.argv[0], 'host'):\n"
            "    print(os.path.lexists(name))\n"
            "print(os.getcwd(), sys.prefix, sys.executable.startswith('/bin'))\n"
        )
        expected = "['dev', 'home', 'lib', 'proc', 'tmp']\n" + "False\n" * 6 + "/ / True\n"
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "host").touch()
                self.assertEqual(self.run_isolated(engine, code, folder), expected)

    def test_nothing_is_left_on_the_host(self) -> None:
        code = (
            "import tempfile, shutil\n"
            "os.makedirs(sys.argv[1])\n"
            "os.chdir(sys.argv[1])\n"
            "write('here', b'data')\n"
            "print(os.path.exists(tempfile.mkdtemp(dir=sys.argv[1])))\n"
            "shutil.copytree(sys.argv[1], '/home/copy')\n"
            "print(len(os.listdir('/home/copy')))\n"
        )
        for engine in ENGINES:
            with self.subTest(engine=str(engine)), tempfile.TemporaryDirectory() as folder:
                target = Path(folder) / "in" / "memory"
                case = Case(["--isolated-fs", "-c", PRELUDE + code, str(target)])
                outcome = case.run(engine.command(), folder)
                self.assertEqual(outcome, Outcome(0, b"True\n2\n", b""))
                self.assertEqual(list(Path(folder).iterdir()), [])
                self.assertFalse(Path("/home/copy").exists())

    def test_memory_behaves_like_a_file_system(self) -> None:
        """The programs whose result does not depend on users, devices or sparse files."""
        names = (
            "permissions of new files follow the umask in memory",
            "symbolic links",
            "exclusive creation",
            "appending",
            "positions",
            "names that are not UTF-8",
            "times",
        )
        for engine in ENGINES:
            for name in names:
                code = CASES.get(name) or CASES[name.removesuffix(" in memory")].replace(
                    'os.mkfifo(f"pipe{mask}")', 'write(f"pipe{mask}")'
                )
                native, _ = run_case(NATIVE, code)
                with self.subTest(case=name, engine=str(engine)):
                    start = "import os; os.chdir('/tmp')\n"
                    outcome = self.run_isolated(engine, start + code, "/")
                    self.assertEqual(outcome, native.output.decode())


if __name__ == "__main__":
    unittest.main()
