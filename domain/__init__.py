"""The trade of a marketplace, in pure functions: no I/O, no clock, no framework, the standard library alone."""
