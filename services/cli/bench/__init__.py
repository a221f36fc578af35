"""`handschlag bench`: what the house costs, beside what a user would take instead, in one run on one machine."""
