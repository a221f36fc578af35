"""Measurements at sizes that no test has time for; each has a small form in the suite, which claims no speed."""
