"""The desk: forms for the people who run a marketplace, by key, without script."""
