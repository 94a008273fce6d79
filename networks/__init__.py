"""Partners, networks and forums: what organisations and members do together. Organisations themselves are in `knowledge`."""
