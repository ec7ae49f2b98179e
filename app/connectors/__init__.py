"""How the organisation's own systems are read."""
