"""Endpoints of webhooks: made, changed, tested, paused and asked about. `services.relay` delivers to them."""
