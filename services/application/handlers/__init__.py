"""One handler a command: which streams it looks at, which decision it asks, where the facts go."""
