"""Who has to cosign checkpoints, as the settings say."""

from domain.transparency.policy import Policy, PolicyMalformed
from infra.settings import Settings, SettingsTrouble


def witness_policy(settings: Settings) -> Policy | None:
    """The policy that names the witnesses, if one is set. Raises `SettingsTrouble`."""
    if settings.witness_policy is None:
        return None
    try:
        return Policy.parse(settings.witness_policy.read_bytes())
    except (OSError, PolicyMalformed) as error:
        raise SettingsTrouble(f"HANDSCHLAG_WITNESS_POLICY: {settings.witness_policy}: {error}") from error
