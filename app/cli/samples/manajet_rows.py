"""Generates ManaJet's rows: a pure function without a clock, so that two machines hold the same data."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from app.cli.samples import manajet_words as words
from app.cli.samples.making import Maker, Row, Rows, plain
from app.cli.samples.manajet_tables import PLATFORM, SUPPORT

FIRST_DAY: Final = date(2022, 1, 10)
# No commercial licence ended so long ago that its Account would be gone by then, and no demo either (M-7).
SEEN_ON: Final = date(2026, 11, 16)
LAPSED: Final = timedelta(days=110)
COMPANIES: Final = 64
PRIVATE: Final = 20
DOCUMENTS_OF_THE_LARGE_ONE: Final = 900
_PICTURE = bytes.fromhex("89504e470d0a1a0a") + bytes(range(48))  # begins as a PNG does


def generate() -> Rows:
    """All rows by table name, parents before children."""
    return _Maker().make()


class _Maker(Maker):
    first_names, last_names = words.FIRST_NAMES, words.LAST_NAMES

    def __init__(self) -> None:
        super().__init__(40103, PLATFORM, SUPPORT)

    def make(self) -> Rows:
        for at in range(COMPANIES):
            self._company(at)
        for _ in range(PRIVATE):
            self._private(self.name())
        self._at_many_places()
        self._special_people()
        self._support_sessions()
        return dict(self.rows)

    def name(self) -> str:
        """Every tenth one is Russian."""
        return self.random.choice(words.RUSSIAN_NAMES) if self.random.random() < 0.1 else super().name()

    def _company(self, at: int) -> None:
        base = words.COMPANIES[at % len(words.COMPANIES)]
        name = f"SIA “{base} {at // len(words.COMPANIES) + 1}”"
        customer = self._customer("company", name, f"birojs{at + 1}@{plain(base)}.example.com")
        customer["regNo"] = f"000{self.random.randint(0, 99_999_999):08d}"
        account = self._account(customer, f"{plain(base)}{at + 1}")
        self._people_of(account)
        if at % 6 == 0:
            self._people_of(self._account(customer, f"{plain(base)}{at + 1}-noliktava"))
        if at % 9 == 0:
            self._people_of(self._account(customer, f"{plain(base)}{at + 1}-demo", kind="demo"))
        if at == 5:  # it asked for its early deletion and waits
            account["suspended_at"] = _at(date(2026, 11, 2), 9)

    def _people_of(self, account: Row) -> None:
        owner = self._user(account, self.name(), role="owner")
        for _ in range(self.random.randint(1, 3)):
            self._user(account, self.name(), invited_by=owner)

    def _private(self, name: str, email: str = "") -> Row:
        """A private person who is a customer, and the one user of their Account."""
        address = email or self.email(name)
        customer = self._customer("person", name, address)
        account = self._account(customer, f"{plain(name)}{customer['id']}")
        account["converted_on"] = customer["since"] + timedelta(days=20)  # it began as a demo
        return self._user(account, name, address, role="owner")

    def _at_many_places(self) -> None:
        """Somebody with Accounts of several organisations, and a private customer."""
        jobs = [row for row in self.rows["accounts"] if row["kind"] == "commercial"][:3]
        janis = [self._user(account, "Jānis Bērziņš", "janis.berzins@example.com") for account in jobs]
        self._asks("Jānis Bērziņš", "janis.berzins@example.com", user=janis[0])
        igor = self._private("Игорь Соколов", "igor.sokolov@example.com")
        self._asks("Игорь Соколов", "igor.sokolov@example.com", user=igor, language="ru")

    def _special_people(self) -> None:
        """The people of PEOPLE, each with what makes them worth a look."""
        account = self.rows["accounts"][8]
        for email in ("kristine.liepina@example.com", "k.liepina@example.net"):
            self._user(account, "Kristīne Liepiņa", email)
        family = self._customer("person", "Ilze Ozola", "ozolu.gimene@example.com")
        shared = self._account(family, "ozolu-saimnieciba")
        for name in ("Ilze Ozola", "Pēteris Ozols"):
            self._user(shared, name, "ozolu.gimene@example.com", role="owner")
        emils = self._user(shared, "Emīls Kalniņš", "emils.kalnins@example.org")
        emils["position"], emils["phone"] = None, None
        emils["profile"] = {"language": "lv", "bornOn": "2012-05-03", "guardian": {
            "name": "Sanita Kalniņa", "email": "sanita.kalnina@example.org"}}  # fmt: skip
        nora = self._user(account, "Nora O'Brien", "nora.obrien@example.com")
        nora["profile"] = {"language": "en", "signature": "<b onclick=\"alert('sample')\">Nora</b>"}
        project = self._project(account, nora)
        self._document(project, nora).update(title="=SUM(1;2)", text="@cmd|' /C calc'!A0")
        large = self._user(account, "Māris Krūmiņš", "maris.krumins@example.com")
        project = self._project(account, large)
        for _ in range(DOCUMENTS_OF_THE_LARGE_ONE):
            self._document(project, large)

    def _customer(self, kind: str, name: str, email: str) -> Row:
        number = self.next_id("customers")
        city, postcode = self.random.choice(words.PLACES)
        return self.put("customers", {
            "id": number, "number": f"MJ-{10_000 + number}", "kind": kind, "name": name, "regNo": None, "email": email,
            "phone": self._phone(), "street": f"{self.random.choice(words.STREETS)} {self.random.randint(1, 90)}",
            "city": city, "postcode": postcode, "country": "LV", "since": self.day(FIRST_DAY, days=1300),
        })  # fmt: skip

    def _account(self, customer: Row, address: str, *, kind: str = "commercial") -> Row:
        number = self.next_id("accounts")
        account = self.put("accounts", {
            "id": number, "customer_id": customer["id"], "address": address, "kind": kind,
            "settings": {"language": self.random.choice(["lv", "lv", "ru", "en"]), "weekStart": "monday"},
            "created_at": _at(customer["since"], 10), "suspended_at": None, "converted_on": None,
        })  # fmt: skip
        if kind == "demo":
            account["created_at"] = _at(SEEN_ON - timedelta(days=self.random.randint(31, 40)), 10)
            starts = account["created_at"].date()
            self._licence(account, 1, starts, starts + timedelta(days=30), plan=("demo", "0.00"))
            return account
        first, plan = customer["since"], self.random.choice(words.PLANS)
        for year in range(1, 7):
            starts = first + timedelta(days=365 * (year - 1))
            if starts > SEEN_ON or (number % 4 == 0 and starts > SEEN_ON - LAPSED):  # the last one was not renewed
                break
            self._order(customer, self._licence(account, year, starts, starts + timedelta(days=364), plan=plan))
        return account

    def _licence(self, account: Row, number: int, starts: date, expires: date, *, plan: tuple[str, str]) -> Row:
        return self.put("licences", {
            "account_id": account["id"], "number": number, "plan": plan[0], "seats": self.random.randint(1, 25),
            "starts_on": starts, "expires_on": expires, "price": Decimal(plan[1]) * 12, "paid": plan[0] != "demo",
        })  # fmt: skip

    def _order(self, customer: Row, licence: Row) -> None:
        ordered = licence["starts_on"] - timedelta(days=self.random.randint(0, 20))
        self.put("orders", {
            "id": self.next_id("orders"), "customer_id": customer["id"], "account_id": licence["account_id"],
            "licence": licence["number"], "ordered_on": ordered, "amount": licence["price"], "currency": "EUR",
            "paid": True,
        })  # fmt: skip
        if self.random.random() < 0.1:  # the first try did not go through
            self.put("orders", {**self.rows["orders"][-1], "id": self.next_id("orders"), "paid": False})

    def _user(
        self, account: Row, name: str, email: str = "", *, role: str = "user", invited_by: Row | None = None
    ) -> Row:
        number = self.next_id("users")
        created = account["created_at"] + timedelta(hours=self.random.randint(1, 90))
        user = self.put("users", {
            "id": number, "account_id": account["id"], "userName": f"{plain(name)}{number}", "fullName": name,
            "email": email or self.email(name), "phone": self._phone() if self.random.random() < 0.7 else None,
            "passwordHash": "$argon2id$sample$" + hashlib.sha256(f"parole {number}".encode()).hexdigest(),
            "role": role, "position": self.random.choice(words.POSITIONS),
            "mayExport": role == "owner" or self.random.random() < 0.3,
            "mayImport": role == "owner" or self.random.random() < 0.2, "active": self.random.random() < 0.9,
            "profile": self.random.choice([None, {"language": "lv"}, {"language": "ru", "signature": "С уважением"}]),
            "avatar": _PICTURE if self.random.random() < 0.1 else None,
            "invited_by_id": invited_by["id"] if invited_by else None, "created_at": created,
        })  # fmt: skip
        self._signs_in(user)
        if role == "owner":
            self._consents(user)
            project = self._project(account, user)
            for _ in range(self.random.randint(1, 4)):
                self._document(project, user)
        if self.random.random() < 0.15:
            self._asks(name, user["email"], user=user)
        if user["mayExport"] and self.random.random() < 0.3:
            self._api_key(user)
        return user

    def _signs_in(self, user: Row) -> None:
        at = user["created_at"]
        for entry in range(1, self.random.randint(2, 6)):
            at += timedelta(minutes=self.random.randint(1, 9_000))
            self.put("sign_ins", {
                "user_id": user["id"], "entry": entry, "at": at,
                "until": at + timedelta(minutes=self.random.randint(2, 300)) if entry > 1 else None,
                "ip_address": f"203.0.113.{self.random.randint(1, 254)}",
                "browser": self.random.choice(words.BROWSERS),
            })  # fmt: skip

    def _consents(self, user: Row) -> None:
        """Asked for where a licence is paid for (M-14)."""
        self.put("consents", {
            "user_id": user["id"], "kind": "licence_payment", "at": user["created_at"] + timedelta(hours=2),
            "given": True, "wording": self.random.choice(["2019-07", "2023-01"]),
        })  # fmt: skip

    def _api_key(self, user: Row) -> None:
        number = self.next_id("api_keys")
        self.put("api_keys", {
            "id": number, "user_id": user["id"], "label": self.random.choice(words.KEYS),
            "key_hash": hashlib.sha256(f"key {number}".encode()).hexdigest(),
            "created_on": user["created_at"].date(),
            "last_used_at": self.random.choice([None, user["created_at"] + timedelta(days=40)]),
        })  # fmt: skip

    def _project(self, account: Row, owner: Row) -> Row:
        starts = owner["created_at"].date() + timedelta(days=self.random.randint(1, 60))
        return self.put("projects", {
            "id": self.next_id("projects"), "account_id": account["id"], "owner_id": owner["id"],
            "title": self.random.choice(words.PROJECTS), "group": self.random.choice(words.GROUPS),
            "budget": self.random.choice([None, Decimal("1250.00"), Decimal("48300.75")]), "starts_on": starts,
            "ends_on": self.random.choice([None, starts + timedelta(days=120)]),
        })  # fmt: skip

    def _document(self, project: Row, author: Row) -> Row:
        number = self.next_id("documents")
        title, text = self.random.choice(words.DOCUMENTS)
        before = [row["id"] for row in self.rows["documents"][-3:] if row["author_id"] == author["id"]]
        return self.put("documents", {
            "id": number, "project_id": project["id"], "author_id": author["id"], "title": f"{title} {number}",
            "text": text, "created_at": _at(project["starts_on"] + timedelta(days=self.random.randint(0, 90)), 11),
            "replaces_id": before[-1] if before and self.random.random() < 0.2 else None,
        })  # fmt: skip

    def _asks(self, name: str, email: str, *, user: Row, language: str = "lv") -> None:
        """Somebody who wrote to support, and whom staff wrote or called back to help (M-3)."""
        contact = self.put("contacts", {
            "id": self.next_id("contacts"), "user_id": user["id"], "name": name, "email": email,
            "phone": user["phone"], "language": language,
        })  # fmt: skip
        opened = user["created_at"] + timedelta(days=self.random.randint(2, 60))
        for _ in range(self.random.randint(1, 3)):
            opened += timedelta(days=self.random.randint(1, 30))
            self._ticket(contact, opened)
        for _ in range(self.random.randint(1, 2)):
            self.put("contact_log", {
                "id": self.next_id("contact_log"), "contact_id": contact["id"],
                "staff_name": self.random.choice(words.STAFF)[0], "channel": self.random.choice(["email", "phone"]),
                "purpose": self.random.choice(words.PURPOSES), "at": opened + timedelta(hours=5),
            })  # fmt: skip

    def _ticket(self, contact: Row, opened: datetime) -> None:
        number = self.next_id("tickets")
        subject, question, answer = self.random.choice(words.TICKETS)
        closed = self.random.random() < 0.8
        own = [row["id"] for row in self.rows["tickets"] if row["contact_id"] == contact["id"]]
        self.put("tickets", {
            "id": number, "contact_id": contact["id"], "subject": subject, "status": "closed" if closed else "open",
            "tags": self.random.sample(words.TAGS, self.random.randint(0, 2)), "opened_at": opened,
            "closed_at": opened + timedelta(days=2) if closed else None,
            "merged_into_id": own[-1] if own and self.random.random() < 0.2 else None,
        })  # fmt: skip
        for line, (who, text) in enumerate((("person", question), ("staff", answer)), start=1):
            self.put("ticket_messages", {
                "ticket_id": number, "line": line, "from": who, "at": opened + timedelta(hours=line), "text": text,
            })  # fmt: skip

    def _support_sessions(self) -> None:
        """Staff in an Account: who, why, under which contract, from when to when, and what they did (M-5)."""
        for account in self.rows["accounts"]:
            if account["id"] % 4 != 1 and not account["address"].startswith("igorsokolov"):
                continue
            inside = [row["id"] for row in self.rows["users"] if row["account_id"] == account["id"]]
            number = self.next_id("access_sessions")
            staff, role = self.random.choice(words.STAFF)
            started = account["created_at"] + timedelta(days=self.random.randint(10, 25))
            self.put("access_sessions", {
                "id": number, "account_id": account["id"], "staff_name": staff, "staff_role": role,
                "reason": self.random.choice(words.REASONS), "contract": f"L-{2022 + number % 5}/{number:03d}",
                "started_at": started, "ended_at": started + timedelta(minutes=50),
            })  # fmt: skip
            for line in range(1, self.random.randint(3, 6)):
                self.put("access_actions", {
                    "session_id": number, "line": line, "at": started + timedelta(minutes=line * 7),
                    "action": self.random.choice(words.ACTIONS), "user_id": self.random.choice([None, *inside]),
                })  # fmt: skip

    def _phone(self) -> str:
        return f"+371 00 {self.random.randint(0, 999):03d} {self.random.randint(0, 999):03d}"


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC)
