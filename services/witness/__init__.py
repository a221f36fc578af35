"""A witness: cosigns what has grown from what it has seen, for logs of whoever asks (C2SP tlog-witness)."""
