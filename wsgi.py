"""The way in: `wsgi:app` for a server of your own (starts nothing), `python wsgi.py` for everything in one process."""

import os
import sys

from app import bootstrap, cli, create_app
from app.settings import SettingsFault, read_settings
from workers import logs
from workers.broker import make_broker
from workers.relay import Sender

try:
    settings = read_settings()
except SettingsFault as fault:
    sys.exit(str(fault))

logs.configure(settings)

if __name__ == "__main__":
    from app.cli import embedded

    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT is {port!r}; it must be a number from 1 to 65535, such as PORT=8080.")
    sys.exit(embedded.serve(settings, port=int(port)))

# Jobs that a page asks for are handed to the broker at once where worker processes listen; else the relay finds them.
dispatch = Sender(make_broker(settings.broker_url)) if settings.broker_url else None
portal = bootstrap.build(settings, dispatch=dispatch)
app = create_app(portal)
cli.register(app)
