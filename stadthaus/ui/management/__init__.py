"""Management commands of the page frame."""
