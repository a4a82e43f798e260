"""Which files below a directory a program opens, by Linux inotify, and their compressed sizes."""

from __future__ import annotations

import ctypes
import hashlib
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from runtimes import BenchError, cache_directory, output

if TYPE_CHECKING:
    from pathlib import Path

_IN_ACCESS, _IN_OPEN, _IN_ISDIR = 0x01, 0x20, 0x40000000
_EVENT = struct.Struct("iIII")  # watch, mask, cookie, length of the name

_COMPRESS = """
const { readFileSync } = require("node:fs");
const { brotliCompressSync, constants: c } = require("node:zlib");
const data = readFileSync(process.argv[1]);
const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: data.length };
console.log(brotliCompressSync(data, { params }).length);
"""


@dataclass(frozen=True)
class FileSize:
    """A file that a start reads: its size, and its size by brotli at quality 11, in bytes."""

    name: str
    raw: int
    brotli: int


class Watch:
    """A context in which opening and reading of files below a directory is recorded.

    Neither tracing system calls nor a hook in Node would do: the first needs a privilege or a
    program that is often missing, and the second does not see the engine's own module loader.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = -1
        self._watched: dict[int, Path] = {}

    def __enter__(self) -> Self:
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for path in [self._directory, *self._directory.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                watch = self._libc.inotify_add_watch(
                    self._fd, os.fsencode(path), _IN_ACCESS | _IN_OPEN
                )
                if watch < 0:
                    raise BenchError(f"inotify on {path}: {os.strerror(ctypes.get_errno())}")
                self._watched[watch] = path
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)

    def files(self) -> list[Path]:
        """Return the files that were opened so far, sorted."""
        found = set()
        while data := self._read():
            pos = 0
            while pos < len(data):
                watch, mask, _, size = _EVENT.unpack_from(data, pos)
                name = data[pos + _EVENT.size : pos + _EVENT.size + size].rstrip(b"\0")
                if name and not mask & _IN_ISDIR:
                    found.add(self._watched[watch] / os.fsdecode(name))
                pos += _EVENT.size + size
        return sorted(found)

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return b""


def _brotli_size(node: str, path: Path) -> int:
    """Return the compressed size, kept by content: ten megabytes take half a minute."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = cache_directory() / f"brotli-11-{digest}"
    if not kept.exists():
        kept.write_text(output([node, "-e", _COMPRESS, str(path)], seconds=900))
    return int(kept.read_text())


def measure_sizes(node: str, directory: Path, files: list[Path]) -> list[FileSize]:
    """Return the sizes of *files*, named relative to *directory*, biggest first."""
    sizes = [
        FileSize(str(path.relative_to(directory)), path.stat().st_size, _brotli_size(node, path))
        for path in files
    ]
    return sorted(sizes, key=lambda size: -size.raw)
