"""The export bundle: a tenant's whole history at one size, with everything that an auditor needs to check it."""
