"""The engine of an interactive console: lines in, values and errors out, without a screen."""

from __future__ import annotations

import ast
import asyncio
import codeop
import importlib.util
import io
import platform
import rlcompleter
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from _pyodide._base import FUTURE_FLAGS, CodeRunner, find_imports

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

__all__ = ["BANNER", "Console", "ConsoleFuture", "PyodideConsole", "repr_shorten"]

BANNER = (
    f"Python {platform.python_version()} ({', '.join(platform.python_build())}) "
    f"on {platform.system()} {platform.machine()}\n"
    'Type "help", "copyright", "credits" or "license" for more information.'
)

# More characters are as many as there are.
_ANY_NUMBER = 2**31

SyntaxCheck = Literal["incomplete", "syntax-error", "complete"]


class ConsoleFuture(asyncio.Future[Any]):
    """What becomes of a chunk of source.

    Its result is the value of the last expression, its exception what the code raised, SystemExit
    included.
    """

    syntax_check: SyntaxCheck
    """``"incomplete"``: more lines are needed, the result is None. ``"syntax-error"``: the
    exception is that error. ``"complete"``: the chunk is being run."""

    formatted_error: str | None
    """The text to show for the exception, once there is one."""

    def __init__(self, syntax_check: SyntaxCheck) -> None:
        super().__init__()
        self.syntax_check = syntax_check
        self.formatted_error = None


class _Output(io.TextIOBase):
    """A stream of text whose every write is a call."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, callback: Callable[[str], object], name: str) -> None:
        self._callback = callback
        self.name = name

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._callback(text)
        return len(text)


class _Input(io.TextIOBase):
    """A stream of text whose every read is a call."""

    encoding = "utf-8"
    errors = "strict"
    name = "<stdin>"

    def __init__(self, callback: Callable[[int], str]) -> None:
        self._callback = callback
        self._rest = ""  # what a call returned and nobody has read

    def readable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        """Return *size* characters, fewer at the end of input; all there is by default."""
        limit = sys.maxsize if size is None or size < 0 else size
        text = ""
        while len(text) < limit and (part := self._next(limit - len(text))):
            end = limit - len(text)
            text += part[:end]
            self._rest = part[end:]
        return text

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
        """Return a line with its end, *size* characters at most."""
        limit = sys.maxsize if size is None or size < 0 else size
        line = ""
        while len(line) < limit and not line.endswith("\n"):
            part = self._next(limit - len(line))
            if not part:
                break
            end = min(part.find("\n") + 1 or len(part), limit - len(line))
            line += part[:end]
            self._rest = part[end:]
        return line

    def _next(self, size: int) -> str:
        """Return the next characters, *size* of them or any other number; "" at the end."""
        return self._rest or self._callback(size if size < _ANY_NUMBER else -1)


class Console:
    """Compiles and runs what is typed, one chunk after the other.

    :param globals: the names that the code works with; by default a new dict
    :param stdin_callback: called with a number of characters, -1 for any; returns text of that
        length or any other, ``""`` at the end
    :param stdout_callback: called with each piece of text that is written
    :param stderr_callback: the same for errors
    :param persistent_stream_redirection: redirect the streams from now on, instead of while a
        chunk runs
    :param filename: the name of chunks in tracebacks
    :param dont_inherit: as for `compile`
    :param optimize: as for `compile`

    Streams without a callback stay as they are. Values are not printed, and ``builtins._`` is
    not set: the front end decides how to show them.
    """

    completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"
    """Characters between words, for `complete`."""

    def __init__(  # noqa: PLR0913 -- the public signature
        self,
        globals: dict[str, Any] | None = None,  # noqa: A002
        *,
        stdin_callback: Callable[[int], str] | None = None,
        stdout_callback: Callable[[str], object] | None = None,
        stderr_callback: Callable[[str], object] | None = None,
        persistent_stream_redirection: bool = False,
        filename: str = "<console>",
        dont_inherit: bool = False,
        optimize: int = -1,
    ) -> None:
        if globals is None:
            globals = {"__name__": "__console__", "__doc__": None}  # noqa: A001
        self.globals: dict[str, Any] = globals
        # Any: None is there for streams that are left alone, which nobody calls.
        self.stdin_callback: Any = stdin_callback
        self.stdout_callback: Any = stdout_callback
        self.stderr_callback: Any = stderr_callback
        self.filename = filename
        self.buffer: list[str] = []
        """The lines of a chunk that is not complete."""
        self._dont_inherit = dont_inherit
        self._optimize = optimize
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._running = asyncio.Lock()
        self._completer = rlcompleter.Completer(globals)
        self._redirections = 0
        # The callbacks may be replaced while the streams are in use.
        self._ours = {
            "stdin": _Input(lambda size: self.stdin_callback(size)),  # noqa: PLW0108
            "stdout": _Output(lambda s: self.stdout_callback(s), "<stdout>"),  # noqa: PLW0108
            "stderr": _Output(lambda s: self.stderr_callback(s), "<stderr>"),  # noqa: PLW0108
        }
        self._outer: dict[str, Any] = {}  # the streams outside, while ours are in their place
        self._persistent = False
        if persistent_stream_redirection:
            self.persistent_redirect_streams()

    # -- Streams

    def persistent_redirect_streams(self) -> None:
        """Redirect the standard streams until `persistent_restore_streams`."""
        if not self._persistent:
            self._persistent = True
            self._redirect()

    def persistent_restore_streams(self) -> None:
        """Undo `persistent_redirect_streams`."""
        if self._persistent:
            self._persistent = False
            self._restore()

    @contextmanager
    def redirect_streams(self) -> Generator[None]:
        """Redirect the standard streams to the callbacks inside the block. Blocks may nest."""
        self._redirect()
        try:
            yield
        finally:
            self._restore()

    def _redirect(self) -> None:
        """Redirect the streams, if that is not so already."""
        self._redirections += 1
        if self._redirections > 1:
            return
        for name, stream in self._ours.items():
            if getattr(self, f"{name}_callback") is not None:
                self._outer[name] = getattr(sys, name)
                setattr(sys, name, stream)

    def _restore(self) -> None:
        """Undo one `_redirect`."""
        self._redirections -= 1
        if self._redirections == 0:
            for name, stream in self._outer.items():
                setattr(sys, name, stream)
            self._outer.clear()

    # -- Running

    def push(self, line: str) -> ConsoleFuture:
        """Take one line; run the chunk if it is complete with it.

        :param line: text, with or without a newline at its end
        :returns: what becomes of the chunk so far
        """
        self.buffer.append(line.removesuffix("\n"))
        future = self.runsource("\n".join(self.buffer), self.filename)
        if future.syntax_check != "incomplete":
            self.buffer = []
        return future

    def runsource(self, source: str, filename: str = "<console>") -> ConsoleFuture:
        """Compile *source*, and begin to run it if it is a complete chunk of valid Python.

        Chunks run one after the other. The streams are redirected meanwhile.
        """
        try:
            complete = self._is_complete(source, filename)
            code = self._compile(source, filename) if complete else None
        except (OverflowError, SyntaxError, ValueError) as error:
            return self._refuse(error)
        if code is None:
            future = ConsoleFuture("incomplete")
            future.set_result(None)
            return future
        future = ConsoleFuture("complete")
        task = asyncio.ensure_future(self._run(source, code, future))
        future.add_done_callback(lambda _: task.cancel() if future.cancelled() else None)
        return future

    def _is_complete(self, source: str, filename: str) -> bool:
        """Tell whether no line may follow; raise what `compile` raises for what is not valid.

        A chunk that ends with a block goes on until a blank line, as in Python's own prompt.
        """
        compiler = codeop.CommandCompiler()
        compiler.compiler.flags |= self._flags
        if compiler(source, filename, "exec") is None:
            return False
        last_line = source.rpartition("\n")[2]
        if not last_line.strip():
            return True
        body = compile(source, filename, "exec", self._flags | ast.PyCF_ONLY_AST).body
        return not (body and isinstance(body[-1], _BLOCKS))

    def _compile(self, source: str, filename: str) -> CodeRunner:
        """Return the compiled chunk; what it takes from ``__future__`` holds for those after it."""
        code = CodeRunner(
            source,
            filename=filename,
            flags=self._flags,
            dont_inherit=self._dont_inherit,
            optimize=self._optimize,
            dedent=False,
        ).compile()
        assert code.code is not None  # noqa: S101 -- for the type checker
        self._flags |= code.code.co_flags & FUTURE_FLAGS
        return code

    def _refuse(self, error: Exception) -> ConsoleFuture:
        """Return the future of a chunk that is not valid Python."""
        future = ConsoleFuture("syntax-error")
        future.formatted_error = self.formatsyntaxerror(error)
        future.set_exception(error)
        future.exception()  # front ends look at formatted_error alone; no warning for them
        return future

    async def _run(self, source: str, code: CodeRunner, future: ConsoleFuture) -> None:
        """Run a chunk and give *future* its outcome."""
        try:
            async with self._running:
                result = await self.runcode(source, code)
        except asyncio.CancelledError:
            future.cancel()
        except BaseException as error:  # noqa: BLE001 -- SystemExit is for the front end, too
            if not future.done():
                future.formatted_error = self.formattraceback(error)
                future.set_exception(error)
        else:
            if not future.done():
                future.set_result(result)

    async def runcode(self, source: str, code: CodeRunner) -> Any:
        """Run *code*, compiled from *source*. Returns its value or raises what it raises."""
        del source
        with self.redirect_streams():
            try:
                return await code.run_async(self.globals)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()

    # -- Errors

    def formatsyntaxerror(self, error: Exception) -> str:
        """Return the text for an error of the compiler, and make it ``sys.last_exc``."""
        _set_last(error)
        return "".join(traceback.format_exception_only(error))

    def num_frames_to_keep(self, tb: TracebackType | None) -> int:
        """Return how many frames of *tb*, counted from its end, belong to the chunk.

        They begin with the first frame of a file of the console's name.
        """
        names = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(tb)]
        if self.filename not in names:
            return len(names)
        return len(names) - names.index(self.filename)

    def formattraceback(self, error: BaseException) -> str:
        """Return the text for what a chunk raised, and make it ``sys.last_exc``."""
        _set_last(error)
        frames = self.num_frames_to_keep(error.__traceback__)
        return "".join(traceback.format_exception(error, limit=-frames if frames else 0))

    # -- Completion

    def complete(self, source: str) -> tuple[list[str], int]:
        """Return how the last word of *source* may go on.

        :param source: what is typed so far
        :returns: whole words in alphabetical order, and where the word begins in *source*. Callable
            ones end with ``(``, or ``()`` if they take nothing, and keywords with a space.
        """
        start = max(map(source.rfind, self.completer_word_break_characters)) + 1
        word = source[start:]
        if "." in word:
            words = self._completer.attr_matches(word)
        else:
            words = self._completer.global_matches(word)
        return sorted(words), start


_BLOCKS = (
    ast.AsyncFor,
    ast.AsyncFunctionDef,
    ast.AsyncWith,
    ast.ClassDef,
    ast.For,
    ast.FunctionDef,
    ast.If,
    ast.Match,
    ast.Try,
    ast.TryStar,
    ast.While,
    ast.With,
)


def _set_last(error: BaseException) -> None:
    """Note *error* where debuggers look for the last one."""
    sys.last_exc = error
    sys.last_type, sys.last_value = type(error), error
    sys.last_traceback = error.__traceback__


class PyodideConsole(Console):
    """A `Console` that loads the packages of the distribution which a chunk imports, before it.

    Those whose modules are there already are left out.
    """

    async def runcode(self, source: str, code: CodeRunner) -> Any:
        """Load the packages for the imports in *source*, then run *code*."""
        if any(map(_is_missing, find_imports(source))):
            import pyodide_js  # noqa: PLC0415 -- registered by JavaScript

            await pyodide_js.loadPackagesFromImports(source)
        return await super().runcode(source, code)


def _is_missing(name: str) -> bool:
    """Tell whether there is no module *name* yet; only of names without a dot."""
    if "." in name or name in sys.modules:
        return False
    return importlib.util.find_spec(name) is None


def repr_shorten(
    value: object, limit: int = 1000, split: int | None = None, separator: str = "..."
) -> str:
    """Return ``repr(value)``, with its middle left out if it is long.

    :param value: any object
    :param limit: the longest text that is shown whole, in characters
    :param split: characters to show from each end of a longer one; half of *limit* by default
    :param separator: what stands for the middle
    """
    text = repr(value)
    if len(text) <= limit:
        return text
    if split is None:
        split = limit // 2
    return f"{text[:split]}{separator}{text[len(text) - split :]}"
