"""Pages of the portal by audience."""
