"""Wheels: what is in them, and the same bytes for the same content."""

from __future__ import annotations

import base64
import email
import hashlib
import re
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from wasm import WasmError, sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
PLATFORM = "pyemscripten_2025_0_wasm32"
TAG = re.compile(
    rf"(?:cp313-cp313|cp3(?:[2-9]|1[0-3])-abi3|py3-none)-{PLATFORM}|(?:py2\.)?py3-none-any"
)
METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
# In the names of extension modules: a Python, its version and a machine.
EXTENSION_TAG = "cpython-313-wasm32-emscripten"
FOREIGN_TAG = re.compile(r"cpython-|cp\d|pypy|graalpy|.*-(?:linux|darwin|win|emscripten)")


class WheelError(Exception):
    """A wheel that does not fit the target; the text says which and why."""


@dataclass(frozen=True)
class Contents:
    """What a finished wheel holds."""

    name: str
    version: str
    requires: tuple[str, ...]
    libraries: int  # files of machine code
    size: int  # bytes of the wheel


def record_line(name: str, data: bytes) -> str:
    """Return the line of RECORD for a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    quoted = f'"{name}"' if "," in name else name
    return f"{quoted},sha256={digest},{len(data)}\n"


def is_wanted(name: str) -> bool:
    """Tell whether a file belongs into a wheel: compiled Python code depends on who compiled it."""
    return not name.endswith((".pyc", ".pyo", "/")) and not name.endswith("/RECORD")


def check_library(wheel: str, name: str, data: bytes) -> None:
    """Raise WheelError when a library in a wheel is for another kind of machine, or cut off."""
    inner = PurePosixPath(name).name.split(".")[1:]
    for tag in inner:
        if FOREIGN_TAG.match(tag) and tag != EXTENSION_TAG:
            raise WheelError(
                f"{wheel}: {name} is named for another machine or Python than {EXTENSION_TAG};"
                " the backend must ask sysconfig for EXT_SUFFIX"
            )
    try:
        for _ in sections(data):
            pass  # each must be there as a whole
    except WasmError as error:
        raise WheelError(
            f"{wheel}: {name} is not for this target: {error}; what linked it?"
        ) from error


def check_libraries(wheel: str, files: dict[str, bytes]) -> None:
    """Raise WheelError when a library is unfit, or where none may be."""
    for name, data in files.items():
        if is_library(name):
            if wheel.endswith("-any.whl"):
                raise WheelError(
                    f"{wheel} is for any platform, but {name} is machine code; the backend must"
                    " name the platform in the wheel's tag"
                )
            check_library(wheel, name, data)


def is_library(name: str) -> bool:
    """Tell whether a file is an extension module or a shared library."""
    return ".so" in PurePosixPath(name).suffixes


def write_entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file as every build adds it."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=9)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a wheel; WheelError when it is no archive, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise WheelError(f"{path.name} is no sound zip archive: {error}; build it anew") from error


def metadata_name(wheel: str, names: Iterable[str]) -> str:
    """Return the name of METADATA; WheelError when there is none."""
    for name in names:
        if METADATA.fullmatch(name):
            return name
    raise WheelError(f"{wheel} has no METADATA in a folder *.dist-info; what made it?")


def read(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel that belong into it."""
    with opened(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if is_wanted(name)}
    metadata_name(path.name, files)
    return files


def write(files: dict[str, bytes], target: Path) -> None:
    """Write a wheel of files, which are sorted, and of the RECORD of them."""
    record = metadata_name(target.name, files).rpartition("/")[0] + "/RECORD"
    ordered = sorted(files.items())
    lines = [*(record_line(name, data) for name, data in ordered), f"{record},,\n"]
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in ordered:
            write_entry(archive, name, data)
        write_entry(archive, record, "".join(lines).encode())


def contents(path: Path) -> Contents:
    """Return what a wheel says of itself."""
    with opened(path) as archive:
        names = archive.namelist()
        message = email.message_from_bytes(archive.read(metadata_name(path.name, names)))
    return Contents(
        name=message["Name"],
        version=message["Version"],
        requires=tuple(message.get_all("Requires-Dist") or ()),
        libraries=sum(map(is_library, names)),
        size=path.stat().st_size,
    )


def top_modules(path: Path) -> list[str]:
    """Return the names that a wheel without machine code lets programs import."""
    with opened(path) as archive:
        tops = {PurePosixPath(name).parts[0] for name in archive.namelist()}
    return sorted(
        top.removesuffix(".py")
        for top in tops
        if not top.endswith((".dist-info", ".data", ".libs"))
    )


def check_tag(wheel: Path) -> None:
    """Raise WheelError unless the file's name says that it is for the target."""
    parts = wheel.stem.split("-")
    tag = "-".join(parts[-3:])
    if len(parts) not in {5, 6} or not TAG.fullmatch(tag):
        raise WheelError(
            f"{wheel.name} is for {tag}; expected cp313-cp313-{PLATFORM}, cp3*-abi3-{PLATFORM} up "
            f"to cp313, py3-none-{PLATFORM}, py3-none-any or py2.py3-none-any"
        )


def unpack(wheels: Iterable[Path], folder: Path) -> None:
    """Unpack wheels into a folder, as an installer would for a folder on sys.path."""
    for wheel in wheels:
        with opened(wheel) as archive:
            archive.extractall(folder)
