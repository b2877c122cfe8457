"""How the program is put together: settings, addresses, the entry for the web server."""
