"""The demo's organisations, the one that the handbook walks through first."""

from typing import Final

from app.cli.demos import ispmanager, manajet, mgt, softfirm, softmanager
from app.cli.demos.plans import Demo

DEMOS: Final[tuple[Demo, ...]] = (softmanager.DEMO, softfirm.DEMO, ispmanager.DEMO, mgt.DEMO, manajet.DEMO)
