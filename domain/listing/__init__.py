"""A listing: what a participant offers (Angebot) or needs (Gesuch). Optional: many trade without one."""
