"""Oracles: for each aggregate a small model that says, from the method and the refusals' sentences, what is legal."""
