"""Pages by audience: citizen (ordering), link (one's own order), office, contractor, crew."""
