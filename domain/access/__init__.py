"""Access (Zugang): a host's members, the roles they have, and the keys they hold."""
