"""What readers see, folded from the log: generations of rows, how far they have come, and how they are rebuilt."""
