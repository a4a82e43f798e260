"""Recursion probes: deeply nested source code and syntax trees."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from recursion_kit import DEEP, PROBES, nested_tuple, probe, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable


SOURCES = {
    "minus": "-" * DEEP + "1",
    "not": "not " * DEEP + "1",
    "lambda": "lambda: " * DEEP + "1",
    "conditional": "1 if 1 else " * DEEP + "1",
    "power": "1 ** " * DEEP + "1",
    "addition": "1 + " * DEEP + "1",
    "comparison": "1 < " * DEEP + "1",
    "boolean": "1 and " * DEEP + "1",
    "call_chain": "a" + "()" * DEEP,
    "subscript_chain": "a" + "[1]" * DEEP,
    "parentheses": "(" * DEEP + ")" * DEEP,
    "brackets": "[" * 150 + "]" * 150,
    "comprehensions": "[1 for a in b" + " for c in d" * 12_000 + "]",
    "list_comprehensions": "[" * 60 + "a" + " for a in b]" * 60,
    "f_string": "f'{a!r:{b}}' " * 2_000,
}


def compilation_of(source: str) -> Callable[[], object]:
    """Return a probe that compiles an expression, also as an annotation and to a tree."""

    def run() -> object:
        outcomes = []
        for action in (
            lambda: compile(source, "<deep>", "eval"),
            lambda: compile(f"from __future__ import annotations\na: {source}\n", "<deep>", "exec"),
            lambda: compile(f"if {source}: pass", "<deep>", "exec"),
            lambda: ast.parse(source),
        ):
            try:
                action()
            except (RecursionError, MemoryError, SyntaxError) as error:
                outcomes.append(error)
        return outcomes

    return run


PROBES.update({f"compile_{name}": compilation_of(source) for name, source in SOURCES.items()})


@probe
def _compile_else_if() -> object:
    return compile("if a: pass\n" + "elif a: pass\n" * 20_000, "<deep>", "exec")


@probe
def _compile_tree_of_expressions() -> object:
    def negative(inner: ast.expr) -> ast.expr:
        return ast.UnaryOp(ast.USub(), inner, lineno=1, col_offset=0)

    body = wrapped(negative, ast.Constant(1, lineno=1, col_offset=0))
    return compile(ast.Expression(body), "<deep>", "eval")


@probe
def _compile_tree_of_statements() -> object:
    here: dict[str, Any] = {"lineno": 1, "col_offset": 0}

    def conditional(inner: ast.stmt) -> ast.stmt:
        return ast.If(ast.Constant(1, **here), [inner], [], **here)

    body = wrapped(conditional, ast.Pass(**here))
    return compile(ast.Module([body], []), "<deep>", "exec")


@probe
def _compile_tree_of_patterns() -> object:
    here: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}

    def sequence(inner: ast.pattern) -> ast.pattern:
        return ast.MatchSequence([inner], **here)

    pattern = wrapped(sequence, ast.MatchSingleton(None, **here))
    case = ast.match_case(pattern, None, [ast.Pass(**here)])
    body: ast.stmt = ast.Match(ast.Constant(1, **here), [case], **here)
    return compile(ast.Module([body], []), "<deep>", "exec")


@probe
def _compile_constant() -> object:
    constant = ast.Constant(nested_tuple(), lineno=1, col_offset=0)
    return compile(ast.Expression(constant), "<deep>", "eval")


@probe
def _unparse() -> object:
    return ast.unparse(wrapped(lambda inner: ast.UnaryOp(ast.USub(), inner), ast.Constant(1)))


@probe
def _code_constants() -> object:
    code = compile("1", "<deep>", "eval")
    return hash(code.replace(co_consts=(nested_tuple(),)))


@probe
def _literal_eval() -> object:
    return ast.literal_eval("[" * 190 + "]" * 190)
