"""Results (Ergebnis): what a host says of an edition, with its qualifiers, and how such figures add up."""
