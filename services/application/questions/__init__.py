"""What is asked of several views at once: each file holds a question and the shape of its answer.

A question is a function over `services.application.queries.Queries`: it opens one snapshot (`queries.at`), so that
everything it says is of one moment.
"""
