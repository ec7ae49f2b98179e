"""What a request asks for, thing by thing: each is granted or withheld on a ground of its own (EDPB 01/2022, 191)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.messages import Message
from app.domain.policy import say
from app.domain.regime import RegimeRight

WHOLE = "request"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was asked for. `absolute`: it is asked on a ground on which nobody may refuse it (Art. 21(3))."""

    key: str
    label: Message
    absolute: bool = False


def asked_items(personal: Mapping[str, Any], law: RegimeRight, language: str = "en") -> tuple[Item, ...]:
    """The things by the names under which they were asked for; else each ground given; else the request as a whole."""
    grounds = [name for name in personal.get("grounds") or () if name in law.grounds]
    listed: Sequence[Mapping[str, Any]] = personal.get("items") or ()
    absolute = not law.refusal_grounds or (bool(grounds) and all(law.grounds[name].absolute for name in grounds))
    if listed:
        return tuple(
            Item(str(one.get("key", number)), _said(one), absolute=_absolute(one, law, absolute))
            for number, one in enumerate(listed)
        )
    if len(grounds) > 1:
        return tuple(
            Item(name, _text(say(law.grounds[name].title, language)), absolute=law.grounds[name].absolute)
            for name in grounds
        )
    return (Item(WHOLE, Message("The whole request"), absolute=absolute),)


def unrefusable(personal: Mapping[str, Any], law: RegimeRight) -> bool:
    """Whether nobody may refuse or charge for it: a consent taken back (Art. 7(3)), advertising (Art. 21(3))."""
    return not law.refusal_grounds or any(
        law.grounds[name].absolute for name in personal.get("grounds") or () if name in law.grounds
    )


def _absolute(one: Mapping[str, Any], law: RegimeRight, otherwise: bool) -> bool:
    ground = law.grounds.get(str(one.get("ground") or one.get("key")))
    return ground.absolute if ground is not None else otherwise


def _said(one: Mapping[str, Any]) -> Message:
    if one.get("says"):  # words of ours, in each reader's language
        return Message(str(one["says"]))
    told = one.get("label") or ": ".join(str(value) for name, value in one.items() if name != "key" and value)
    return _text(str(told))


def _text(text: str) -> Message:
    return Message("%(text)s", {"text": text})
