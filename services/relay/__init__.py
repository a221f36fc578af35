"""Hands the records on to those outside who asked for them."""
