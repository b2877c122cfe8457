"""What sees all services: start page, office home, legal pages, health, loading and filling a town."""
