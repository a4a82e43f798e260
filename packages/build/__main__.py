"""Builds wheels for the target from recipes.

    python packages/build --settings build/packages/settings.json [--out DIR] NAME...

Each wheel comes from the cache or is built, then its smoke test runs. The wheels that pass and
pyodide-lock.json over all of them are put into DIR (build/packages by default), instead of those
that an earlier run put there. NAME is a folder of packages/recipes; ``quick`` means all recipes
that are not marked slow, ``cached`` those besides whose wheels are in the cache.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import traceback
from pathlib import Path

import lock
import output
import recipe
import settings
import smoke
from names import normalised
from pipeline import Builder, BuildError
from plan import Plan, Planner
from recipe import Recipe, RecipeError
from settings import SettingsError
from smoke import SmokeError
from sources import SourceError
from wheel import WheelError

PACKAGES = Path(__file__).resolve().parent.parent
ERRORS = (BuildError, RecipeError, SmokeError, SourceError, WheelError)


def pure_wheels(builder: Builder) -> dict[str, Path]:
    """Return the wheels from the index by their normalised names."""
    wheels = sorted(builder.settings.pure.glob("*.whl"))
    return {normalised(path.name.partition("-")[0]): path for path in wheels}


class Run:
    """One run of the builder: what it made and what failed."""

    def __init__(self, builder: Builder, pure: dict[str, Path], out: Path) -> None:
        self.builder = builder
        self.out = out
        self.pure = pure
        self.passed: dict[str, tuple[Recipe, Path]] = {}
        self.failed = 0

    def needed_wheels(self, each: Recipe) -> list[Path]:
        """Return the wheels that a package needs when it runs; BuildError when one failed."""
        ready = {**self.pure, **{name: path for name, (_, path) in self.passed.items()}}
        for name in (*each.build.headers, *each.depends):
            if name not in ready:
                raise BuildError(f"not built: it needs {name}, which failed. Mend that first.")
        return [ready[name] for name in each.depends]

    def make(self, each: Recipe) -> None:
        """Build and try one package; only a wheel that passes is put into the folder."""
        needed = self.needed_wheels(each)
        wheel, how = self.builder.build(each)
        command = [str(self.builder.settings.node), str(self.builder.settings.cli)]
        smoke.run(each, [*needed, wheel], command)
        shutil.copy(wheel, self.out)
        self.passed[each.normalised] = (each, wheel)
        print(f"{each.name}: {wheel.name}, {wheel.stat().st_size:,} bytes, {how}", flush=True)

    def make_all(self, plan: Plan) -> None:
        """Build and try the recipes of a plan, one after the other."""
        for name, error in plan.refused.items():
            self.failed += 1
            print(f"{name}:", str(error), flush=True)
        for each in plan.ordered:
            try:
                self.make(each)
            except ERRORS as error:
                self.failed += 1
                print(f"{each.name}:", str(error), flush=True)
            except Exception:  # noqa: BLE001  # one package must not keep the others from being built
                self.failed += 1
                print(f"{each.name}:", traceback.format_exc(), flush=True)

    def finish(self) -> None:
        """Add the wheels from the index, and the lock file."""
        for path in self.pure.values():
            shutil.copy(path, self.out)
        try:
            lock.write(self.passed, list(self.pure.values()), self.out / output.LOCK)
        except WheelError as error:
            self.failed += 1
            print(f"{output.LOCK}: {error}", flush=True)


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Build wheels for the target from recipes.")
    parser.add_argument("--settings", type=Path, required=True, help="what CMake wrote")
    parser.add_argument("--out", type=Path, help="where wheels and the lock file go")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a recipe, quick or cached")
    options = parser.parse_args(arguments)
    out = options.out or options.settings.parent
    try:
        builder = Builder(settings.load(options.settings))
        pure = pure_wheels(builder)
        planner = Planner(builder, recipe.load_all(PACKAGES), pure)
        plan = planner.plan(options.names)
    except (RecipeError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"Cannot write to {out}: {error.strerror}", file=sys.stderr)
        return 1
    output.clear(out)
    run = Run(builder, pure, out)
    try:
        run.make_all(plan)
    finally:  # the next run removes what the lock file names, so that it must be true
        run.finish()
    print(f"{len(run.passed)} packages built and tried, {run.failed} failed; they are in {out}")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
