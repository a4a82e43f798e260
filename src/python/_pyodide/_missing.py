"""Why a module is missing: what the note of a ModuleNotFoundError says."""

from __future__ import annotations

import sys

# Modules of CPython that this distribution is built without, and why.
_LEFT_OUT = {
    "curses": "it needs a terminal",
    "_curses": "it needs a terminal",
    "_curses_panel": "it needs a terminal",
    "readline": "it needs a terminal",
    "tkinter": "it needs a display; a page has the DOM, see the module js",
    "_tkinter": "it needs a display; a page has the DOM, see the module js",
    "turtle": "it needs tkinter",
    "turtledemo": "it needs tkinter",
    "idlelib": "it needs tkinter",
    "ensurepip": "packages are installed by micropip or loadPackage()",
    "_gdbm": "its C library is left out; dbm.sqlite3 and dbm.dumb are there",
    "_dbm": "its C library is left out; dbm.sqlite3 and dbm.dumb are there",
    "resource": "JavaScript engines tell nothing of their limits",
    "syslog": "there is no system log",
    "grp": "there are no groups",
    "pwd": "there are no users",
    "nis": "there is no NIS",
    "spwd": "there are no users",
}

# Modules that CPython itself no longer has, and the version without them.
_REMOVED = {
    "asynchat": "3.12",
    "asyncore": "3.12",
    "distutils": "3.12; setuptools has a copy of it",
    "imp": "3.12; use importlib",
    "smtpd": "3.12",
    "aifc": "3.13",
    "audioop": "3.13",
    "cgi": "3.13",
    "cgitb": "3.13",
    "chunk": "3.13",
    "crypt": "3.13",
    "imghdr": "3.13",
    "lib2to3": "3.13",
    "mailcap": "3.13",
    "msilib": "3.13",
    "nis": "3.13",
    "nntplib": "3.13",
    "ossaudiodev": "3.13",
    "pipes": "3.13",
    "sndhdr": "3.13",
    "spwd": "3.13",
    "sunau": "3.13",
    "telnetlib": "3.13",
    "uu": "3.13",
    "xdrlib": "3.13",
}


def note_for(name: str, package: str | None) -> str | None:
    """Return the note for a missing module, None if nothing is known about it.

    :param name: full name of the module
    :param package: the package of the distribution that has it, None if none has
    """
    top = name.partition(".")[0]
    if package is not None:
        return (
            f"The module {name!r} is in the package {package!r} of the distribution, which is not "
            f"loaded. Load it by calling:\n"
            f'  await micropip.install("{package}")  in Python, or\n'
            f'  await pyodide.loadPackage("{package}")  in JavaScript'
        )
    if top in _REMOVED:
        return (
            f"The module {top!r} was removed from the standard library in Python {_REMOVED[top]}."
        )
    if top in sys.stdlib_module_names:
        reason = _LEFT_OUT.get(top)
        return f"The module {top!r} of the standard library is not part of this distribution" + (
            f": {reason}." if reason else "."
        )
    return None
