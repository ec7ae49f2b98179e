"""The portal as verbs see it: everything that comes from outside, handed over by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.connectors.base import Connector
from app.domain.permissions import SYSTEM, Actor
from app.domain.regime import Regimes
from app.gateways.clock import Clock
from app.gateways.crypto import Keyring
from app.gateways.mail import Mailer
from app.gateways.oidc import NoSignOn, SignOn
from app.gateways.pdf import PdfPrinter
from app.gateways.previewing import Opener
from app.gateways.rendering import Renderer
from app.gateways.scanner import Scanner
from app.gateways.storage import Storage
from app.settings import Settings
from app.work import Ground, Work


@dataclass(frozen=True, slots=True)
class Portal:
    """Made by `bootstrap.build`; used by web, workers, command line and tests alike."""

    settings: Settings
    ground: Ground
    storage: Storage
    mailer: Mailer
    renderer: Renderer
    pdf: PdfPrinter
    scanner: Scanner
    opener: Opener
    regimes: Regimes
    connect: Callable[[str, str], Connector]
    # Where ${NAME} in a connection's address is looked up, at each use; it holds passwords, so no repr shows it.
    environment: Mapping[str, str] = field(repr=False)
    sso: SignOn = field(default_factory=NoSignOn)

    @property
    def clock(self) -> Clock:
        return self.ground.clock

    @property
    def keyring(self) -> Keyring:
        return self.ground.keyring

    def work(self, actor: Actor, controller_id: int) -> Work:
        """A transaction that may write, for one controller."""
        return Work(self.ground, actor=actor, controller_id=controller_id)

    def reading(self, actor: Actor, controller_id: int) -> Work:
        """A transaction that only reads, for one controller: what a GET uses."""
        return Work(self.ground, actor=actor, controller_id=controller_id, reads_only=True)

    def glancing(self, actor: Actor, controller_id: int) -> Work:
        """As `reading`, each statement for itself: for a page of one statement or two, which cost less than a
        transaction around them."""
        return Work(self.ground, actor=actor, controller_id=controller_id, reads_only=True, glance=True)

    def unscoped(self, reason: str, *, actor: Actor = SYSTEM, reads_only: bool = False) -> Work:
        """A transaction over all controllers; the reason is part of the call so that a reader of the code sees why."""
        return Work(self.ground, actor=actor, unscoped=reason, reads_only=reads_only)

    def glance(self, reason: str) -> Work:
        """One statement that reads what belongs to no controller (sessions, logins): it needs no transaction either."""
        return Work(self.ground, actor=SYSTEM, unscoped=reason, reads_only=True, glance=True)
