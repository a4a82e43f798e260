"""Archives that were fetched."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from _pyodide._archive import SYNONYMS, unpack

_CONTENT_TYPES = {
    "application/gzip": "gztar",
    "application/tar": "tar",
    "application/tar+gzip": "gztar",
    "application/x-gtar": "tar",
    "application/x-gzip": "gztar",
    "application/x-tar": "tar",
    "application/x-wheel+zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/zip": "zip",
}


def format_of(url: str, content_type: str) -> str:
    """Return the format of an archive by the end of its URL or else by its content type.

    Raises ValueError when neither tells.
    """
    name = urlsplit(url).path.rpartition("/")[2].lower()
    for format_name, suffixes, _ in shutil.get_unpack_formats():
        if name.endswith(tuple(suffixes)):
            return format_name
    for suffix, format_name in SYNONYMS.items():
        if name.endswith(f".{suffix}"):
            return format_name
    found = _CONTENT_TYPES.get(content_type.partition(";")[0].strip().lower())
    if found is None:
        raise ValueError(
            f"neither the end of {url} nor the content type {content_type!r} tells the format of "
            'an archive; name it, as in format="zip"'
        )
    return found


def unpack_bytes(data: bytes, format_name: str, extract_dir: str | None) -> None:
    """Unpack an archive that is in memory; arguments and errors of `_pyodide._archive.unpack`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "archive"
        file.write_bytes(data)
        unpack(str(file), format_name, extract_dir)
