"""Recovery codes (Art. 32 GDPR): for the day on which the telephone is lost. Ten, shown once, each good once.

Digits only, so that the field and the keyboard are those of the app's codes; forty bits against a handful of tries.
"""

import secrets
from typing import Final

from sqlalchemy import delete, func, select, update

from app.models.people import RecoveryCode
from app.portal import Portal
from app.services import staff
from app.work import Work

COUNT: Final = 10
DIGITS: Final = 12


def renew(portal: Portal, login_id: int) -> tuple[str, ...]:
    """Ten fresh codes, to be shown now and never again; all earlier ones are worth nothing from here on."""
    fresh = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(COUNT)]
    with portal.unscoped("a login belongs to no controller") as work:
        forget(work, login_id)
        for digits in fresh:
            code_hash = _hashed(work, login_id, digits)
            work.session.add(RecoveryCode(login_id=login_id, code_hash=code_hash, made_at=work.real_now))
    staff.note(portal, login_id, "login:recovery_made", tell="recovery_made")
    return tuple(" ".join(digits[at : at + 4] for at in range(0, DIGITS, 4)) for digits in fresh)


def use(work: Work, login_id: int, digits: str) -> bool:
    """Use a code up; False when there is no such unused one. Of two requests at once one succeeds."""
    used = work.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.login_id == login_id,
            RecoveryCode.code_hash == _hashed(work, login_id, digits),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=work.real_now)
        .returning(RecoveryCode.id)
    )
    return used is not None


def left(work: Work, login_id: int) -> int:
    """How many unused codes the login has."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.login_id == login_id, RecoveryCode.used_at.is_(None)
    )
    return work.session.scalars(unused).one()


def forget(work: Work, login_id: int) -> None:
    """None of the login's codes opens anything any more."""
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.login_id == login_id))


def _hashed(work: Work, login_id: int, digits: str) -> bytes:
    return work.keyring.digest("recovery-code", f"{login_id}:{digits}".encode())
