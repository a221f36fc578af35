"""A participation (Teilnahme): one organisation at one edition, from its request to the floor."""
