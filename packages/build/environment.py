"""The environment in which a build backend runs: a native Python that answers for the target.

Python programs ask ``sysconfig`` what to compile with and how to name the result. A file of
variables (``_sysconfigdata_*``) under the target's name makes them ask for the target; the
compilers on its lists are wrappers that end in compiler.py. Meson gets a cross file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from recipe import Recipe
    from settings import Settings

HERE = Path(__file__).resolve().parent
PLATFORM = "pyemscripten_2025_0_wasm32"
SYSCONFIG_DATA = "_sysconfigdata__emscripten_wasm32-emscripten"
# What the build's own documentation of reproducible builds calls it; that of CPython's release.
SOURCE_DATE_EPOCH = "1785888000"

WRAPPER = """#!/bin/sh
exec '{python}' -I -S '{compiler}' '{tool}' "$@"
"""
TARGET_VARIABLES = """# Generated: variables of the target's CPython, with paths of this machine.
from runpy import run_path

build_time_vars = run_path({data!r})["build_time_vars"]
build_time_vars |= {variables!r}
"""
# distutils and meson ask for the headers by a path below the prefix, which is the native Python's.
SITE = """# Generated: headers of the target.
import sysconfig

for scheme in sysconfig._INSTALL_SCHEMES.values():
    scheme["include"] = scheme["platinclude"] = {headers!r}
"""
# numpy of the target cannot be imported here. Builds ask it for its folder, Cython for its .pxd.
STAND_IN = """# Generated: headers of the target's {name}.
def get_include():
    return {headers!r}
"""
CROSS_FILE = """# Generated: Meson's view of the target.
[binaries]
c = '{bin}/coil-cc'
cpp = '{bin}/coil-c++'
ar = '{bin}/coil-ar'
python = '{python}'
cython = '{build_tools}/bin/cython'
exe_wrapper = '{node}'

[host_machine]
system = 'emscripten'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'

[properties]
longdouble_format = 'IEEE_QUAD_LE'
skip_sanity_check = true
needs_exe_wrapper = true
{properties}
"""


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file with its folder and its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


# What a build may have of the caller's environment: where folders, certificates and the network
# are. All else, CPPFLAGS or LDSHARED, could change a wheel without changing its key.
INHERITED = re.compile(
    r"HOME|USER|LOGNAME|PATH|TMPDIR|LANG|LC_\w+|\w*_(CERT_FILE|CERT_DIR|CA_BUNDLE)|PIP_CERT"
    r"|CARGO_(HTTP|NET|REGISTRIES|SOURCE)_\w+|(?i:\w+_proxy)"
)


class Headers(NamedTuple):
    """Headers in the unpacked wheel of another package."""

    root: Path  # the unpacked wheel
    include: str  # where they are in it

    @property
    def folder(self) -> Path:
        """The folder for -I."""
        return self.root / self.include

    @property
    def package(self) -> Path:
        """The package that has them, which builds import to ask where they are."""
        return self.root / PurePosixPath(self.include).parts[0]


class Environment:
    """The files and variables of one package's build, below a folder of its own."""

    def __init__(self, settings: Settings, recipe: Recipe, folder: Path) -> None:
        self.settings = settings
        self.recipe = recipe
        self.folder = folder
        self.bin = folder / "bin"
        self.site = folder / "site"
        self.cross_file = folder / "cross.ini"

    def prepare(self, headers: dict[str, Headers]) -> None:
        """Write all files; headers are those of other packages, by their names."""
        for name, program in {"coil-cc": "emcc", "coil-c++": "em++"}.items():
            text = WRAPPER.format(
                python=self.settings.python,
                compiler=HERE / "compiler.py",
                tool=self.settings.tools / program,
            )
            write(self.bin / name, text, 0o755)
        for name in ("ar", "ranlib"):
            tool = self.settings.tools / f"em{name}"
            (self.bin / f"coil-{name}").symlink_to(tool)
        variables = TARGET_VARIABLES.format(
            data=str(self.settings.sysconfig_data), variables=self.target_variables()
        )
        write(self.site / f"{SYSCONFIG_DATA}.py", variables)
        write(self.site / "sitecustomize.py", SITE.format(headers=str(self.settings.headers)))
        write(self.cross_file, self.cross_text(headers))
        for each in headers.values():
            self.stand_in(each)

    def stand_in(self, headers: Headers) -> None:
        """Write a package for the build machine that tells where the target's headers are."""
        name = headers.package.name
        folder = self.site / name
        write(folder / "__init__.py", STAND_IN.format(name=name, headers=str(headers.folder)))
        for declarations in headers.package.glob("*.pxd"):
            (folder / declarations.name).symlink_to(declarations)

    def target_variables(self) -> dict[str, str]:
        """Return the variables of sysconfig that name programs and paths of this machine."""
        headers = str(self.settings.headers)
        return {
            "CC": f"{self.bin}/coil-cc",
            "CXX": f"{self.bin}/coil-c++",
            "AR": f"{self.bin}/coil-ar",
            "RANLIB": f"{self.bin}/coil-ranlib",
            "LDSHARED": f"{self.bin}/coil-cc -shared",
            "LDCXXSHARED": f"{self.bin}/coil-c++ -shared",
            "BLDSHARED": f"{self.bin}/coil-cc -shared",
            "INCLUDEPY": headers,
            "CONFINCLUDEPY": headers,
            "LIBDIR": str(self.folder),
            "LIBPL": str(self.folder),
            "CFLAGS": "-O2 -g0 -DNDEBUG",
            "OPT": "",
            "LDFLAGS": "",
            "CCSHARED": "",
        }

    def cross_text(self, headers: dict[str, Headers]) -> str:
        """Return the cross file for Meson."""
        properties = "\n".join(
            f"{name}-include-dir = '{each.folder}'" for name, each in headers.items()
        )
        return CROSS_FILE.format(
            bin=self.bin,
            python=self.settings.python,
            build_tools=self.settings.build_tools,
            node=self.settings.node,
            properties=properties,
        )

    def library_flags(self) -> tuple[list[str], list[str]]:
        """Return the flags for compiling and for linking with the recipe's libraries."""
        prefixes = [self.settings.libraries[name] for name in self.recipe.build.libraries]
        return [f"-I{each}/include" for each in prefixes], [f"-L{each}/lib" for each in prefixes]

    def compile_flags(self, source: Path) -> str:
        """Return the flags for every compilation of a source in a folder."""
        include, _ = self.library_flags()
        maps = [f"-ffile-prefix-map={source}=.", f"-ffile-prefix-map={self.settings.cache}=/coil"]
        return " ".join(["-g0", *maps, *include, *self.recipe.build.cflags])

    def variables(self, source: Path) -> dict[str, str]:
        """Return the environment of the build backend for a source in a folder."""
        _, link = self.library_flags()
        inherited = {each: os.environ[each] for each in os.environ if INHERITED.fullmatch(each)}
        paths = [str(self.site), str(self.settings.build_tools)]
        programs = [self.bin, self.settings.build_tools / "bin", self.settings.python.parent]
        return {
            **inherited,
            "PATH": ":".join([*map(str, programs), os.environ["PATH"]]),
            "PYTHONPATH": ":".join(paths),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "_PYTHON_SYSCONFIGDATA_NAME": SYSCONFIG_DATA,
            "_PYTHON_HOST_PLATFORM": PLATFORM,
            "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
            "COIL_CFLAGS": self.compile_flags(source),
            "CC": f"{self.bin}/coil-cc",
            "CXX": f"{self.bin}/coil-c++",
            "AR": f"{self.bin}/coil-ar",
            "RANLIB": f"{self.bin}/coil-ranlib",
            "LDFLAGS": " ".join(link),
            "NPY_NUM_BUILD_JOBS": str(self.settings.jobs),
            "MAX_JOBS": str(self.settings.jobs),
            **self.recipe.build.environment,
        }
