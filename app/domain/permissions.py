"""Who may do what: one `can()` decides button, route, ZIP content and API alike; what is not named here is denied."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["anonymous", "person", "staff", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `references` are the cases that a person has been let into, `representing` those of them where they
    act for somebody else; `scopes` None means a browser, not a token."""

    kind: ActorKind
    login_id: int | None = None
    name: str = ""
    role: str | None = None
    controller_id: int | None = None
    functions: tuple[str, ...] = ()
    scopes: frozenset[str] | None = None
    references: frozenset[str] = frozenset()
    representing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What `can()` needs to know of a case."""

    reference: str
    controller_id: int
    status: str


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", name="Habeas")

_SEE = {"case:view", "case:list", "case:trail"}
_ASK = {
    "case:ask_proof",
    "case:reject_proof",
    "case:ask_clarification",
    "case:extend",
    "case:quote_fee",
    "case:message",
}
_EVIDENCE = {"evidence:send", "evidence:open"}
_RECORD = {
    "case:accept_proof",
    "case:call_back",
    "case:record_contact",
    "case:clarify",
    "case:record_fee",
    "case:withdraw",
    "case:complain",
    "case:revoke_representation",
}
_DECIDE = {
    "case:refuse", "case:cannot_identify", "case:refer", "case:close", "case:reopen",
    "case:grant", "case:rectify", "case:restrict",
}  # fmt: skip
_HANDLE = _SEE | _ASK | _RECORD | _DECIDE | _EVIDENCE | {
    "case:file", "case:assign", "case:recognise", "case:collect", "item:include", "item:withhold",
}  # fmt: skip
# What cannot be taken back: data that goes out, is gone, or is used again.
_RELEASE = {
    "case:approve", "case:release", "case:answer_by_hand", "case:erase", "case:lift_restriction", "package:fetch",
}  # fmt: skip

# Of colleagues, not of cases: no token ever holds it.
_STAFF = {"staff:reset_factor"}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    "dpo": frozenset(_HANDLE | _RELEASE | _STAFF),
    "handler": frozenset(_HANDLE),
    "approver": frozenset(_SEE | _RELEASE),
    # An admin runs the system from the command line and sees no case: who has the keys need not have the data
    # (Art. 25, 32).
    "admin": frozenset(_STAFF),
    "auditor": frozenset(_SEE),
}
PERSON_PERMISSIONS = frozenset({
    "case:view", "case:confirm", "case:clarify", "case:withdraw", "case:complain", "case:message",
    "case:revoke_representation",
    "package:open", "letter:open", "evidence:send",
})  # fmt: skip
SYSTEM_PERMISSIONS = frozenset({"case:collect", "case:collected", "case:approve", "case:assembled", "case:release"})
_SCOPE_OF = {"view": "cases:read", "list": "cases:read", "trail": "cases:read", "fetch": "packages:read"}


def can(actor: Actor, permission: str, case: CaseFacts | None = None) -> bool:
    """Whether this actor may do this, with this case if one is meant."""
    if actor.kind == "system":
        return permission in SYSTEM_PERMISSIONS
    if actor.kind == "person":
        return permission in PERSON_PERMISSIONS and case is not None and case.reference in actor.references
    if actor.kind == "staff":
        return _staff_can(actor, permission, case)
    return False


def sees(actor: Actor, functions: Collection[str]) -> bool:
    """Whether this actor may look at data that these functions of staff look after; none named: any of the staff.

    Who need not know it for their work does not get to see it (Art. 25(2), 32(4)). The data protection officer has
    access to all of it (Art. 38(2)); persons and the system are bounded by their cases and jobs.
    """
    if actor.kind != "staff" or actor.role == "dpo" or not functions:
        return True
    return not set(functions).isdisjoint(actor.functions)


def _staff_can(actor: Actor, permission: str, case: CaseFacts | None) -> bool:
    if permission not in ROLE_PERMISSIONS.get(actor.role or "", frozenset()):
        return False
    if actor.scopes is not None and _scope_for(permission) not in actor.scopes:
        return False
    return case is None or case.controller_id == actor.controller_id


def _scope_for(permission: str) -> str:
    """What a token must hold for a permission; a right to write is never implied by one to read."""
    if permission.startswith("staff:"):
        return permission
    return _SCOPE_OF.get(permission.partition(":")[2], "cases:write")
