"""In which role a member acts (DESIGN §3)."""

from enum import StrEnum


class Role(StrEnum):
    """In which role a member acts."""

    HOST_ADMIN = "host_admin"
    LEAD = "lead"
    MODERATOR = "moderator"
    BROKER = "broker"
    NOTARY = "notary"
    VALUER = "valuer"
    CLERK = "clerk"
    REPRESENTATIVE = "representative"
    FOLLOW_UP_OFFICER = "follow_up_officer"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    PUBLIC_DISPLAY = "public_display"
    TIMEKEEPER = "timekeeper"
