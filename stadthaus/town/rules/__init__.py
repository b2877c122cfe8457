"""Pure rules about dated values."""
