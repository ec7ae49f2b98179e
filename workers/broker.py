"""The broker, set before any actor exists: in-process without a server, or Redis in front of worker processes."""

import dramatiq
from dramatiq import Broker, Middleware
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, CurrentMessage, ShutdownNotifications, TimeLimit

# Dramatiq's own retries are left out: the job row owns attempts and pauses.
_MIDDLEWARE = (AgeLimit, TimeLimit, ShutdownNotifications, CurrentMessage)


def make_broker(url: str) -> Broker:
    """The broker for that address; an empty one means in-process. It becomes dramatiq's global broker."""
    middleware: list[Middleware] = [make() for make in _MIDDLEWARE]
    broker: Broker
    if url:
        # A dead worker's messages come back soon; the lease would see to them anyway.
        broker = RedisBroker(  # type: ignore[no-untyped-call]  # ships without types
            url=url, middleware=middleware, heartbeat_timeout=5_000, maintenance_chance=100_000
        )
    else:
        broker = StubBroker(middleware=middleware)
    dramatiq.set_broker(broker)
    return broker
