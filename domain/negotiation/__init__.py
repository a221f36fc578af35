"""A negotiation (Verhandlung): two parties, or three, propose and counter until they agree or part."""
