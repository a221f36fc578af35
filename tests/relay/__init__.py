"""The relay, on a database of its own (it follows every host there), with real servers of NATS."""
