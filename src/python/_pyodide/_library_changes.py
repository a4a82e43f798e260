"""Changes to modules of the standard library and to packages, made when a program imports them."""

from __future__ import annotations

from _pyodide_core import JsException, can_run_sync, check_blocking, jsnull

from ._importhook import module_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any


def _encode_jsnull(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `default` method or function of a JSON encoder that knows `jsnull`."""
    from functools import wraps  # noqa: PLC0415

    @wraps(function)
    def default(*args: Any) -> Any:
        return None if args[-1] is jsnull else function(*args)

    return default


def change_json(encoder: ModuleType) -> None:
    """Have ``json.encoder`` write `jsnull` as ``null``, with functions for *default* as well."""
    from functools import wraps  # noqa: PLC0415

    cls: Any = encoder.JSONEncoder
    cls.default = _encode_jsnull(cls.default)
    initialise = cls.__init__

    @wraps(initialise)
    def __init__(  # noqa: N807 -- it becomes one
        self: Any, *, default: Callable[[Any], Any] | None = None, **options: Any
    ) -> None:
        if default is not None:
            default = _encode_jsnull(default)
        initialise(self, default=default, **options)

    cls.__init__ = __init__


def change_webbrowser(webbrowser: ModuleType) -> None:
    """Have ``webbrowser`` open pages with ``window.open``, where there is a window."""
    import js  # noqa: PLC0415 -- registered by JavaScript after this module was imported

    window: Any = getattr(js, "window", None)
    if not hasattr(window, "open"):
        return

    class Window(webbrowser.BaseBrowser):  # type: ignore[misc, name-defined]
        """Opens addresses in a new tab; the page's own tab would end the program."""

        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            """Return whether the browser let a page open another one."""
            del new, autoraise
            try:
                return bool(window.open(url, "_blank"))
            except JsException:
                return False

    webbrowser.register("javascript", None, Window("javascript"), preferred=True)


def change_threading(threading: ModuleType) -> None:
    """Let threads be started where nothing can wait for them to begin: they begin later.

    Until then ``join`` says why it cannot wait, and not that they were never started.
    """
    from functools import wraps  # noqa: PLC0415

    start, join = threading.Thread.start, threading.Thread.join

    @wraps(start)
    def start_thread(self: Any) -> None:
        if can_run_sync():
            start(self)
            return
        try:
            start(self)
        except RuntimeError:
            # It was made, and only its beginning could not be waited for.
            if self not in threading._limbo:  # noqa: SLF001
                raise

    @wraps(join)
    def join_thread(self: Any, timeout: float | None = None) -> None:
        if self in threading._limbo:  # noqa: SLF001
            check_blocking()
        join(self, timeout)

    threading.Thread.start, threading.Thread.join = start_thread, join_thread


def change_http_client(client: ModuleType) -> None:
    """Have ``http.client`` reach servers by what JavaScript has for it."""
    from ._http.standard_library import change_client  # noqa: PLC0415 -- only then

    change_client(client)


def change_urllib_request(request: ModuleType) -> None:
    """Have ``urllib.request`` know the address that a browser was redirected to."""
    from ._http.standard_library import change_urllib  # noqa: PLC0415

    change_urllib(request)


def change_httpx_transports(transports: ModuleType) -> None:
    """Have httpx send its requests by ``fetch``."""
    from ._http.httpx_transports import change_transports  # noqa: PLC0415

    change_transports(transports)


def change_urllib3_connection(connection: ModuleType) -> None:
    """Have urllib3 reach servers by what JavaScript has for it."""
    from ._http.urllib3_connections import change_connection  # noqa: PLC0415

    change_connection(connection)


def change_urllib3_pool(pool: ModuleType) -> None:
    """Have urllib3 know the time limit for an answer when it sends a request."""
    from ._http.urllib3_connections import change_pool  # noqa: PLC0415

    change_pool(pool)


def change_urllib3_back_end(back_end: ModuleType) -> None:
    """Have urllib3 keep its ordinary connections."""
    from ._http.urllib3_connections import keep_ordinary  # noqa: PLC0415

    keep_ordinary(back_end)


def install() -> None:
    """Have the changes made, now or when the modules are imported."""
    module_changes.add("http.client", change_http_client)
    module_changes.add("urllib.request", change_urllib_request)
    module_changes.add("httpx._transports.default", change_httpx_transports)
    module_changes.add("urllib3.connection", change_urllib3_connection)
    module_changes.add("urllib3.connectionpool", change_urllib3_pool)
    module_changes.add("urllib3.contrib.emscripten", change_urllib3_back_end)
    module_changes.add("threading", change_threading)
    module_changes.add("json.encoder", change_json)
    module_changes.add("webbrowser", change_webbrowser)
