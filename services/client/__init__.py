"""A small typed client for integrators: read a host's log, follow it, and check what came by other ways.

It stands on httpx2 and on `domain.transparency` (the standard library alone); of the service it knows the wire.
"""

from services.client.client import Handschlag
from services.client.cursors import Cursor, FileCursor, SqliteCursor
from services.client.event import Actor, Event, RecordMalformed
from services.client.following import Waiting
from services.client.receipts import Receipt, ReceiptWorthless, verify_receipt
from services.client.trouble import ClientTrouble, PlaceUnknown, Refused, Unreachable
from services.client.webhooks import Delivery, WebhookUntrusted, verify_webhook

__all__ = [
    "Actor",
    "ClientTrouble",
    "Cursor",
    "Delivery",
    "Event",
    "FileCursor",
    "Handschlag",
    "PlaceUnknown",
    "Receipt",
    "ReceiptWorthless",
    "RecordMalformed",
    "Refused",
    "SqliteCursor",
    "Unreachable",
    "Waiting",
    "WebhookUntrusted",
    "verify_receipt",
    "verify_webhook",
]
