"""A contract (Vereinbarung): the form, its signatures, the notary's desk, and the number under the seal."""
