"""House rules that the words of the code itself must keep: who commits, who catches, who writes SQL, what is logged."""

import ast
import re
from collections.abc import Iterator
from statistics import median, quantiles

import pytest

from tests.architecture.source import Module, called, function_around, modules, parents
from workers.logs import ALLOWED

OURS = modules()
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# structlog writes these itself.
OF_THE_LOG = {"event", "level", "timestamp"}
PERSONAL = {
    "account", "actor", "address", "answer", "body", "browser", "case", "code", "contact", "cookie", "data", "email",
    "identity", "ip", "login", "message", "name", "path", "person", "phone", "query", "reason", "reference", "remote",
    "sql", "subject", "text", "token", "url", "user", "value",
}  # fmt: skip


def findings(found: Iterator[str]) -> None:
    """Fail with all of them, one a line."""
    lines = sorted(found)
    assert not lines, "\n" + "\n".join(lines)


def test_only_work_commits() -> None:
    """One use case is one transaction, and `Work` ends it."""
    # A writer of the object storage is committed too; it is no transaction. And a connector ends the one in which it
    # set a customer's PostgreSQL to read only.
    others = (
        "app/gateways/storage.py", "app/gateways/sealed.py", "app/gateways/receiving.py",
        "app/connectors/postgresql.py",
    )  # fmt: skip
    findings(
        module.at(call)
        for module in OURS
        if not module.within("app/work.py", "app/schema.py", *others)
        for name, call in module.calls()
        if name == "commit"
    )


def test_nobody_catches_everything() -> None:
    """What nobody foresaw goes up to the frame that tells it without values; it is never passed over."""

    def found() -> Iterator[str]:
        for module in OURS:
            around = parents(module.tree)
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ExceptHandler) and _everything(node.type):
                    function = function_around(node, around)
                    # The outermost frame of the command line: the exit code must say that it went wrong.
                    if (module.name, getattr(function, "name", "")) != ("app/cli/frame.py", "_carry_out"):
                        yield module.at(node)

    findings(found())


def _everything(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or (isinstance(one, ast.Name) and one.id in {"Exception", "BaseException"}) for one in kinds)


def test_no_controller_is_named_in_the_code() -> None:
    """What makes one organisation differ stands in its controller file: no slug is compared with a word."""
    findings(
        module.at(node)
        for module in OURS
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Compare) and _slug_with_word([node.left, *node.comparators]))
        or (isinstance(node, ast.Match) and _is_slug(node.subject))
    )


def _slug_with_word(sides: list[ast.expr]) -> bool:
    words = any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for side in sides for part in ast.walk(side)
    )
    return words and any(_is_slug(side) for side in sides)


def _is_slug(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return str(name).endswith("slug")


def test_plain_sql_is_written_by_connectors_only() -> None:
    """Only statements on mapped classes are narrowed to a controller; plain SQL is for the systems of others."""
    # Samples are such systems: the demo makes the databases that a connector then reads.
    allowed = ("app/connectors/", "app/scope.py", "app/schema.py", "app/bootstrap.py", "app/cli/samples/")

    def found() -> Iterator[str]:
        for module in OURS:
            if module.within(*allowed):
                continue
            for node in ast.walk(module.tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                    yield from (module.at(node) for alias in node.names if alias.name in {"text", "literal_column"})
                if isinstance(node, ast.Attribute) and node.attr in {"exec_driver_sql", "connection", "raw_connection"}:
                    yield from (module.at(node) for call in [_call_of(module, node)] if call is not None)

    findings(found())


def _call_of(module: Module, wanted: ast.Attribute) -> ast.Call | None:
    return next((call for _, call in module.calls() if call.func is wanted), None)


def test_every_look_over_all_controllers_says_why() -> None:
    """`unscoped(reason)`: the reason is part of the call, so that whoever reads the code sees it."""

    def found() -> Iterator[str]:
        for module in OURS:
            if module.within("app/portal.py"):
                continue
            for name, call in module.calls():
                if name not in {"unscoped", "reading_unscoped", "writing_unscoped"}:
                    continue
                reason = call.args[0] if call.args else None
                said = isinstance(reason, ast.Constant) and len(str(reason.value).split()) >= 4
                named = isinstance(reason, ast.Name) and (reason.id.isupper() or reason.id == "reason")
                if not (said or named):
                    yield module.at(call)

    findings(found())


def test_sentences_are_whole() -> None:
    """A translator gets whole sentences: no f-string, no glueing, and every gap is given its value."""

    def found() -> Iterator[str]:
        for module in OURS:
            for name, call in module.calls():
                if name != "Message" or not call.args:
                    continue
                words = call.args[0]
                if isinstance(words, ast.JoinedStr | ast.BinOp):
                    yield f"{module.at(call)}: the sentence is put together"
                if isinstance(words, ast.Constant) and (fault := _gap_fault(str(words.value), call.args[1:])):
                    yield f"{module.at(call)}: {fault}"

    findings(found())


def _gap_fault(words: str, values: list[ast.expr]) -> str | None:
    gaps = set(re.findall(r"%\((\w+)\)", words))
    given = values[0] if values else ast.Dict([], [])
    if not isinstance(given, ast.Dict) or not all(isinstance(key, ast.Constant) for key in given.keys):
        return None
    keys = {key.value for key in given.keys if isinstance(key, ast.Constant)}
    return None if gaps == keys else f"the gaps {sorted(gaps)} get {sorted(map(str, keys))}"


def logged() -> Iterator[tuple[str, str]]:
    """Every key that a line of the log is given, with the place."""
    for module in OURS:
        if "structlog" not in module.text:
            continue
        around = parents(module.tree)
        for name, call in module.calls():
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            of_log = isinstance(owner, ast.Name) and owner.id in {"log", "_log"}
            if not of_log and name != "bind_contextvars":
                continue
            if of_log:
                assert isinstance(call.args[0], ast.Constant), f"{module.at(call)}: an event is a fixed word"
            for keyword in call.keywords:
                keys = [keyword.arg] if keyword.arg else _keys_of(keyword.value, function_around(call, around))
                yield from ((key, module.at(call)) for key in keys)


def _keys_of(value: ast.expr, function: ast.AST | None) -> list[str]:
    """The keys of a dictionary that was written down in the same function."""
    assert isinstance(value, ast.Name)
    assert function is not None
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == [value.id]:
            assert isinstance(node.value, ast.Dict)
            return [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
    raise AssertionError(f"{value.id} is not written down here")


def test_every_log_key_is_allowed() -> None:
    """A key that is not allowed is dropped: whoever logs it would look for it in vain."""
    findings(f"{place}: {key}" for key, place in logged() if key not in ALLOWED)


def test_no_more_is_allowed_in_the_log_than_is_logged() -> None:
    assert {key for key, _ in logged()} | OF_THE_LOG == ALLOWED


@pytest.mark.parametrize("key", sorted(ALLOWED))
def test_no_allowed_log_key_is_personal(key: str) -> None:
    assert not set(key.split("_")) & PERSONAL


def test_every_entry_configures_the_log() -> None:
    """Whatever starts a process sets the log up, so that nothing personal gets past its list."""
    for entry in ("wsgi.py", "workers/processes.py"):
        module = next(one for one in OURS if one.name == entry)
        assert any(called(call) == "configure" for _, call in module.calls()), entry


def test_nothing_grows_too_large() -> None:
    """Files and functions stay of a size that one reads at a sitting."""
    files = {module.name: module.text.count("\n") for module in OURS}
    functions = {
        f"{module.at(function)} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in OURS
        for function in module.functions()
    }
    for what, sizes in (("files", files), ("functions", functions)):
        values = list(sizes.values())
        largest = max(sizes, key=sizes.__getitem__)
        print(  # noqa: T201  # shown with -s
            f"{what}: median {median(values):.0f}, 95th percentile {quantiles(values, n=20)[-1]:.0f}, "
            f"largest {sizes[largest]} ({largest})"
        )
    findings(f"{name}: {size} lines" for name, size in files.items() if size > LONGEST_FILE)
    findings(f"{name}: {size} lines" for name, size in functions.items() if size > LONGEST_FUNCTION)
