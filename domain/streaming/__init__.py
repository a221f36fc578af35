"""Streaming: what of the records is told to whom outside the house, and how a reader chooses among them."""
