"""The test suites of packages: where each suite's tests are and what running them takes."""

from __future__ import annotations

from dataclasses import dataclass, field

# What the text of a failure says about its cause in any suite: a pattern and the cause. A failure
# that none fits has no known cause.
REASONS = {
    r"FloatingPointError not raised|Did not see expected warning of class 'RuntimeWarning'": (
        "needs status flags of floating point, which WebAssembly's arithmetic does not set"
    ),
    r"WebAssembly has no processes|does not support processes": (
        "starts a process, which WebAssembly cannot"
    ),
}


@dataclass(frozen=True)
class Suite:
    """The tests of a package and how pytest runs them."""

    name: str  # of the package, as its recipe's folder
    # Patterns of the files of tests, below the folder where pytest runs, in the order to run them.
    files: tuple[str, ...]
    # Paths of the sdist that the tests need. Without any, the tests are in the wheel.
    sdist: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # of pytest
    ini: str = ""  # settings of pytest in place of the package's own
    environment: dict[str, str] = field(default_factory=dict)
    extra: tuple[str, ...] = ()  # wheels of extra.txt
    built: tuple[str, ...] = ()  # other recipes whose wheels the tests use
    files_per_process: int = 1
    # Seconds without a test that starts or ends, after which a process is killed.
    silence: int = 180
    # Beginnings of paths of files that are not run, and why; tests that pytest leaves out, and why.
    left_out: dict[str, str] = field(default_factory=dict)
    deselected: dict[str, str] = field(default_factory=dict)
    # What the text of a failure says about its cause, beside REASONS.
    reasons: dict[str, str] = field(default_factory=dict)
    note: str = ""  # what the results say of the suite beside figures
    results: str = "OWN_TESTS.md"  # in packages/


SUITES = (
    Suite(
        name="markupsafe",
        files=("tests/test_*.py",),
        sdist=("tests", "pyproject.toml"),
        files_per_process=100,
    ),
    Suite(
        name="pyyaml",
        files=("tests/legacy_tests/test_yaml.py",),
        sdist=("tests",),
        # Its extension for libyaml is not built (packages/recipes/pyyaml).
        environment={"PYYAML_FORCE_LIBYAML": "0"},
    ),
    Suite(
        name="tornado",
        files=("tornado/test/*_test.py",),
        options=("-o", "python_files=*_test.py"),
        environment={"NO_NETWORK": "1", "USER": "somebody"},
        # Its own tests give up after 5 seconds; only those that wait for a thread do not.
        silence=30,
        reasons={
            r"has no attribute 'SO_REUSEADDR'": (
                "needs a socket that listens, which Coil does not have (nor `SO_REUSEADDR`)"
            ),
            r"nothing happened for": (
                "waits without end for a thread that fails, as it has no socket that listens"
            ),
        },
    ),
    Suite(
        name="pillow",
        files=("Tests/test_*.py",),
        sdist=("Tests", "pyproject.toml", "conftest.py"),
        built=("numpy",),
        files_per_process=8,
    ),
    Suite(
        name="rpds-py",
        files=("tests/test_*.py",),
        sdist=("tests", "pyproject.toml"),
        files_per_process=100,
    ),
    Suite(
        name="pydantic-core",
        files=("tests/**/test_*.py",),
        sdist=("tests", "README.md", "python/pydantic_core/core_schema.py"),
        # Its own, without the options of plugins that measure or run tests in parallel.
        ini="""[pytest]
filterwarnings = error
xfail_strict = true
timeout = 30
markers =
    thread_unsafe: may not run in several threads
""",
        extra=(
            "asttokens",
            "dirty_equals",
            "executing",
            "inline_snapshot",
            "markdown_it_py",
            "mdurl",
            "pytest_mock",
            "pytest_timeout",
            "rich",
            "typing_inspection",
        ),
        files_per_process=16,
        left_out={"tests/benchmarks/": "they measure, with a plugin that is not installed"},
    ),
    Suite(
        name="pandas",
        # In this order, as there may be no time for all: what meets the system first.
        files=(
            "pandas/tests/test_*.py",
            *(f"pandas/tests/{name}/**/test_*.py" for name in ("io", "libs", "tslibs", "tseries")),
            *(f"pandas/tests/{name}/**/test_*.py" for name in ("frame", "groupby", "window")),
            "pandas/tests/**/test_*.py",
        ),
        # The settings of pandas without its options, which write files and capture nothing.
        options=(
            *("-c", "pandas/pyproject.toml", "-o", "addopts=--strict-markers"),
            *("-m", "not slow and not network and not db and not single_cpu"),
            "--no-strict-data-files",  # those are in neither the wheel nor the sdist: a skip
        ),
        note="Without the tests marked `slow`, `network`, `db` or `single_cpu`.",
        files_per_process=8,
        reasons={
            r"\[Errno 44\]": (
                "expects Linux's number of an error in a text: `ENOENT` is 44 in Emscripten"
            ),
            r"XPASS\(strict\)\] (?:OverflowError inside tzlocal|Floating point error)": (
                "passes, where pandas expects all systems of 32 bits to fail"
            ),
            r"Parsing 'EST' as tzlocal": (
                "sets another time zone in the running process; there is no `time.tzset`"
            ),
            r"\[left\]:  \[1999-12-31T23:42:00": (
                "pytz 2025.2 has another local mean time for CET than the test knows"
            ),
        },
    ),
    Suite(
        name="numpy",
        files=("numpy/**/test_*.py",),
        options=("-m", "not slow"),
        note="Without the tests marked `slow`.",
        left_out=dict.fromkeys(
            ("numpy/f2py/", "numpy/typing/", "numpy/distutils/"),
            "they start compilers or type checkers",
        ),
        reasons={
            r"module 'numpy.ma' has no attribute 'mrecords'": (
                "the file does not import the module that it tests, and fails natively, too, when "
                "it runs alone"
            ),
        },
        results="NUMPY_RESULTS.md",
    ),
)
BY_NAME = {suite.name: suite for suite in SUITES}
