"""The one table of all attacks."""

from tests.drill.attack import Attack
from tests.drill.attacks import claims, codes, doors, enumeration, insiders, proofs

ATTACKS: tuple[Attack, ...] = (
    *claims.ATTACKS,
    *codes.ATTACKS,
    *doors.ATTACKS,
    *enumeration.ATTACKS,
    *insiders.ATTACKS,
    *proofs.ATTACKS,
)
