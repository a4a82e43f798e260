"""Fetches the source of a package from the index that pip is set up for, by version and hash.

``pip download`` was the alternative: it builds a package's metadata before it keeps the file, which
for some takes minutes and the very compilers that are set up later.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from recipe import Recipe
    from settings import Settings

# Runs in the build's own Python, whose pip has a known version: finds the file with pip's own
# finder and downloads it in pip's own session, with the mirrors, proxies and certificates of pip.
SCRIPT = """
import sys
from pathlib import Path
from pip._internal.commands import create_command

name, version, target = sys.argv[1:]
command = create_command("download")
options, _ = command.parse_args(["--no-deps", "--no-binary", ":all:", name])
with command.main_context():
    session = command.get_default_session(options)
    finder = command._build_package_finder(options, session)
    for candidate in finder.find_all_candidates(name):
        if str(candidate.version) == version and candidate.link.filename.endswith(".tar.gz"):
            response = session.get(candidate.link.url_without_fragment)
            response.raise_for_status()
            Path(target).write_bytes(response.content)
            break
    else:
        sys.exit(f"the package index has no source of {name} {version}, or did not answer")
"""


class SourceError(Exception):
    """A source that cannot be had; the text says why and what to do."""


def cached_path(settings: Settings, recipe: Recipe) -> Path:
    """Return where the source of a package is kept."""
    stem = re.sub(r"[^a-z0-9]+", "_", recipe.name.lower())
    name = f"{recipe.source.sha256[:16]}-{stem}-{recipe.source.version}.tar.gz"
    return settings.cache / "downloads" / name


def digest(path: Path) -> str:
    """Return the sha256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(settings: Settings, recipe: Recipe) -> Path:
    """Return the verified source of a package, downloaded if the cache has it not."""
    path = cached_path(settings, recipe)
    if path.exists() and digest(path) == recipe.source.sha256:
        return path
    what = f"the source of {recipe.name} {recipe.source.version}"
    if settings.offline:
        raise SourceError(
            f"COIL_OFFLINE is on and the cache does not have {what}. Build once without it."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    command = [str(settings.python), "-P", "-c", SCRIPT]  # no modules of the current folder
    command += [recipe.name, recipe.source.version, str(partial)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise SourceError(f"Cannot download {what}: {run.stderr.strip()[-500:]}")
    if (actual := digest(partial)) != recipe.source.sha256:
        partial.unlink()
        raise SourceError(
            f"Wrong sha256 of {what}: the recipe says {recipe.source.sha256}, "
            f"the index served {actual}."
        )
    return partial.replace(path)
