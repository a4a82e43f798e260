"""What the requirements in a wheel's METADATA mean for the target.

pip's copy of ``packaging`` reads them: the Python of the build has it, as sources.py needs pip
anyway. The one among the build tools was the alternative; with it on ``sys.path`` there would be
two modules ``wheel``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from names import normalised
from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
from wheel import WheelError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# All variables of environment markers, none is left to the machine that builds.
TARGET = {
    "extra": "",
    "implementation_name": "cpython",
    "implementation_version": "3.13.15",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Emscripten",
    "platform_version": "",
    "python_full_version": "3.13.15",
    "python_version": "3.13",
    "sys_platform": "emscripten",
}


def needed_packages(wheel: Path, requires: Iterable[str]) -> list[str]:
    """Return the normalised names that requirements ask for on the target, sorted."""
    needed = set()
    for text in requires:
        try:
            found = Requirement(text)
        except InvalidRequirement as error:
            raise WheelError(
                f"{wheel.name}: its METADATA has the requirement {text!r}, which cannot be read: "
                f"{error}. Take another version of it in packages/pure.txt"
            ) from error
        if found.marker is None or found.marker.evaluate(TARGET):
            needed.add(normalised(found.name))
    return sorted(needed)
