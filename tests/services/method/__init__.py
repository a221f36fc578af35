"""The method, read aloud: each test is something that happens at a marketplace, done over HTTP."""
