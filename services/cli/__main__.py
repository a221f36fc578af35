"""`python -m services.cli` is `handschlag`."""

import gc
import sys
from importlib import import_module


def main() -> None:
    """The entry point. What loading a command makes stays to its end: no garbage is looked for among it."""
    gc.disable()
    load_structlog()
    import_module("services.cli.main").main()


def load_structlog() -> None:
    """Without rich, of which it makes tracebacks where it finds it: ours are plain (`infra.logging`).

    A name that stands for None in `sys.modules` is imported by nobody (The import system, 5.3.1).
    """
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


if __name__ == "__main__":
    main()
