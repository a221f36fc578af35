"""Importing (Übernahme) of organisations, contacts and listings from the files that hosts keep."""
