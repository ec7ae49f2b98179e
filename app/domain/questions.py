"""Questions to whoever uses a right (Art. 12(2)): what may be answered, what is wrong with it, how it reads later."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.domain.identity import TEXT_LENGTH, text_fault, tidy
from app.domain.messages import Message
from app.domain.policy_values import Text, say
from app.domain.regime import Ground

Kind = Literal["line", "passage", "choice", "choices", "tick", "rows"]
Words = Message | Text  # ours, or of a law or a controller's file
# What was asked in free words is still shown once it is known which right is meant.
FREE_WORDS: Final = Message("What you would like")
GROUNDS: Final = "grounds"
LINE: Final = 200
_ROW: Final = re.compile(r"([a-z_]+)\.(0|[1-9]\d?)\.([a-z_]+)")
_NEEDED: Final = Message("Answer this question.")


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer: plain words first, the article last. `asks`: choosing it brings what follows."""

    value: str
    label: Words
    hint: Words | None = None
    article: str = ""
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `needed` is what is said when the answer is missing; without it, it may be left out.

    `follows`: it is asked only of those who chose an option that `asks` there. `transient`: it leads the page on and is
    not kept. `absent` stands for no answer where that has a meaning. `rows` asks its `columns` up to `most` times.
    """

    name: str
    kind: Kind
    label: Message
    hint: Message | None = None
    needed: Message | None = None
    short: Message | None = None
    longest: int = TEXT_LENGTH
    options: tuple[Option, ...] = ()
    follows: str = ""
    transient: bool = False
    absent: Message | None = None
    columns: tuple["Question", ...] = ()
    most: int = 0

    @property
    def title(self) -> Message:
        """How it is called beside its answer."""
        return self.short or self.label


def line(
    name: str, label: Message, hint: Message | None = None, *, needed: Message | None = None,
    short: Message | None = None, longest: int = LINE,
) -> Question:  # fmt: skip
    """One line of text."""
    return Question(name, "line", label, hint, needed, short, longest)


def passage(
    name: str, label: Message, hint: Message | None = None, *, needed: Message | None = None,
    short: Message | None = None, longest: int = TEXT_LENGTH, follows: str = "", absent: Message | None = None,
) -> Question:  # fmt: skip
    """Several lines."""
    return Question(name, "passage", label, hint, needed, short, longest, follows=follows, absent=absent)


def choices(
    name: str, label: Message, options: tuple[Option, ...], *, hint: Message | None = None,
    needed: Message | None = None, short: Message | None = None, one: bool = False,
) -> Question:  # fmt: skip
    """Any of a few, or exactly one of them."""
    return Question(name, "choice" if one else "choices", label, hint, needed, short, options=options)


@dataclass(frozen=True, slots=True)
class Given:
    """The answers for one right, tidy: texts by name, and the grounds relied on."""

    details: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was answered. `typed`: in the person's own words."""

    text: Words
    label: Message | None = None
    article: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it reads beside its question. `anchor`: the first field in which it is changed."""

    anchor: str
    label: Message
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RightForm:
    """All that is asked for one right. `grounds` are those of the law; `implied` those that go without asking."""

    right: str
    questions: tuple[Question, ...]
    grounds: Mapping[str, Ground] = field(default_factory=dict)
    implied: tuple[str, ...] = ()

    def question(self, name: str) -> Question | None:
        return next((one for one in self.questions if one.name == name), None)

    def names(self) -> tuple[str, ...]:
        """The names under which answers are given; of rows, those of the first."""
        return tuple(name for one in self.questions if one.name != GROUNDS for name in _names(one))

    def knows(self, name: str) -> bool:
        """Whether an answer may have that name."""
        return self._canonical(name) is not None

    def read(
        self, details: Mapping[str, object], grounds: Iterable[str], *, strict: bool
    ) -> tuple[Given, dict[str, Message]]:
        """What was answered, and what is wrong with it by name. `strict`: what is needed must be there; a letter on
        paper is a request even where it leaves things open."""
        faults: dict[str, Message] = {}
        kept = self._texts(details, faults)
        relied = self._relied(grounds, faults)
        self._bring_leaders(kept)
        for question in self.questions:
            if question.kind == "rows":
                kept = _rows(question, kept, faults, strict=strict)
            elif strict and self._lacks(question, kept, relied):
                faults.setdefault(question.name, question.needed or _NEEDED)
        lasting = {name: text for name, text in kept.items() if not self._passing(name)}
        return Given(lasting, relied), faults

    def told(self, given: Given) -> tuple[Told, ...]:
        """The answers in the order of the questions; one with no lines was not given."""
        found = [one for question in self.questions for one in self._told(question, given)]
        if given.grounds and self.question(GROUNDS) is None:
            found.insert(0, Told(GROUNDS, Message("Reason"), self._said_grounds(given)))
        shown = {name for question in self.questions for name in given.details if _of(name, question)}
        rest = [
            Told(name, FREE_WORDS if name == "wish" else Message("%(text)s", {"text": name}), (Line(text, typed=True),))
            for name, text in given.details.items() if name not in shown
        ]  # fmt: skip
        return (*found, *rest)

    def items(self, given: Given, language: str) -> tuple[dict[str, Any], ...]:
        """What is decided thing by thing: each correction, each consent. Of all else the grounds tell."""
        for question in self.questions:
            if question.kind == "rows":
                return tuple(_row_item(number, row) for number, row in enumerate(_rows_of(question, given.details)))
            if question.kind == "choices" and question.name != GROUNDS:
                return tuple(_choice_item(one, given.details, language) for one in _chosen(question, given.details))
        return ()

    def _canonical(self, name: str) -> tuple[str, Question] | None:
        for one in self.questions:
            if one.kind == "rows":
                if (found := _row_name(one, name)) is not None:
                    return found
            elif one.name == name != GROUNDS:
                return name, one
        return None

    def _texts(self, details: Mapping[str, object], faults: dict[str, Message]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for given, value in details.items():
            found = self._canonical(given)
            if found is None:
                faults[given] = one_of(given, self.names())
                continue
            name, question = found
            text = _text(value, question, name, faults)
            if text:
                kept[name] = text
        return kept

    def _relied(self, grounds: Iterable[str], faults: dict[str, Message]) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(grounds))
        unknown = next((one for one in given if one not in self.grounds), None)
        if unknown is not None and not self.grounds:
            faults[GROUNDS] = Message("There are no grounds to choose from for this right.")
        elif unknown is not None:
            faults[GROUNDS] = one_of(unknown, self.grounds)
        return given or self.implied

    def _bring_leaders(self, kept: dict[str, str]) -> None:
        """Who answers a question that follows has chosen what brings it."""
        for question in self.questions:
            leader = self.question(question.follows)
            if leader is None or leader.kind != "choices" or leader.name == GROUNDS or question.name not in kept:
                continue
            asking = [option.value for option in leader.options if option.asks]
            said = kept.get(leader.name, "").split(",") if leader.name in kept else []
            if not set(asking) & set(said):
                kept[leader.name] = ",".join([*said, asking[0]])

    def brought(self, question: Question, kept: Mapping[str, str], grounds: Sequence[str]) -> bool:
        """Whether the question is asked at all after what was chosen before."""
        leader = self.question(question.follows)
        if leader is None:
            return True
        said = grounds if leader.name == GROUNDS else kept.get(leader.name, "").split(",")
        return any(option.asks and option.value in said for option in leader.options)

    def _lacks(self, question: Question, kept: Mapping[str, str], grounds: Sequence[str]) -> bool:
        if question.needed is None or question.transient or not self.brought(question, kept, grounds):
            return False
        return not (grounds if question.name == GROUNDS else kept.get(question.name))

    def _passing(self, name: str) -> bool:
        question = self.question(name)
        return question is not None and question.transient

    def _told(self, question: Question, given: Given) -> Iterator[Told]:
        if question.kind == "rows":
            rows = list(enumerate(_rows_of(question, given.details), 1))
            for number, row in rows:
                yield Told(
                    f"{question.name}.{number - 1}.{question.columns[0].name}",
                    _numbered(question, number, len(rows)),
                    _row_lines(question, row),
                )
        elif question.name == GROUNDS:
            yield Told(GROUNDS, question.title, self._said_grounds(given))
        elif not question.transient and self._asked_or_said(question, given):
            leader = self.question(question.follows)
            anchor = leader.name if leader is not None and leader.transient else question.name
            yield Told(anchor, question.title, _lines(question, given.details))

    def _asked_or_said(self, question: Question, given: Given) -> bool:
        leader = self.question(question.follows)
        if question.name in given.details or leader is None or leader.transient:
            return True
        return question.kind == "passage" and self.brought(question, given.details, given.grounds)

    def _said_grounds(self, given: Given) -> tuple[Line, ...]:
        known = [self.grounds[name] for name in given.grounds if name in self.grounds]
        return tuple(Line(one.title, article=one.article) for one in known)


def one_of(given: object, allowed: Iterable[str]) -> Message:
    """What is said of a word that is not among those allowed."""
    return Message("“%(given)s” is not offered here. Choose from: %(allowed)s.", {
        "given": str(given)[:60], "allowed": ", ".join(allowed) or "nothing",
    })  # fmt: skip


def _names(question: Question) -> tuple[str, ...]:
    if question.kind != "rows":
        return (question.name,)
    return tuple(f"{question.name}.0.{column.name}" for column in question.columns)


def _row_name(question: Question, name: str) -> tuple[str, Question] | None:
    """`corrections.0.right`; `right` alone is the first one's."""
    parts = _ROW.fullmatch(name)
    rows, number, wanted = parts.groups() if parts else (question.name, "0", name)
    column = next((one for one in question.columns if one.name == wanted), None)
    if column is None or rows != question.name or int(number) >= question.most:
        return None
    return f"{question.name}.{number}.{wanted}", column


def _of(name: str, question: Question) -> bool:
    return name == question.name or (question.kind == "rows" and name.startswith(f"{question.name}."))


def _text(value: object, question: Question, name: str, faults: dict[str, Message]) -> str:
    if not isinstance(value, str):
        faults[name] = Message("This must be text.")
        return ""
    text = tidy(value)
    fault: Message | None
    if question.kind in {"line", "passage"}:
        fault = text_fault(text, max_length=question.longest, lines=question.kind == "passage")
    else:
        said = [one.strip() for one in text.split(",") if one.strip()] if question.kind == "choices" else [text]
        allowed = [option.value for option in question.options]
        wrong = next((one for one in said if one not in allowed), None)
        fault = one_of(wrong, allowed) if text and wrong is not None else None
        text = ",".join(dict.fromkeys(said)) if text else ""
    if fault is not None:
        faults[name] = fault
    return text


def _rows(question: Question, kept: dict[str, str], faults: dict[str, Message], *, strict: bool) -> dict[str, str]:
    """The rows that say something, numbered without gaps; each must be complete."""
    others = {name: text for name, text in kept.items() if not _of(name, question)}
    said = sorted({int(name.split(".")[1]) for name in kept.keys() - others.keys()})
    if not said and strict and question.needed is not None and not any(_of(name, question) for name in faults):
        faults[f"{question.name}.0.{question.columns[0].name}"] = question.needed
    for number, row in enumerate(said):
        for column in question.columns:
            here = f"{question.name}.{row}.{column.name}"
            if here in kept:
                others[f"{question.name}.{number}.{column.name}"] = kept[here]
            elif strict and column.needed is not None:
                faults.setdefault(here, column.needed)
    return others


def _rows_of(question: Question, details: Mapping[str, str]) -> list[dict[str, str]]:
    rows = []
    for number in range(question.most):
        names = {one.name: f"{question.name}.{number}.{one.name}" for one in question.columns}
        row = {column: details[name] for column, name in names.items() if name in details}
        rows += [row] if row else []
    return rows


def _row_lines(question: Question, row: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(Line(row[one.name], one.title, typed=True) for one in question.columns if one.name in row)


def _row_item(number: int, row: Mapping[str, str]) -> dict[str, Any]:
    change = " → ".join(row[name] for name in ("wrong", "right") if name in row)
    what = row.get("field", "").rstrip(". ")
    return {"key": str(number), "label": ": ".join(one for one in (what, change) if one), "fields": row}


def _numbered(question: Question, number: int, count: int) -> Message:
    if count == 1:
        return question.title
    return Message("%(what)s %(number)s", {"what": question.title, "number": number})


def _chosen(question: Question, details: Mapping[str, str]) -> tuple[Option, ...]:
    said = details.get(question.name, "").split(",")
    return tuple(option for option in question.options if option.value in said)


def _choice_item(option: Option, details: Mapping[str, str], language: str) -> dict[str, Any]:
    words = str(option.label) if isinstance(option.label, Message) else say(option.label, language)
    if option.asks and "wish" in details:
        return {"key": option.value, "label": details["wish"]}
    ours = {"says": option.label.text} if isinstance(option.label, Message) else {}
    return {"key": option.value, "label": words, **ours}


def _lines(question: Question, details: Mapping[str, str]) -> tuple[Line, ...]:
    text = details.get(question.name)
    if text is None:
        return (Line(question.absent),) if question.absent else ()
    if question.options:
        return tuple(Line(one.label, article=one.article) for one in _chosen(question, details))
    return (Line(text, typed=True),)
