"""Makes from bridge.def what C, JavaScript and the linker must agree on.

Usage: generate.py [--check] [--library FILE]

Writes ``c/bridge_generated.h``, ``c/bridge_entries.inc`` and ``js/generated.ts`` beside this
script; with --check only tells whether they are current (exit status 1 and their names if not).
With --library it writes only the Emscripten library of stubs by which the linker knows the imports.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENTRY = re.compile(r"^(?P<what>\w+) (?P<head>.+?) = (?P<text>.+)$")
FUNCTION = re.compile(r"^(?P<result>[\w ]+?\s?\*?)(?P<name>bridge_\w+)\((?P<arguments>.*)\)$")
WORDS = (
    "kind",
    "encoding",
    "raise",
    "js_flag",
    "py_flag",
    "flatten",
    "step",
    "keep",
    "js_op",
    "py_op",
)
WIDTH = 100
NOTICE = "Made by generate.py from bridge.def; change that."


@dataclass(frozen=True)
class Function:
    """A function that one side calls on the other."""

    result: str
    name: str
    arguments: tuple[str, ...]
    text: str

    @property
    def prototype(self) -> str:
        """The C declaration, without the semicolon."""
        space = "" if self.result.endswith("*") else " "
        return f"{self.result}{space}{self.name}({', '.join(self.arguments) or 'void'})"

    @property
    def names(self) -> list[str]:
        """The names of the arguments."""
        return [re.findall(r"\w+", argument)[-1] for argument in self.arguments]

    @property
    def entry(self) -> str:
        """The name under which JavaScript calls it."""
        return self.name.replace("bridge_", "coil_", 1)

    @property
    def signature(self) -> str:
        """Emscripten's letters: result, then arguments; addresses come as they are."""
        return ("v" if self.result == "void" else "i") + "i" * len(self.arguments)


@dataclass
class Definition:
    """All of bridge.def."""

    words: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    imports: list[Function] = field(default_factory=list)
    exports: list[Function] = field(default_factory=list)
    promising: list[Function] = field(default_factory=list)


def parse_function(head: str, text: str) -> Function:
    """Return the function that one line describes. Raises ValueError for another form."""
    match = FUNCTION.match(head)
    if match is None:
        raise ValueError(f"no function: {head}")
    arguments = tuple(part.strip() for part in match["arguments"].split(",") if part.strip())
    return Function(match["result"].strip(), match["name"], arguments, text)


def parse(source: str) -> Definition:
    """Return what *source* defines. Raises ValueError for a line that is nothing of it."""
    definition = Definition({word: [] for word in WORDS})
    for line in source.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = ENTRY.match(line)
        if match is None:
            raise ValueError(f"bridge.def: cannot read {line!r}")
        what, head, text = match["what"], match["head"], match["text"]
        if what in definition.words:
            definition.words[what].append((head, text))
        elif what in ("import", "export", "promising"):
            functions = {
                "import": definition.imports,
                "export": definition.exports,
                "promising": definition.promising,
            }[what]
            functions.append(parse_function(head, text))
        else:
            raise ValueError(f"bridge.def: unknown word {what!r}")
    return definition


def is_flag(word: str) -> bool:
    """Whether the values of *word* are bits."""
    return word.endswith("_flag") or word == "flatten"


def wrap(text: str, indent: str, first: str) -> str:
    """Return *text* in lines that fit, *first* before it."""
    lines, line = [], first
    for word in text.split():
        if len(line) + len(word) + 1 > WIDTH - 4:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line.strip() else line + word
    return "\n".join([*lines, line])


def c_header(definition: Definition) -> str:
    """Return bridge_generated.h."""
    parts = [
        f"/* {NOTICE} */",
        "/* clang-format off */",
        "#ifndef COIL_BRIDGE_GENERATED_H",
        "#define COIL_BRIDGE_GENERATED_H",
        "",
    ]
    for word, entries in definition.words.items():
        parts.append("enum {")
        prefix = f"BRIDGE_{word.upper()}"
        for number, (name, text) in enumerate(entries):
            value = f"1 << {number}" if is_flag(word) else number
            parts.append(f"    {prefix}_{name} = {value}, /* {text} */")
        if not is_flag(word):
            parts.append(f"    {prefix}_COUNT = {len(entries)},")
        parts += ["};", ""]
    for functions in (definition.imports, definition.exports, definition.promising):
        for function in functions:
            parts.append(wrap(function.text, "   ", "/*") + " */")
            parts += [c_prototype(function), ""]
    return "\n".join([*parts, "#endif", ""])


def c_prototype(function: Function) -> str:
    """Return the declaration of *function*, broken as clang-format does."""
    line = f"{function.prototype};"
    if len(line) <= WIDTH:
        return line
    indent = " " * (line.index("(") + 1)
    words = line.split(", ")
    lines, current = [], words[0]
    for word in words[1:]:
        if len(current) + len(word) + 3 > WIDTH:
            lines.append(current + ",")
            current = indent + word
        else:
            current = f"{current}, {word}"
    return "\n".join([*lines, current])


def c_entry(function: Function) -> str:
    """Return the wrapper of an export that entry.c compiles."""
    call = f"{function.name}({', '.join(function.names)})"
    head = function.prototype.replace(function.name, function.entry, 1)
    lines = [f"ENTRY {head}", "{", "    activation before = enter_plain();"]
    if function.result == "void":
        lines += [f"    {call};", "    leave_plain(before);", "}"]
    else:
        star = "" if function.result.endswith("*") else " "
        lines.append(f"    {function.result}{star}result = {call};")
        lines += ["    leave_plain(before);", "    return result;", "}"]
    return "\n".join(lines)


def c_promising_entry(function: Function) -> str:
    """Return the wrapper of an export that runs on a fiber: its arguments live in the heap."""
    short = function.name.removeprefix("bridge_")
    struct = f"{short}_arguments"
    fields = "".join(f"    {argument};\n" for argument in function.arguments)
    passed = ", ".join(f"arguments->{name}" for name in function.names)
    entry = function.prototype.replace(function.name, function.entry, 1)
    return f"""typedef struct {{
{fields}}} {struct};

static void
run_{short}(void *given)
{{
    {struct} *arguments = given;
    {function.name}({passed});
    free(arguments);
}}

ENTRY {entry.replace("void ", "bool ", 1)}
{{
    {struct} *arguments = malloc(sizeof(*arguments));
    if (!arguments) {{
        return false;
    }}
    *arguments = ({struct}){{{", ".join(function.names)}}};
    bool called = coil_fiber_call_python(run_{short}, arguments);
    if (!called) {{
        free(arguments);
    }}
    return called;
}}"""


def c_entries(definition: Definition) -> str:
    """Return bridge_entries.inc."""
    head = [
        f"/* {NOTICE} */",
        "/* clang-format off */",
        "/* Included by entry.c alone, which defines enter_plain() and leave_plain(). */",
        "",
    ]
    entries = [c_entry(function) for function in definition.exports]
    entries += [c_promising_entry(function) for function in definition.promising]
    body = "\n\n".join(entries)
    return "\n".join([*head, body, ""])


def ts_module(definition: Definition) -> str:
    """Return generated.ts."""
    parts = [f"// {NOTICE}", ""]
    for word, entries in definition.words.items():
        for number, (name, text) in enumerate(entries):
            value = f"1 << {number}" if is_flag(word) else number
            parts += [f"/** {text} */", f"export const {word.upper()}_{name} = {value};"]
        parts.append("")
    parts += ["/** What JavaScript calls: functions of C, behind src/runtime/entry.c. */"]
    parts.append("export interface BridgeExports {")
    for function in definition.exports:
        result = "void" if function.result == "void" else "number"
        arguments = ", ".join(f"{name}: number" for name in function.names)
        parts += [f"  /** {function.text} */", f"  {function.entry}({arguments}): {result};"]
    names = ", ".join(f'"{function.entry}"' for function in definition.exports)
    parts += ["}", "", f"export const EXPORT_NAMES = [{names}] as const;"]
    parts += ["", "/** What JavaScript calls through WebAssembly.promising. */"]
    parts.append("export interface PromisingExports {")
    for function in definition.promising:
        arguments = ", ".join(f"{name}: number" for name in function.names)
        parts.append(f"  /** {function.text} */")
        parts.append(f"  {function.entry}({arguments}): Promise<number>;")
    names = ", ".join(f'"{function.entry}"' for function in definition.promising)
    parts += ["}", "", f"export const PROMISING_NAMES = [{names}] as const;"]
    parts += ["", "/** What C calls. */", "export interface BridgeImports {"]
    for function in definition.imports:
        result = "void" if function.result == "void" else "number"
        arguments = ", ".join(f"{name}: number" for name in function.names)
        parts += [f"  /** {function.text} */", f"  {function.name}({arguments}): {result};"]
    return "\n".join([*parts, "}", ""])


def stub_library(definition: Definition) -> str:
    """Return the library by which the linker knows the imports; the loader replaces them."""
    parts = [f"// {NOTICE}", "addToLibrary({"]
    for function in definition.imports:
        parts.append(f'  {function.name}__sig: "{function.signature}",')
        parts.append(f'  {function.name}: () => abort("{function.name}: no bridge is attached"),')
    return "\n".join([*parts, "});", ""])


def main(arguments: list[str]) -> int:
    """Run the command line described above; return its exit status."""
    parser = argparse.ArgumentParser(description="Make the generated files of the bridge.")
    parser.add_argument("--check", action="store_true", help="only tell what is not current")
    parser.add_argument("--library", type=Path, help="write the linker's stubs there instead")
    options = parser.parse_args(arguments)
    definition = parse((HERE / "bridge.def").read_text(encoding="utf-8"))
    if options.library is not None:
        options.library.write_text(stub_library(definition), encoding="utf-8")
        return 0
    outputs = {
        HERE / "c/bridge_generated.h": c_header(definition),
        HERE / "c/bridge_entries.inc": c_entries(definition),
        HERE / "js/generated.ts": ts_module(definition),
    }
    old = [p for p, text in outputs.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in old:
        print(f"{path.name} is not what bridge.def says" if options.check else path.name)
        if not options.check:
            path.write_text(outputs[path], encoding="utf-8")
    return 1 if options.check and old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
