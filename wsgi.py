"""The way in: `wsgi:app` for a server of your own (starts nothing), `python wsgi.py` for everything in one process."""

import os
import sys

from app import bootstrap, create_app
from app.cli import register
from app.settings import SettingsFault, read_settings
from workers.broker import make_broker
from workers.relay import Sender

try:
    settings = read_settings()
except SettingsFault as fault:
    sys.exit(str(fault))

broker = make_broker(settings.broker_url)
# In one process the jobs begin at once only where a worker listens: see workers.embedded.
portal = bootstrap.build(settings, dispatch=Sender(broker) if settings.broker_url else None)
app = create_app(portal)
register(app)

if __name__ == "__main__":
    from workers.embedded import serve

    sys.exit(serve(settings, port=int(os.environ.get("PORT", "8000"))))
