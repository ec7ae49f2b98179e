"""One word, all the way down: every move of the table has its permission, verb, event, mail and page."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.domain.events import EVENTS
from app.domain.labels import STATUS_FOR_DESK
from app.domain.letters import KINDS
from app.domain.lifecycle import OUTCOMES, STATUSES, TRANSITIONS, Move
from app.domain.permissions import PERSON_PERMISSIONS, ROLE_PERMISSIONS, SYSTEM_PERMISSIONS
from app.gateways.rendering import TEMPLATES
from app.services.moves import VERBS
from tests.architecture.source import ROOT, Module, constants, function_around, modules, parents

OURS = modules()
# What makes a move, and what makes it in the name of several: each is given the move's name.
ADVANCES = {"advance", "_ask", "_deny", "answer", "decisions.answer"}
DESCRIBED = (ROOT / "docs" / "api.md").read_text()
MAIL_PARTS = ("subject.txt", "body.txt", "body.html")
WHO = {
    "person": PERSON_PERMISSIONS,
    "desk": frozenset().union(*ROLE_PERMISSIONS.values()),
    "system": SYSTEM_PERMISSIONS,
}
each_move = pytest.mark.parametrize("move", TRANSITIONS, ids=lambda move: move.name)


def advanced() -> set[str]:
    """The moves that some verb makes: `advance(work, case, "collected")`."""
    return {
        name.value
        for module in modules("app/services")
        for called, call in module.calls()
        if called in ADVANCES and len(call.args) > 2
        for name in [call.args[2]]
        if isinstance(name, ast.Constant)
    }


@each_move
def test_somebody_may_make_the_move(move: Move) -> None:
    for page in ("person", "desk") if move.page == "both" else (move.page,):
        assert move.permission in WHO[page]


@each_move
def test_the_move_has_a_verb(move: Move) -> None:
    assert (move.name in VERBS) == move.of_desk
    assert move.name in advanced()


@each_move
def test_the_move_has_an_event(move: Move) -> None:
    assert EVENTS[f"case:{move.name}"].desk
    assert EVENTS[f"case:{move.name}"].person, "the person's timeline shows every move"


@each_move
def test_the_move_has_a_page_where_the_desk_makes_it(move: Move) -> None:
    assert (TEMPLATES / "desk" / "moves" / f"{move.name}.html").is_file() == move.of_desk
    assert (TEMPLATES / "vault" / "moves" / f"{move.name}.html").is_file() == move.of_person


@each_move
def test_the_move_knows_its_statuses(move: Move) -> None:
    assert set(move.sources) <= set(STATUSES)
    assert move.target in {None, *STATUSES}


@each_move
def test_the_letters_of_a_move_are_written_by_a_verb(move: Move) -> None:
    said = set().union(*(constants(module.tree) for module in modules("app/services")))
    assert set(move.letters) <= set(KINDS) & said


def test_no_permission_is_left_over_from_a_move() -> None:
    """A permission that nothing asks for misleads whoever reads the roles."""
    said = set().union(*(constants(module.tree) for module in OURS if module.name != "app/domain/permissions.py"))
    asked = said | {move.permission for move in TRANSITIONS}
    # `can` is asked for these by the word of the decision: f"item:{decision}".
    asked |= {"item:include", "item:withhold"}
    assert set().union(*WHO.values()) - asked == set()


def test_every_verb_is_a_move() -> None:
    assert set(VERBS) <= {move.name for move in TRANSITIONS}


def test_every_status_and_outcome_can_be_said() -> None:
    assert set(STATUS_FOR_DESK) == set(STATUSES)
    for status in STATUSES:
        assert (TEMPLATES / "vault" / "next" / f"{status}.html").is_file()
    assert len(set(OUTCOMES)) == len(OUTCOMES)


# --- Mails


def mails() -> set[str]:
    """Every mail that is asked for: by a move, by a job's `template`, by name where a letter brings it along."""
    jobs = {
        keyword.value.value
        for module in OURS
        for called, call in module.calls()
        if called == "enqueue"
        for keyword in call.keywords
        if keyword.arg == "template" and isinstance(keyword.value, ast.Constant)
    }
    named = {
        word.removeprefix("mail/")
        for module in OURS
        for word in constants(module.tree)
        if re.fullmatch(r"mail/[a-z-]+", word)
    }
    return {move.mail for move in TRANSITIONS if move.mail} | jobs | named


def test_every_mail_has_its_three_parts_and_none_is_left_over() -> None:
    folders = {path.name: path for path in (TEMPLATES / "mail").iterdir() if path.is_dir()}
    assert set(folders) == mails()
    for path in folders.values():
        assert {part.name for part in path.iterdir()} == set(MAIL_PARTS)


@each_move
def test_the_mail_of_a_move_is_sent(move: Move) -> None:
    """What the table promises, a verb asks for."""
    if move.mail is not None:
        said = set().union(*(constants(module.tree) for module in modules("app/services")))
        assert said & {move.mail, f"mail/{move.mail}"}


# --- Events


def written(module: Module) -> Iterator[str]:
    """Every event that the module writes into the trail; a name that comes as a parameter is looked up at its calls."""
    around = parents(module.tree)
    for called, call in module.calls():
        if called == "audit" and module.name != "app/work.py":
            yield from _values(module, call.args[0], function_around(call, around), around)


def _values(module: Module, value: ast.expr, function: ast.AST | None, around: dict[ast.AST, ast.AST]) -> Iterator[str]:
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from _values(module, value.body, function, around)
        yield from _values(module, value.orelse, function, around)
    elif isinstance(value, ast.JoinedStr):
        assert ast.unparse(value) == "f'case:{name}'", f"{module.at(value)}: an event that nobody can look up"
        yield from (f"case:{move.name}" for move in TRANSITIONS)
    else:
        assert isinstance(value, ast.Name), f"{module.at(value)}: an event that nobody can look up"
        assert isinstance(function, ast.FunctionDef)
        yield from _of_name(module, value.id, function, around)


def _of_name(module: Module, name: str, function: ast.FunctionDef, around: dict[ast.AST, ast.AST]) -> Iterator[str]:
    assigned = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == [name]
    ]
    for value in assigned:
        yield from _values(module, value, function, around)
    if not assigned:
        place = [argument.arg for argument in function.args.args].index(name)
        for other in (module,) if function.name.startswith("_") else OURS:
            there = parents(other.tree)
            for called, call in other.calls():
                if called == function.name and len(call.args) > place:
                    yield from _values(other, call.args[place], function_around(call, there), there)


def test_every_event_has_a_sentence_and_every_sentence_an_event() -> None:
    used = {event for module in OURS for event in written(module)}
    assert {"case:filed", "item:withheld", "login:signed_in", "membership:added"} <= used, "the walk finds them"
    assert used - EVENTS.keys() == set(), "events without a sentence"
    assert EVENTS.keys() - used == set(), "sentences without an event"


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_an_event_is_named_by_subject_and_deed(event: str) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z_]+", event)
    assert EVENTS[event].desk


@each_move
def test_the_move_is_described(move: Move) -> None:
    """`docs/api.md` has the table of moves as it is: where each is possible, where it leads, what it asks."""
    if move.page == "system":
        return
    row = next(line for line in DESCRIBED.splitlines() if line.startswith(f"| `{move.name}` |"))
    _, sources, target, fields, letters = (cell.strip() for cell in row.strip("|").split("|"))
    assert tuple(sources.split()) == move.sources
    assert target == ("where it was" if move.returns else move.target or "–")
    assert set(re.findall(r"`(\w+)`", fields)) == {field.name for field in move.fields if field.kind != "rows"}
    assert tuple(letters.split()) == (move.letters or ("–",))
