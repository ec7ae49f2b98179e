"""Generates ispmanager's rows: a pure function without a clock, so that two machines hold the same data."""

import hashlib
from datetime import UTC, date, timedelta
from decimal import Decimal

from app.cli.samples import ispmanager_words as words
from app.cli.samples.ispmanager_tables import CLIENTS, HELPDESK, LOGS
from app.cli.samples.making import Maker, Row, Rows, plain

FIRST_DAY = date(2022, 1, 10)
COMPANIES = 60
PRIVATE = 55
ENTRIES_OF_THE_LARGE_ONE = 2400


def generate() -> Rows:
    """All rows by table name, parents before children."""
    return _Maker().make()


class _Maker(Maker):
    first_names, last_names = words.FIRST_NAMES, words.LAST_NAMES

    def __init__(self) -> None:
        super().__init__(30302, CLIENTS, HELPDESK, LOGS)

    def make(self) -> Rows:
        for at in range(COMPANIES):
            self._company(at)
        for _ in range(PRIVATE):
            self._private_client(self.name())
        self._people_of_several_places()
        self._people_who_are_mixed_up()
        self._special_values()
        return dict(self.rows)

    def _company(self, at: int) -> None:
        base = words.COMPANIES[at % len(words.COMPANIES)]
        name = f"{base} {at // len(words.COMPANIES) + 1} Ltd"
        account = self._account("company", name, f"office{at + 1}@{plain(base)}.example.com")
        account["taxNumber"] = f"CY0000{at:04d}X"
        roles = ["owner", *self.random.sample(["billing", "technician"], self.random.randint(0, 1))]
        users = [self._user(account, self.name(), role=role) for role in roles]
        for user in users:
            if self.random.random() < 0.5:
                self._ticket(self._requester(user["fullName"], user["email"], account))
        if at % 4 == 0:
            self._trust(users[0], self.name(), "")
        self._paid(account, times=self.random.randint(1, 4))

    def _private_client(self, name: str, email: str = "", *, payments: int = 2) -> tuple[Row, Row]:
        """The account of a private person, and its one user."""
        email = email or self.email(name)
        account = self._account("person", name, email)
        user = self._user(account, name, email, role="owner")
        self._paid(account, times=payments)
        if self.random.random() < 0.6:
            self._ticket(self._requester(name, email, account))
        return account, user

    def _people_of_several_places(self) -> None:
        """Known at more than one organisation, or at more than one place of this one."""
        companies = [row for row in self.rows["accounts"] if row["kind"] == "company"]
        for company in companies[:2]:
            self._user(company, "Ana-Maria Ionescu", "ana.ionescu@example.com", role="technician")
        self._ticket(self._requester("Ana-Maria Ionescu", "ana.ionescu@example.com", companies[0]))
        self._private_client("Jānis Bērziņš", "janis.berzins@example.com")
        trusting = next(row for row in self.rows["users"] if row["account_id"] == companies[2]["id"])
        self._trust(trusting, "Jānis Bērziņš", "janis.berzins@example.com")
        new, _ = self._private_client("Игорь Соколов", "igor.sokolov@example.com")
        old, same = self._private_client("Igor Sokolov", "igor.sokolov@example.net", payments=1)
        old["merged_into_id"], same["email"] = new["id"], "igor.sokolov@example.com"
        asked = self._requester("Игорь Соколов", "igor.sokolov@example.com", new)
        first, second = self._ticket(asked, "ru"), self._ticket(asked, "ru")
        second.update(status="merged", merged_into_id=first["id"])

    def _people_who_are_mixed_up(self) -> None:
        """Two in one mailbox, a child and her mother, two of one name."""
        for name in ("Анна Орлова", "Павел Орлов"):
            self._private_client(name, "orlovy@example.com")
        child, user = self._private_client("Sofia Andreou", "sofia.andreou@example.com", payments=1)
        child["phone"], user["phone"], user["birth_date"] = None, None, date(2013, 9, 14)
        self.put("guardians", {
            "user_id": user["id"], "full_name": "Eleni Andreou", "email": "eleni.andreou@example.com",
            "phone": self._phone(), "consent_given_at": user["created_at"].replace(tzinfo=UTC),
            "how_verified": "Video call of 20 minutes with an identity card",
        })  # fmt: skip
        self._private_client("Maria Georgiou", "maria.georgiou@example.com")
        self._private_client("Maria Georgiou", "m.georgiou@example.net", payments=1)

    def _special_values(self) -> None:
        """Texts that other programs may take for a formula or for markup, somebody outside, and the large one."""
        account, liam = self._private_client("Liam O'Connor", "liam.oconnor@example.com")
        liam["nickname"], liam["google_account_id"] = "=1+1", "100000000000000000001"
        ticket = self._ticket(self._requester("Liam O'Connor", "liam.oconnor@example.com", account), "en")
        ticket["subject"] = "<script>alert('sample')</script>"
        outside = self._requester("Катерина Лазарева", "katerina.lazareva@example.org", None)
        self._ticket(outside, talk=words.TALK_OF_SOMEBODY_ELSES_CLIENT)
        _, busy = self._private_client("Константин Волков", "konstantin.volkov@example.com", payments=12)
        self._logged(busy, entries=ENTRIES_OF_THE_LARGE_ONE, after=100)

    def _account(self, kind: str, name: str, email: str) -> Row:
        number = self.next_id("accounts")
        city, postcode, country = self.random.choice(words.PLACES)
        return self.put("accounts", {
            "id": number, "number": f"IM-{number:05d}", "kind": kind, "name": name, "email": email,
            "phone": self._phone(), "street": f"{self.random.choice(words.STREETS)} {self.random.randint(1, 90)}",
            "city": city, "postcode": postcode, "country": country, "taxNumber": None,
            "billing_details": {"invoice_to": name, "reference": self.random.choice(["", "к оплате", "№ 7/2"]),
                                "by_post": self.random.random() < 0.2},
            "language": self.random.choice(["en", "ru"]), "opened_on": self.day(FIRST_DAY), "merged_into_id": None,
        })  # fmt: skip

    def _user(self, account: Row, name: str, email: str = "", *, role: str) -> Row:
        number = self.next_id("users")
        created = self.moment(account["opened_on"])
        user = self.put("users", {
            "id": number, "account_id": account["id"], "login": f"{plain(name)}{number}",
            "email": email or self.email(name), "fullName": name, "nickname": self.random.choice(words.NICKNAMES),
            "phone": self._phone() if self.random.random() < 0.7 else None,
            "google_account_id": f"1000000000000{number:08d}" if self.random.random() < 0.3 else None,
            "birth_date": None,
            "password_hash": "$argon2id$sample$" + hashlib.sha256(f"panel {number}".encode()).hexdigest(),
            "totp_secret": f"SAMPLE{number:04d}" if self.random.random() < 0.3 else None, "role": role,
            "settings": {"theme": self.random.choice(["light", "dark"]), "backup": {"to": self.random.choice(
                ["own server", "облако", None]), "daily": self.random.random() < 0.5}},
            "enabled": self.random.random() < 0.95, "created_at": created,
        })  # fmt: skip
        self._choices(user)
        self._device(user)
        self._logged(user, entries=self.random.randint(2, 6))
        return user

    def _choices(self, user: Row) -> None:
        at = user["created_at"].replace(tzinfo=UTC)
        for purpose in ("news", "contests"):
            if self.random.random() < 0.5:
                over = at + timedelta(days=self.random.randint(5, 300)) if self.random.random() < 0.3 else None
                self.put("consents", {
                    "user_id": user["id"], "purpose": purpose, "given_at": at, "withdrawn_at": over,
                    "wording": self.random.choice(["2022-01", "2024-06"]),
                })  # fmt: skip
        for kind, party, lasts in words.COOKIES:
            self.put("cookie_choices", {
                "user_id": user["id"], "kind": kind, "party": party, "lasts": lasts, "chosen_at": at,
                "allowed": kind in words.NEEDED_COOKIES or self.random.random() < 0.5,
            })  # fmt: skip

    def _paid(self, account: Row, *, times: int) -> None:
        name, price = self.random.choice(words.PRODUCTS)
        for order in range(1, times + 1):
            starts = account["opened_on"] + timedelta(days=30 * (order - 1))
            self.put("licences", {
                "account_id": account["id"], "order": order, "product": f"ispmanager {name}", "limit": None,
                "activation_key": hashlib.sha256(f"key {account['id']} {order}".encode()).hexdigest()[:20],
                "server_ip": self._address(), "starts_on": starts,
                "ends_on": starts + timedelta(days=self.random.randint(28, 31)), "auto_renew": order < times,
            })  # fmt: skip
            payment = self.put("payments", {
                "id": self.next_id("payments"), "account_id": account["id"], "order": order,
                "paid_at": self.moment(starts), "amount": Decimal(price) * self.random.randint(1, 3), "currency": "EUR",
                "method": self.random.choice(words.METHODS), "payer_name": account["name"], "refunds_id": None,
            })  # fmt: skip
            if self.random.random() < 0.05:
                self.put("payments", {**payment, "id": self.next_id("payments"), "amount": -payment["amount"],
                                      "refunds_id": payment["id"]})  # fmt: skip

    def _trust(self, user: Row, name: str, email: str) -> None:
        number = self.next_id("trusted_persons")
        self.put("trusted_persons", {
            "id": number, "full_name": name, "email": email or self.email(name), "phone": self._phone(),
            "relation": self.random.choice(words.RELATIONS),
        })  # fmt: skip
        self.put("trusted_access", {
            "user_id": user["id"], "trusted_person_id": number,
            "may": self.random.sample(["read tickets", "renew licences", "see payments"], 2),
            "added_at": user["created_at"].replace(tzinfo=UTC) + timedelta(days=number), "removed_at": None,
        })  # fmt: skip

    def _requester(self, name: str, email: str, account: Row | None) -> Row:
        return self.put("requesters", {
            "id": self.next_id("requesters"), "email": email, "name": name,
            "phone": self._phone() if self.random.random() < 0.3 else None,
            "account_number": account["number"] if account else None,
            "language": account["language"] if account else "ru", "notes": self.random.choice(words.NOTES),
        })  # fmt: skip

    def _ticket(self, requester: Row, language: str = "", *, talk: tuple[str, str, str] | None = None) -> Row:
        number = self.next_id("tickets")
        subject, question, answer = talk or self.random.choice(words.TALKS[language or requester["language"]])
        opened = self.moment(self.day(FIRST_DAY + timedelta(days=200))).replace(tzinfo=UTC)
        closed = opened + timedelta(hours=self.random.randint(2, 90)) if self.random.random() < 0.8 else None
        ticket = self.put("tickets", {
            "id": number, "requester_id": requester["id"], "subject": subject,
            "group": self.random.choice(words.GROUPS), "status": "closed" if closed else "open",
            "tags": self.random.choice([None, ["срочно"], ["licence", "migration"]]), "opened_at": opened,
            "closed_at": closed, "merged_into_id": None,
        })  # fmt: skip
        for at, (who, text) in enumerate((("client", question), ("staff", answer)), start=1):
            self.put("messages", {
                "ticket_id": number, "number": at, "from": who, "body": text,
                "attachments": ["снимок экрана.png"] if who == "client" and self.random.random() < 0.3 else None,
                "sent_at": opened + timedelta(minutes=17 * at),
            })  # fmt: skip
        return ticket

    def _device(self, user: Row) -> None:
        number = self.next_id("devices")
        model, system = self.random.choice(words.SYSTEMS)
        seen = user["created_at"].date()
        self.put("devices", {
            "device_id": f"00000000-0000-4000-8000-{number:012d}", "login": user["login"], "model": model,
            "osVersion": system, "first_seen": seen, "last_seen": seen + timedelta(days=self.random.randint(0, 500)),
        })  # fmt: skip
        if self.random.random() < 0.4:
            self.put("error_reports", {
                "id": self.next_id("error_reports"), "device_id": f"00000000-0000-4000-8000-{number:012d}",
                "at": self.moment(seen).replace(tzinfo=UTC), "product": "ispmanager lite",
                "message": self.random.choice(words.ERRORS),
                "usage": self.random.choice([None, {"memory_mb": 512, "domains": 14}, {"память_мб": 256}]),
            })  # fmt: skip

    def _logged(self, user: Row, *, entries: int, after: int = 0) -> None:
        at = user["created_at"].replace(tzinfo=UTC)
        for entry in range(after + 1, after + entries + 1):
            at += timedelta(minutes=self.random.randint(1, 600))
            self.put("activity", {
                "login": user["login"], "sequence": entry, "at": at, "action": self.random.choice(words.ACTIONS),
                "duration_ms": self.random.randint(3, 90_000), "ip_address": self._address(),
                "parameters": self.random.choice([None, {"domain": "site.example.org"}, {"страница": 2, "ok": True}]),
            })  # fmt: skip
        for _ in range(min(entries, 3)):
            ok = self.random.random() < 0.9
            number = self.next_id("sign_ins")
            self.put("sign_ins", {
                "id": number, "login": user["login"], "at": at + timedelta(minutes=number), "ok": ok,
                "ip_address": self._address(), "browser": self.random.choice(words.BROWSERS),
                "session_token": hashlib.sha256(f"session {number}".encode()).hexdigest() if ok else None,
            })  # fmt: skip

    def _phone(self) -> str:
        """No number in Cyprus begins with 00."""
        return f"+357 00 {self.random.randint(0, 999):03d} {self.random.randint(0, 999):03d}"

    def _address(self) -> str:
        """Of a network that is set aside for examples (RFC 5737, RFC 3849)."""
        if self.random.random() < 0.2:
            return f"2001:db8::{self.random.randint(1, 0xFFFF):x}"
        return f"203.0.113.{self.random.randint(1, 254)}"
