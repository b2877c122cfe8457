"""What services stand on (Basisdienste). Base services are strangers to each other."""
