"""The season of scale in its small form: that it runs and tells everything, not how fast."""

import argparse

from tests.bench.season import measure
from tests.running import running_service


async def test_a_small_season_is_measured_like_a_large_one() -> None:
    """Given two hosts, when they play for a moment, then commands, ways to followers and lags are told."""
    asked = argparse.Namespace(hosts=2, minutes=0.17, warm_up=3.0, rate=40.0, at_once=4)
    with running_service() as service:
        report = await measure(service, asked)
    assert report["commands_per_second"] > 0  # type: ignore[operator]
    assert report["to_a_follower"]["receipts"] > 0  # type: ignore[index]
    assert report["troubles"] == {}
