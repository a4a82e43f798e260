"""Builds wheels for the target from recipes.

    python packages/build --settings build/packages/settings.json [--out DIR] NAME...

Each wheel comes from the cache or is built, then its smoke test runs. The wheels and
pyodide-lock.json over all of them are put into DIR (build/packages by default). NAME is a folder of
packages/recipes; ``quick`` means all recipes that are not marked slow, ``cached`` those besides
whose wheels are in the cache.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import traceback
from pathlib import Path

import lock
import recipe
import settings
import smoke
from pipeline import RECORD, Builder, BuildError
from recipe import Recipe, RecipeError
from smoke import SmokeError
from sources import SourceError
from wheel import WheelError

PACKAGES = Path(__file__).resolve().parent.parent
ERRORS = (BuildError, RecipeError, SmokeError, SourceError, WheelError)


def chosen(recipes: dict[str, Recipe], names: list[str]) -> list[str]:
    """Return the names of recipes that the command line means."""
    result = []
    for name in names:
        if name == "quick":
            result += [each for each, found in recipes.items() if not found.slow]
        else:
            result.append(name)
    return result


def with_cached(builder: Builder, recipes: dict[str, Recipe], names: list[str]) -> list[Recipe]:
    """Return the recipes of names in order; the name "cached" adds slow ones that are built."""
    ordered = recipe.in_order(
        recipes, chosen(recipes, [each for each in names if each != "cached"])
    )
    if "cached" not in names:
        return ordered
    for each in recipe.in_order(recipes, list(recipes)):
        known = {done.normalised for done in ordered} | set(builder.keys)
        if set(each.build.headers) <= known:
            key = builder.keys[each.normalised] = builder.key(each)
            folder = builder.settings.wheels / f"{each.normalised}-{key}"
            if each not in ordered and (folder / RECORD).exists():
                ordered.append(each)
    return ordered


def pure_wheels(builder: Builder) -> dict[str, Path]:
    """Return the wheels from the index by their normalised names."""
    wheels = sorted(builder.settings.pure.glob("*.whl"))
    return {lock.normalised(path.name.partition("-")[0]): path for path in wheels}


def needed_wheels(builder: Builder, each: Recipe) -> list[Path]:
    """Return the wheels that a package needs when it runs."""
    pure = pure_wheels(builder)
    return [
        builder.built[name][1] if name in builder.built else pure[name] for name in each.depends
    ]


def build_all(builder: Builder, recipes: list[Recipe], out: Path) -> int:
    """Build and try recipes, one after the other; return how many failed."""
    failed = 0
    for each in recipes:
        try:
            wheel, how = builder.build(each)
            shutil.copy(wheel, out)
            needed = needed_wheels(builder, each)
            command = [str(builder.settings.node), str(builder.settings.cli)]
            smoke.run(each, [*needed, wheel], command)
            print(
                f"{each.name}:", f"{wheel.name}, {wheel.stat().st_size:,} bytes, {how}", flush=True
            )
        except ERRORS as error:
            failed += 1
            print(f"{each.name}:", str(error), flush=True)
        except Exception:  # noqa: BLE001  # one package must not keep the others from being built
            failed += 1
            print(f"{each.name}:", traceback.format_exc(), flush=True)
    return failed


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Build wheels for the target from recipes.")
    parser.add_argument("--settings", type=Path, required=True, help="what CMake wrote")
    parser.add_argument("--out", type=Path, help="where wheels and the lock file go")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a recipe, quick or cached")
    options = parser.parse_args(arguments)
    out = options.out or options.settings.parent
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.whl"):
        old.unlink()
    builder = Builder(settings.load(options.settings))
    try:
        ordered = with_cached(builder, recipe.load_all(PACKAGES), options.names)
    except RecipeError as error:
        print(error, file=sys.stderr)
        return 1
    failed = build_all(builder, ordered, out)
    pure = list(pure_wheels(builder).values())
    for path in pure:
        shutil.copy(path, out)
    lock.write(builder.built, pure, out / "pyodide-lock.json")
    print(f"{len(ordered) - failed} packages built and tried, {failed} failed; they are in {out}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
