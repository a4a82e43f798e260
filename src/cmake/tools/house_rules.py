"""The project's own checks: what no linter of a language knows.

Each check is a generator over one file or over the list of files and yields messages of the form
``path:line: what is wrong and what to do``. lint.py runs them all through check_files().
"""

from __future__ import annotations

import ast
import re
import socket
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_FILE_LINES = 800
MAX_FUNCTION_LINES = 80  # also in .clang-tidy and biome.json, for C and for JavaScript

SOURCE_SUFFIXES = {".c", ".h", ".js", ".mjs", ".ts", ".py", ".cmake", ".sh"}
SPACED_SUFFIXES = SOURCE_SUFFIXES | {".json", ".md", ".toml"}  # tabs separate fields of data
CLEANUP_LABELS = {"error", "done"}
SHORT_PATH_PARTS = 2  # "/" and one name: /root, /src

INLINE_JS = re.compile(r"\b(?:MAIN_THREAD_)?(?:ASYNC_)?EM_(?:ASM|JS)\w*\s*\(")
GOTO = re.compile(r"\bgoto\s+(\w+)")
C_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
C_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
PROTOTYPE = re.compile(
    r"^[ \t]*(?!return\b|typedef\b|static\b)[\w \t\n*()\",]*?(\w+)\([^;{}]*\)[^;{}=]*;"
)
OWNERSHIP = re.compile(r"\b(?:returns?|steals?|borrows?|raises?)\b", re.IGNORECASE)
REGISTRY = re.compile(r"https?://(?:[\w-]+\.)*(?:registry|npm|pypi)[\w-]*\.", re.IGNORECASE)


def check_hygiene(path: PurePosixPath, text: str) -> Iterator[str]:
    """Whitespace that differs between editors, and files without content."""
    if not text:
        yield f"{path}:1: empty file; a file appears with its first real content"
        return
    if path.suffix == ".patch":
        return
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield f"{path}:{text.count(chr(10)) + 1}: the file must end with exactly one newline"
    for number, line in enumerate(text.split("\n"), start=1):
        if line != line.rstrip():
            yield f"{path}:{number}: trailing whitespace"
        if "\t" in line and path.suffix in SPACED_SUFFIXES:
            yield f"{path}:{number}: tab; indent with spaces"


def check_patch(path: PurePosixPath, text: str) -> Iterator[str]:
    """Remarks of diff on files that it leaves out: `patch` passes over such lines in silence."""
    if path.suffix != ".patch":
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("Binary files ", "Only in ")):
            yield f"{path}:{number}: diff's remark on a file that the patch does not change"


def check_length(path: PurePosixPath, text: str) -> Iterator[str]:
    """Files that do more than one thing."""
    lines = text.count("\n")
    if path.suffix in SOURCE_SUFFIXES and lines > MAX_FILE_LINES:
        yield f"{path}:{lines}: {lines} lines, at most {MAX_FILE_LINES}; split it by concern"


def check_python_functions(path: PurePosixPath, text: str) -> Iterator[str]:
    """Long Python functions; clang-tidy and Biome know those of the other languages."""
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text, str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines; split it"


def blank_out(pattern: re.Pattern[str], text: str) -> str:
    """Return *text* with every match of *pattern* turned to spaces, line numbers kept."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check_c_code(path: PurePosixPath, text: str) -> Iterator[str]:
    """JavaScript inside C, and jumps other than to the one cleanup label."""
    if path.suffix not in {".c", ".h"}:
        return
    for number, line in enumerate(blank_out(C_COMMENT, text).split("\n"), start=1):
        if INLINE_JS.search(line):
            yield f"{path}:{number}: JavaScript in C; put it in a .js library beside the C file"
        for label in GOTO.findall(line):
            if label not in CLEANUP_LABELS:
                yield f"{path}:{number}: goto {label}; only the cleanup labels error and done exist"


def check_js_library(path: PurePosixPath, text: str) -> Iterator[str]:
    """Emscripten's preprocessor in JavaScript, which no linter or formatter can read."""
    if path.suffix != ".js":
        return
    for number, line in enumerate(blank_out(C_COMMENT, text).split("\n"), start=1):
        if "{{{" in line or line.startswith(("#if", "#else", "#endif", "#include")):
            yield (
                f"{path}:{number}: preprocessor; a library is evaluated when it is linked, so put "
                "the constants into an object (as fs_abi.js does) and test conditions at run time"
            )


def check_prototypes(path: PurePosixPath, text: str) -> Iterator[str]:
    """C prototypes in headers whose comment does not say what happens to references and errors."""
    if path.suffix != ".h":
        return
    code = blank_out(C_STRING, blank_out(C_COMMENT, text))
    code = re.sub(
        r"^[ \t]*#(?:.*\\\n)*.*$", lambda m: " " * len(m.group()), code, flags=re.MULTILINE
    )
    start = 0
    for statement in re.finditer(r"[^;{}]*[;{}]", code):
        match = PROTOTYPE.match(statement.group().lstrip("\n \t"))
        begin = statement.start() + len(statement.group()) - len(statement.group().lstrip())
        if match and not OWNERSHIP.search(text[start:begin]):
            number = text.count("\n", 0, begin) + 1
            yield (
                f"{path}:{number}: {match.group(1)}: say in a comment before it what it returns "
                "(new or borrowed), steals and raises"
            )
        start = statement.end()


def build_host_names(root: Path) -> list[str]:
    """Return the names of this machine, user and checkout that no tracked file may contain."""
    places = [str(path) for path in (root, Path.home()) if len(path.parts) > SHORT_PATH_PARTS]
    host = socket.gethostname()
    # A name like "debian" or "build" is a word of ordinary text as well; one with a digit is not.
    return places + ([host] if re.search(r"\d", host) else [])


def check_names(path: PurePosixPath, text: str, forbidden: Sequence[str]) -> Iterator[str]:
    """Names of the machine a file was written on, and hosts of package registries."""
    for number, line in enumerate(text.split("\n"), start=1):
        for name in forbidden:
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line):
                yield f"{path}:{number}: {name!r} belongs to this machine; say it in general"
        if REGISTRY.search(line):
            yield f"{path}:{number}: the host of a package registry; the user's settings name it"


def check_folders(
    paths: Sequence[PurePosixPath], read: Callable[[PurePosixPath], str]
) -> Iterator[str]:
    """Folders that no README says anything about: neither their own nor that of a folder above."""
    known = set(paths)
    folders = {parent for path in paths for parent in path.parents} - {PurePosixPath()}
    for folder in sorted(folders):
        readmes = [parent / "README.md" for parent in [folder, *folder.parents]]
        own, above = readmes[0], [readme for readme in readmes[1:] if readme in known]
        named = any(f"{folder.relative_to(readme.parent)}" in read(readme) for readme in above)
        if own not in known and not named:
            yield f"{folder}:1: no README.md here or above says what lives in this folder"


def check_files(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong in the files *names* (relative to *root*, third-party files left out)."""
    forbidden = build_host_names(root)
    texts: dict[PurePosixPath, str] = {}
    for path in map(PurePosixPath, names):
        try:
            texts[path] = (root / path).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue  # a binary file
    for path, text in texts.items():
        yield from check_hygiene(path, text)
        yield from check_patch(path, text)
        yield from check_length(path, text)
        yield from check_python_functions(path, text)
        yield from check_c_code(path, text)
        yield from check_js_library(path, text)
        yield from check_prototypes(path, text)
        yield from check_names(path, text, forbidden)
    yield from check_folders(list(texts), texts.__getitem__)
