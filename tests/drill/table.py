"""The one table of all attacks."""

from tests.drill.attack import Attack
from tests.drill.attacks import (
    acting,
    claims,
    codes,
    devices,
    doors,
    enumeration,
    insiders,
    proofs,
    signins,
    staff_signins,
)

ATTACKS: tuple[Attack, ...] = (
    *claims.ATTACKS,
    *codes.ATTACKS,
    *proofs.ATTACKS,
    *acting.ATTACKS,
    *doors.ATTACKS,
    *devices.ATTACKS,
    *enumeration.ATTACKS,
    *signins.ATTACKS,
    *staff_signins.ATTACKS,
    *insiders.ATTACKS,
)
