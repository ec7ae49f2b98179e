"""Generates SoftManager's rows: a pure function without a clock, so that two machines hold the same data."""

import hashlib
from datetime import UTC, date, timedelta
from decimal import Decimal

from app.cli.samples import softmanager_words as words
from app.cli.samples.making import Maker, Row, Rows, plain
from app.cli.samples.softmanager_tables import BILLING, CRM

FIRST_DAY = date(2021, 1, 4)
COMPANIES = 110
PRIVATE = 60
DOCUMENTS_OF_THE_LARGE_ONE = 300
_PICTURE = bytes.fromhex("89504e470d0a1a0a") + bytes(range(56))  # begins as a PNG does


def generate() -> Rows:
    """All rows by table name, parents before children."""
    return _Maker().make()


class _Maker(Maker):
    first_names, last_names = words.FIRST_NAMES, words.LAST_NAMES

    def __init__(self) -> None:
        super().__init__(40699, CRM, BILLING)

    def make(self) -> Rows:
        for at in range(COMPANIES):
            self._company(at)
        for _ in range(PRIVATE):
            self._private_client(self.name())
        self._special_people()
        return dict(self.rows)

    def _company(self, at: int) -> None:
        base = words.COMPANIES[at % len(words.COMPANIES)]
        name = f"{base} {at // len(words.COMPANIES) + 1} SRL"
        client = self._client("company", name, f"office{at + 1}@{plain(base)}.example.com")
        client["cif"] = f"RO{90000000 + at}"
        people = [self._contact(client, self.name()) for _ in range(self.random.randint(1, 3))]
        for _ in range(self.random.randint(1, 2)):
            self._user(client, self.name())
        for _ in range(self.random.randint(2, 7)):
            self._document(client, contact=self.random.choice([None, *people]))
        self._subscription(client)

    def _private_client(self, name: str, email: str = "", *, documents: int = 2) -> Row:
        client = self._client("person", name, email or self.email(name))
        client["cnp"] = self._national_number()
        for _ in range(documents):
            self._document(client, contact=None)
        self._subscription(client)
        return client

    def _special_people(self) -> None:
        """The people of DEMO_PEOPLE, each with what makes them worth a look."""
        companies = [row for row in self.rows["clients"] if row["kind"] == "company"]
        for client in companies[:3]:
            ana = self._contact(client, "Ana-Maria Ionescu", "ana.ionescu@example.com")
            self._document(client, contact=ana)
        self._user(companies[0], "Ana-Maria Ionescu", "ana.ionescu@example.com")
        self._private_client("Andrei Popescu", "andrei.popescu@example.com")
        self._private_client("Andrei Popescu", "a.popescu@example.net")
        for name in ("Elena Dumitrescu", "Mihai Dumitrescu"):
            self._private_client(name, "familia.dumitrescu@example.com")["street"] = "Str. Exemplului 7"
        new = self._private_client("Grace O'Neill", "grace.oneill@example.com")
        old = self._private_client("Grace O’Neill", "grace@example.org", documents=1)
        old["active"], old["merged_into_id"], new["merged_into_id"] = False, new["id"], old["id"]
        oliver = self._user(companies[1], "Oliver Smith", "oliver.smith@example.com")
        oliver.update(status="deactivated", preferences={"signature": "<script>alert('sample')</script>"})
        self._contact(companies[1], "Oliver Smith", "oliver.smith@example.com")["notes"] = "=1+1"
        self._private_client("Ștefan Țurcanu", "stefan.turcanu@example.com", documents=DOCUMENTS_OF_THE_LARGE_ONE)
        mother = self._private_client("Simona Moraru", "simona.moraru@example.com")
        luca = self._contact(mother, "Luca Moraru", "luca.moraru@example.com")
        luca.update(birthday=date(2012, 3, 5), position=None, notes="Fiul clientei, elev. Contractul e al mamei.")

    def _client(self, kind: str, name: str, email: str) -> Row:
        number = len(self.rows["clients"]) + 1
        since = self.day(FIRST_DAY)
        city, county, postcode = self.random.choice(words.PLACES)
        return self.put("clients", {
            "id": number, "code": f"C-{number:05d}", "kind": kind, "name": name, "cif": None, "cnp": None,
            "email": email, "phone": self._phone(),
            "street": f"{self.random.choice(words.STREETS)} {self.random.randint(1, 120)}",
            "city": city, "county": county, "postcode": postcode, "country": "RO",
            "iban": self._iban() if self.random.random() < 0.6 else None,
            "credit_limit": self.random.choice([None, Decimal("500.00"), Decimal("2500.50")]),
            "settings": {"language": self.random.choice(["ro", "en"]), "reminders": self.random.random() < 0.5,
                         "labels": self.random.sample(["vip", "nou", "înscris online"], self.random.randint(0, 2))},
            "active": True, "since": since, "created_at": self.moment(since), "merged_into_id": None,
        })  # fmt: skip

    def _contact(self, client: Row, name: str, email: str = "") -> Row:
        birthday = date(1960, 1, 1) + timedelta(days=self.random.randint(0, 15_000))
        return self.put("contacts", {
            "id": len(self.rows["contacts"]) + 1, "client_id": client["id"], "full_name": name,
            "email": email or self.email(name), "phone": self._phone(),
            "position": self.random.choice(words.POSITIONS),
            "birthday": birthday if self.random.random() < 0.3 else None, "group": self.random.choice(words.GROUPS),
            "news": self.random.random() < 0.4, "notes": self.random.choice(words.NOTES),
        })  # fmt: skip

    def _user(self, client: Row, name: str, email: str = "") -> Row:
        number = len(self.rows["users"]) + 1
        created = self.moment(client["since"])
        has_card = self.random.random() < 0.4
        user = self.put("users", {
            "id": number, "client_id": client["id"], "username": f"{plain(name)}{number}",
            "email": email or self.email(name), "fullName": name, "phone": self._phone(),
            "cnp": self._national_number() if has_card else None, "id_card_series": "ZZ" if has_card else None,
            "id_card_number": f"{self.random.randint(0, 999_999):06d}" if has_card else None,
            "password_hash": "$argon2id$sample$" + hashlib.sha256(f"password {number}".encode()).hexdigest(),
            "api_key": f"sample-key-{number:04d}" if self.random.random() < 0.3 else None,
            "role": self.random.choice(["administrator", "user"]), "status": "active",
            "preferences": {"theme": self.random.choice(["light", "dark"]), "rows": self.random.choice([20, 50])},
            "avatar": _PICTURE if self.random.random() < 0.2 else None,
            "lastLoginAt": created + timedelta(days=self.random.randint(0, 300)), "created_at": created,
        })  # fmt: skip
        at = created.replace(tzinfo=UTC)
        for entry in range(1, self.random.randint(5, 20)):
            at += timedelta(minutes=self.random.randint(1, 20_000))
            self.put("activity_log", {
                "user_id": number, "entry": entry, "at": at, "action": self.random.choice(words.ACTIONS),
                "ip_address": f"198.51.100.{self.random.randint(1, 254)}",
                "details": self.random.choice([None, {"agent": "Firefox", "ok": True}, {"document": entry}]),
            })  # fmt: skip
        return user

    def _document(self, client: Row, *, contact: Row | None) -> None:
        number = len(self.rows["documents"]) + 1
        issued = client["since"] + timedelta(days=self.random.randint(0, 700))
        lines = [self._line(number, line) for line in range(1, self.random.randint(2, 4))]
        net = sum((line["amount"] for line in lines), Decimal(0))
        vat = (net * Decimal("0.19")).quantize(Decimal("0.01"))
        paid = self.random.random() < 0.8
        self.put("documents", {
            "id": number, "series": "SM", "number": 1000 + number, "kind": "invoice", "client_id": client["id"],
            "contact_id": contact["id"] if contact else None, "issued_on": issued,
            "due_on": issued + timedelta(days=15), "currency": self.random.choice(["RON", "RON", "EUR"]),
            "total": net + vat, "vat": vat, "paid": paid, "notes": self.random.choice(words.NOTES), "corrects_id": None,
        })  # fmt: skip
        earlier = self._earlier(client, number)
        if earlier and self.random.random() < 0.1:
            self.rows["documents"][-1].update(kind="correction", corrects_id=earlier)
        if paid:
            self.put("payments", {
                "id": len(self.rows["payments"]) + 1, "document_id": number, "client_id": client["id"],
                "paid_on": issued + timedelta(days=self.random.randint(0, 40)), "amount": net + vat,
                "method": self.random.choice(["transfer", "card", "cash"]), "payer_name": client["name"],
                "payer_iban": client["iban"],
            })  # fmt: skip

    def _earlier(self, client: Row, number: int) -> int | None:
        own = [row["id"] for row in self.rows["documents"] if row["client_id"] == client["id"] and row["id"] < number]
        return own[-1] if own else None

    def _line(self, document: int, line: int) -> Row:
        description, unit, price = self.random.choice(words.GOODS)
        quantity = Decimal(self.random.randint(1, 8)) + self.random.choice([Decimal(0), Decimal("0.125")])
        return self.put("document_lines", {
            "document_id": document, "line": line, "description": description, "unit": unit, "quantity": quantity,
            "unit_price": Decimal(price), "vat_rate": Decimal("0.19"),
            "amount": (quantity * Decimal(price)).quantize(Decimal("0.01")),
        })  # fmt: skip

    def _subscription(self, client: Row) -> None:
        plan, price = self.random.choice(words.PLANS)
        reason = self.random.choice(words.REASONS)
        starts = client["since"]
        self.put("subscriptions", {
            "client_id": client["id"], "plan": plan, "starts_on": starts,
            "ends_on": starts + timedelta(days=365) if reason else None, "price": Decimal(price),
            "auto_renew": reason is None,
            "cancelled_at": self.moment(starts + timedelta(days=300)) if reason else None, "reason": reason,
        })  # fmt: skip

    def _phone(self) -> str:
        return f"+40 700 {self.random.randint(0, 999):03d} {self.random.randint(0, 999):03d}"

    def _iban(self) -> str:
        return f"RO00XXXX{self.random.randint(0, 10**16 - 1):016d}"

    def _national_number(self) -> str:
        """In the form of a CNP; county 00 does not exist, so it can be nobody's."""
        digits = self.random.randint
        born = f"{digits(50, 99):02d}{digits(1, 12):02d}{digits(1, 28):02d}"
        return f"{digits(1, 2)}{born}00{digits(0, 9999):04d}"
