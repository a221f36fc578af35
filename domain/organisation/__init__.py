"""An organisation (Organisation): a company or a non-profit, and who may speak for it."""
