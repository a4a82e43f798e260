"""The distribution carries nothing of the machine that built it."""

from __future__ import annotations

import os
import unittest
from pathlib import Path

DIST = Path(os.environ["COIL_CLI"]).parent.parent
SOURCE = Path(__file__).resolve().parents[2]


def host_traces() -> list[bytes]:
    """Return what must not occur: paths of the sources, the build, the cache, the home folder."""
    build = Path(os.environ["COIL_BUILD"]).resolve()
    cache = os.environ["COIL_CACHE"]
    home = Path.home()
    paths = [str(SOURCE), str(build), cache, f"{home}/"]
    return [path.encode() for path in paths if len(path) > 2]


class BuildHostTest(unittest.TestCase):
    """Greps every file of the distribution; its archives are stored, so their contents too."""

    def test_no_path_of_the_build_host_in_any_file(self) -> None:
        traces = host_traces()
        files = [path for path in DIST.rglob("*") if path.is_file()]
        self.assertGreater(len(files), 4, f"no distribution in {DIST}")
        found = [
            f"{path.relative_to(DIST)}: {trace.decode()}"
            for path in files
            for trace in traces
            if trace in path.read_bytes()
        ]
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
