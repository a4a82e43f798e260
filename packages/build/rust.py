"""What packages written in Rust need besides: cargo for the target, with the ABI's exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from environment import write

if TYPE_CHECKING:
    from environment import Environment

TARGET = "wasm32-unknown-emscripten"
# The exceptions of the wheel ABI; Debian's rustc comes without a linker of its own.
FLAGS = [
    "-C relocation-model=pic",
    "-C panic=unwind",
    "-Z emscripten-wasm-eh",
    "-Z link-native-libraries=no",
    "-Z unstable-options",
    "-C link-self-contained=-linker",
    "-C linker-features=-lld",
    "-C link-arg=-sSIDE_MODULE=2",
    "-C link-arg=-sWASM_BIGINT",
    "-C link-arg=-fwasm-exceptions",
    "-C link-arg=-sSUPPORT_LONGJMP=wasm",
    "-C link-arg=-O2",
]
# A linker for rustc, which passes the flags of a side module itself.
LINKER = """#!/bin/sh
unset PYTHONPATH _PYTHON_SYSCONFIGDATA_NAME _PYTHON_HOST_PLATFORM
exec '{tool}' "$@" -sASSERTIONS=0
"""


def prepare(environment: Environment) -> None:
    """Write the programs that cargo calls; Environment.prepare() was called before."""
    settings = environment.settings
    write(environment.bin / "coil-rust-linker", LINKER.format(tool=settings.tools / "emcc"), 0o755)
    # Not the root's whole bin/: its linker for the host needs libraries that the host lacks.
    for name in ("cargo", "rustc"):
        (environment.bin / name).symlink_to(settings.rust / "usr" / "bin" / name)


def variables(environment: Environment) -> dict[str, str]:
    """Return what cargo, maturin and pyo3 have to know of the target."""
    settings = environment.settings
    prefix = f"CARGO_TARGET_{TARGET.upper().replace('-', '_')}"
    # The last one that fits counts: the work folder lies below the cache.
    places = {settings.cache: "/coil", settings.rust: "/coil/rust", environment.folder.parent: "."}
    flags = [*FLAGS, *(f"--remap-path-prefix={path}={name}" for path, name in places.items())]
    return {
        "CARGO_HOME": str(settings.cache / "cargo"),
        "CARGO_BUILD_TARGET": TARGET,
        "CARGO_BUILD_JOBS": str(settings.jobs),
        "CARGO_NET_OFFLINE": "true" if settings.offline else "false",
        "CARGO_UNSTABLE_BUILD_STD": "std,panic_unwind",
        "CARGO_PROFILE_RELEASE_LTO": "false",
        "RUSTC_BOOTSTRAP": "1",
        f"{prefix}_LINKER": f"{environment.bin}/coil-rust-linker",
        f"{prefix}_RUSTFLAGS": " ".join(flags),
        "PYO3_CROSS_LIB_DIR": str(environment.site),
        "PYO3_CROSS_PYTHON_VERSION": "3.13",
        "PYODIDE_ABI_VERSION": "2025_0",
        "PYEMSCRIPTEN_PLATFORM_VERSION": "2025_0",
    }
