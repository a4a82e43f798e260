"""The compiler that build backends call: emcc, with the flags of the wheel ABI.

    compiler.py TOOL ARGUMENT...        TOOL is emcc or em++, by its whole path

Build systems compile and link for the machine that they run on, or think they know Emscripten.
This program makes of their command line what the target needs: position-independent code, wasm
exceptions and longjmp everywhere; for ``-shared`` a side module that exports the module's init
function and what else its own objects show; for programs of configure scripts an optimised link,
which uses the release libraries in the cache.

It runs for each source file, so it imports little. Read from the environment: ``COIL_CFLAGS``,
flags for every compilation.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath

ABI = ["-fPIC", "-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm"]
# Of a native machine, or said by the ABI already.
DROPPED = {
    "-pthread", "-lm", "-lc", "-lpthread", "-ldl", "-lrt", "-lutil", "-lgcc", "-lgcc_s",
    "-fno-strict-overflow", "-Wl,--as-needed", "-Wl,--no-as-needed", "-Wl,--no-undefined",
    "-Wl,-O1", "-Wl,--start-group", "-Wl,--end-group", "-Wl,--allow-shlib-undefined",
    "-Wl,-Bsymbolic-functions", "-shared", "-bundle", "-rdynamic", "-march=native", "-mtune=native",
}  # fmt: skip
DROPPED_PREFIXES = (
    "-Wl,-soname",
    "-Wl,--version-script",
    "-Wl,-z",
    "-Wl,-rpath-link",
    "-soname",
    "-install_name",
)
# Headers and libraries of the host, where setup scripts look by themselves.
HOST = re.compile(r"(?:-I|-L|-isystem)/usr(?:/|$)|-L/lib\w*(?:/|$)")
# The value follows as an argument of its own, or at once.
WITH_VALUE = {"-I", "-L", "-isystem", "-soname", "-rpath", "-install_name", "-Wl,-rpath"}
RUNTIME_PATH = re.compile(r"(?:-Wl,)?-rpath[,=]?(?:-Wl,)?")
COMPILE_ONLY = {"-c", "-E", "-S", "-M", "-MM", "-fsyntax-only"}
QUERIES = {"--version", "-v", "-V", "-dumpversion", "-dumpmachine", "-print-search-dirs"}
# Variables that tell the build's Python about the target; emcc is a Python program of the host.
HIDDEN = ("PYTHON", "_PYTHON")


def expanded(arguments: list[str]) -> list[str]:
    """Return the arguments with those in response files, of which Ninja makes use."""
    result: list[str] = []
    for argument in arguments:
        path = Path(argument[1:])
        if argument.startswith("@") and path.is_file():
            import shlex  # noqa: PLC0415  # as few need it

            result += shlex.split(path.read_text(encoding="utf-8"))
        else:
            result.append(argument)
    return result


def grouped(arguments: list[str]) -> list[list[str]]:
    """Return the arguments, each with the value that follows it."""
    groups: list[list[str]] = []
    for argument in arguments:
        if groups and len(groups[-1]) == 1 and groups[-1][0] in WITH_VALUE:
            groups[-1].append(argument)
        else:
            groups.append([argument])
    return groups


def runtime_path(argument: str) -> list[str]:
    """Return the flags for the folders of a runtime path that are in the wheel itself."""
    folders = RUNTIME_PATH.sub("", argument, count=1).split(":")
    return [f"-Wl,-rpath,{each}" for each in folders if each.startswith("$ORIGIN")]


def kept(arguments: list[str]) -> list[str]:
    """Return the arguments that mean something for the target."""
    result: list[str] = []
    for group in grouped(arguments):
        argument = "".join(group)
        if argument in DROPPED or argument.startswith(DROPPED_PREFIXES) or HOST.match(argument):
            continue
        result += runtime_path(argument) if RUNTIME_PATH.match(argument) else group
    return result


def output(arguments: list[str]) -> str:
    """Return the file that a command line writes, or an empty string."""
    for position, argument in enumerate(arguments):
        if argument == "-o":
            return arguments[position + 1]
        if argument.startswith("-o") and not argument.startswith("-object"):
            return argument[2:]
    return ""


def init_function(path: str) -> str:
    """Return the init function of an extension module by its file, as import looks for it."""
    stem = PurePath(path).name.split(".", 1)[0]
    if stem.isascii():
        return f"PyInit_{stem}"
    return "PyInitU_" + stem.encode("punycode").decode().replace("-", "_")


def link_flags(arguments: list[str]) -> list[str]:
    """Return the flags for linking: a side module for ``-shared``, else a program for Node."""
    flags = ["-sASSERTIONS=0", "-sWASM_BIGINT", "-Wno-experimental"]
    if not any(argument.startswith("-O") for argument in arguments) or "-O0" in arguments:
        flags.append("-O1")  # last on the line: the debug libraries would be built otherwise
    path = output(arguments)
    if not {"-shared", "-bundle"} & set(arguments):
        return flags
    if PurePath(path).name.startswith("lib"):
        return [*flags, "-sSIDE_MODULE=1"]
    init = f"-sEXPORTED_FUNCTIONS=_{init_function(path)}"
    return [*flags, "-sSIDE_MODULE=2", init, *exports(arguments)]


def exports(arguments: list[str]) -> list[str]:
    """Return the flags that export what the object files on a command line show."""
    sys.path.insert(0, str(PurePath(__file__).parent))  # an isolated Python leaves it out
    import symbols  # noqa: PLC0415  # only for linking

    return [f"-Wl,--export={name}" for name in symbols.of_objects(arguments)]


def translate(arguments: list[str]) -> list[str]:
    """Return the arguments for emcc."""
    if any(argument in QUERIES for argument in arguments):
        return arguments
    arguments = expanded(arguments)
    extra = [*ABI, *os.environ.get("COIL_CFLAGS", "").split()]
    if not COMPILE_ONLY & set(arguments):
        extra += link_flags(arguments)
    return [*kept(arguments), *extra]


def main() -> None:
    """Become the compiler."""
    tool, *arguments = sys.argv[1:]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    os.execve(tool, [tool, *translate(arguments)], environment)  # noqa: S606


if __name__ == "__main__":
    main()
