"""Rows for the tests of single migrations: `before_<revision>(engine)` writes them at the revision before and gives
what `after_<revision>(engine, given)` then checks. The first migration starts from nothing."""

from sqlalchemy import Engine, text

AT = "2026-03-01 12:00:00"


def before_0002(engine: Engine) -> str:
    """A case filed under the second version of a law, and a letter of it."""
    with engine.begin() as connection:
        for sentence in (
            f"INSERT INTO controller (id, slug, name, created_at) VALUES (900, 'old', 'Old', '{AT}')",
            "INSERT INTO policy_version (id, controller_id, number, document, datasets, regime, regime_version, digest,"
            f" applied_at) VALUES (900, 900, 1, '{{}}', '{{}}', 'gdpr', '2', 'd', '{AT}')",
            'INSERT INTO "case" (id, controller_id, reference, submission, "right", status, policy_version_id,'
            " language, channel, capacity, personal, received_at, filed_at, due_order, version)"
            " VALUES (900, 900, 'OLD', 'S', 'access', 'open', 900, 'en', 'web', 'self', '',"
            f" '{AT}', '{AT}', '9999-12-31', 1)",
            "INSERT INTO letter (id, controller_id, public_id, case_id, kind, inputs, written_at)"
            f" VALUES (900, 900, 'old', 900, 'refusal', '', '{AT}')",
        ):
            connection.execute(text(sentence))
    return "OLD"


def after_0002(engine: Engine, reference: str) -> None:
    """It stands under the version of the law that its controller file named, and the letter has no mail kept."""
    with engine.connect() as connection:
        found = connection.execute(
            text('SELECT regime_version, status FROM "case" WHERE reference = :reference'), {"reference": reference}
        ).one()
        letter = connection.execute(text("SELECT mail, kind FROM letter WHERE public_id = 'old'")).one()
    assert tuple(found) == ("2", "open")
    assert tuple(letter) == (None, "refusal")


def before_0003(engine: Engine) -> int:
    """A person's message on a case, from before files could be sent."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO message (id, controller_id, public_id, case_id, direction, kind, body, written_at)"
                f" VALUES (900, 900, 'old', 900, 'from_person', 'message', '', '{AT}')"
            )
        )
    return 900


def after_0003(engine: Engine, case_id: int) -> None:
    """What was written is there still, and the case has no evidence."""
    with engine.connect() as connection:
        count = "SELECT count(*) FROM %s WHERE case_id = :case"
        assert connection.execute(text(count % "message"), {"case": case_id}).scalar_one() == 1
        assert connection.execute(text(count % "evidence"), {"case": case_id}).scalar_one() == 0


def before_0004(engine: Engine) -> None:
    """A member of staff with a session, one that waits for its code, and a person let into a request."""
    with engine.begin() as connection:
        for sentence in (
            f"INSERT INTO login (id, email, name, created_at) VALUES (900, 'old@example.com', 'Old', '{AT}')",
            *(
                'INSERT INTO session (id_hash, login_id, stage, "references", started_at, last_seen_at, expires_at)'
                f" VALUES ('{stage}', {login}, '{stage}', '[]', '{AT}', '{AT}', '{AT}')"
                for stage, login in (("full", "900"), ("password", "900"), ("person", "NULL"))
            ),
        ):
            connection.execute(text(sentence))


def after_0004(engine: Engine, _: None) -> None:
    """Who had come in with both factors had shown the second one when they came; nobody else had."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT stage, proved_at = started_at, device, network FROM session"))
        assert {row[0]: (row[1] and True, row[2], row[3]) for row in found} == {
            "full": (True, None, None), "password": (None, None, None), "person": (None, None, None),
        }  # fmt: skip


def before_0005(engine: Engine) -> None:
    """An identity that was proven by a code, from before anybody could act for somebody else."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO identity (id, controller_id, case_id, kind, value, digest, proven_by, proven_at)"
                f" VALUES (900, 900, 900, 'email', '', 'd', 'email_code', '{AT}')"
            )
        )


def after_0005(engine: Engine, _: None) -> None:
    """It is the person's own, and nobody was asked for more."""
    with engine.connect() as connection:
        found = connection.execute(text('SELECT "of", proven_by FROM identity WHERE id = 900')).one()
        assert tuple(found) == ("subject", "email_code")
        assert connection.execute(text("SELECT count(*) FROM proof_step")).scalar_one() == 0


def before_0006(engine: Engine) -> None:
    """A browser that is signed in, and one that was let into a request, from before people had a sign-in."""
    with engine.begin() as connection:
        for stage, login in (("full", "900"), ("person", "NULL")):
            connection.execute(
                text(
                    'INSERT INTO session (id_hash, login_id, stage, "references", started_at, last_seen_at, expires_at,'
                    f" proved_at, device, network) VALUES ('0006-{stage}', {login}, '{stage}', '[]', '{AT}', '{AT}',"
                    f" '{AT}', '{AT}', 'Firefox', '192.0.2.0')"
                )
            )


def after_0006(engine: Engine, _: None) -> None:
    """Both are signed in as before, with all that was known of them; and nobody has a sign-in of their own."""
    with engine.connect() as connection:
        found = connection.execute(text("SELECT stage, device, network FROM session WHERE device IS NOT NULL"))
        assert {tuple(row) for row in found} == {(stage, "Firefox", "192.0.2.0") for stage in ("full", "person")}
        own = "SELECT count(*) FROM login WHERE own_since IS NOT NULL OR address_proven_at IS NOT NULL"
        assert connection.execute(text(own)).scalar_one() == 0
