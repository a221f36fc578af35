"""The HTTP API: strict parsing into commands, views as JSON, refusals as problems (DESIGN §6)."""
