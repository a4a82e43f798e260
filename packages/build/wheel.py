"""Wheels: what is in them, and the same bytes for the same content."""

from __future__ import annotations

import base64
import email
import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
PLATFORMS = ("pyemscripten_2025_0_wasm32", "any")
SIDE_MODULE_MAGIC = b"\0asm\x01\0\0\0"


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


def check_library(wheel: Path, name: str, data: bytes) -> None:
    """Raise WheelError when a library in a wheel is for another kind of machine."""
    if not data.startswith(SIDE_MODULE_MAGIC):
        raise WheelError(f"{wheel.name}: {name} is not for this target; what linked it?")


def is_library(name: str) -> bool:
    """Tell whether a file is an extension module or a shared library."""
    return ".so" in PurePosixPath(name).suffixes


def write_entry(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file as every build adds it."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=9)


def repack(source: Path, target: Path) -> Contents:
    """Write the wheel *source* anew as *target*: sorted, without times and modes of this machine.

    Raises WheelError when a library in it is not for the target.
    """
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in sorted(archive.namelist()) if is_wanted(name)}
    for name, data in files.items():
        if is_library(name):
            check_library(source, name, data)
    record = next(name.rpartition("/")[0] for name in files if name.endswith(".dist-info/METADATA"))
    lines = [record_line(name, data) for name, data in files.items()]
    lines.append(f"{record}/RECORD,,\n")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            write_entry(archive, name, data)
        write_entry(archive, f"{record}/RECORD", "".join(lines).encode())
    return contents(target)


def contents(path: Path) -> Contents:
    """Return what a wheel says of itself."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
        message = email.message_from_bytes(archive.read(metadata))
    return Contents(
        name=message["Name"],
        version=message["Version"],
        requires=tuple(message.get_all("Requires-Dist") or ()),
        libraries=sum(map(is_library, names)),
        size=path.stat().st_size,
    )


def top_modules(path: Path) -> list[str]:
    """Return the names that a wheel without machine code lets programs import."""
    with zipfile.ZipFile(path) as archive:
        tops = {PurePosixPath(name).parts[0] for name in archive.namelist()}
    return sorted(
        top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data"))
    )


def check_tag(wheel: Path) -> None:
    """Raise WheelError unless the file's name says that it is for the target."""
    platform = wheel.stem.rpartition("-")[2]
    if platform not in PLATFORMS:
        raise WheelError(f"{wheel.name} is for {platform}; expected {' or '.join(PLATFORMS)}")


def unpack(wheels: Iterable[Path], folder: Path) -> None:
    """Unpack wheels into a folder, as an installer would for a folder on sys.path."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
