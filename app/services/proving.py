"""What proves the second factor (Art. 32 GDPR): read without using it up, then used up together with what it opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, update

from app.models.people import Login
from app.portal import Portal
from app.services import recovery, second_factor
from app.services.passkeys import PasskeyProof
from app.work import Work

LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class AppCode:
    """A code of the login's app: this time step, which works once."""

    step: int

    def use_up(self, work: Work, login_id: int) -> bool:
        """False when another request used the same code, or a later one, first."""
        used = work.session.scalar(
            update(Login)
            .where(
                Login.id == login_id,
                Login.disabled_at.is_(None),
                or_(Login.totp_last_step.is_(None), Login.totp_last_step < self.step),
            )
            .values(totp_last_step=self.step)
            .returning(Login.id)
        )
        return used is not None


@dataclass(frozen=True, slots=True)
class RecoveryProof:
    """One of the login's recovery codes, which works once."""

    digits: str

    def use_up(self, work: Work, login_id: int) -> bool:
        """False when there is no such code, or it was used."""
        return recovery.use(work, login_id, self.digits)


Proof = AppCode | RecoveryProof | PasskeyProof


def read(portal: Portal, login: Login, typed: str, *, at: datetime) -> Proof | None:
    """What was typed, by its length: a code of the app or a recovery code; None for what can be neither."""
    digits = "".join(letter for letter in typed[:LONGEST] if letter.isascii() and letter.isdigit())
    if len(digits) == recovery.DIGITS:
        return RecoveryProof(digits)
    step = second_factor.step_of(portal.keyring, login, digits, at=at)
    return AppCode(step) if step is not None else None
