"""What the builder needs of the build: JSON that CMake writes (packages/settings.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """Paths of the build's results and its options."""

    cache: Path
    offline: bool
    jobs: int
    python: Path  # the native CPython, which runs build backends
    node: Path
    cli: Path  # the command line, for smoke tests
    tools: Path  # emcc and its like
    headers: Path  # of the target's CPython
    sysconfig_data: Path  # of the target's CPython
    build_tools: Path  # build backends, as pip --target leaves them
    libraries: dict[str, Path]  # prefixes of libraries for the target, by name
    rust: Path  # the root that holds Rust; it exists when it was built
    pure: Path  # wheels without machine code, from the index
    toolchain: tuple[str, ...]  # names of cached steps: their keys are part of every wheel's key

    @property
    def wheels(self) -> Path:
        """Where finished wheels are kept."""
        return self.cache / "wheels"


class SettingsError(Exception):
    """Settings that cannot be used; the text says what to do."""


ADVICE = "Configure the build, which writes it (cmake -S . -B build), or name another file."
# What must be there before any wheel is built; the rest is for some of them.
NEEDED = ("python", "node", "cli", "tools", "headers", "sysconfig_data", "build_tools", "pure")


def load(path: Path) -> Settings:
    """Return the settings in a file; SettingsError when it is missing or not what CMake writes."""
    try:
        found = parse(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError(f"Cannot read settings {path}: {error.strerror}. {ADVICE}") from error
    except KeyError as error:
        raise SettingsError(f"The settings {path} have no {error}. {ADVICE}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise SettingsError(f"The settings {path} are damaged: {error}. {ADVICE}") from error
    for key in NEEDED:
        if not getattr(found, key).exists():
            raise SettingsError(
                f"{getattr(found, key)}, which the settings {path} name as {key}, is not there. "
                "Build what wheels need: cmake --build build --target package-inputs"
            )
    return found


def parse(raw: dict[str, Any]) -> Settings:
    """Return the settings of a parsed file."""
    return Settings(
        cache=Path(raw["cache"]),
        offline=raw["offline"] in {True, "ON", "1", "TRUE"},
        jobs=int(raw["jobs"]),
        python=Path(raw["python"]),
        node=Path(raw["node"]),
        cli=Path(raw["cli"]),
        tools=Path(raw["tools"]),
        headers=Path(raw["headers"]),
        sysconfig_data=Path(raw["sysconfig_data"]),
        build_tools=Path(raw["build_tools"]),
        libraries={name: Path(prefix) for name, prefix in raw["libraries"].items()},
        rust=Path(raw["rust"]),
        pure=Path(raw["pure"]),
        toolchain=tuple(raw["toolchain"]),
    )
