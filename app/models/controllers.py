"""The controllers (tenants) and the versions of their procedures; a case pins the version under which it was filed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Tenant, one_controller, primary_key


class Controller(Base):
    """An organisation that answers requests. Global: it is what the others are scoped by."""

    __tablename__ = "controller"

    id: Mapped[int] = primary_key()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class PolicyVersion(Tenant, Base):
    """One applied controller file with its datasets and the regime version in force then; never changed afterwards."""

    __tablename__ = "policy_version"
    __table_args__ = (one_controller(), UniqueConstraint("controller_id", "number"))

    id: Mapped[int] = primary_key()
    number: Mapped[int]
    # JSON, not JSONB: the order in which a file names its rights and purposes is the order in which people read them.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    datasets: Mapped[dict[str, Any]] = mapped_column(JSON)
    regime: Mapped[str] = mapped_column(String(20))
    regime_version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    applied_at: Mapped[datetime]
