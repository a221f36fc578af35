"""How long the laws are tried: `ci` by default, `HANDSCHLAG_LAWS=long` for a night's worth."""

import os

from hypothesis import settings

settings.register_profile("ci", settings.get_profile("house"), max_examples=60, stateful_step_count=40)
settings.register_profile("long", settings.get_profile("ci"), max_examples=3_000, stateful_step_count=120)
settings.load_profile("long" if os.environ.get("HANDSCHLAG_LAWS") == "long" else "ci")
