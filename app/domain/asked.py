"""What each move asks of whoever makes it, in the words of whoever answers (Art. 11, 12, 18(3)); what an answer to a
right must say stands in `answers`."""

from dataclasses import replace

from app.domain.fields import PASSAGE, FieldSpec, choice, day, passage
from app.domain.messages import Message

GROUND = choice(
    "ground",
    Message("On which ground?"),
    "refusal_grounds",
    needed=Message("Choose the ground on which the request is refused."),
)
REASON = passage(
    "reason",
    Message("Reasons, as the person will read them"),
    Message("State the facts of this request. The letter adds the right to complain and the way to court."),
    needed=Message("Write the reasons, as the person will read them."),
)
EVIDENCE = passage(
    "evidence",
    Message("What proves that the request is without basis or excessive"),
    Message("Art. 12(5): the burden of proof is on the organisation. It stands in the letter."),
    needed=Message("Say what proves it: without evidence nobody may refuse or charge for this (Art. 12(5))."),
)
NOTE = passage(
    "note",
    Message("Note for the file"),
    Message("The person does not see it."),
    needed=Message("Write a note for the file."),
)
ASSIGNEE = choice(
    "assignee", Message("Who handles this request?"), "staff", needed=Message("Choose who handles this request.")
)
RECOGNISED = choice(
    "right",
    Message("Which right is meant?"),
    "rights",
    Message(
        "Reference, receipt and history stay. The time is counted from the same day, as the law has it for this right."
    ),
    needed=Message("Choose which right is meant."),
)
ASK_PROOF = (
    choice(
        "way",
        Message("What should the person show?"),
        "proof_ways",
        Message("The least first. If you choose nothing, that is what is asked for."),
        required=False,
    ),
    passage(
        "why_not_less",
        Message("Why does less not suffice?"),
        Message("Only if you choose more than the least. It is kept with the request; the person does not read it."),
        required=False,
    ),
    passage(
        "doubt",
        Message("Why is it not certain who the person is?"),
        Message("The person reads it. Proof may be asked only where there is a reasonable doubt (Art. 12(6))."),
        needed=Message("Say why it is not certain who the person is."),
    ),
    passage(
        "items_asked",
        Message("What exactly do you ask for?"),
        Message("The least that removes the doubt."),
        needed=Message("Say what exactly you ask for."),
    ),
    passage(
        "alternatives",
        Message("What can the person send instead?"),
        Message("There must be another way for those who cannot or do not want to send this."),
        needed=Message("Name another way."),
    ),
)
ACCEPT_PROOF = (
    choice(
        "method",
        Message("What shows who the person is?"),
        "proof_methods",
        needed=Message("Choose what shows who the person is."),
    ),
    replace(
        NOTE,
        hint=Message("What was seen, by whom and when. Keep no copy of it."),
        needed=Message("Say what was seen that proves who the person is."),
    ),
    FieldSpec(
        "identities",
        "choices",
        Message("What does it prove?"),
        Message("Only what is proven is searched for."),
        required=False,
        source="unproven",
        max_length=PASSAGE,
    ),
    day("received_on", Message("When did it arrive?"), Message("Today, if you leave it empty.")),
    FieldSpec(
        "answer_to",
        "choice",
        Message("Who gets the answer?"),
        Message("The person, unless the authority that you saw covers receiving the answer."),
        required=False,
        source="answer_to",
    ),
)
REJECT_PAPERS = (
    passage(
        "doubt",
        Message("What is wrong with what was sent?"),
        Message("The person reads it."),
        needed=Message("Say what is wrong with what was sent."),
    ),
    *ASK_PROOF[3:],
)
# Of a signed form it is said what is wrong with it: how to mend that, and what would do instead, follows from it.
REJECT_FORM = (
    FieldSpec(
        "defects",
        "choices",
        Message("What is wrong with the form?"),
        Message("The letter says of each how to mend it."),
        source="defects",
        max_length=PASSAGE,
        needed=Message("Choose what is wrong with the form."),
    ),
    passage(
        "doubt",
        Message("What should the person know besides?"),
        Message("The person reads it."),
        required=False,
    ),
)
# Either the one or the other is asked, by what the person had to show.
REJECT_PROOF = tuple(replace(spec, required=False) for spec in (REJECT_FORM[0], *REJECT_PAPERS))
ASK_CLARIFICATION = (
    passage(
        "unclear_part",
        Message("What is unclear, or why is there so much data that you have to ask?"),
        Message("The person reads it."),
        needed=Message("Say what is unclear."),
    ),
    passage(
        "options",
        Message("What can the person choose from?"),
        Message("They can always still ask for everything."),
        needed=Message("Say what the person can choose from."),
    ),
    passage(
        "answered_meanwhile",
        Message("What do you answer meanwhile?"),
        Message("If nothing, say so."),
        needed=Message("Say what you answer meanwhile; if nothing, say so."),
    ),
)
CLARIFY = (
    passage("message", Message("The answer"), needed=Message("Write the answer.")),
    day("received_on", Message("When did it arrive?"), Message("Today, if you leave it empty.")),
)
EXTEND = (
    choice(
        "reason",
        Message("Why does it take longer?"),
        "extension_reasons",
        needed=Message("Choose why it takes longer."),
    ),
    passage(
        "reasons",
        Message("The reasons in words, as the person will read them"),
        Message("What makes this request so: the law accepts no general remark."),
        needed=Message("Write the reasons, as the person will read them."),
    ),
    passage(
        "delivered_now",
        Message("What does the person get already now?"),
        Message("If nothing, say so."),
        needed=Message("Say what the person gets already now; if nothing, say so."),
    ),
)
QUOTE_FEE = (
    choice(
        "ground",
        Message("Why may you charge for it?"),
        "grounds_with_evidence",
        needed=Message("Choose why you may charge for it."),
    ),
    EVIDENCE,
    FieldSpec(
        "amount",
        "money",
        Message("Amount"),
        Message("Such as 12.50"),
        max_length=12,
        needed=Message("Give the amount."),
    ),
    FieldSpec(
        "currency",
        "text",
        Message("Currency"),
        Message("Three letters, such as EUR"),
        max_length=3,
        needed=Message("Give the currency."),
    ),
    passage(
        "cost_basis",
        Message("Which costs does it cover?"),
        Message("Only the administrative cost of this request. It is no price for the data."),
        needed=Message("Say which costs the fee covers."),
    ),
)
RECORD_FEE = (day("received_on", Message("When was it paid?"), Message("Today, if you leave it empty.")),)
REFUSE = (
    GROUND,
    REASON,
    replace(
        EVIDENCE,
        required=False,
        hint=Message(
            "Only for a request without basis or an excessive one, where the burden of proof is on the organisation"
            " (Art. 12(5))."
        ),
    ),
)
CANNOT_IDENTIFY = (
    replace(
        REASON,
        label=Message("Why can you not tell whose data it is?"),
        hint=Message("The letter says how the person can help, and that the request is then taken up again."),
    ),
)
REFER = (
    passage(
        "responsible",
        Message("Who is responsible for the data?"),
        Message("Name and address, as the person will read them."),
        needed=Message("Say who is responsible for the data."),
    ),
    passage(
        "passed_on",
        Message("What did you pass on to them?"),
        Message("If nothing, say so."),
        needed=Message("Say what you passed on; if nothing, say so."),
    ),
    day("passed_on_at", Message("When?"), Message("Today, if you leave it empty.")),
)
WITHDRAW = (
    replace(
        NOTE,
        required=False,
        label=Message("How did the person say so?"),
        hint=Message("A letter or a call, with its day. Needed when you record it for them."),
    ),
)
CLOSE = (
    replace(
        REASON,
        hint=Message(
            "Such as: the proof that was asked for never came. The letter adds how to take the request up again, the"
            " right to complain and the way to court."
        ),
    ),
)
REOPEN = (
    passage(
        "reason",
        Message("Why is it taken up again?"),
        Message("The person reads it."),
        needed=Message("Say why it is taken up again."),
    ),
)
LIFT = (
    FieldSpec(
        "lifting_on",
        "date",
        Message("From which day will the data be used again?"),
        Message("A day to come: the person must know before (Art. 18(3))."),
        max_length=10,
        needed=Message("Give the day from which the data will be used again."),
    ),
    passage(
        "lifting_reason",
        Message("Why will the data be used again?"),
        needed=Message("Say why the data will be used again."),
    ),
    passage("check_outcome", Message("What did the check show?"), needed=Message("Say what the check showed.")),
)
REVOKE = (
    replace(
        NOTE,
        required=False,
        label=Message("Why does it end?"),
        hint=Message("A letter or a call, with its day. Needed when you record it for them."),
    ),
)
COMPLAIN = (
    passage(
        "complaint", Message("What is wrong?"), Message("In your own words."), needed=Message("Say what is wrong.")
    ),
)
