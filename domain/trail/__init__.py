"""The trail: who did what, when, as which role. One step a record, told for each case that it belongs to."""
