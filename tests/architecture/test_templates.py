"""Every template is used by somebody, and whatever a template names is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from jinja2 import nodes

from app.domain.ladder import LADDER
from app.domain.letters import KINDS
from app.domain.lifecycle import STATUSES, TRANSITIONS
from app.gateways.rendering import TEMPLATES, Renderer
from tests.architecture.source import Module, constants, modules

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())
PAGES = [name for name in ALL if not name.endswith(".css")]
KITS = ("govuk_frontend_jinja/", "govuk_frontend_wtf/")
# What a gap in a template's name may be filled with, beside the words of the module that names it.
FILLINGS = {
    *STATUSES,
    *(move.name for move in TRANSITIONS),
    "preparing",
    "ready",
    "released",
    "expired",
    *KINDS,
    *LADDER,
}
GAP = "\0"


def from_code(module: Module) -> Iterator[str]:
    """The names of templates as a module writes them, with GAP for what is put in."""
    if module.name.startswith("app/web/api/"):
        return
    # The desk's pages are named within its folder.
    folder = "desk/" if module.within("app/web/desk/") else ""
    inner = {part for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            name = "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inner:
            name = node.value
        else:
            continue
        if re.search(r"\.(html|txt|css)$", name) and not re.search(r"\s", name) and not name.startswith(("/", GAP)):
            yield name
            yield folder + name
    # Two style sheets are put into what is read without a server.
    yield from (f"package/{name}" for name in constants(module.tree) if name.endswith(".css"))


def from_template(name: str) -> Iterator[str]:
    """What a template extends, includes or imports."""
    tree = parsed(name)
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        either = isinstance(node.template, (nodes.List, nodes.Tuple))  # the first of them that is there
        yield from map(_name, node.template.items if either else [node.template])


@cache
def parsed(name: str) -> nodes.Template:
    return Renderer().environment.parse((TEMPLATES / name).read_text("utf-8"), name)


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Concat):
        return "".join(map(_name, node.nodes))
    return GAP


def filled(name: str, words: set[str]) -> set[str]:
    """The templates that a name can stand for."""
    pattern = re.compile("([^/]+)".join(map(re.escape, name.split(GAP))))
    return {
        template
        for template in ALL
        if (found := pattern.fullmatch(template)) and all(word in words for word in found.groups())
    }


def reached() -> set[str]:
    """All that code names, and what those name in turn."""
    found = {template for template in ALL if template.startswith("mail/") and template.count("/") == 2}
    for module in modules():
        for name in from_code(module):
            found |= filled(name, FILLINGS | constants(module.tree))
    waiting = set(found)
    while waiting:
        name = waiting.pop()
        if name.endswith(".css"):
            continue
        more = set().union(*(filled(other, FILLINGS) for other in from_template(name))) - found
        found |= more
        waiting |= more
    return found


def test_every_template_is_reached() -> None:
    """Mails are named by moves and jobs; test_moves finds those that nobody sends."""
    assert set(ALL) - reached() == set()


@pytest.mark.parametrize("name", PAGES)
def test_whatever_a_template_names_is_there(name: str) -> None:
    for other in from_template(name):
        assert other.startswith(KITS) or filled(other, FILLINGS), other.replace(GAP, "…")


def test_whatever_the_code_renders_is_there() -> None:
    missing = [
        f"{module.name}: {first.value}"
        for module in modules("app/web")
        for called, call in module.calls()
        if called in {"render_template", "show", "_show"} and call.args
        for first in [call.args[0]]
        if isinstance(first, ast.Constant)
        and not (TEMPLATES / ("desk/" if called != "render_template" else "") / str(first.value)).is_file()
    ]
    assert missing == []


def test_every_error_page_is_one_that_can_be_shown() -> None:
    from app.web.errors import _OWN_PAGES

    pages = {path.stem for path in (TEMPLATES / "errors").iterdir()} - {"base"}
    assert pages == set(map(str, _OWN_PAGES))


@cache
def built_on(base: str) -> set[str]:
    """The templates that extend this one."""
    return {name for name in PAGES for node in parsed(name).find_all(nodes.Extends) if _name(node.template) == base}


@cache
def brought_along(name: str) -> set[str]:
    """The templates that this one includes or imports."""
    brought = parsed(name).find_all((nodes.Include, nodes.Import, nodes.FromImport))
    return set().union(*(filled(_name(node.template), FILLINGS) for node in brought))


def sees(name: str) -> set[str]:
    """The templates to which what this one imports is known: itself, those built on it, and what all these include."""
    found: set[str] = set()
    waiting = {name}
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting |= (built_on(one) | brought_along(one)) - found
    return found


@cache
def names_in(name: str) -> set[str]:
    return {node.name for node in parsed(name).find_all(nodes.Name)}


@pytest.mark.parametrize("name", PAGES)
def test_no_import_of_a_template_is_unused(name: str) -> None:
    imported = {
        one[1] if isinstance(one, tuple) else one
        for node in parsed(name).find_all(nodes.FromImport)
        for one in node.names
    }
    if imported:
        assert imported - set().union(*map(names_in, sees(name))) == set()
