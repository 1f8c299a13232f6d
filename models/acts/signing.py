"""What a signed container proves about the writer, inside the act that receives a letter.

A container counts once: its digest and those of its signatures are kept, keyed, so that the
same signature packed anew is recognised.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import F

from models.acts.work import Work
from models.identity import signature_shortfalls
from models.personal_code import masked
from models.sealed import Vault
from models.shapes import ContainerCheck, SignatureCheck
from models.tables import Client, DataSubjectRequest, SignedContainer
from models.vocabulary import (
    Assurance,
    IdentifierScheme,
    IdentityMethod,
    RequestType,
    TimelineKind,
)

CHECKED = (
    "Checked: digests, signed properties, certificate, signature value, chain to the configured "
    "authorities, embedded OCSP response and timestamp. Not checked: archive timestamps, and "
    "whether the authorities themselves were revoked."
)


@dataclass(frozen=True, slots=True)
class Signed:
    """A letter with a container: what was found about it, and what its files ask for."""

    check: ContainerCheck
    labels: tuple[RequestType, ...]
    received_at: datetime
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Who signed the request: `client_id` is None when the signature is no proof of that.

    `digests` are what is used up by it.
    """

    client_id: int | None
    sentences: tuple[str, ...]
    digests: tuple[str, ...] = ()


async def prove(
    work: Work,
    found: Signed | None,
    asked: Collection[RequestType],
    subject_id: int | None = None,
) -> Proof | None:
    """Judges the letter's container against what the case asks for, None when there is none.

    `subject_id` is whose case it is already. A container that counts is used up by `record`,
    and its client is from then on the letter's one owner.
    """
    if found is None:
        return None
    check = found.check
    against = list(signature_shortfalls(check, found.labels, asked, found.received_at))
    if found.acting_for:
        against.append("The letter speaks for somebody else.")
    digests = _digests(work.house.vault, check)
    if await SignedContainer.exists(digest__in=digests):
        against.append("The container, or a signature of it, has been used before.")
    clients = await _clients(work.house.vault, check)
    if len(clients) != 1:
        against.append("The signers' personal codes are not those of exactly one client.")
    elif subject_id not in (None, clients[0]):
        against.append("The signer is another client than the case's.")
    sentences = [*map(_sentence, check.signatures), *check.problems, *against, CHECKED]
    if against:
        return Proof(None, tuple(sentences))
    named = ", ".join(sorted(kind.value for kind in asked))
    sentences.insert(0, f"The signed files themselves ask for: {named}.")
    return Proof(clients[0], tuple(sentences), tuple(digests))


def kept(found: Signed, covers: bool, addresses: Collection[str]) -> dict[str, Any]:
    """What is kept of a check, as JSON; `addresses` are those named in the signed text."""
    check = found.check
    return {
        "accepted": check.accepted,
        "coversRequest": covers,
        "signedLabels": [label.value for label in found.labels],
        "problems": list(check.problems),
        "signatures": [_kept(one) for one in check.signatures],
        "digest": check.digest,
        "addresses": list(addresses),
    }


def _kept(one: SignatureCheck) -> dict[str, Any]:
    return {
        "intact": one.intact,
        "trusted": one.trusted,
        "coversAllFiles": one.covers_all_files,
        "signer": one.signer,
        "personalCode": one.personal_code,
        "signedAt": one.signed_at.isoformat() if one.signed_at else None,
        "problems": list(one.problems),
        "digest": one.digest,
    }


def restored(found: dict[str, Any], received_at: datetime, acting_for: str | None) -> Signed:
    """The check as it was kept with the letter, for a person who classifies it later."""
    check = ContainerCheck(
        signatures=tuple(_restored(one) for one in found["signatures"]),
        accepted=found["accepted"],
        digest=found["digest"],
        problems=tuple(found["problems"]),
    )
    labels = tuple(RequestType(label) for label in found["signedLabels"])
    return Signed(check, labels, received_at, acting_for)


def _restored(one: dict[str, Any]) -> SignatureCheck:
    return SignatureCheck(
        intact=one["intact"],
        trusted=one["trusted"],
        covers_all_files=one["coversAllFiles"],
        signer=one["signer"],
        personal_code=one["personalCode"],
        signed_at=datetime.fromisoformat(one["signedAt"]) if one["signedAt"] else None,
        problems=tuple(one["problems"]),
        digest=one["digest"],
    )


def _digests(vault: Vault, check: ContainerCheck) -> list[str]:
    found = {check.digest, *(one.digest for one in check.signatures if one.digest)}
    return sorted(vault.index("container", one) for one in found)


async def _clients(vault: Vault, check: ContainerCheck) -> list[int]:
    codes = {one.personal_code for one in check.signatures if one.personal_code}
    found = Client.filter(
        identifier_scheme=IdentifierScheme.EE_PERSONAL_CODE,
        identifier_index__in=[vault.index("identifier", code) for code in codes],
    )
    return sorted(client.id for client in await found) if codes else []


def _sentence(one: SignatureCheck) -> str:
    code = f", personal code {masked(one.personal_code)}" if one.personal_code else ""
    time = f", signed at {one.signed_at:%Y-%m-%d %H:%M} UTC" if one.signed_at else ""
    facts = ", ".join(
        word if holds else f"not {word}"
        for word, holds in (
            ("intact", one.intact),
            ("trusted", one.trusted),
            ("over every file", one.covers_all_files),
        )
    )
    return " ".join(
        [f"Signature of {one.signer or 'nobody named'}{code}{time}: {facts}.", *one.problems]
    )


async def record(work: Work, request: DataSubjectRequest, message_id: int, proof: Proof) -> None:
    """Writes onto the case what the signature proves, or only that it proves nothing."""
    if proof.digests:
        used = [
            SignedContainer(digest=one, message_id=message_id, at=work.now) for one in proof.digests
        ]
        await SignedContainer.bulk_create(used)
    evidence = work.house.vault.seal_json("note", list(proof.sentences))
    if proof.client_id is not None:
        await DataSubjectRequest.filter(id=request.id).update(
            subject_id=proof.client_id,
            assurance=Assurance.SIGNED,
            identity_method=IdentityMethod.DIGITAL_SIGNATURE,
            identity_evidence_sealed=evidence,
            identity_verified_at=work.now,
            identity_by=work.actor.label,
            version=F("version") + 1,
            updated_at=work.now,
        )
        summary = "Identity shown by a digital signature over the request."
    else:
        await DataSubjectRequest.filter(
            id=request.id, identity_evidence_sealed__isnull=True
        ).update(identity_evidence_sealed=evidence)
        summary = "A signed container came with the letter: it does not count as identity."
    work.note(
        TimelineKind.IDENTITY,
        summary,
        request_id=request.id,
        message_id=message_id,
        detail={"evidence": list(proof.sentences)},
    )
