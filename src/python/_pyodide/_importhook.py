"""Imports of JavaScript objects, notes for modules that are missing, changes to library modules.

A JavaScript object registered under a name is found by `JsFinder`, after all other finders. What
`import` returns is a proxy of the object with the attributes of a module (see
`_pyodide_core.module_proxy`), so that attributes are live and the module can be passed to
JavaScript as the object it is.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec

from _pyodide_core import JsException, JsProxy, module_proxy

from ._missing import note_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any

# The registered objects, by name.
js_modules: dict[str, JsProxy] = {}


# Called, once, when the program imports a module of JavaScript's.
when_javascript_is_imported: list[Callable[[], None]] = []


def register_js_module(name: str, jsproxy: JsProxy) -> None:
    """Make a JavaScript object importable.

    :param name: the name to import it by. A module that the other finders know comes first.
    :param jsproxy: an object or function. What is imported is live: its attributes are those that
        the object has when they are read. Those that are objects can be imported as submodules.

    A second registration of a name replaces the first, but not what was imported already. Raises
    TypeError when an argument is of another type.
    """
    _check_name(name)
    js_modules[name] = _check_object(jsproxy)


def unregister_js_module(name: str) -> None:
    """Take a name of `register_js_module` back. A module that was imported stays imported.

    Raises TypeError when *name* is not a str, ValueError when nothing is registered under it.
    """
    _check_name(name)
    if name not in js_modules:
        raise ValueError(f"no JavaScript module is registered as {name!r}")
    del js_modules[name]


def _check_name(name: object) -> None:
    """Raise TypeError unless *name* is a str."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a module must be a str, not {type(name).__name__!r}")


def _check_object(value: object) -> JsProxy:
    """Return *value*; raise TypeError unless it is a JavaScript object or function."""
    if isinstance(value, JsProxy) and value.typeof in {"object", "function"}:
        return value
    kind = value.typeof if isinstance(value, JsProxy) else type(value).__name__
    raise TypeError(f"a JavaScript module must be a JavaScript object or function, not {kind!r}")


def ensure_started() -> None:
    """Start the bridge if this is a command line that has not needed JavaScript yet.

    Raises ImportError when it cannot be started.
    """
    if "js" not in js_modules:
        importlib.import_module("_bridge_on_import").start_bridge()


def import_dotted(name: str) -> Any:
    """Return what ``pyodide.pyimport`` gives for *name*.

    A name without dots is a module. For ``a.b.c`` it is the attribute ``c`` of the module ``a.b``;
    if it has none, the module ``a.b.c``. Raises ModuleNotFoundError if there is neither, TypeError
    when *name* is not a str, ValueError when a part of it is empty, and what a module raises when
    it is imported.
    """
    _check_name(name)
    if not all(name.split(".")):
        raise ValueError(f"{name!r} is no name of a module: a part of it is empty")
    parent, _, attribute = name.rpartition(".")
    if parent:
        module = importlib.import_module(parent)
        try:
            return getattr(module, attribute)
        except AttributeError:
            pass
    return importlib.import_module(name)


class JsLoader:
    """Makes the module for one JavaScript object."""

    def __init__(self, jsproxy: JsProxy) -> None:
        self.jsproxy = jsproxy

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a proxy of the object with the attributes of a module."""
        # Import sets these; what is in this dict from the beginning is never set on the object.
        attributes = {
            "__name__": spec.name,
            "__spec__": spec,
            "__loader__": self,
            "__package__": spec.name,
            "__path__": [],
        }
        module: Any = module_proxy(self.jsproxy, attributes)
        return module  # type: ignore[no-any-return]  # import takes any object for a module

    def exec_module(self, module: ModuleType) -> None:
        """Make known that JavaScript is used; the object itself is what it is."""
        del module
        while when_javascript_is_imported:
            when_javascript_is_imported.pop()()

    def is_package(self, fullname: str) -> bool:
        """Return True: an attribute of any object may be imported as a submodule."""
        del fullname
        return True


class JsFinder:
    """Finds the registered objects, and attributes of them as submodules."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec when *fullname* names a JavaScript object, None otherwise."""
        del path, target
        jsproxy = _find_object(fullname)
        if jsproxy is None:
            return None
        loader: Any = JsLoader(jsproxy)  # no importlib.abc.Loader, which takes time to import
        return ModuleSpec(fullname, loader, origin="JavaScript", is_package=True)


def _find_object(fullname: str) -> JsProxy | None:
    """Return the object that *fullname* names, None if there is none."""
    parent_name, _, name = fullname.rpartition(".")
    if not parent_name:
        return js_modules.get(name)
    parent: object = sys.modules.get(parent_name)
    if not isinstance(parent, JsProxy):
        return None
    try:
        jsproxy = getattr(parent, name)
    except (AttributeError, JsException):
        return None
    return jsproxy if isinstance(jsproxy, JsProxy) else None


class ModuleChanges:
    """Changes modules of the standard library right after they ran for the first time.

    It comes first among the finders and costs other imports one look into a dict. The alternatives
    were patches of CPython, which could not refer to this package, and importing the modules
    when the interpreter starts.
    """

    def __init__(self) -> None:
        self.changes: dict[str, Callable[[ModuleType], None]] = {}

    def add(self, name: str, change: Callable[[ModuleType], None]) -> None:
        """Have *change* called with the module *name*: now if it was imported, else later."""
        module = sys.modules.get(name)
        if module is not None:
            change(module)
        else:
            self.changes[name] = change

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module to change, with its loader prepared; otherwise None."""
        if fullname not in self.changes:
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                # On the loader object, so that the module's __loader__ stays what others expect.
                self._prepare(fullname, spec.loader)
                return spec
        return None

    def _prepare(self, name: str, loader: Any) -> None:
        """Have *loader* call the change after it has run the module."""
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            del loader.exec_module
            run(module)
            change = self.changes.pop(name, None)
            if change is not None:
                change(module)

        loader.exec_module = exec_module


module_changes = ModuleChanges()


def _package_of(name: str) -> str | None:
    """Return the package of the distribution that has the module *name*; None if there is none.

    The table is the JavaScript loader's; without a loader there is none.
    """
    api = js_modules.get("pyodide_js")
    if api is None:
        return None
    try:
        package = api._api._import_name_to_package_name.get(name)  # noqa: SLF001
    except (AttributeError, JsException):
        return None
    return package if isinstance(package, str) else None


def _add_note(error: ModuleNotFoundError, name: str) -> None:
    """Say in a note of *error* why there is no module *name*, if that is known."""
    if error.name != name or getattr(error, "__notes__", None):
        return
    top = name.partition(".")[0]
    if top in sys.modules:
        return  # what is missing is a part of something that is there
    note = note_for(name, _package_of(top))
    if note is not None:
        error.add_note(note)


def _add_notes_to_errors() -> None:
    """Make imports that fail call `_add_note`.

    A finder that raises the error would break `importlib.util.find_spec`, and replacing
    ``builtins.__import__`` would slow down every import statement. So the one function of
    importlib that raises the error is wrapped.
    """
    bootstrap: Any = importlib._bootstrap  # noqa: SLF001
    find_and_load = bootstrap._find_and_load_unlocked  # noqa: SLF001

    def find_and_load_with_note(name: str, import_: Callable[[str], ModuleType]) -> Any:
        try:
            return find_and_load(name, import_)
        except ModuleNotFoundError as error:
            _add_note(error, name)
            raise

    # CPython leaves frames of this name out of the tracebacks of failed imports.
    code = find_and_load_with_note.__code__
    find_and_load_with_note.__code__ = code.replace(co_filename="<frozen importlib._bootstrap>")
    bootstrap._find_and_load_unlocked = find_and_load_with_note  # noqa: SLF001


def install() -> None:
    """Install the finders and the notes in this interpreter; once, when it starts."""
    sys.meta_path.insert(0, module_changes)
    sys.meta_path.append(JsFinder())
    _add_notes_to_errors()
