"""The servers that other tests stand on really start, keep databases apart and leave nothing behind."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import servers


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_databases_are_copies_of_their_template_and_apart() -> None:
    def prepare(url: str) -> None:
        with psycopg.connect(plain(url)) as connection:
            connection.execute("CREATE TABLE note (text text)")

    with servers.or_skip(servers.postgres()) as server:
        template = server.template("prepared", prepare)
        with server.database(template) as one, server.database(template) as other:
            with psycopg.connect(plain(one)) as connection:
                connection.execute("INSERT INTO note VALUES ('only here')")
            with psycopg.connect(plain(other)) as connection:
                assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)
        with pytest.raises(psycopg.OperationalError), psycopg.connect(plain(one)):
            pass
    assert not server.answers()


def test_redis_forgets_everything_on_demand_and_ends_with_its_block() -> None:
    with servers.or_skip(servers.redis()) as server, servers.RedisClient.from_url(server.url) as client:
        client.set("job", "1")
        server.forget_everything()
        assert client.get("job") is None
    assert not server.answers()


def test_the_sink_keeps_messages_and_can_refuse_them() -> None:
    message = EmailMessage()
    message["Subject"] = "Jūsu lieta"
    message.set_content("Čau")
    with servers.smtp() as sink:
        address = urlsplit(sink.url)
        with smtplib.SMTP(address.hostname or "", address.port or 0) as client:
            client.send_message(message, "portal@example.org", ["ann@example.org"])
            sink.answer = "451 Later"
            with pytest.raises(smtplib.SMTPDataError):
                client.send_message(message, "portal@example.org", ["ann@example.org"])
    assert [kept["Subject"] for kept in sink.messages] == ["Jūsu lieta"]
    assert sink.envelopes[0].rcpt_tos == ["ann@example.org"]


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    program = """
from tests import servers
import time
with servers.postgres() as database, servers.redis() as broker:
    print(database.port, database.password, broker.url, flush=True)
    time.sleep(60)
"""
    with servers.or_skip(servers.postgres()), servers.or_skip(servers.redis()):
        pass
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        port, password, url = run.stdout.readline().split()
        database, broker = servers.Postgres(int(port), password), servers.Redis(url)
        assert database.answers()
        assert broker.answers()
        os.kill(run.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while (database.answers() or broker.answers()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not database.answers()
    assert not broker.answers()
