"""The projector: keeps every tenant's views at its log's head."""
