"""Due work: one table, leases, and the worker that does it."""
