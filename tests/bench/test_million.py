"""The measuring of large logs, in its small form: that it runs to its end and tells everything, not how fast."""

from pathlib import Path

from tests.bench.million import main


def test_a_small_log_is_measured_like_a_large_one(tmp_path: Path) -> None:
    """Given some thousand records, then all figures are told, and the bundle is verified by the one file."""
    told: list[str] = []
    main(["--records", "2000", "--keep", str(tmp_path)], told.append)
    for figure in (
        "all of it signed",
        "inclusion proof",
        "receipt",
        "NDJSON",
        "views rebuilt",
        "export",
        "verify.pyz",
        "share of that",
    ):
        assert figure in told[0]
    assert (tmp_path / "bundle.zip").exists()
