"""What each right asks of whoever uses it (Art. 12(2), 12(6): no more than is needed): one specification for page, API
and command line."""

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.messages import Message
from app.domain.policy import ControllerFile, Purpose
from app.domain.questions import GROUNDS, Option, Question, RightForm, choices, line, passage
from app.domain.regime import Ground, Regime, RegimeRight

# In the order in which people look for them; what a law or a controller lacks is left out.
ORDER: Final = (
    "access", "confirmation", "portability", "rectification", "erasure", "restriction", "objection",
    "consent_withdrawal", "automated_decision_review", "disclosure_information", "transfer_mechanism_copy",
    "instruction", "complaint", "other",
)  # fmt: skip
PENDING: Final = "objection_pending"  # the ground on which data is set aside while an objection is looked at
MOST_CORRECTIONS: Final = 5
_MORE: Final = 1000


def forms_of(regime: Regime, file: ControllerFile) -> dict[str, RightForm]:
    """The rights that can be used at this controller, each with its questions. Free text is always among them: a
    request is never turned away for want of a form (Art. 12(2))."""
    taken = {*file.rights, *(set(regime.rights) - set(regime.offered_by_choice()))}
    laws: Mapping[str, RegimeRight] = {name: law for name, law in regime.rights.items() if name in taken}
    return {name: _form(name, laws, file.purposes) for name in ORDER if name in laws}


def form_of(name: str, regime: Regime, file: ControllerFile) -> RightForm:
    """The questions of one right, whether or not it can still be asked for."""
    return _form(name, dict(regime.rights.items()), file.purposes)


def outline() -> dict[str, RightForm]:
    """What each right asks under any law: as much as can be described beforehand. Which grounds and which consents
    there are is told by the law and by the controller's file."""
    ground = Ground(title="-", article="-", explanation="-")
    law = RegimeRight(title="-", article="-", explanation="-", grounds={PENDING: ground}, refusal_grounds={},
                      answer_must_contain=())  # fmt: skip
    purposes = {"-": Purpose(title="-", legal_basis="consent")}
    return {name: _form(name, dict.fromkeys(ORDER, law), purposes) for name in ORDER}


def _form(name: str, laws: Mapping[str, RegimeRight], purposes: Mapping[str, Purpose]) -> RightForm:
    law = laws[name]
    if name == "objection":
        questions = _objection(law, laws)
    elif name == "consent_withdrawal":
        questions = _consents(purposes)
    else:
        questions = _FIXED[name](law)
    return RightForm(name, questions, dict(law.grounds), implied=_implied(law))


def _implied(law: RegimeRight) -> tuple[str, ...]:
    """Where there is one ground and it cannot be refused, whoever uses the right means that one."""
    return tuple(law.grounds) if len(law.grounds) == 1 and all(one.absolute for one in law.grounds.values()) else ()


def _grounds(law: RegimeRight, label: Message, hint: Message | None, needed: Message | None) -> tuple[Question, ...]:
    if not law.grounds:
        return ()
    options = tuple(Option(name, one.title, one.explanation, article=one.article) for name, one in law.grounds.items())
    return (choices(GROUNDS, label, options, hint=hint, needed=needed, short=Message("Reason")),)


def _access(_: RegimeRight) -> tuple[Question, ...]:
    everything = Message("Everything the organisation holds about me")
    return (
        Question(
            "scope", "choice", Message("What would you like a copy of?"), transient=True,
            needed=Message("Choose whether you want everything or only some of it."),
            options=(
                Option("everything", everything),
                Option(
                    "some", Message("Only some of it"),
                    Message("For example one order, one year, or one conversation."), asks=True,
                ),
            ),
        ),
        passage(
            "wish", Message("If only some: what exactly?"), Message("You need not say why you ask."),
            short=Message("A copy of"), follows="scope", absent=everything,
            needed=Message("Say which data you want, or choose “Everything”."),
        ),
        passage(
            "more", Message("Anything else that helps to find your data (optional)"),
            Message("For example when you were a customer, or a former name."),
            short=Message("Anything else"), longest=_MORE,
        ),
    )  # fmt: skip


def _portability(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("Which data? (optional)"),
            Message("Leave it empty for everything that this right is about."),
            short=Message("Which data"), absent=Message("Everything that this right is about"),
        ),
        passage(
            "to", Message("Should it be sent to somebody else? (optional)"),
            Message(
                "The name and address of another organisation. If that is not technically possible, you get the files"
                " yourself."
            ),
            short=Message("Send it to"), longest=500, absent=Message("To me"),
        ),
    )  # fmt: skip


def _rectification(_: RegimeRight) -> tuple[Question, ...]:
    columns = (
        line(
            "field", Message("What is wrong or missing?"), Message("For example: my phone number."),
            short=Message("What"), needed=Message("Say what is wrong or missing."),
        ),
        line("wrong", Message("What stands there now? (optional)"), short=Message("Now"), longest=500),
        line("right", Message("What is right?"), short=Message("Should be"), longest=500,
             needed=Message("Say what is right.")),
        passage(
            "evidence", Message("What shows it? (optional)"),
            Message("In your own words. If a document is needed, you are told later how to send it safely."),
            short=Message("What shows it"), longest=_MORE,
        ),
    )  # fmt: skip
    return (
        Question(
            "corrections", "rows", Message("Corrections"), short=Message("Correction"), columns=columns,
            most=MOST_CORRECTIONS, needed=Message("Say at least one thing that is wrong."),
        ),
    )  # fmt: skip


def _erasure(law: RegimeRight) -> tuple[Question, ...]:
    hint = Message("You need not know. Leave it empty, and the organisation checks every reason that the law has.")
    return (
        *_grounds(law, Message("Why should it be erased? (optional)"), hint, None),
        passage(
            "wish", Message("What exactly should be erased? (optional)"),
            Message("Leave it empty for everything about you."),
            short=Message("To be erased"), absent=Message("Everything about me"),
        ),
    )  # fmt: skip


def _restriction(law: RegimeRight) -> tuple[Question, ...]:
    needed = Message("Choose at least one reason.") if law.asks_for_ground else None
    return (
        *_grounds(law, Message("Why should it be set aside?"), Message("Choose all that fit."), needed),
        passage(
            "wish", Message("Which data? (optional)"), Message("Leave it empty for everything about you."),
            short=Message("Which data"), absent=Message("Everything about me"),
        ),
    )  # fmt: skip


def _objection(law: RegimeRight, laws: Mapping[str, RegimeRight]) -> tuple[Question, ...]:
    """Advertising is asked nothing more and never refused (Art. 21(2), (3)); to all else belongs the situation."""
    options = tuple(
        Option(name, one.title, one.explanation, article=one.article, asks=not one.absolute)
        for name, one in law.grounds.items()
    )
    why = choices(
        GROUNDS, Message("What do you object to?"), options, one=True, short=Message("Reason"),
        needed=Message("Choose what you object to.") if law.asks_for_ground else None,
    )  # fmt: skip
    questions = () if not options or _implied(law) else (why,)
    if not any(option.asks for option in options) and options:
        return questions
    situation = passage(
        "situation", Message("What do you object to, and what in your situation speaks against it?"),
        Message("In your own words."), short=Message("Your situation"), follows=GROUNDS if options else "",
        needed=Message("Say what in your situation speaks against it.") if law.asks_for_ground else None,
    )  # fmt: skip
    pending = laws.get("restriction")
    if pending is None or PENDING not in pending.grounds:
        return (*questions, situation)
    return (*questions, situation, _meanwhile(pending.grounds[PENDING].article, GROUNDS if options else ""))


def _meanwhile(article: str, follows: str) -> Question:
    """What may be offered with an objection: that the data is not used until it is decided (Art. 18(1)(d))."""
    return Question(
        "restrict", "tick", Message("Until it is decided"), short=Message("Until it is decided"), follows=follows,
        options=(
            Option(
                "yes", Message("Keep my data, but do not use it until then"),
                Message("This is a request of its own, and is sent along with this one."), article=article,
            ),
        ),
    )  # fmt: skip


def _consents(purposes: Mapping[str, Purpose]) -> tuple[Question, ...]:
    given = [(key, one.title) for key, one in purposes.items() if one.legal_basis == "consent"]
    text = passage(
        "wish", Message("Which consent do you take back?"), short=Message("Something else"),
        follows="consents" if given else "", needed=Message("Say which consent you take back."), longest=_MORE,
    )  # fmt: skip
    if not given:
        return (text,)
    options = (*(Option(key, title) for key, title in given), Option("other", Message("Something else"), asks=True))
    return (
        choices(
            "consents", Message("What do you no longer agree to?"), options, short=Message("I no longer agree to"),
            needed=Message("Choose what you no longer agree to."),
        ),
        text,
    )  # fmt: skip


def _review(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("Which decision is it about, and when was it made?"), short=Message("Decision"),
            needed=Message("Say which decision it is about."),
        ),
        passage("view", Message("How do you see it? (optional)"),
                Message("A person has to consider it."), short=Message("How you see it")),
    )  # fmt: skip


def _nothing(_: RegimeRight) -> tuple[Question, ...]:
    return ()


def _disclosure(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("About whom? (optional)"),
            Message("For example a bank, an authority or somebody abroad. Leave it empty for everybody."),
            short=Message("About whom"), absent=Message("Everybody"), longest=_MORE,
        ),
    )  # fmt: skip


def _transfer(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("Which transfer? (optional)"),
            Message("For example to a service in another country. Leave it empty for all."),
            short=Message("Which transfer"), absent=Message("All", context="transfers"), longest=_MORE,
        ),
    )  # fmt: skip


def _instruction(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("What should be done?"), Message("For example which records should be changed, and how."),
            short=Message("What should be done"), needed=Message("Say what should be done."),
        ),
    )  # fmt: skip


def _complaint(_: RegimeRight) -> tuple[Question, ...]:
    return (
        line("about", Message("Which request is it about? (optional)"), Message("Its reference, if you have one."),
             short=Message("About the request")),
        passage("wish", Message("What went wrong?"), Message("In your own words."), short=Message("What went wrong"),
                needed=Message("Say what went wrong.")),
    )  # fmt: skip


def _other(_: RegimeRight) -> tuple[Question, ...]:
    return (
        passage(
            "wish", Message("What would you like?"),
            Message("In your own words. You need not know which law or right it is."),
            short=Message("What you would like"), needed=Message("Say what you would like."),
        ),
    )  # fmt: skip


_FIXED: Final[Mapping[str, Callable[[RegimeRight], tuple[Question, ...]]]] = {
    "access": _access,
    "confirmation": _nothing,
    "portability": _portability,
    "rectification": _rectification,
    "erasure": _erasure,
    "restriction": _restriction,
    "automated_decision_review": _review,
    "disclosure_information": _disclosure,
    "transfer_mechanism_copy": _transfer,
    "instruction": _instruction,
    "complaint": _complaint,
    "other": _other,
}
