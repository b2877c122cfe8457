"""Django's PostgreSQL engine that hands out no connection which the server has cut."""
