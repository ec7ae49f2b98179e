"""What `dramatiq workers.processes` loads in every worker process: the portal, its actors, a relay and a scheduler."""

from dramatiq import Broker, Middleware, Worker

from app.bootstrap import build
from app.settings import read_settings
from workers import logs
from workers.broker import make_broker
from workers.main import Engine, register_actors
from workers.relay import Sender


class Companions(Middleware):
    """Relay and scheduler beside the worker: any number of processes may have them, rows are locked as they are
    taken."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        self._engine.start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._engine.stop()


settings = read_settings()
logs.configure(settings)
broker = make_broker(settings.broker_url)
portal = build(settings, dispatch=Sender(broker))
register_actors(broker, portal)
broker.add_middleware(Companions(Engine(portal, broker, threads=0)))
