"""Personal values under seal."""
