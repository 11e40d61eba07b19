"""The machine behind the ports of :mod:`app.services.ports`; strangers to each other and to Qt."""
