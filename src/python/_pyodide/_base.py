"""Evaluation of source text: the reference for what ``runPython`` and ``pyodide.code`` do.

The C module ``_pyodide_core`` serves plain ``runPython`` calls by a short cut with a cache; it must
give what this module gives, and hands over to it for everything out of the ordinary.

A module body is compiled as at most two code objects, the statements and the last expression. The
alternatives were one code object that leaves by an exception with the value in it, which shows in
tracing and in ``sys.exception()``, and rewriting bytecode, which depends on the version of CPython.

This module is imported at every start, so it imports what is built in, and the rest when needed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as syntax  # the classes of `ast`, without its functions
    from collections.abc import Iterator
    from types import CodeType
    from typing import Any, Literal, Self

    ReturnMode = Literal["last_expr", "last_expr_or_assign", "none"]
    ParseMode = Literal["exec", "eval", "single"]
    Tree = syntax.Module | syntax.Expression | syntax.Interactive

INTERRUPTED = object()
"""What a run is cancelled with that is to end with KeyboardInterrupt."""

RETURN_MODES = ("last_expr", "last_expr_or_assign", "none")
CO_COROUTINE = 0x80  # as in inspect
ONLY_AST = 0x400  # as in ast
TOP_LEVEL_AWAIT = 0x2000

# Of the flags of a code object, those of `from __future__` statements, which hold for the last
# expression, too.
FUTURE_FLAGS = 0x1FE0000
_BLANKS = " \t\r\f"


def dedent(source: str) -> str:
    """Return *source* without the indentation that all of its lines have in common.

    Lines of blanks do not count. Where the first line with anything on it begins in column 0,
    *source* is returned as it is; so no string literal of ordinary code is ever changed.
    """
    lines = source.split("\n")
    margin: str | None = None
    for line in lines:
        text = line.lstrip(_BLANKS)
        if not text:
            continue
        indent = line[: len(line) - len(text)]
        margin = indent if margin is None else _common_prefix(margin, indent)
        if not margin:
            return source
    if margin is None:
        return source
    return "\n".join(
        line.removeprefix(margin) if line.strip(_BLANKS) else line[len(margin) :] for line in lines
    )


def _common_prefix(first: str, second: str) -> str:
    """Return what both begin with."""
    length = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        length += 1
    return first[:length]


def should_quiet(source: str) -> bool:
    """Tell whether *source* ends with a semicolon, comments and blanks left aside.

    The value of such code is not wanted, as in Jupyter. Source that is not valid Python gives
    False or True by its last token that can be read. Raises TypeError for what is no str.
    """
    if not isinstance(source, str):
        raise TypeError(f"source must be a str, not {type(source).__name__!r}")
    if ";" not in source:
        return False
    last_line = source.rstrip().rpartition("\n")[2]
    if "#" not in last_line:
        # In valid code such a line ends in a token: strings over several lines end in quotes.
        return last_line.endswith(";")
    return _last_token(source) == ";"


def _last_token(source: str) -> str:
    """Return the text of the last token that is no comment; "" if *source* is not valid."""
    import tokenize  # noqa: PLC0415
    from io import StringIO  # noqa: PLC0415

    last = ""
    try:
        for token in tokenize.generate_tokens(StringIO(source).readline):
            if token.type != tokenize.COMMENT and token.string.strip():
                last = token.string
    except (SyntaxError, tokenize.TokenError):
        return ""
    return last


def find_imports(source: str) -> list[str]:
    """Return the names of all modules that *source* imports, in order, each once.

    Every absolute import counts wherever it is, with the packages above it: ``import a.b`` gives
    ``["a", "a.b"]``, and ``from e.f import g`` gives ``["e", "e.f"]``. The source may be indented.
    It is not run. Source that is not valid Python has no imports.

    Raises TypeError when *source* is not a str.
    """
    _check_source(source)
    try:
        module = compile(dedent(source), "<exec>", "exec", ONLY_AST, dont_inherit=True)
        names = [name for node in _walk(module) for name in _imported_names(node)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: dict[str, None] = {}
    for name in names:
        parts = name.split(".")
        found.update((".".join(parts[:length]), None) for length in range(1, len(parts) + 1))
    return list(found)


def _walk(node: syntax.AST) -> Iterator[syntax.AST]:
    """Yield *node* and all below it in the order of the source."""
    from ast import iter_child_nodes  # noqa: PLC0415

    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(list(iter_child_nodes(node))))


def _imported_names(node: syntax.AST) -> list[str]:
    """Return the modules that *node* itself names, if it is an absolute import."""
    import _ast as syntax  # noqa: PLC0415

    if isinstance(node, syntax.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, syntax.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []


def _check_source(source: object) -> None:
    """Raise TypeError unless *source* is a str; bytes would be decoded by rules of their own."""
    if not isinstance(source, str):
        raise TypeError(f"source must be a str, not {type(source).__name__!r}")


def _add_to_linecache(filename: str, source: str) -> None:
    """Let tracebacks show the lines of *source*; the None keeps linecache from asking the disk."""
    import linecache  # noqa: PLC0415

    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)


def _value_of_assignment(statement: syntax.stmt) -> syntax.expr | None:
    """Return an expression for what *statement* assigned, when its (last) target is a name."""
    import _ast as syntax  # noqa: PLC0415

    target: syntax.expr | None = None
    if isinstance(statement, syntax.Assign):
        target = statement.targets[-1]
    elif isinstance(statement, syntax.AugAssign) or (
        isinstance(statement, syntax.AnnAssign) and statement.value is not None
    ):
        target = statement.target
    if not isinstance(target, syntax.Name):
        return None
    return syntax.Name(
        target.id,
        syntax.Load(),
        lineno=target.lineno,
        col_offset=target.col_offset,
        end_lineno=target.end_lineno,
        end_col_offset=target.end_col_offset,
    )


class CodeRunner:
    """Source text parsed, compiled and run in three steps that can be taken one by one.

    The arguments are those of `eval_code`; *mode* is that of `compile`: with ``"eval"`` the source
    is one expression, with ``"single"`` values of expressions are printed. In both of these
    *return_mode* has no meaning.

    Raises TypeError when *source* is not a str, ValueError for an unknown *return_mode*, and
    SyntaxError. For top-level ``await``, *flags* must have `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`.
    """

    ast: Tree
    """The parsed source. It may be changed before `compile`."""
    code: CodeType | None
    """The compiled statements, once `compile` was called; without the last expression where
    `run` returns its value."""
    filename: str
    """The name that tracebacks show."""

    def __init__(  # noqa: PLR0913 -- the public signature
        self,
        source: str,
        *,
        return_mode: ReturnMode = "last_expr",
        mode: ParseMode = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
        dont_inherit: bool = False,
        optimize: int = -1,
        dedent: bool = True,
    ) -> None:
        del dont_inherit
        _check_source(source)
        if return_mode not in RETURN_MODES:
            known = ", ".join(map(repr, RETURN_MODES))
            raise ValueError(f"return_mode must be one of {known}, not {return_mode!r}")
        if dedent:
            source = _dedent(source)
        self.filename = filename
        self.code = None
        self._last: CodeType | None = None
        self._flags = flags
        self._optimize = optimize
        quiet = mode == "exec" and quiet_trailing_semicolon and should_quiet(source)
        self._return_mode: ReturnMode = "none" if quiet else return_mode
        self._source = source
        self.ast = self._compile(source, mode, flags | ONLY_AST)

    def _compile(self, source: Any, mode: str, flags: int) -> Any:
        """Call `compile` with the options of this object."""
        return compile(
            source, self.filename, mode, flags, dont_inherit=True, optimize=self._optimize
        )

    def compile(self) -> Self:
        """Compile `ast` and return this object.

        Raises SyntaxError for what only the compiler finds, such as ``return`` outside a function.
        """
        import _ast as syntax  # noqa: PLC0415

        if not (self.filename.startswith("<") and self.filename.endswith(">")):
            _add_to_linecache(self.filename, self._source)
        if isinstance(self.ast, syntax.Expression):
            self.code = self._compile(self.ast, "eval", self._flags)
        elif isinstance(self.ast, syntax.Interactive):
            self.code = self._compile(self.ast, "single", self._flags)
        else:
            self._compile_module(self.ast)
        return self

    def _compile_module(self, module: syntax.Module) -> None:
        """Compile the statements, and the expression that gives the value, if there is one."""
        import _ast as syntax  # noqa: PLC0415

        statements = list(module.body)
        value: syntax.expr | None = None
        if statements and self._return_mode != "none":
            final = statements[-1]
            if isinstance(final, syntax.Expr):
                value = final.value
                statements.pop()
            elif self._return_mode == "last_expr_or_assign":
                value = _value_of_assignment(final)
        body = syntax.Module(statements, module.type_ignores)
        self.code = code = self._compile(body, "exec", self._flags)
        if value is not None:
            flags = self._flags | code.co_flags & FUTURE_FLAGS
            self._last = self._compile(syntax.Expression(value), "eval", flags)

    def _parts(self) -> list[CodeType]:
        """Return what is to be run; the value of the last part is the result."""
        if self.code is None:
            raise RuntimeError("the code is not compiled yet; call compile() first")
        return [self.code] if self._last is None else [self.code, self._last]

    def run(
        self,
        globals: dict[str, Any] | None = None,  # noqa: A002
        locals: Any = None,  # noqa: A002
    ) -> Any:
        """Run the compiled code and return its value by the rules of *return_mode*.

        *globals* defaults to a fresh dict, *locals* (any mapping) to *globals*. Raises RuntimeError
        before `compile`, and for code with top-level ``await``; use `run_async` for that.
        """
        parts = self._parts()
        if any(part.co_flags & CO_COROUTINE for part in parts):
            raise RuntimeError("the code has top-level await; use run_async() or eval_code_async()")
        if globals is None:
            globals = {}  # noqa: A001
        result = None
        for part in parts:
            result = eval(part, globals, locals)  # noqa: S307 -- what this is for
        return result

    async def run_async(
        self,
        globals: dict[str, Any] | None = None,  # noqa: A002
        locals: Any = None,  # noqa: A002
    ) -> Any:
        """Run the compiled code, which may have top-level ``await``; otherwise as `run`.

        Without top-level ``await`` it runs to its end before anything else does.
        """
        if globals is None:
            globals = {}  # noqa: A001
        result = None
        for part in self._parts():
            result = eval(part, globals, locals)  # noqa: S307 -- what this is for
            if part.co_flags & CO_COROUTINE:
                result = await result
        return result


_dedent = dedent  # the constructor has a parameter of that name


def eval_code(  # noqa: PLR0913 -- the public signature
    source: str,
    globals: dict[str, Any] | None = None,  # noqa: A002
    locals: Any = None,  # noqa: A002
    *,
    return_mode: ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
) -> Any:
    """Run *source* and return the value of its last expression.

    :param source: Python source text
    :param globals: a dict to run in; a fresh one by default
    :param locals: a mapping for local names, as for `exec`; *globals* by default
    :param return_mode: ``"last_expr"`` returns the value of a final expression;
        ``"last_expr_or_assign"`` also that of a final assignment to one name; ``"none"`` nothing
    :param quiet_trailing_semicolon: return None if the source ends with a semicolon
    :param filename: shown in tracebacks. They show source lines, too, unless the name has the form
        ``<...>``
    :param flags: flags of `compile`
    :param dont_inherit: accepted, without effect: no flags are ever inherited
    :param optimize: level of optimisation, as for `compile`
    :param dedent: remove the indentation common to all lines first
    :returns: the value, or None

    Raises TypeError when *source* is not a str or *globals* not a dict, ValueError for an unknown
    *return_mode*, SyntaxError (also for top-level ``await``), and what the code raises.
    """
    return (
        CodeRunner(
            source,
            return_mode=return_mode,
            quiet_trailing_semicolon=quiet_trailing_semicolon,
            filename=filename,
            flags=flags,
            dont_inherit=dont_inherit,
            optimize=optimize,
            dedent=dedent,
        )
        .compile()
        .run(globals, locals)
    )


async def eval_code_async(  # noqa: PLR0913 -- the public signature
    source: str,
    globals: dict[str, Any] | None = None,  # noqa: A002
    locals: Any = None,  # noqa: A002
    *,
    return_mode: ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
) -> Any:
    """Run *source*, which may have top-level ``await``, ``async for`` and ``async with``.

    Arguments and result are those of `eval_code`. A coroutine that is the value of the last
    expression is returned as it is.
    """
    runner = CodeRunner(
        source,
        return_mode=return_mode,
        quiet_trailing_semicolon=quiet_trailing_semicolon,
        filename=filename,
        flags=flags | TOP_LEVEL_AWAIT,
        dont_inherit=dont_inherit,
        optimize=optimize,
        dedent=dedent,
    )
    try:
        return await runner.compile().run_async(globals, locals)
    except BaseException as error:
        if error.args and error.args[0] is INTERRUPTED:
            raise KeyboardInterrupt from None
        raise
