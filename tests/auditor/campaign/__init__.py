"""A tampering campaign: what whoever is superuser of the database does to a log, and what an auditor sees of it."""
