"""An edition of a marketplace (Marktplatz): planned, opened, and traded on between two gongs."""
