"""People and roles, who may see which page, limits, audit trail, sign-in."""
