"""Names of packages, as indexes and lock files compare them."""

from __future__ import annotations

import re


def normalised(name: str) -> str:
    """Return the one way of writing a package's name that stands for all others."""
    return re.sub(r"[-_.]+", "-", name).lower()
