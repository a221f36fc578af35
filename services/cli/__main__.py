"""`python -m services.cli` is `handschlag`."""

import gc
from importlib import import_module


def main() -> None:
    """The entry point. What loading a command makes stays to its end: no garbage is looked for among it."""
    gc.disable()
    import_module("services.cli.main").main()


if __name__ == "__main__":
    main()
