"""Ledger and report as tables that people open elsewhere, and the ledger in the words of ValueFlows."""
