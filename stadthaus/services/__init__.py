"""What people come for (Verwaltungsleistungen). Services are strangers to each other."""
