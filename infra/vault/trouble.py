"""What can be wrong with the vault or its keys; each message says what is so and what to do."""


class VaultTrouble(Exception):
    """The vault can't be opened."""


class MasterKeyUnusable(VaultTrouble):
    """A master key isn't 32 random bytes in base64."""


class MasterKeyMissing(VaultTrouble):
    """Persons' keys are wrapped by a master key that isn't at hand."""


class KeysNotOurs(VaultTrouble):
    """The master keys come from the environment, so this service can't write them."""


class VaultElsewhere(VaultTrouble):
    """The personal values are in another place than the settings say."""


class VaultDamaged(VaultTrouble):
    """A sealed value or a wrapped key isn't what was written: it was tampered with, or moved from another place."""


class PersonLeaving(VaultTrouble):
    """The person is erased, or is about to be: nothing is kept of them any more."""


class KeyInMotion(VaultTrouble):
    """A person's key was wrapped anew again and again while something was to be kept: nothing was; ask once more."""
