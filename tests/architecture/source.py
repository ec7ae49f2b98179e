"""The code as trees: what the house rules look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of ours."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path from the root, such as `app/work.py`."""
        return self.path.relative_to(ROOT).as_posix()

    def at(self, node: ast.AST) -> str:
        """Where a finding is."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    def within(self, *places: str) -> bool:
        """Whether this is one of these files, or lies in one of these folders (which end with a slash)."""
        return any(self.name.startswith(place) if place.endswith("/") else self.name == place for place in places)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the last part of what is called: `commit` for `work.session.commit()`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield called(node), node

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every module of these folders; of the whole product when none is named."""
    paths = [path for folder in folders or ("app", "workers") for path in sorted((ROOT / folder).rglob("*.py"))]
    if not folders:
        paths.append(ROOT / "wsgi.py")
    return tuple(Module(path, text := path.read_text("utf-8"), ast.parse(text)) for path in paths)


def called(node: ast.Call) -> str:
    """The last part of the name that a call calls."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def constants(tree: ast.AST) -> set[str]:
    """Every text and number that stands in the code itself, as text."""
    return {
        str(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int)
    }


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each node's surroundings."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def function_around(node: ast.AST, around: dict[ast.AST, ast.AST]) -> Function | None:
    """The innermost function that a node stands in."""
    while (node := around.get(node)) is not None:
        if isinstance(node, Function):
            return node
    return None
