"""The barest Django project that still takes an order: what this machine, server and database allow at best."""
