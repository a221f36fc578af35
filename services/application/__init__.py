"""The application: the only writer of the log, the only reader of views."""
