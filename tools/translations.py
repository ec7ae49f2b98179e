"""Collects every sentence that people read and brings the catalogues up to date: `make translations`.

Two catalogues per language: `habeas` from templates and from Python, `law` from the regime packs. Order is that of the
source, without line numbers or dates, so that a change shows as what it is; what no longer stands anywhere is dropped.
"""

import ast
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, TemplateSyntaxError

from app.catalogs import FOLDER, LANGUAGES
from app.gateways.rendering import equip
from app.policies.packs import law_texts

ROOT = Path(__file__).resolve().parents[1]
# The command line and the API speak English.
SILENT = ("app/cli", "app/web/api", "app/schema.py")
# What takes one sentence first; what takes several; what takes one for one and one for many.
ONE = {"Message", "Forbidden", "Refused", "Stale", "NotFound", "Unavailable", "TooMany", "Tampered"}
ALL = {"Event"}
COUNTED = {"counted"}
HEADER = "# {name}: {about}. Terms and tone: docs/translating.md.\n"
ABOUT = {"habeas": "interface, letters, mails and packages", "law": "the texts of the laws"}


@dataclass(frozen=True)
class Sentence:
    """A source sentence, where it stands, and its other form where a number decides."""

    text: str
    place: str
    plural: str = ""
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.text, self.plural) if self.plural else self.text


class Unmarked(Exception):
    """A sentence that cannot be collected, with its place."""


def sentences(domain: str) -> Iterator[Sentence]:
    """Everything a catalogue has to say, in the order of the files."""
    if domain == "law":
        for file, line, text in law_texts():
            yield Sentence(text, f"app/policies/regimes/{file}:{line}")
        return
    environment = equip(Environment(autoescape=True))
    for path in sorted((ROOT / "templates").rglob("*.[ht][tx][mt]*")):
        yield from of_template(environment, path)
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]):
        if not str(path.relative_to(ROOT)).startswith(SILENT):
            yield from of_python(path)


def of_template(environment: Environment, path: Path) -> Iterator[Sentence]:
    """The marked texts of one template."""
    shown = path.relative_to(ROOT)
    try:
        found = list(environment.extract_translations(path.read_text("utf-8")))  # type: ignore[attr-defined]  # by the i18n extension
    except TemplateSyntaxError as error:
        raise Unmarked(f"{shown}:{error.lineno}: {error.message}") from None
    for line, function, given in found:
        parts = [part for part in (given if isinstance(given, tuple) else (given,)) if part is not None]
        context = parts.pop(0) if "p" in function.removesuffix("gettext") else None
        if not parts:
            raise Unmarked(f"{shown}:{line}: {function}() needs its sentence in quotes")
        plural = parts[1] if "n" in function.removesuffix("gettext") else ""
        yield Sentence(parts[0], f"{shown}:{line}", plural, context)


def of_python(path: Path) -> Iterator[Sentence]:
    """The sentences of one module: what is given to `Message`, to an error, to `Event`."""
    tree = ast.parse(path.read_text("utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        place = f"{path.relative_to(ROOT)}:{call.lineno}"
        context = _context(call, place)
        for text, plural in _said(call, _name(call.func), _Names(call, parents), place):
            yield Sentence(text, place, plural, context)


def _said(call: ast.Call, name: str, names: "_Names", place: str) -> Iterator[tuple[str, str]]:
    first = call.args[0] if call.args else None
    if name in ALL:
        yield from ((text, "") for argument in call.args for text in names.texts(argument, place))
    elif name in COUNTED and len(call.args) == 2:
        yield from zip(names.texts(call.args[0], place), names.texts(call.args[1], place), strict=True)
    elif name == "Invalid" and isinstance(first, ast.Dict):
        yield from ((text, "") for value in (*first.values, *call.args[1:]) for text in names.texts(value, place))
    elif name == "Message" and (plural := _plural(call)) is not None:
        yield from zip(names.texts(first, place), names.texts(plural, place), strict=True)
    elif name == "__init__" and isinstance(first, ast.Constant):  # an error with a sentence of its own
        yield from ((text, "") for text in names.texts(first, place) if " " in text)
    elif name in ONE:
        yield from ((text, "") for text in names.texts(first, place))


def _plural(call: ast.Call) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "plural"]
    return call.args[2] if len(call.args) > 2 else named[0] if named else None


def _context(call: ast.Call, place: str) -> str | None:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "context"), None)
    if given is None or _name(call.func) != "Message":
        return None
    if not (isinstance(given, ast.Constant) and isinstance(given.value, str)):
        raise Unmarked(f"{place}: the context of a sentence stands in quotes where the sentence does")
    return given.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


class _Names:
    """What a name holds where a call stands: strings are often too long for one line with the call."""

    def __init__(self, call: ast.Call, parents: dict[ast.AST, ast.AST]) -> None:
        scope: ast.AST = call
        while scope in parents and not isinstance(scope, ast.FunctionDef):
            scope = parents[scope]
        self._scope = scope

    def texts(self, node: ast.expr | None, place: str) -> list[str]:
        """The strings that an expression can be; nothing for what is a sentence already, or is looked up."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) and node.value else []
        if isinstance(node, ast.IfExp):
            return self.texts(node.body, place) + self.texts(node.orelse, place)
        if isinstance(node, ast.BoolOp):
            return [text for value in node.values for text in self.texts(value, place)]
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            raise Unmarked(f"{place}: a sentence put together cannot be translated; %(name)s places fill one")
        if isinstance(node, ast.Name):
            return [text for value in self._assigned(node.id) for text in self.texts(value, place)]
        return []

    def _assigned(self, name: str) -> Iterator[ast.expr]:
        for node in ast.walk(self._scope):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant | ast.IfExp | ast.JoinedStr):
                continue
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                yield node.value


def template(domain: str) -> dict[tuple[str | tuple[str, str], str | None], list[str]]:
    """Each sentence once, with every place where it stands."""
    found: dict[tuple[str | tuple[str, str], str | None], list[str]] = {}
    every = list(sentences(domain))
    plural = {(one.text, one.context) for one in every if one.plural}
    for one in every:
        # A sentence that is counted elsewhere is one entry with it: a catalogue holds each text once.
        if one.plural or (one.text, one.context) not in plural:
            found.setdefault((one.id, one.context), []).append(one.place)
    return found


def path_of(language: str, domain: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """The catalogue as it stands; an empty one where there is none."""
    path = path_of(language, domain)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, domain: str) -> int:
    """Write a catalogue anew with what it says already; gives the number of sentences that it lacks."""
    old, new = read(language, domain), Catalog(locale=language, header_comment="", fuzzy=False)
    lacking = 0
    for sentence, context in template(domain):
        known = old.get(sentence, context)
        said = known.string if known is not None and not known.fuzzy else ""
        forms = new.num_plurals if isinstance(sentence, tuple) else 1
        if isinstance(said, tuple | list) != isinstance(sentence, tuple) or (forms > 1 and len(said) != forms):
            said = ("",) * forms if isinstance(sentence, tuple) else ""
        new.add(sentence, said, context=context)
        lacking += not (all(said) if isinstance(said, tuple | list) else said)
    made = io.BytesIO()
    write_po(made, new, width=110, no_location=True, omit_header=True)
    header = HEADER.format(name=new.locale.get_language_name("en") if new.locale else language, about=ABOUT[domain])
    facts = (
        f"Language: {language}", f"Plural-Forms: {new.plural_forms}", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit",
    )  # fmt: skip
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{fact}\\n"\n' for fact in facts) + "\n"
    path = path_of(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + head + made.getvalue().decode().strip() + "\n", "utf-8")
    return lacking


if __name__ == "__main__":
    try:
        for language in LANGUAGES[1:]:
            print(language, *(f"{domain}: {update(language, domain)} to translate" for domain in ABOUT))
    except Unmarked as fault:
        sys.exit(str(fault))
