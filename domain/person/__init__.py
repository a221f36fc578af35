"""A natural person (Person) as a pseudonym: restricted, corrected, erased. Who it is stands in the vault alone."""
