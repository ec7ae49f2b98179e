"""Generates MGT Connect's rows: a pure function without a clock, so that two machines hold the same data."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.cli.samples import mgt_words as words
from app.cli.samples.making import Maker, Row, Rows, plain
from app.cli.samples.mgt_tables import EXCHANGE, LOGS, SERVICE

FIRST_DAY = date(2022, 1, 10)
COMPANIES = 60
DOCUMENTS_OF_THE_LARGE_ONE = 320
TERMS = "terms_accepted"


def generate() -> Rows:
    """All rows by table name, parents before children."""
    return _Maker().make()


class _Maker(Maker):
    first_names, last_names = words.FIRST_NAMES, words.LAST_NAMES

    def __init__(self) -> None:
        super().__init__(205, EXCHANGE, SERVICE, LOGS)

    def make(self) -> Rows:
        for number, (title, kind) in enumerate(words.SURVEYS, 1):
            starts = FIRST_DAY + timedelta(days=300 * number)
            self.put("surveys", {"id": number, "title": title, "kind": kind, "starts_on": starts,
                                 "ends_on": starts + timedelta(days=21)})  # fmt: skip
        for at in range(COMPANIES):
            self._company(at)
        for company in self.rows["companies"]:
            self._people_of(company)
        self._special_people()
        return dict(self.rows)

    # --- companies and who works for them

    def _company(self, at: int, name: str = "", email: str = "") -> Row:
        base = words.COMPANIES[at % len(words.COMPANIES)]
        number = self.next_id("companies")
        city, postcode = self.random.choice(words.PLACES)
        eik = _eik(10_000_000 + at * 37)
        return self.put("companies", {
            "id": number, "contract_no": f"MGT-{number:05d}",
            "legalName": name or f"„{base} {at // len(words.COMPANIES) + 1}“ {self.random.choice(words.FORMS)}",
            "eik": eik, "vat_no": f"BG{eik}" if self.random.random() < 0.8 else None,
            "email": email or f"office{number}@{plain(base)}.example.com", "phone": self._phone(),
            "street": f"{self.random.choice(words.STREETS)} {self.random.randint(1, 120)}", "city": city,
            "postcode": postcode, "status": "active",
            "settings": {"language": self.random.choice(["bg", "en"]), "sign": self.random.random() < 0.5},
            "registered_on": self.day(FIRST_DAY, days=600),
            "parent_id": self.random.randint(1, number - 1) if number > 1 and self.random.random() < 0.15 else None,
        })  # fmt: skip

    def _people_of(self, company: Row) -> None:
        for _ in range(self.random.randint(1, 3)):
            account = self._account(self.name())
            self._work_for(account, company)
            self._send(account, company, self.random.randint(2, 6))
            self._use(account, self.random.randint(4, 12))
            if self.random.random() < 0.6:
                self._ticket(account["fullName"], account["email"], account)
            if self.random.random() < 0.4:
                self._answer(account["email"], self.random.randint(1, len(words.SURVEYS)))
            self._legal(account["fullName"], account["email"], TERMS)
            if self.random.random() < 0.1:
                self._legal(account["fullName"], account["email"], self.random.choice(["dispute", "authority_order"]))

    def _special_people(self) -> None:
        """The people of PEOPLE, each with what makes them worth a look."""
        one, two, three = self.rows["companies"][:3]
        self._ana(one, two)
        for email in ("maria.georgieva@example.com", "m.georgieva@example.net"):
            self._user("Мария Георгиева", email, two)
        for name in ("Стоян Колев", "Радка Колева"):
            self._user(name, "kolevi@example.com", three)
        self._ticket("Радка Колева", "kolevi@example.com", self.rows["accounts"][-1])
        young = self._user("Никола Тодоров", "nikola.todorov@example.com", one)
        young.update(position="стажант", guardian="Цвета Тодорова, tsveta.todorova@example.com")
        self._sole_trader()
        self._patrick(two)
        self._erased_herself()
        large = self._user("Димитър Щерев-Йорданов", "dimitar.shterev@example.com", three, documents=0)
        self._send(large, three, DOCUMENTS_OF_THE_LARGE_ONE)
        self._use(large, 400)

    def _ana(self, *companies: Row) -> None:
        """Bookkeeper of two companies, each with an account of its own; a request, a survey and a legal record too."""
        for company in companies:
            self._user("Ana-Maria Ionescu", "ana.ionescu@example.com", company)
        first = self._ticket("Ana-Maria Ionescu", "ana.ionescu@example.com", self.rows["accounts"][-1])
        self._ticket("Ana-Maria Ionescu", "ana.ionescu@example.com", None)["follows_id"] = first["id"]
        self._answer("ana.ionescu@example.com", 1)
        self._legal("Ana-Maria Ionescu", "ana.ionescu@example.com", "mandate")

    def _sole_trader(self) -> None:
        """She is her company: one mailbox for both."""
        company = self._company(77, "ЕТ „Ирина Пенчева – Билки“", "irina.pencheva@example.com")
        self._user("Ирина Пенчева", "irina.pencheva@example.com", company, documents=4)

    def _patrick(self, company: Row) -> None:
        """Cannot sign in any more; wrote what a spreadsheet or a browser might take for more than words."""
        patrick = self._user("Patrick O'Neill", "patrick.oneill@example.com", company)
        patrick.update(active=False, preferences={"signature": "<script>alert('sample')</script>"})
        ticket = self._ticket("Patrick O'Neill", "patrick.oneill@example.com", patrick)
        ticket["subject"] = '=HYPERLINK("https://example.com","Re: delivery")'
        self.rows["ticket_messages"][-1]["body"] = "+1 <b>for</b> that & “thanks”"

    def _erased_herself(self) -> None:
        """Her account is gone, and with it her logs; what she wrote to support and the legal record stay (G-1, G-3)."""
        self._ticket("Калина Бояджиева", "kalina.boyadzhieva@example.com", None)
        self._legal("Калина Бояджиева", "kalina.boyadzhieva@example.com", TERMS)

    def _user(self, name: str, email: str, company: Row, *, documents: int = 1) -> Row:
        account = self._account(name, email)
        self._work_for(account, company)
        if documents:
            self._send(account, company, documents)
            self._use(account, 2)
        return account

    # --- rows of the exchange

    def _account(self, name: str, email: str = "") -> Row:
        number = self.next_id("accounts")
        created = self.moment(self.day(FIRST_DAY, days=900))
        account = self.put("accounts", {
            "id": number, "login": f"{plain(name)}{number}", "fullName": name, "email": email or self.email(name),
            "phone": self._phone() if self.random.random() < 0.8 else None,
            "position": self.random.choice(words.POSITIONS), "language": "en" if name.isascii() else "bg",
            "guardian": None,
            "password_hash": "$argon2id$sample$" + hashlib.sha256(f"password {number}".encode()).hexdigest(),
            "totp_secret": f"SAMPLE{number:010d}" if self.random.random() < 0.3 else None, "active": True,
            "preferences": {"rows": self.random.choice([20, 50]), "digest": self.random.choice(["daily", "never"])},
            "created_at": created,
        })  # fmt: skip
        for kind, where in (("third_party_offers", "account creation"), ("own_news", "account settings")):
            if self.random.random() < 0.5:
                self.put("consents", {
                    "account_id": number, "kind": kind, "where": where, "given_at": created,
                    "withdrawn_at": created + timedelta(days=90) if self.random.random() < 0.2 else None,
                })  # fmt: skip
        return account

    def _work_for(self, account: Row, company: Row) -> None:
        since = account["created_at"].date()
        self.put("members", {
            "account_id": account["id"], "company_id": company["id"], "role": self.random.choice(words.ROLES),
            "since": since, "until": since + timedelta(days=400) if self.random.random() < 0.1 else None,
        })  # fmt: skip

    def _send(self, account: Row, company: Row, count: int) -> None:
        others = [row["id"] for row in self.rows["companies"] if row["id"] != company["id"]]
        for _ in range(count):
            number = self.next_id("documents")
            issued = account["created_at"].date() + timedelta(days=self.random.randint(1, 500))
            price = Decimal(self.random.randint(500, 90_000)) / 100
            kind = self.random.choice(words.DOCUMENTS)
            priced = kind != "contract"
            earlier = self.rows["documents"][-1] if self.rows["documents"] else None
            answers = earlier is not None and earlier["from"] == company["id"] and self.random.random() < 0.1
            self.put("documents", {
                "id": number, "reference": f"{1_000_000 + number * 3:010d}", "kind": kind, "from": company["id"],
                "to": self.random.choice(others), "sent_by": account["id"], "issued_on": issued,
                "total": price if priced else None, "currency": "EUR" if priced else None,
                "content": {"lines": [{"goods": self.random.choice(words.GOODS), "quantity": 1}]} if priced else None,
                "answers_id": earlier["id"] if answers and earlier else None,
            })  # fmt: skip
            self._steps(number, account, issued)

    def _steps(self, document: int, account: Row, day: date) -> None:
        at = self._at(day)
        for step, event in enumerate(words.EVENTS[: self.random.randint(2, 4)], 1):
            at += timedelta(seconds=self.random.randint(20, 9_000))
            self.put("transactions", {
                "document_id": document, "step": step,
                "account_id": None if event == "delivered" else account["id"], "event": event, "at": at,
                "note": self.random.choice(words.NOTES),
            })  # fmt: skip

    # --- rows of service and logs

    def _ticket(self, name: str, email: str, account: Row | None) -> Row:
        number = self.next_id("tickets")
        subject, body = self.random.choice(words.SUBJECTS)
        at = self._at(self.day(date(2024, 12, 2), days=600))
        ticket = self.put("tickets", {
            "id": number, "account_id": account["id"] if account else None, "requesterName": name, "email": email,
            "phone": account["phone"] if account else None, "channel": self.random.choice(["mail", "phone", "form"]),
            "subject": subject, "group": self.random.choice(words.GROUPS), "opened_at": at,
            "closed_at": at + timedelta(days=3) if self.random.random() < 0.8 else None,
            "labels": self.random.sample(words.LABELS, self.random.randint(0, 2)), "follows_id": None,
        })  # fmt: skip
        for line, text in enumerate((body, self.random.choice(words.REPLIES)), 1):
            self.put("ticket_messages", {
                "ticket_id": number, "line": line, "from_customer": line == 1, "body": text,
                "at": at + timedelta(hours=line), "attachments": ["екран.png"] if self.random.random() < 0.1 else None,
            })  # fmt: skip
        return ticket

    def _answer(self, email: str, survey: int) -> None:
        starts = self.rows["surveys"][survey - 1]["starts_on"]
        self.put("survey_answers", {
            "survey_id": survey, "email": email, "answered_on": starts + timedelta(days=self.random.randint(0, 20)),
            "answers": {"1": self.random.choice(["да", "не", "yes"]), "2": self.random.choice(words.ANSWERS)},
            "rating": self.random.choice([None, 3, 4, 5]),
        })  # fmt: skip

    def _legal(self, name: str, email: str, kind: str) -> None:
        number = self.next_id("legal_records")
        opened = self.day(FIRST_DAY)
        self.put("legal_records", {
            "id": f"LR-{number:05d}", "kind": kind, "partyName": name, "email": email, "opened_on": opened,
            "closed_on": opened + timedelta(days=60) if kind == "dispute" else None,
            "amount": Decimal("148.50") if kind == "dispute" else None, "summary": dict(words.LEGAL)[kind],
        })  # fmt: skip

    def _use(self, account: Row, entries: int) -> None:
        kind, system, browser = self.random.choice(words.DEVICES)
        at = self._at(account["created_at"].date())
        device = self.put("devices", {
            "id": str(UUID(int=self.random.getrandbits(128), version=4)), "account_id": account["id"], "kind": kind,
            "system": system, "browser": browser, "ip_address": f"203.0.113.{self.random.randint(1, 254)}",
            "screen": {"width": self.random.choice([390, 1280, 1920]), "dark": self.random.random() < 0.3},
            "lastSeen": None, "push_token": f"sample-token-{account['id']}" if kind == "phone" else None,
        })  # fmt: skip
        for entry in range(1, entries + 1):
            at += timedelta(minutes=self.random.randint(1, 3_000))
            action = self.random.choice(words.ACTIONS)
            self.put("activity", {
                "account_id": account["id"], "entry": entry, "at": at, "action": action, "device_id": device["id"],
                "details": {"ok": action != "sign_in_failed"} if self.random.random() < 0.5 else None,
                "keep_days": 365 if action.startswith("sign_in") else 90,
            })  # fmt: skip
        device["lastSeen"] = at.replace(tzinfo=None)

    def _at(self, day: date) -> datetime:
        return self.moment(day).replace(tzinfo=UTC)

    def _phone(self) -> str:
        """No number in Bulgaria begins with 1 behind the country's code."""
        return f"+359 100 {self.random.randint(0, 999):03d} {self.random.randint(0, 999):03d}"


def _eik(eight: int) -> str:
    """In the form of a company number, with a last digit that is wrong: it can be nobody's."""
    digits = [int(one) for one in f"{eight:08d}"]
    check = sum(at * one for at, one in enumerate(digits, 1)) % 11
    if check == 10:
        check = sum(at * one for at, one in enumerate(digits, 3)) % 11 % 10
    return f"{eight:08d}{(check + 1) % 10}"
