"""The command line: composes the services, and is the operator's way in."""
