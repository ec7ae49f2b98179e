"""YAML as an operator writes it, read safely: plain data only, every value with its line, nothing silently lost.

The words of YAML 1.2 hold, so that `country: NO` stays Norway and `+40 …` a telephone number: true and false, null,
decimal numbers without a leading zero or plus; everything else is text, dates too. The result is plain JSON data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from app.policies.faults import Fault, Path, PolicyFaults, dotted

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000  # counts a shared node each time it is used: aliases of aliases grow without bound

_TAG = "tag:yaml.org,2002:"
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the C reader where PyYAML brings it: 20 times faster
    """Only composes nodes; building values is done here, so no constructor of PyYAML ever runs."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML fills its own through the class


for _name, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]{0,17})$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}$", "-0123456789"),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), list(_first))


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data from a file, and on which line each of its values stands."""

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def fault(self, path: Path, wrong: str, allowed: str = "") -> Fault:
        known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in self.lines), ())
        return Fault(self.file, self.lines.get(known), dotted(path), wrong, allowed)

    def holds(self, path: Path) -> bool:
        """Whether the file itself has something at this place (a type may have filled it in)."""
        value = self.value
        for part in path:
            if isinstance(part, int):
                if not isinstance(value, list) or part >= len(value):
                    return False
            elif not isinstance(value, dict) or part not in value:
                return False
            value = value[part]
        return True


def read_yaml(path: FilePath, *, shown: str = "") -> Document:
    """The file's data; raises PolicyFaults when it is missing, too large or no YAML. `shown` names it in messages."""
    name = shown or str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise PolicyFaults([Fault(name, None, "", f"cannot be read ({error.strerror})", "a file")]) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, file: str) -> Document:
    """The same from bytes in hand."""
    if len(content) > MAX_BYTES:
        raise PolicyFaults([Fault(file, None, "", "is too large", f"up to {MAX_BYTES} bytes")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyFaults([Fault(file, line, "", "is not written in UTF-8", "UTF-8 text")]) from error
    try:
        _refuse_depth(text, file)
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise PolicyFaults([_syntax(error, text, file)]) from error
    builder = _Builder(file)
    value = builder.build(root, ()) if root is not None else None
    if builder.faults:
        raise PolicyFaults(builder.faults)
    return Document(file, value, builder.lines)


def _refuse_depth(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else None
            raise PolicyFaults([Fault(file, line, "", "is nested too deeply", f"up to {MAX_DEPTH} levels")])


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if isinstance(position, int) else None
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    advice = "YAML with spaces for indenting, a space after each colon, quotes around texts with : or #"
    return Fault(file, line, "", f"is no YAML: {problem}", advice)


class _Builder:
    """Turns nodes into plain data, remembers lines, collects what must not be."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._open: list[int] = []
        self._nodes = 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        self._nodes += 1
        if self._nodes > MAX_NODES or id(node) in self._open:
            self._fault(node, path, "repeats itself without end", "aliases that stay small")
            raise PolicyFaults(self.faults)
        self._open.append(id(node))
        try:
            return self._value(node, path)
        finally:
            self._open.pop()

    def _value(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.build(child, (*path, at)) for at, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            plain = _scalar(node.tag.removeprefix(_TAG), node.value)
            if plain is not _UNKNOWN:
                return plain
        self._fault(node, path, f"has the tag {node.tag.replace(_TAG, '!!')}", "plain text, numbers, lists and maps")
        return None

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, path, "has a key that is no text", "text before each colon")
                continue
            here = (*path, key.value)
            if here in self.lines:
                self._fault(key, here, f"stands here twice, first on line {self.lines[here]}", "each key once")
                continue
            self.lines[here] = key.start_mark.line + 1
            yield key.value, self.build(value, here)

    def _fault(self, node: yaml.Node, path: Path, wrong: str, allowed: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, dotted(path), wrong, allowed))


_UNKNOWN = object()


def _scalar(kind: str, text: str) -> Any:
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind in {"int", "float"} and re.fullmatch(r"-?[0-9]{1,18}(?:\.[0-9]{1,17})?", text):
        return int(text) if "." not in text and kind == "int" else float(text)
    return _UNKNOWN
