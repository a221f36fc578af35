"""Documents that people take away: files in the formats that their programs read."""
