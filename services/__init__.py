"""What runs and translates: application, API, pages, projector, timekeeper, command line."""
