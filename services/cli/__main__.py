"""`python -m services.cli` is `handschlag`."""

from services.cli.main import main

main()
