"""Pages of payments by audience."""
