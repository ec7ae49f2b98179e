"""How many mails others can bring upon one person (FIELD, attack 9): counted by mailbox and by network, for a day.

When a cap holds, the request stands and its page is the same; only the mail stays away. Who asks learns nothing by it.
"""

from typing import Final

from app.domain.contacts import mailbox
from app.portal import Portal
from app.services import limits

DAY: Final = 86400
# Anybody can type any address into the form. Whoever really asks so often on one day has their references already.
FIRST_MAILS_A_DAY: Final = 10
# First mails and codes together: three requests, each opened on two devices with a mistyped code, take a dozen.
MAILS_A_DAY: Final = 20
# Behind one address of a network are offices, schools and mobile carriers, but few of them file on one day.
NETWORK_MAILS_A_DAY: Final = 100
# Somebody who has asked for nothing: one mail tells them, one more code is theirs to ask for, and one to spare.
NOTICES_A_DAY: Final = 3
# What goes to an address that has only been typed so far.
_FIRST: Final = frozenset({"case-filed", "cosign"})
CAPPED: Final = _FIRST | {"case-code"}
# To somebody who has asked for nothing: counted with the notices to contacts on file.
NOTICES: Final = frozenset({"cosign"})


def may_write(portal: Portal, template: str, address: str) -> bool:
    """Count one mail to this address; False when it has had enough today. Outside of any transaction."""
    if template in NOTICES:
        return may_tell(portal, address)
    if template not in CAPPED:
        return True
    key = mailbox(address)
    first = template not in _FIRST or limits.within(portal, "first-mails-to", key, limit=FIRST_MAILS_A_DAY, seconds=DAY)
    return first and limits.within(portal, "mails-to", key, limit=MAILS_A_DAY, seconds=DAY)


def may_tell(portal: Portal, address: str) -> bool:
    """The same for the notice to a contact on file, who has asked for nothing."""
    return limits.within(portal, "notices-to", mailbox(address), limit=NOTICES_A_DAY, seconds=DAY)


def may_bring_about(portal: Portal, network: str) -> bool:
    """Count one mail that somebody in this network brings about."""
    return limits.within(portal, "mails-from", network, limit=NETWORK_MAILS_A_DAY, seconds=DAY)
