"""A shelf on disk for large files that are made once and handed out often."""
