"""What is told of a command's trouble in one line, without a traceback: what a person can mend, or wait for."""

from domain.refusal import Refusal
from infra.postgres.tenancy import TenantExists
from infra.postgres.trouble import PostgresTrouble
from infra.projections.rebuild import HostUnknown, LogShorter, RebuildRunning
from infra.settings import SettingsTrouble
from infra.vault.trouble import VaultTrouble
from services.cli.database import OwnerUrlMissing
from services.cli.demo import DemoTrouble
from services.cli.serve import ServiceFailed
from services.cli.serving import PortInUse
from services.rehearsal.trouble import RehearsalTrouble

_TOLD = (
    SettingsTrouble, PostgresTrouble, VaultTrouble, PortInUse, ServiceFailed, OwnerUrlMissing, TenantExists, OSError,
    DemoTrouble, RehearsalTrouble,
)  # fmt: skip
"""Their messages say what is so, and what to do."""


def sentence(error: Exception) -> str | None:
    """What a person is told; None of a fault that is ours."""
    if isinstance(error, Refusal):
        return error.sentence
    if isinstance(error, HostUnknown | LogShorter | RebuildRunning):
        return " ".join((type(error).__doc__ or "").split())
    return str(error) if isinstance(error, _TOLD) else None
