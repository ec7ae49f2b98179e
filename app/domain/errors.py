"""Everything that may go wrong in a use case, in words that the reader can act on.

Each audience turns these into its own form: a page with the typed text kept, a problem document (RFC 9457), an exit
code.
"""

from collections.abc import Mapping, Sequence

from app.domain.messages import Message

_NOTHING = Message("There is nothing here under that address.")
_LOOK_AGAIN = Message("Some answers need another look.")


class HabeasError(Exception):
    """The base of every expected failure; carries the sentence that the reader sees."""

    def __init__(self, message: Message | str) -> None:
        self.message = message if isinstance(message, Message) else Message(message)
        super().__init__(str(self.message))


class NotFound(HabeasError):
    """There is no such thing, or none that this reader may know of: the two must look the same."""

    def __init__(self, message: Message | str = _NOTHING) -> None:
        super().__init__(message)


class Forbidden(HabeasError):
    """The reader may see the thing but not do this with it."""


class Refused(HabeasError):
    """The state does not let it; `allowed` names the moves that are possible instead."""

    def __init__(self, message: Message | str, *, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = tuple(allowed)


class Stale(HabeasError):
    """Somebody was quicker: the version that the reader saw is no longer the current one."""


class Invalid(HabeasError):
    """One or more fields are wrong; `fields` maps the field's path (`identities.email`) to what is wrong and how to
    mend it."""

    def __init__(self, fields: Mapping[str, Message | str], message: Message | str = _LOOK_AGAIN) -> None:
        super().__init__(message)
        self.fields = {name: text if isinstance(text, Message) else Message(text) for name, text in fields.items()}


class TooMany(HabeasError):
    """A limit on tries or filings was reached; `retry_after` is in seconds."""

    def __init__(self, message: Message | str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(HabeasError):
    """Something outside (a system, storage, the mail server) did not answer; trying again may help."""


class Tampered(HabeasError):
    """Bytes that must be ours are not what we wrote: wrong key, cut short or changed."""
