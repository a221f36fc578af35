"""The auditor's tools: they trust nobody, need no server and no database, and import the domain alone."""
