"""Writes the distribution's sysconfig data: the cross build's, without anything of the build host.

Usage: sysconfig_data.py INPUT OUTPUT HOST_PATH...

INPUT is the ``_sysconfigdata_*.py`` that CPython's make wrote; HOST_PATH are directories of the
build host (cache, source tree) of which no trace may remain. Compiler flags that name them are
dropped, other mentions lose the path.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from pprint import pformat
from runpy import run_path

# What clients of the wheel ABI ask for by sysconfig.get_config_var().
ABI_VARIABLES = {
    "PYODIDE_ABI_VERSION": "2025_0",
    "PYEMSCRIPTEN_ABI_VERSION": "2025_0",
    "PYEMSCRIPTEN_PLATFORM_VERSION": "2025_0",
}
# Where wheels find the compilers of the distribution: by name, on PATH.
TOOLS = {
    "CC": "emcc",
    "CXX": "em++",
    "AR": "emar",
    "RANLIB": "emranlib",
    "LDSHARED": "emcc -shared",
}

Value = str | int


def clean_text(text: str, host_paths: list[str]) -> str:
    """Return text without compiler flags and paths that name one of host_paths."""
    for path in host_paths:
        escaped = re.escape(path)
        text = re.sub(rf"'?-[A-Za-z-]+=?{escaped}[^\s']*'?\s*", "", text)
        text = re.sub(rf"{escaped}[^\s'\"]*/", "", text)
    # The prefix "/" makes "//lib" of "$prefix/lib".
    return re.sub(r"(?<![:/\w])//(?=\w)", "/", text).strip()


def clean_variables(variables: dict[str, Value], host_paths: list[str]) -> dict[str, Value]:
    """Return the build's variables as the distribution publishes them.

    Raises ValueError, naming the variables, when a host path is left in one.
    """
    cleaned: dict[str, Value] = {
        name: clean_text(value, host_paths) if isinstance(value, str) else value
        for name, value in variables.items()
    }
    cleaned.update(TOOLS)
    cleaned.update(ABI_VARIABLES)
    leaks = [
        name
        for name, value in cleaned.items()
        if isinstance(value, str) and any(path in value for path in host_paths)
    ]
    if leaks:
        raise ValueError(f"host paths left in {', '.join(sorted(leaks))}; extend clean_text()")
    return cleaned


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    source, target, *host_paths = arguments
    variables: dict[str, Value] = run_path(source)["build_time_vars"]
    text = pformat(clean_variables(variables, host_paths), width=100)
    Path(target).write_text(f"# Variables of the build of CPython.\nbuild_time_vars = {text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
