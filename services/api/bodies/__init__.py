"""The bodies of requests, and the commands they ask for. Unknown members are refused, nothing is guessed."""
