"""Paths of the machine that built a wheel: replaced in texts, refused in machine code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wheel import WheelError, is_library

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REPLACEMENT = b"/coil"
# A folder of the same beginning is another one: /cache/coil-2 is not below /cache/coil.
NO_MORE_NAME = rb"(?![\w.-])"


def spellings(folders: Iterable[Path]) -> list[bytes]:
    """Return folders as programs may write them, longest first."""
    found = {str(each).encode() for folder in folders for each in (folder, folder.resolve())}
    return sorted(found, key=lambda each: (-len(each), each))


def pattern(folders: Iterable[Path]) -> re.Pattern[bytes]:
    """Return what finds folders; nothing when there are none."""
    inner = b"|".join(map(re.escape, spellings(folders))) or b"(?!)"
    return re.compile(b"(?:" + inner + b")" + NO_MORE_NAME)


def is_text(name: str, data: bytes) -> bool:
    """Tell whether a file may be changed: what has no zeros, is UTF-8 and no machine code."""
    if is_library(name) or b"\0" in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


class HostPaths:
    """The folders of one build, which differ between machines."""

    def __init__(self, work: Path, others: Iterable[Path] = ()) -> None:
        self.in_text = pattern([work, *others])
        self.in_binary = pattern([work])

    def hidden(self, wheel: str, files: dict[str, bytes]) -> dict[str, bytes]:
        """Return files without the folders; WheelError when machine code has the work folder."""
        return {name: self.cleaned(wheel, name, data) for name, data in files.items()}

    def cleaned(self, wheel: str, name: str, data: bytes) -> bytes:
        """Return the bytes of one file without the folders."""
        if is_text(name, data):
            return self.in_text.sub(REPLACEMENT, data)
        if found := self.in_binary.search(data):
            raise WheelError(
                f"{wheel}: {name} has the path {found[0].decode()} of this machine; build it with"
                " -ffile-prefix-map, or without the option that puts the path there"
            )
        return data
