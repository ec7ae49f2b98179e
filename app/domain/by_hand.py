"""What staff say when they answer by letter what no package answers: data on paper, or in a system that is not
connected (Art. 12(3), 15, 20)."""

from dataclasses import replace
from typing import Final

from app.domain.fields import FieldSpec, choice, day, passage, text
from app.domain.messages import Message

# A copy that is typed, such as the lines of a register, is longer than an explanation.
LONGEST_COPY: Final = 20_000

ASKED: Final = (
    choice(
        "held",
        Message("Do you hold data about the person?"),
        "held",
        needed=Message("Say whether you hold data about the person."),
    ),
    passage(
        "search_scope",
        Message("Where did you search?"),
        Message("One place in each line. The person must read this if you found nothing."),
        needed=Message("Say where you searched."),
        required=False,
    ),
    day("searched_on", Message("On which day did you search?"), Message("Today, if you leave it empty.")),
)


def _by_file(name: str, label: Message) -> FieldSpec:
    """A point that the organisation's file speaks of; staff say more only where that does not fit."""
    return passage(name, label, Message("As the controller file says, if you leave it empty."), required=False)


_LEFT_OUT: Final = (
    text(
        "left_out",
        Message("If something is left out: what?"),
        Message("Then the person gets a second letter, with your reasons, complaint and court."),
        required=False,
        needed=Message("Say what is left out."),
    ),
    choice("ground", Message("On which ground?"), "grounds_of_parts", required=False),
    passage("reason", Message("Why?"), Message("As the person will read it."), required=False),
)
PARTS: Final[dict[str, tuple[FieldSpec, ...]]] = {
    "access": (
        replace(
            passage(
                "copy",
                Message("The copy of the data, or how the person gets it"),
                Message("Type it here, or say what you send and how. It stands in the letter, never in the e-mail."),
                needed=Message("Give the copy of the data, or say how the person gets it."),
                required=False,
            ),
            max_length=LONGEST_COPY,
        ),
        _by_file("categories", Message("Which kinds of data?")),
        _by_file("purposes", Message("What is it used for, and on which legal basis?")),
        _by_file("recipients", Message("Who gets it?")),
        _by_file("safeguards", Message("What protects it abroad?")),
        _by_file("retention", Message("How long is it kept?")),
        _by_file("source", Message("Where does it come from?")),
        _by_file("automated_decisions", Message("Does a machine alone decide by it, and how?")),
        *_LEFT_OUT,
    ),
    "portability": (
        passage(
            "data_sets",
            Message("What does the person get?"),
            Message("One set of data in each line."),
            needed=Message("Say what the person gets."),
            required=False,
        ),
        passage(
            "format",
            Message("In which form?"),
            Message("One that other programs can read, such as CSV, JSON or XML."),
            needed=Message("Say in which form the person gets it."),
            required=False,
        ),
        passage(
            "schema",
            Message("What do its fields mean?"),
            Message("Such as: the first line of each file names them."),
            needed=Message("Say what the fields mean, or where that stands."),
            required=False,
        ),
        passage(
            "access_link",
            Message("How does the person get it?"),
            Message("By post on a data carrier, at your office, sent straight to somebody else."),
            needed=Message("Say how the person gets it."),
            required=False,
        ),
        *_LEFT_OUT,
    ),
}
# Without these there is no answer where data is held; without that one none where nothing is.
_WITH_DATA: Final = {"access": ("copy",), "portability": ("data_sets", "format", "schema", "access_link")}
_WITHOUT: Final = ("search_scope",)


def needed(right: str, held: str) -> tuple[FieldSpec, ...]:
    """The fields that must be filled in for this right, by whether anything is held."""
    names = _WITH_DATA[right] if held == "yes" else _WITHOUT
    return tuple(spec for spec in (*ASKED, *PARTS[right]) if spec.name in names)
