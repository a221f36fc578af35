"""`python -m services.auditor FILE …`."""

import sys

from services.auditor.main import main

if __name__ == "__main__":
    sys.exit(main())
