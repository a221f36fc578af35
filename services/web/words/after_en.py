"""English words for what becomes of contracts after the seal, and for paper."""

WORDS = {
    "contract.annulled": "The contract no longer holds and doesn't count.",
    "contract.repudiated": "A signature is in doubt. Until that is settled, the contract doesn't count.",
    "contract.abandoned": "The form was given up.",
    "contract.reason": "Reason: {reason}.",
    "contract.corrected": "by the valuation desk; on the form: {value}",
    "contract.paper": "filled at {time}",
    "contract.amendments": "Amendments",
    "contract.amended.one": "Amended once, signed by all.",
    "contract.amended": "Amended {count} times, signed by all.",
    "contract.amendment": "An amendment waits for signatures.",
    "became.running": "under way",
    "became.delivered": "delivered",
    "became.partly_delivered": "partly delivered, {delivered} of {quantity}",
    "became.not_delivered": "not delivered",
    "ledger.paper": "paper",
    "board.struck": "No longer counted: {struck}.",
    "board.struck.revoked.one": "one revoked certification",
    "board.struck.revoked": "{count} revoked certifications",
    "board.struck.annulled.one": "one annulled contract",
    "board.struck.annulled": "{count} annulled contracts",
    "board.struck.repudiated.one": "one signature in doubt",
    "board.struck.repudiated": "{count} signatures in doubt",
    "board.paper.one": "One agreement came on paper.",
    "board.paper": "{count} agreements came on paper.",
}
"""Words by key."""
