"""What was found about the signed container of a letter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.call import Call
from api.reads.levels import computed, put
from api.reads.rows import Row
from api.selection import Chosen
from api.types.letters import SignatureCheck
from models.personal_code import masked


@computed("Message", "signature")
async def _signature(call: Call, parents: Sequence[Any], chosen: Chosen) -> None:
    put(parents, chosen, lambda one: _check(call, one.row))


def _check(call: Call, row: Row) -> SignatureCheck | None:
    """A container counts as one: a fact holds of it when it holds of every signature."""
    found = call.house.vault.open_json("signature", row["signature_sealed"])
    if found is None:
        return None
    signatures = found["signatures"]
    first = signatures[0] if signatures else {}
    return SignatureCheck(
        intact=bool(signatures) and all(one["intact"] for one in signatures),
        trusted=bool(signatures) and all(one["trusted"] for one in signatures),
        covers_request=found["coversRequest"],
        signer=first.get("signer"),
        personal_code_masked=masked(first["personalCode"]) if first.get("personalCode") else None,
        signed_at=datetime.fromisoformat(first["signedAt"]) if first.get("signedAt") else None,
        signatures=len(signatures),
        problems=[*found["problems"], *(text for one in signatures for text in one["problems"])],
    )
