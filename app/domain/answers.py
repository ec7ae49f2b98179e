"""What staff must say when they do what was asked: the elements of that right's letter that only people know (Art. 7,
16 to 22)."""

from app.domain.fields import FieldSpec, choice, day, passage, text
from app.domain.messages import Message

ITEMS = FieldSpec(
    "items",
    "rows",
    Message("What was asked for"),
    columns=(
        choice("decision", Message("Your decision"), "decisions", needed=Message("Decide on this.")),
        choice("ground", Message("If not: on which ground?"), "refusal_grounds", required=False),
        passage("reason", Message("If not: why?"), Message("As the person will read it."), required=False),
    ),
)
_RECIPIENTS = passage(
    "recipients_told",
    Message("Which recipients were told?"),
    Message(
        "Everybody who got the data has to be told, unless that is impossible or takes too much effort (Art. 19):"
        " then say why."
    ),
    needed=Message("Say which recipients were told, or why none."),
)
RECTIFY = (
    ITEMS,
    passage(
        "changes",
        Message("What was changed, from what to what?"),
        Message("Or which statement was added."),
        needed=Message("Say what was changed, from what to what."),
    ),
    passage("systems", Message("In which systems?"), needed=Message("Name the systems.")),
    day("changed_on", Message("When was it changed?"), Message("Today, if you leave it empty.")),
    _RECIPIENTS,
)
ERASE = (
    ITEMS,
    passage("scope", Message("What is erased?"), needed=Message("Say what is erased.")),
    passage("systems", Message("In which systems?"), needed=Message("Name the systems.")),
    passage(
        "processors",
        Message("At which service providers?"),
        Message("If at none, say so."),
        needed=Message("Name the service providers; if none, say so."),
    ),
    day("erased_on", Message("When was it erased?"), Message("Today, if you leave it empty.")),
    passage(
        "backups",
        Message("When is the last backup copy gone?"),
        needed=Message("Say when the last backup copy is gone."),
    ),
    passage(
        "kept",
        Message("What is kept, why and until when?"),
        Message("If nothing, say so."),
        needed=Message("Say what is kept, why and until when; if nothing, say so."),
    ),
    _RECIPIENTS,
)
RESTRICT = (
    ITEMS,
    choice(
        "restriction_ground",
        Message("Why is the data set aside?"),
        "restriction_grounds",
        needed=Message("Choose why the data is set aside."),
    ),
    passage("scope", Message("Which data is set aside?"), needed=Message("Say which data is set aside.")),
    day("restricted_on", Message("From which day?"), Message("Today, if you leave it empty.")),
    passage(
        "permitted_uses",
        Message("What may still be done with it?"),
        Message(
            "Apart from keeping it: only with consent, for legal claims, for the rights of somebody else or for"
            " an important public interest (Art. 18(2))."
        ),
        needed=Message("Say what may still be done with it."),
    ),
    passage(
        "ends_when",
        Message("What ends it?"),
        Message("The person is told before it ends (Art. 18(3))."),
        needed=Message("Say what ends it."),
    ),
    _RECIPIENTS,
)
# What the answer to a right says besides the decision: the elements of that right's letter that only people know.
GRANT: dict[str, tuple[FieldSpec, ...]] = {
    "objection": (
        passage(
            "result", Message("What stops?"), Message("As the person will read it."), needed=Message("Say what stops.")
        ),
        day("stopped_on", Message("From which day?"), Message("Today, if you leave it empty.")),
        passage(
            "suppression",
            Message("What is kept so that it stays so?"),
            Message("Such as the address on a list of those who get no advertising (Art. 21(3)). If nothing, say so."),
            needed=Message("Say what is kept; if nothing, say so."),
        ),
        passage(
            "restriction_status",
            Message("Was the data set aside meanwhile?"),
            needed=Message("Say whether it was set aside."),
        ),
    ),
    "automated_decision_review": (
        text(
            "reviewer",
            Message("Who looked at the decision?"),
            Message("Their role, not their name."),
            needed=Message("Say who looked at the decision, by their role."),
        ),
        passage(
            "view_considered",
            Message("How was the person's own view considered?"),
            needed=Message("Say how the person's own view was considered."),
        ),
        passage("new_result", Message("What is the result now?"), needed=Message("Say what the result is now.")),
        passage(
            "logic",
            Message("How did the machine decide, in plain words?"),
            needed=Message("Say how the machine decided, in plain words."),
        ),
    ),
    "consent_withdrawal": (
        day(
            "withdrawn_on",
            Message("From which day does the consent no longer hold?"),
            Message("Today, if you leave it empty."),
        ),
        passage(
            "consequences",
            Message("What stops, and what does that mean for the person?"),
            needed=Message("Say what stops, and what that means."),
        ),
        passage(
            "continuing",
            Message("What goes on all the same, and on what basis?"),
            Message("If nothing, say so."),
            needed=Message("Say what goes on all the same; if nothing, say so."),
        ),
    ),
    "confirmation": (
        passage(
            "confirmation",
            Message("Is data about the person used?"),
            Message("Yes or no, as the person will read it."),
            needed=Message("Say whether data about the person is used."),
        ),
    ),
    "disclosure_information": (
        passage(
            "recipients",
            Message("Who has received or will receive the data?"),
            Message("Names; kinds of recipients only where they cannot be named."),
            needed=Message("Say who has received or will receive the data."),
        ),
    ),
    "transfer_mechanism_copy": (
        passage(
            "safeguards",
            Message("What protects the data abroad?"),
            needed=Message("Say what protects the data abroad."),
        ),
        passage(
            "copy",
            Message("The clauses or rules themselves, or where they can be read"),
            needed=Message("Give the clauses, or say where they can be read."),
        ),
    ),
    "instruction": (
        passage("result", Message("What was done?"), needed=Message("Say what was done on the instruction.")),
    ),
    "other": (
        passage(
            "result",
            Message("What was done?"),
            Message("As the person will read it."),
            needed=Message("Say what was done."),
        ),
    ),
    "complaint": (
        passage(
            "result",
            Message("What came of the complaint?"),
            Message("What was looked into, and what follows from it."),
            needed=Message("Say what came of the complaint."),
        ),
    ),
}
