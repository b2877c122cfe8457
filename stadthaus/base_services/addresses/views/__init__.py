"""Pages and answers, by audience."""
