"""The machinery behind ``pyodide``: evaluation of code, imports of JavaScript objects, start-up.

Programs use the public package ``pyodide``. The names here are looked at by packages that probe
for the runtime, and are called by the bridge.
"""
