"""What an auditor relies on: the verifier against bundles, genuine and not."""
