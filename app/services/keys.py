"""The portal's signing keys: made when first needed, the private half sealed under the master key, the public half
published for ever."""

from sqlalchemy import select

from app.gateways.signing import SigningKey, jwks, public_jwk
from app.models.fulfilment import SigningKey as KeyRow
from app.portal import Portal
from app.work import Work


def signing_key(portal: Portal) -> SigningKey:
    """The key that signs now."""
    if "signing_key" not in portal.ground.memo:
        with portal.unscoped("the portal's own signing key") as work:
            portal.ground.memo["signing_key"] = _newest(work) or _make(work)
    key: SigningKey = portal.ground.memo["signing_key"]
    return key


def published(portal: Portal) -> dict[str, list[dict[str, str]]]:
    """All public keys, retired ones too, as a JWKS: an old package must stay checkable."""
    with portal.unscoped("public keys are the portal's own", reads_only=True) as work:
        rows = work.session.scalars(select(KeyRow).order_by(KeyRow.created_at.desc(), KeyRow.kid)).all()
        return jwks([public_jwk(row.public) for row in rows])


def _newest(work: Work) -> SigningKey | None:
    work.lock("signing_key")
    row = work.session.scalars(
        select(KeyRow).where(KeyRow.retired_at.is_(None)).order_by(KeyRow.created_at.desc()).limit(1)
    ).first()
    if row is None or row.private is None:
        return None
    place = f"signing_key/{row.kid}".encode()
    return SigningKey.from_bytes(work.keyring.unlock(row.private, bound_to=place))


def _make(work: Work) -> SigningKey:
    made = SigningKey.generate()
    place = f"signing_key/{made.kid}".encode()
    sealed = work.keyring.lock_up(made.to_bytes(), bound_to=place)
    public = made.private.public_key().public_bytes_raw()
    work.session.add(KeyRow(kid=made.kid, public=public, private=sealed, created_at=work.now))
    work.flush()
    return made
