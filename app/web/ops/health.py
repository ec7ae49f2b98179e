"""Whether the portal lives, can work, and how much it has to do: figures only, nothing about anybody."""

from collections.abc import Iterator, Mapping

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from app.services import health
from app.services.health import Figures
from app.web.guard import Guard, declare, operator
from app.web.ops.blueprint import blueprint
from app.web.visitor import portal

# A probe is no sign of life of anybody, and must get an answer from wherever the platform asks.
probe = declare(Guard("probe", lambda _: None, quiet=True))


@blueprint.get("/healthz")
@probe
def healthz() -> ResponseReturnValue:
    """The process answers. Looks at nothing else: a database that is away is no reason to kill it."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@probe
def readyz() -> ResponseReturnValue:
    """Database, storage and relay: 503 names what is missing, so that no traffic comes here meanwhile."""
    state = health.readiness(portal())
    checks = {"database": state.database, "storage": state.storage, "relay": state.relay}
    answer = jsonify(status="ready" if state.ready else "not ready", checks=checks)
    answer.status_code = 200 if state.ready else 503
    return answer


@blueprint.get("/metrics")
@operator
def metrics() -> ResponseReturnValue:
    """Figures in the text format of Prometheus."""
    return Response("\n".join(_lines(health.figures(portal()))) + "\n", mimetype="text/plain; version=0.0.4")


def _lines(seen: Figures) -> Iterator[str]:
    yield from _gauge("habeas_jobs", "Jobs by state; dead ones need somebody.", seen.jobs, label="state")
    yield from _gauge("habeas_cases", "Cases by status.", seen.cases, label="status")
    yield "# HELP habeas_job_oldest_seconds How long the oldest due job has waited."
    yield "# TYPE habeas_job_oldest_seconds gauge"
    yield f"habeas_job_oldest_seconds {seen.oldest_job_seconds:.1f}"
    if seen.relay_silent_seconds is not None:
        yield "# HELP habeas_relay_silent_seconds How long ago the relay showed itself."
        yield "# TYPE habeas_relay_silent_seconds gauge"
        yield f"habeas_relay_silent_seconds {seen.relay_silent_seconds:.1f}"


def _gauge(name: str, words: str, values: Mapping[str, int], *, label: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    yield from (f'{name}{{{label}="{key}"}} {count}' for key, count in sorted(values.items()))
