"""The timekeeper: appends what time brings, so that no rule has to read a clock."""
