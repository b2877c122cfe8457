"""Page frame, form fields, components, PDF: how everything looks."""
