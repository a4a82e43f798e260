"""A wheel as it leaves the builder: complete, and the same bytes on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vendor
import wheel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hostpaths import HostPaths


def repack(
    source: Path, target: Path, paths: HostPaths | None = None, folders: Sequence[Path] = ()
) -> wheel.Contents:
    """Write the wheel *source* anew as *target*: sorted, without times and modes of this machine.

    Shared libraries that it needs come from *folders*; *paths* are not to be in it. Raises
    WheelError when something in it is not for the target.
    """
    files = wheel.read(source)
    wheel.check_libraries(source.name, files)
    files = vendor.Vendor(source.name, files, folders).run()
    if paths is not None:
        files = paths.hidden(source.name, files)
    wheel.write(files, target)
    return wheel.contents(target)
