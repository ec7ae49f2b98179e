"""Generates SoftFirm's rows: a pure function without a clock, so that two machines hold the same data."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.cli.samples import softfirm_words as words
from app.cli.samples.making import Maker, Row, Rows
from app.cli.samples.softfirm_tables import REGISTRY, SITE

FIRST_DAY = date(2022, 9, 5)
USERS = 230
VISITORS = 90
SIGN_INS_OF_THE_LARGE_ONE = 900


def generate() -> Rows:
    """All rows by table name, parents before children."""
    return _Maker().make()


class _Maker(Maker):
    first_names, last_names = words.FIRST_NAMES, words.LAST_NAMES

    def __init__(self) -> None:
        super().__init__(152, REGISTRY, SITE)

    def make(self) -> Rows:
        for _ in range(USERS):
            self._user(self.name())
        for _ in range(VISITORS):
            self._cookies(None, self.day(FIRST_DAY))
        self._special_people()
        return dict(self.rows)

    def name(self) -> str:
        """As Russians are called: a woman's surname has an ending of its own."""
        if self.random.random() < 0.5:
            return super().name()
        return f"{self.random.choice(words.WOMEN)} {self.random.choice(self.last_names)}а"

    def _special_people(self) -> None:
        """The people of PEOPLE, each with what makes them worth a look."""
        igor = self._user("Игорь Соколов", "igor.sokolov@example.com")
        old = self._user("Соколов И. В.", "i.sokolov@example.net", mails=1)
        old["active"], old["merged_into_id"], igor["merged_into_id"] = False, igor["id"], old["id"]
        self._transfer(igor, words.TRANSFERS[0])
        for name in ("Мария Кузнецова", "Пётр Кузнецов"):
            self._user(name, "kuznetsovy@example.com")
        self._minor(self._user("Анна Озола", "anna.ozola@example.com"))
        self._user("Алексей Смирнов", "alexey.smirnov@example.com")
        self._user("Алексей Смирнов", "a.smirnov@example.net", sign_ins=1, mails=1)["mobile"] = None
        artem = self._user("Артём Д'Анжело", "artem.dangelo@example.com")
        self._change(artem, "name", '=HYPERLINK("https://example.com";"имя")', "<b>Артём</b> Д’Анжело")
        self._change(artem, "name", "<b>Артём</b> Д’Анжело", artem["Name"])
        vera = self._user("Вера Ильина", "vera.ilyina@example.com")
        for consent in self.rows["consent"][-2:]:
            consent["withdrawn_on"] = consent["given_on"] + timedelta(days=200)
        self._transfer(vera, words.TRANSFERS[2])
        self._user("Юрий Щербаков", "yuri.shcherbakov@example.com", sign_ins=SIGN_INS_OF_THE_LARGE_ONE)
        self._mail("zoya.asks@example.org", None, self.day(FIRST_DAY))

    def _user(self, name: str, email: str = "", *, sign_ins: int = 0, mails: int = 0) -> Row:
        number = self.next_id("user")
        since = self.day(FIRST_DAY)
        user = self.put("user", {
            "id": number, "number": f"SF-{number:06d}", "Name": name,
            "mobile": self._mobile() if self.random.random() < 0.9 else None, "email": email or self.email(name),
            "registration": {"ip": self._ip(), "form": self.random.choice(["сайт", "программа"])},
            "active": self.random.random() < 0.95, "created_at": self._instant(since), "merged_into_id": None,
        })  # fmt: skip
        self._consents(user, since)
        for _ in range(sign_ins or self.random.randint(4, 12)):
            self._sign_in(user, since)
        self._cookies(user, since)
        for _ in range(mails or self.random.randint(1, 4)):
            self._mail(user["email"], name, since)
        if not email and self.random.random() < 0.3:
            self._change(user, "mobile", self._mobile(), user["mobile"])
        if not email and self.random.random() < 0.06:
            self._transfer(user, self.random.choice(words.TRANSFERS))
        return user

    def _consents(self, user: Row, since: date) -> None:
        for kind in words.KINDS:
            taken_back = kind != "processing" and self.random.random() < 0.1
            self.put("consent", {
                "user_id": user["id"], "kind": kind, "given_on": since,
                "withdrawn_on": since + timedelta(days=self.random.randint(5, 150)) if taken_back else None,
                "ip": user["registration"]["ip"], "wording": self.random.choice(["2022-09", "2024-01"]),
            })  # fmt: skip

    def _minor(self, user: Row) -> None:
        """Under 16 in the EU: a legal representative consented in due form (R-4)."""
        since = self.rows["consent"][-1]["given_on"]
        self.put("representative", {
            "user_id": user["id"], "full_name": "Марис Озолс", "email": "maris.ozols@example.com",
            "mobile": self._mobile(), "received_on": since, "accepted_on": since + timedelta(days=3),
            "revoked_on": None,
        })  # fmt: skip

    def _change(self, user: Row, column: str, old: str | None, new: str | None) -> None:
        entry = 1 + sum(row["user_id"] == user["id"] for row in self.rows["change"])
        at = user["created_at"].replace(tzinfo=None) + timedelta(days=30 * entry)
        self.put("change", {"user_id": user["id"], "no": entry, "at": at, "column": column, "old": old, "new": new})

    def _transfer(self, user: Row, what: tuple[str, str, list[str]]) -> None:
        recipient, basis, fields = what
        day = user["created_at"].date() + timedelta(days=self.random.randint(60, 300))
        self.put("transfer", {
            "id": self.next_id("transfer"), "user_id": user["id"], "on": day, "recipient": recipient,
            "basis": basis % f"{day:%y}", "fields": fields,
        })  # fmt: skip

    def _sign_in(self, user: Row, since: date) -> None:
        number = self.next_id("sign_in")
        ok = self.random.random() < 0.93
        self.put("sign_in", {
            "id": number, "account": user["number"], "at": self._instant(self.day(since, days=300)), "ip": self._ip(),
            "ok": ok, "seconds": Decimal(self.random.randint(40, 9_000)) / 1000,
            "SessionKey": hashlib.sha256(f"session {number}".encode()).hexdigest() if ok else None,
        })  # fmt: skip

    def _cookies(self, user: Row | None, since: date) -> None:
        """What somebody chose in one browser, now and then twice; who closed the question chose nothing."""
        visitor = str(UUID(int=self.random.getrandbits(128), version=4))
        at = self.moment(since)
        for later in range(self.random.choice([1, 1, 2])):
            self.put("cookie_choice", {
                "visitor": visitor, "at": at + timedelta(days=90 * later), "account": user and user["number"],
                "ip": self._ip(),
                "choice": self.random.choice([{"usability": True, "statistics": later == 0},
                                              {"usability": True, "statistics": False}, None]),
            })  # fmt: skip

    def _mail(self, email: str, name: str | None, since: date) -> None:
        number, when = self.next_id("newsletter_log"), self.moment(self.day(since, days=300))
        subject = self.random.choice(words.SUBJECTS)
        for again in range(2 if self.random.random() < 0.05 else 1):
            self.put("newsletter_log", {
                "id": number + again, "email": email, "name": name, "subject": subject,
                "when": when + timedelta(hours=again), "repeats_id": number if again else None,
            })  # fmt: skip

    def _instant(self, day: date) -> datetime:
        return self.moment(day).replace(tzinfo=UTC)

    def _ip(self) -> str:
        return f"203.0.113.{self.random.randint(1, 254)}"

    def _mobile(self) -> str:
        """In the form of a Russian number; the code 000 is given to nobody."""
        digits = f"{self.random.randint(0, 9_999_999):07d}"
        return f"+7 000 {digits[:3]}-{digits[3:5]}-{digits[5:]}"
