"""The folder that a run of the builder fills: wheels, and the lock file over them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOCK = "pyodide-lock.json"


def file_names(lock: Path) -> list[str]:
    """Return the names of wheels in a lock file; none when it is not one of ours."""
    try:
        packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
        names = [each["file_name"] for each in packages.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return [name for name in names if isinstance(name, str)]


def clear(folder: Path) -> None:
    """Remove the wheels that an earlier run put into a folder; others may be the user's own."""
    for name in file_names(folder / LOCK):
        if name.endswith(".whl") and "/" not in name:
            (folder / name).unlink(missing_ok=True)
