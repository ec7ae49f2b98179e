"""Every event of the trail and its sentence: what the desk reads, and which of them the person's timeline shows."""

from dataclasses import dataclass

from app.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Event:
    """An event's words; `person` is empty when the timeline of the person leaves it out."""

    desk: str
    person: str = ""


EVENTS: dict[str, Event] = {
    "case:filed": Event("Request filed", "We received your request"),
    "case:confirm": Event("Request confirmed by code", "You confirmed your request"),
    "case:assign": Event("Assigned", "A member of staff took your request in hand"),
    "case:recognise": Event("Right recognised", "We found out which of your rights you mean"),
    "case:collect": Event("Collection started", "We started to search our systems"),
    "case:collected": Event("Collection finished", "The search is finished"),
    "case:approve": Event("Answer approved", "The answer was approved"),
    "case:assembled": Event("Package assembled", "Your package was put together"),
    "case:release": Event("Released to the person", "Your answer is ready"),
    "case:refuse": Event("Request refused", "We decided on your request"),
    "case:cannot_identify": Event("Person not identified", "We could not tell which data is yours"),
    "case:refer": Event("Referred to who is responsible", "We told you who is responsible"),
    "case:grant": Event("Done as asked, and answered", "We did what you asked"),
    "case:answer_by_hand": Event("Answered with a letter", "We answered your request"),
    "case:rectify": Event("Data corrected, and answered", "We decided on your request"),
    "case:erase": Event("Data erased, and answered", "We decided on your request"),
    "case:restrict": Event("Data set aside, and answered", "We decided on your request"),
    "case:ask_proof": Event("Proof of identity asked for", "We asked you to show who you are"),
    "case:accept_proof": Event("Proof accepted", "We know that it is you"),
    "case:reject_proof": Event("Proof did not suffice", "We wrote to you about the proof"),
    "case:call_back": Event("Company called back", "We checked what you sent"),
    "case:record_contact": Event("Contact recorded from the company's papers", "We looked for a way to check it"),
    "case:ask_clarification": Event("Person asked what is meant", "We asked you something"),
    "case:clarify": Event("Question answered", "We have your answer"),
    "case:extend": Event("Time extended", "We told you that it takes longer"),
    "case:quote_fee": Event("Fee asked for", "We told you what this would cost"),
    "case:record_fee": Event("Fee paid", "We have your payment"),
    "case:withdraw": Event("Request withdrawn", "You withdrew your request"),
    "case:close": Event("Closed without an answer", "Your request was closed"),
    "case:reopen": Event("Request taken up again", "We took your request up again"),
    "case:lift_restriction": Event("End of the restriction announced", "We told you when your data will be used again"),
    "case:revoke_representation": Event("Nobody acts for the person any more", "Nobody acts for you here any more"),
    "representation:cosigned": Event("Person agreed, at a contact on file", "You agreed that somebody asks for you"),
    "representation:typed_yes": Event("Somebody agreed, at an address that is not on file: it proves nothing"),
    "representation:denied": Event("Person says that they did not ask for this", "You said that you did not ask"),
    "representation:seen": Event("Person opened the request that was made for them", "You opened this page"),
    "representation:covers_answer": Event("Recorded that the authority covers receiving the answer"),
    "case:complain": Event("Complaint received", "You complained to us"),
    "restriction:lifted": Event("Restriction lifted, as announced", "Your data is used again, as announced"),
    "message:sent": Event("Message to the person", "We wrote to you"),
    "message:read": Event("Message read"),
    "message:received": Event("Message from the person", "You wrote to us"),
    "run:failed": Event("A system could not be searched"),
    "item:withheld": Event("Records withheld"),
    "item:included": Event("Records included again"),
    "code:sent": Event("Code sent by e-mail"),
    "code:failed": Event("Wrong code typed"),
    "door:refused": Event("Somebody was turned away: they may not see this"),
    "case:entered": Event("Person opened the request with a code", "You opened this page with a code"),
    "mail:sent": Event("E-mail sent"),
    "mail:held_back": Event("E-mail held back: this address has had enough of them today"),
    "contact:looked_up": Event("Systems asked which contacts they hold"),
    "contact:told": Event("Contact on file told of the request"),
    "contact:agreed": Event("Contact on file says that the request is theirs"),
    "contact:objected": Event("Contact on file says that the request is not theirs"),
    "letter:sent": Event("Letter sent", "We sent you a letter"),
    "letter:printed": Event("Letter printed"),
    "letter:held_back": Event("Letter held back: it would lack something that the law asks for"),
    "letter:opened": Event("Letter opened"),
    "complaint:packed": Event("Complaint pack made by the person", "You made a complaint pack"),
    "evidence:received": Event("File received", "We received your file"),
    "evidence:scanned": Event("File seen by the virus scanner"),
    "evidence:looked_at": Event("File looked at", "Your file was looked at"),
    "evidence:opened": Event("File opened", "Your file was opened"),
    "evidence:noted": Event("Noted what a file shows"),
    "form:made": Event("Form to sign made", "You made the form to sign"),
    "form:printed": Event("Form to sign printed once more"),
    "form:arrived": Event("Signed form arrived, and led to this request by its code", "Your signed form arrived"),
    "form:of_another": Event("Form of another request was sent"),
    "form:executed": Event("Form found duly executed", "Your signed form is complete"),
    "form:defective": Event("Form found defective", "Your signed form could not be used as it is"),
    "evidence:destroyed": Event("File destroyed", "Your file was destroyed"),
    "proof:shown": Event("Shown on the ladder of proof", "You showed us something about who you are"),
    "proof:closed": Event("A way of proof is closed"),
    "facts:asked": Event("Two questions drawn from the systems"),
    "facts:right": Event("Both questions answered right", "You answered both questions"),
    "facts:wrong": Event("Questions not answered right", "Your answers did not both agree with what is on file"),
    "facts:used_up": Event("Questions tried too often", "The questions cannot be tried again"),
    "facts:passed": Event("The person does not know the answers", "You chose another way than the questions"),
    "package:opened": Event("Package opened by the person", "You opened the download"),
    "package:downloaded": Event("Package downloaded", "You downloaded your data"),
    "package:fetched": Event("Package opened by staff"),
    "package:destroyed": Event("Package destroyed", "The download was destroyed, as announced"),
    "controller:applied": Event("Controller file applied"),
    "membership:added": Event("Member of staff added"),
    "membership:changed": Event("Role of a member of staff changed"),
    "login:enrolled": Event("Second factor set up"),
    "login:password_set": Event("Password set"),
    "login:signed_in": Event("Signed in"),
    "login:signed_out": Event("Signed out"),
    "login:code_refused": Event("Wrong code at sign-in"),
    "login:recovery_made": Event("New recovery codes made"),
    "login:recovery_used": Event("Recovery code used"),
    "login:own_made": Event("Own sign-in made"),
    "login:own_closed": Event("Own sign-in closed"),
    "login:password_dropped": Event("Password given up"),
    "login:app_removed": Event("App for codes removed"),
    "case:entered_own": Event(
        "Person opened the request from their own sign-in", "You opened this page when signed in"
    ),
    "login:sso_linked": Event("Organisation's account linked"),
    "login:sso_refused": Event("Sign-in with the organisation's account refused"),
    "login:passkey_added": Event("Passkey added"),
    "login:passkey_removed": Event("Passkey removed"),
    "login:reset_asked": Event("New beginning for a lost second factor asked for"),
    "login:reset_dropped": Event("New beginning for a lost second factor declined"),
    "login:factor_reset": Event("Second factor taken away, to be set up anew"),
    "token:created": Event("API token created"),
    "token:revoked": Event("API token ended"),
}

# By these the person says something to staff.
WRITES = ("message:received", "case:clarify")


def sentence(event: str, *, person: bool = False) -> Message | None:
    """The event in words; None when this reader's list leaves it out. An unknown one shows its name to the desk."""
    known = EVENTS.get(event)
    if person:
        return Message(known.person) if known is not None and known.person else None
    return Message(known.desk) if known is not None else Message("%(event)s", {"event": event})
