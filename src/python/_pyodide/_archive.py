"""Unpacking of archives for ``pyodide.unpackArchive`` and the package installer."""

from __future__ import annotations

import shutil
from pathlib import Path

SYNONYMS = {
    "tar.gz": "gztar",
    "tgz": "gztar",
    "tar.bz2": "bztar",
    "tbz": "bztar",
    "tbz2": "bztar",
    "tar.xz": "xztar",
    "txz": "xztar",
    "wheel": "zip",
    "whl": "zip",
}
"""Names of formats other than those of :mod:`shutil`."""

TAR_FORMATS = frozenset({"tar", "gztar", "bztar", "xztar"})


def unpack(path: str, format: str, extract_dir: str | None = None) -> None:  # noqa: A002
    """Unpack an archive.

    :param path: the archive's file, whatever its name
    :param format: a format that :mod:`shutil` knows, or a usual suffix; case and a leading dot
        do not matter
    :param extract_dir: where to, made if missing; default: the working directory
    :raises ValueError: nobody registered that format
    :raises shutil.ReadError: the file is no such archive
    """
    name = format.lower().removeprefix(".")
    name = SYNONYMS.get(name, name)
    folder = Path(extract_dir or ".")
    folder.mkdir(parents=True, exist_ok=True)
    if name in TAR_FORMATS:
        shutil.unpack_archive(path, folder, name, filter="data")
    else:
        shutil.unpack_archive(path, folder, name)
