"""The projector, before anybody tampers with logs of the session: a log whose head lies is behind for good."""
