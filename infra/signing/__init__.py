"""Keys that sign, and what has been signed: checkpoints, hashes of the tree, cosignatures (DESIGN §4, Checkpoints)."""
