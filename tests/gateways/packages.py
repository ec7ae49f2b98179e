"""A small, complete answer and its spooled collections, for the tests of everything that makes a package."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.packaging import Answer, CategoryFacts, ControllerFacts, PurposeFacts, RecipientFacts, RightFacts
from app.gateways.archive import Found, PackageStream, build_package
from app.gateways.rendering import Renderer
from app.gateways.signing import SigningKey
from app.gateways.spool import Spooled, SpoolWriter
from app.gateways.storage import MemoryStorage, Storage

KEY = b"k" * 32
SIGNER = SigningKey.from_bytes(b"s" * 32)
RENDERER = Renderer()
HOSTILE = "</td></style><script>alert('x')</script>&\"'\u202e\x07"

# What asks for each part of an answer, as the law has it.
ARTICLES = {
    "purposes": "15(1)(a)", "categories": "15(1)(b)", "safeguards": "15(2)", "copy": "15(3)", "complaint": "15(1)(f)",
}  # fmt: skip
ANSWER = Answer(
    package_id="p-1",
    reference="AC-7K2M-9QXR",
    controller=ControllerFacts(
        "acme", "ACME SIA", "privacy@acme.example", officer="Jana", officer_email="dpo@acme.example"
    ),
    right="access",
    right_title="Access to your data",
    right_article="Art. 15",
    law="General Data Protection Regulation",
    case_version=3,
    received_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    generated_at=datetime(2026, 11, 22, 14, 5, 7, tzinfo=UTC),
    generator="Habeas 0.1.0",
    person="Maria Example",
    subject={"identities": {"email": "maria@example.com"}},
    categories=(
        CategoryFacts(
            "user.contact",
            "Contact data",
            (PurposeFacts("Providing the service", "a contract with you", "Civil Code s. 1"),),
            (
                RecipientFacts("Example Mailer", "works on the controller’s behalf", "DE"),
                RecipientFacts(
                    "Cloud Example",
                    "works on the controller’s behalf",
                    "US",
                    "Standard contractual clauses",
                    abroad=True,
                ),
            ),
            "Kept for 2 years after the last use.",
            "You gave it.",
        ),
    ),
    rights=(RightFacts("Have it corrected", "Art. 16", "Wrong data must be put right."),),
    authority="Data State Inspectorate",
    authority_url="https://www.dvi.gov.lv",
    complaint="You may complain to a supervisory authority (Art. 77).",
    court="You may go to court (Art. 79).",
    keys_url="https://privacy.example/.well-known/jwks.json",
    searched=("Shop",),
    articles={element: f"Art. {article}" for element, article in ARTICLES.items()},
)


def answer(**changes: Any) -> Answer:
    return replace(ANSWER, **changes)


def spooled(
    storage: Storage,
    collection: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    connection: str = "shop",
) -> Spooled:
    with SpoolWriter(storage, KEY) as spool:
        sink = spool.open(connection, collection, tuple(columns))
        sink.rows(list(rows))
        sink.close()
        return spool.finish()[0]


def order(number: int) -> tuple[Any, ...]:
    placed = datetime(2024, 3, 5, 14, 5, tzinfo=UTC) + timedelta(minutes=number)
    return (number, placed, Decimal("19.90"), "=1+1" if number == 7 else f"order {number}", number % 2 == 0, None)


ORDER_COLUMNS = ("id", "placed_at", "total", "note", "gift", "coupon")


def collections(storage: Storage) -> list[Found]:
    customers = spooled(storage, "customers", ("id", "name", "born"), [(1, HOSTILE, date(1988, 4, 12))])
    orders = spooled(storage, "orders", ORDER_COLUMNS, [order(number) for number in range(1, 451)])
    return [
        Found(customers, "Customers", "Shop", ("user.contact",)),
        Found(orders, "Orders", "Shop", ("user.contact",)),
    ]


def package(storage: MemoryStorage, found: Sequence[Found], **changes: Any) -> PackageStream:
    return build_package(
        answer(**changes), found, report=b"%PDF-1.7 report", storage=storage, key=KEY, signer=SIGNER, renderer=RENDERER
    )
