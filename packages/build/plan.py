"""What the command line asks for: which recipes, in which order, and which of them are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pipeline
import recipe
from recipe import Recipe, RecipeError, Recipes

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline import Builder

GROUPS = {"quick", "cached"}


@dataclass
class Plan:
    """Recipes to build, each after what it needs, and errors of those that cannot be."""

    ordered: list[Recipe] = field(default_factory=list)
    refused: dict[str, RecipeError] = field(default_factory=dict)

    def add(self, recipes: list[Recipe]) -> None:
        """Append recipes that are not there yet."""
        self.ordered += [each for each in recipes if each not in self.ordered]


class Planner:
    """Chooses among recipes; every name in those it returns is known."""

    def __init__(self, builder: Builder, recipes: Recipes, pure: Collection[str]) -> None:
        self.builder = builder
        self.recipes = recipes
        self.pure = pure  # normalised names of wheels from the index

    def check(self, each: Recipe) -> None:
        """Raise RecipeError when a recipe names something that is nowhere."""
        libraries = self.builder.settings.libraries
        for name in each.build.libraries:
            if name not in libraries:
                known = ", ".join(sorted(libraries))
                raise RecipeError(f"{each.path}: no library {name!r} in libraries; known: {known}")
        for name in each.build.headers:
            if name not in self.recipes:
                raise RecipeError(f"{each.path}: headers names {name!r}, which is no recipe")
            if not self.recipes[name].include:
                path = self.recipes[name].path
                raise RecipeError(
                    f"{each.path}: headers names {name!r}, but {path} does not say with the key"
                    " include where its wheel has them"
                )
        for name in each.depends:
            if name not in self.recipes and name not in self.pure:
                raise RecipeError(
                    f"{each.path}: depends names {name!r}, which is neither a recipe nor a wheel of"
                    " packages/pure.txt; add it to one of them"
                )

    def sound(self, name: str) -> list[Recipe]:
        """Return a recipe after those it needs; RecipeError when one of them is not sound."""
        found = recipe.in_order(self.recipes, [name])
        for each in found:
            self.check(each)
        return found

    def all_sound(self, plan: Plan) -> dict[str, list[Recipe]]:
        """Return all that can be built, each after what it needs; the plan gets the others."""
        plan.refused |= self.recipes.bad
        found = {}
        for name in self.recipes:
            try:
                found[name] = self.sound(name)
            except RecipeError as error:
                plan.refused[name] = error
        return found

    def add_cached(self, plan: Plan, chains: dict[str, list[Recipe]]) -> None:
        """Add those whose wheels, and those of what they need, are in the cache or planned."""
        each_once = {each.normalised: each for chain in chains.values() for each in chain}
        for each in each_once.values():
            key = self.builder.keys[each.normalised] = self.builder.key(each)
            folder = self.builder.settings.wheels / f"{each.normalised}-{key}"
            planned = {done.normalised for done in plan.ordered}
            needed = {*each.build.headers, *each.depends} & set(self.recipes)
            if needed <= planned and pipeline.cached(folder):
                plan.add([each])

    def plan(self, names: list[str]) -> Plan:
        """Return what to build for the names of a command line.

        A named recipe that is not sound is a RecipeError; ``quick`` and ``cached`` go on without.
        """
        plan = Plan()
        for name in names:
            if name not in GROUPS:
                plan.add(self.sound(name))
        if not GROUPS & set(names):
            return plan
        chains = self.all_sound(plan)
        if "quick" in names:
            for name, chain in chains.items():
                if not self.recipes[name].slow:
                    plan.add(chain)
        if "cached" in names:
            self.add_cached(plan, chains)
        return plan
