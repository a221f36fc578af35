"""The signer: puts every log under signed checkpoints, and collects what witnesses say of them."""
