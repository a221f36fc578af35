"""What must hold in every hall, whatever was asked, and in whichever order it landed."""

from collections.abc import Sequence
from typing import Any

from domain.codec import entry_bytes
from domain.contract.events import ContractCertified, ContractDrafted, SubmittedToNotary
from domain.contract.state import AtNotary, Certified, Draft, Returned, Signed
from domain.contract.state import replay as replay_contract
from domain.directory import fold as directory
from domain.envelope import Recorded
from domain.identity import ContractId, StreamId, contract_of
from domain.ledger import fold as ledger
from domain.ledger.row import LedgerRow, LedgerState
from domain.listing.events import ListingPromised, ListingPromisedOnForm, ListingReleased, ListingSatisfied
from domain.listing.state import Published, TakenBack
from domain.listing.state import replay as replay_listing
from domain.marketplace.events import TradingClosed
from domain.marketplace.plan import Counted
from domain.marketplace.state import replay as replay_marketplace
from domain.negotiation.events import NegotiationLapsed
from domain.negotiation.state import replay as replay_negotiation
from domain.organisation.events import Side
from domain.organisation.state import replay as replay_organisation
from domain.participation.state import replay as replay_participation
from domain.register import ContractNumbered
from domain.results import tally
from domain.results.tally import Tally
from domain.trail.step import steps
from tests.domain.people import ruhrdax
from tests.laws.hall import Hall, kind_of

REPLAY: dict[str, Any] = {
    "marketplace": replay_marketplace,
    "organisation": replay_organisation,
    "participation": replay_participation,
    "listing": replay_listing,
    "negotiation": replay_negotiation,
    "contract": replay_contract,
    "register": lambda facts: len(list(facts)),
}


def no_step_after_the_gong(hall: Hall) -> None:
    """After the gong nobody negotiates, drafts, or hands in for the first time."""
    handed_in: set[StreamId] = set()
    closed = False
    for recorded in hall.log:
        fact, target = recorded.envelope.data, recorded.envelope.stream
        if isinstance(fact, TradingClosed):
            assert not closed
            closed = True
        elif closed:
            assert kind_of(fact) != "negotiation" or isinstance(fact, NegotiationLapsed)
            assert not isinstance(fact, ContractDrafted | ListingPromised)
            assert not isinstance(fact, SubmittedToNotary) or target in handed_in
        if isinstance(fact, SubmittedToNotary):
            handed_in.add(target)


def every_number_once_without_a_gap(hall: Hall) -> None:
    """Certified once each, numbered 1, 2, 3 … in order, and the register says the same."""
    sealed = [recorded for recorded in hall.log if isinstance(recorded.envelope.data, ContractCertified)]
    numbered = [recorded for recorded in hall.log if isinstance(recorded.envelope.data, ContractNumbered)]
    assert [recorded.envelope.data.number for recorded in sealed] == list(range(1, len(sealed) + 1))
    assert [recorded.envelope.version for recorded in numbered] == list(range(1, len(sealed) + 1))
    streams = [recorded.envelope.stream for recorded in sealed]
    assert [recorded.envelope.data.contract for recorded in numbered] == streams
    assert len(set(streams)) == len(streams)


def nothing_is_promised_twice(hall: Hall) -> None:
    """What is promised of a listing never exceeds it; what is let go or given never exceeds what was promised."""
    for target, state in hall.states.items():
        if isinstance(state, Published | TakenBack):
            told = [(_contract_of(fact), type(fact), fact.quantity) for fact in hall.streams[target] if _binds(fact)]
            for contract in {contract for contract, _, _ in told}:
                bound = sum(much for whose, kind, much in told if whose == contract and kind in PROMISES)
                freed = sum(much for whose, kind, much in told if whose == contract and kind is ListingReleased)
                given = sum(much for whose, kind, much in told if whose == contract and kind is ListingSatisfied)
                assert state.promised.get(contract, 0) == bound - freed >= given == state.given.get(contract, 0)
            assert isinstance(state, TakenBack) or 0 <= state.bound <= state.quantity


def what_forms_take_is_promised_to_them(hall: Hall) -> None:
    """Every form's listings hold for it just what its terms take."""
    for target, state in hall.states.items():
        if isinstance(state, Draft | Signed | AtNotary | Returned | Certified):
            for listing in {pledge.listing for pledge in state.form.terms.pledges if pledge.listing is not None}:
                taken = sum(pledge.quantity for pledge in state.form.terms.pledges if pledge.listing == listing)
                assert hall.states[listing].promised[target] == taken


PROMISES = (ListingPromised, ListingPromisedOnForm)


def _binds(fact: Any) -> bool:
    return isinstance(fact, ListingPromised | ListingPromisedOnForm | ListingReleased | ListingSatisfied)


def _contract_of(fact: Any) -> ContractId:
    return contract_of(fact.negotiation) if isinstance(fact, ListingPromised) else ContractId(fact.contract)


def no_notary_in_their_own_cause(hall: Hall) -> None:
    """Who certified spoke, at that time, for none of the parties, and signed for none."""
    named: dict[StreamId, set[str]] = {}
    for recorded in hall.log:
        fact = recorded.envelope.data
        if kind_of(fact) == "organisation" and hasattr(fact, "person"):
            named.setdefault(recorded.envelope.stream, set()).add(fact.person)
        elif isinstance(fact, ContractCertified):
            contract = hall.states[recorded.envelope.stream]
            assert isinstance(contract, Certified)
            assert all(fact.notary not in named.get(party.organisation, ()) for party in contract.form.parties)
            assert all(fact.notary != signature.person for signature in contract.signatures)


def replay_tells_what_folding_told(hall: Hall) -> None:
    """From the first fact on, every stream comes to the state that it came to fact by fact; each fits an entry."""
    for target, facts in hall.streams.items():
        assert REPLAY[kind_of(facts[0])](facts) == hall.states[target]
    for recorded in hall.log:
        assert entry_bytes(recorded.envelope)


Change = tuple[LedgerRow | None, LedgerRow]


def rows_of(log: Sequence[Recorded]) -> tuple[dict[StreamId, LedgerRow], list[Change]]:
    """The ledger's rows and each change on the way."""
    rows: dict[StreamId, LedgerRow] = {}
    changes: list[Change] = []
    for recorded in log:
        if recorded.envelope.type.startswith(ledger.PREFIX):
            before = rows.get(recorded.envelope.stream)
            rows[recorded.envelope.stream] = ledger.evolve(before, recorded)
            changes.append((before, rows[recorded.envelope.stream]))
    return rows, changes


def the_ledger_tells_what_the_contracts_tell(hall: Hall) -> None:
    """State, terms, signatures and lineage of every row are those of its contract."""
    rows, _ = rows_of(hall.log)
    words = {
        "Draft": LedgerState.DRAFTED,
        "Signed": LedgerState.SIGNED,
        "AtNotary": LedgerState.AT_NOTARY,
        "Returned": LedgerState.RETURNED,
        "Certified": LedgerState.CERTIFIED,
    }
    for target, row in rows.items():
        contract = hall.states[target]
        assert row.state is words[type(contract).__name__]
        assert (row.pledges, row.terms_hash) == (contract.form.terms.pledges, contract.form.terms_hash)
        signed = {signature.party for signature in contract.signatures}
        assert {party.participation for party in row.parties if party.signed} == signed
        assert row.lineage == tuple(item.position for item in hall.log if item.envelope.stream == target)
        alone, _ = rows_of([item for item in hall.log if item.envelope.stream == target])
        assert alone == {target: row}


def the_board_counts_what_is_certified(hall: Hall) -> None:
    """The tally folded from changes is the tally of the final rows, and the value is what the pledges add up to."""
    rows, changes = rows_of(hall.log)
    folded = counted = Tally(marketplace=ruhrdax)
    for before, after in changes:
        folded = tally.evolve(folded, before, after)
    for row in sorted(rows.values(), key=lambda row: row.position):
        counted = tally.evolve(counted, None, row)
    assert folded == counted
    sealed = [state for state in hall.states.values() if isinstance(state, Certified)]
    assert folded.contracts == len(sealed)
    assert folded.forms == len(rows)
    worth = unvalued = 0
    for contract in sealed:
        sides = {party.participation: party.side for party in contract.form.parties}
        for pledge in contract.form.terms.pledges:
            if contract.form.counted is Counted.BOTH or sides[pledge.giver] is Side.COMPANY:
                worth += pledge.value.minor if pledge.value else 0
                unvalued += pledge.value is None
    assert (folded.value_minor, folded.unvalued) == (worth, unvalued)


def directory_and_trail_follow(hall: Hall) -> None:
    """Every thing stands in the directory as its own stream tells it; every record is a step of its own case."""
    entries: dict[StreamId, directory.Entry] = {}
    for recorded in hall.log:
        if directory.kind_of(recorded.envelope.type) is not None:
            entries[recorded.envelope.stream] = directory.evolve(entries.get(recorded.envelope.stream), recorded)
        told = steps(recorded)
        assert told == steps(recorded)
        assert len({step.case for step in told}) == len(told) >= 1
        assert all((step.position, step.type) == (recorded.position, recorded.envelope.type) for step in told)
    for target, entry in entries.items():
        assert entry.state == hall.states[target]
        assert entry.version == len(hall.streams[target])
        assert directory.STATES[type(entry.state).__name__] is type(entry.state)


ALL = (
    no_step_after_the_gong,
    every_number_once_without_a_gap,
    nothing_is_promised_twice,
    what_forms_take_is_promised_to_them,
    no_notary_in_their_own_cause,
    replay_tells_what_folding_told,
    the_ledger_tells_what_the_contracts_tell,
    the_board_counts_what_is_certified,
    directory_and_trail_follow,
)
