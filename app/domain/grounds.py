"""A decision against the person needs a ground of the law and reasons in words (Art. 12(4)): one check for all."""

from collections.abc import Collection

from app.domain.errors import Invalid
from app.domain.identity import text_fault, tidy
from app.domain.messages import Message


def checked_reason(grounds: Collection[str], ground: str, reason: str, *, max_length: int, missing: Message) -> str:
    """The reason tidied up; Invalid names `ground` when the law has no such one, and `reason` when it says nothing."""
    faults: dict[str, Message] = {}
    if ground not in grounds:
        faults["ground"] = (
            Message("“%(given)s” is not offered here. Choose from: %(allowed)s.", {
                "given": ground[:60], "allowed": ", ".join(grounds) or "–"})
            if ground
            else Message("Choose one of the grounds that the law gives for this right.")
        )  # fmt: skip
    text = tidy(reason)
    fault = text_fault(text, max_length=max_length, lines=True)
    if not text or fault is not None:
        faults["reason"] = fault or missing
    if faults:
        raise Invalid(faults)
    return text
