"""Who may see and do what: every field and every act of the schema, placed by hand.

A new field or act fails `test_authority` until it stands here. A type is reached by the roles
of its path; `open_fields` are seen by all of them, `guarded` only by some.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from api.ids import encode
from models.vocabulary import Role
from tests.api.seeds import NOW

Roles = frozenset[Role]
V, H, D, A, M = (
    frozenset({role})
    for role in (Role.VIEWER, Role.CASE_HANDLER, Role.DPO, Role.ADMIN, Role.INTEGRATION)
)
ALL = frozenset(Role)
HANDLERS = H | D
CASES = V | HANDLERS
CLIENTS = CASES | M


@dataclass(frozen=True, slots=True)
class Place:
    """Where objects of a type are found (`%` holds the fields), and who sees what of them."""

    path: str
    reach: Roles
    open_fields: str
    guarded: dict[str, Roles] = field(default_factory=dict)


QUESTIONS: dict[str, Roles] = {
    "viewer": ALL,
    "node": ALL,  # the type found decides
    "nodes": ALL,
    "consentPurposes": ALL,
    "supportedRights": ALL,
    "processingActivities": ALL,
    "policyVersions": ALL,
    "health": ALL,
    "requests": CASES,
    "requestByReference": CASES,
    "statistics": CASES,
    "clients": CLIENTS,
    "clientByExternalId": CLIENTS,
    "isSuppressed": HANDLERS | M,
    "triage": HANDLERS,
    "quarantine": HANDLERS,
    "ignoredMessages": D,
    "outboundMail": HANDLERS,
    "tasks": HANDLERS,
    "letterPreview": HANDLERS,
    "staff": HANDLERS | A,
    "tokens": A,
    "auditLog": D,
}
ACTS: dict[str, Roles] = {
    "messageClassify": HANDLERS,
    "consentRecord": HANDLERS | M,
    "consentWithdraw": HANDLERS | M,
    "outboundMailRelease": HANDLERS,
    "outboundMailRetry": HANDLERS,
    "outboundMailDrop": HANDLERS,
    "outboundMailConfirmSent": HANDLERS,
    "requestAssign": HANDLERS,
    "requestNote": HANDLERS,
    "disclosureRecord": HANDLERS,
    "messageMove": HANDLERS,
    "messageRedactAttachment": HANDLERS,
    "packageHandOver": HANDLERS,
    "packageShowPassphrase": HANDLERS,
    "policyVersionRecord": D,
    "requestAcknowledge": HANDLERS,
    "requestAnnounceFee": D,
    "requestAskClarification": HANDLERS,
    "requestCompleteTasks": HANDLERS,
    "requestSkipTasks": HANDLERS,
    "requestAskIdentity": HANDLERS,
    "requestClose": HANDLERS,
    "requestCorrectClassification": HANDLERS,
    "requestCreate": HANDLERS,
    "requestDecideBreach": D,
    "requestReportBreach": HANDLERS,
    "requestDecideTelling": D,
    "requestDecideCategory": HANDLERS,
    "requestDecideItem": HANDLERS,
    "requestErase": HANDLERS,
    "requestExtendDeadline": HANDLERS,
    "requestFileRemove": HANDLERS,
    "requestHold": D,
    "requestLiftHold": D,
    "requestMerge": HANDLERS,
    "requestPackage": HANDLERS,
    "requestRefuse": D,
    "requestRemind": HANDLERS,
    "requestReopen": HANDLERS,
    "requestReply": HANDLERS,
    "requestResume": HANDLERS,
    "requestSplit": HANDLERS,
    "requestVerifyIdentity": HANDLERS,
    "requestWithdraw": HANDLERS,
    "restrictionLift": HANDLERS,
    "taskComplete": HANDLERS,
    "clientUpsert": HANDLERS | M,
    "staffUpsert": A,
    "tokenCreate": A,
    "tokenRevoke": A,
}
LIVE: dict[str, Roles] = {"requestChanged": CASES, "triageChanged": HANDLERS}

_CASE = 'requestByReference(reference: "NP-2026-0002")'
_CLIENT = 'clientByExternalId(externalId: "C-1")'
_PERIOD = f'period: {{from: "{NOW.date() - timedelta(days=365)}", until: "{NOW.date()}"}}'
_LETTER = f"{_CASE} {{ messages {{ nodes {{ % }} }} }}"
_OUT = f"{_CASE} {{ outbound {{ % }} }}"
_PAGE = "nodes edges pageInfo"

PLACES: dict[str, Place] = {
    "Viewer": Place("viewer { % }", ALL, "label roles staff"),
    "ConsentPurpose": Place("consentPurposes { % }", ALL, "id code lawfulBasis isActive title"),
    "SupportedRight": Place(
        "supportedRights { % }",
        ALL,
        "type article clause clockMonths identityNeeded takesEffectOnReceipt",
    ),
    "ProcessingActivity": Place(
        "processingActivities { % }",
        ALL,
        "id category purposes bases recipients retention systems clauses",
    ),
    "PolicyVersion": Place("policyVersions { % }", ALL, "id version validFrom sha256"),
    "Health": Place(
        "health { % }", ALL, "database mailbotSeenAt inboxLagSeconds outboxDepth balance classifier"
    ),
    "Classifier": Place(
        "health { classifier { % } }", ALL, "version corpus microF1 missed strangers"
    ),
    "Staff": Place(
        f"{_CASE} {{ assignee {{ % }} }}",
        CASES,
        "id name isActive version assigned",
        dict.fromkeys(("email", "role", "trainedOn"), HANDLERS),
    ),
    "AccessToken": Place("tokens { % }", A, "name role staff createdAt expiresAt lastUsedAt"),
    "Client": Place(
        f"{_CLIENT} {{ % }}",
        CLIENTS,
        "id externalId kind displayName language version identifier addresses representatives"
        " contracts consents restriction eraseAfter",
        {"requests": CASES, "disclosures": HANDLERS},
    ),
    "ClientConnection": Place("clients { % }", CLIENTS, f"{_PAGE} totalCount"),
    "ClientEdge": Place("clients { edges { % } }", CLIENTS, "cursor node"),
    "PageInfo": Place(
        "clients { pageInfo { % } }", CLIENTS, "hasNextPage hasPreviousPage startCursor endCursor"
    ),
    "ContactAddress": Place(
        f"{_CLIENT} {{ addresses {{ % }} }}", CLIENTS, "kind value verifiedAt isPrimary"
    ),
    "Contract": Place(f"{_CLIENT} {{ contracts {{ % }} }}", CLIENTS, "number period"),
    "Period": Place(f"{_CLIENT} {{ contracts {{ period {{ % }} }} }}", CLIENTS, "startsOn endsOn"),
    "PersonalIdentifier": Place(
        f"{_CLIENT} {{ identifier {{ % }} }}", CLIENTS, "scheme masked", {"full": HANDLERS}
    ),
    "Restriction": Place(
        f"{_CLIENT} {{ restriction {{ % }} }}", CLIENTS, "since by", {"reason": HANDLERS}
    ),
    "Representative": Place(
        'clientByExternalId(externalId: "C-2") { representatives { % } }',
        CLIENTS,
        "name role addresses",
    ),
    "Consent": Place(
        f"{_CLIENT} {{ consents {{ % }} }}",
        CLIENTS,
        "id client purpose state since expiresOn events",
    ),
    "ConsentEvent": Place(
        f"{_CLIENT} {{ consents {{ events {{ % }} }} }}",
        CLIENTS,
        "id kind at effectiveAt expiresOn actor method policyVersion language",
        {"evidence": HANDLERS, "note": HANDLERS},
    ),
    "Suppression": Place(
        'isSuppressed(addresses: ["mari@example.com"]) { % }',
        HANDLERS | M,
        "address purposes since",
    ),
    "DataSubjectRequest": Place(
        f"{_CASE} {{ % }}",
        CASES,
        "id reference theirReference items types status outcome language channel subject"
        " receivedAt acknowledgedAt closedAt deadline internalTargetOn breachDecideBy breach"
        " identity assignee classification messages acknowledgement outbound timeline lastEntry"
        " earlierRequests duplicateOf duplicates legalHold allowedActions updatedAt version tasks",
        dict.fromkeys(("actingFor", "files", "packages"), HANDLERS),
    ),
    "RequestConnection": Place("requests { % }", CASES, f"{_PAGE} totalCount"),
    "RequestEdge": Place("requests { edges { % } }", CASES, "cursor node"),
    "RequestItem": Place(
        f"{_CASE} {{ items {{ % }} }}",
        CASES,
        "id type article clause purposes categories status outcome reason effectiveAt decidedAt"
        " decidedBy decisions tasks",
        {"explanation": HANDLERS},
    ),
    "Deadline": Place(
        f"{_CASE} {{ deadline {{ % }} }}",
        CASES,
        "receivedOn nominalOn dueOn internalTargetOn extension suspendedDays unsuspendedDueOn"
        " daysLeft state basis",
    ),
    "Breach": Place(
        f"{_CASE} {{ breach {{ % }} }}", CASES, "decideBy hoursLeft decisions tellingWaits tellings"
    ),
    "BreachDecision": Place(
        f"{_CASE} {{ breach {{ decisions {{ % }} }} }}",
        CASES,
        "outcome notifiedAt isLate decideBy decidedAt decidedBy",
        {"explanation": HANDLERS, "delayReasons": HANDLERS},
    ),
    "BreachTelling": Place(
        f"{_CASE} {{ breach {{ tellings {{ % }} }} }}",
        CASES,
        "outcome toldAt decideBy decidedAt decidedBy",
        {"explanation": HANDLERS},
    ),
    "Extension": Place(
        f"{_CASE} {{ deadline {{ extension {{ % }} }} }}",
        CASES,
        "until isPending ground notifiedOn by",
        {"explanation": HANDLERS},
    ),
    "Identity": Place(
        f"{_CASE} {{ identity {{ % }} }}",
        CASES,
        "assurance method needed verifiedAt by",
        {"evidence": HANDLERS, "note": HANDLERS},
    ),
    "Classification": Place(
        f"{_CASE} {{ classification {{ % }} }}",
        CASES,
        "types purposes confidence language possibleBreach model correctedBy correctedAt",
        {"evidence": HANDLERS},
    ),
    "Evidence": Place(
        f"{_CASE} {{ classification {{ evidence {{ % }} }} }}",
        HANDLERS,
        "label text start end weight inSubject",
    ),
    "Message": Place(
        _LETTER,
        CASES,
        "id receivedAt deadline version folder fate automatic authentication flags answerReasons"
        " isUrgent possibleBreach confidence language request claimsRequest classification verdicts"
        " sha256",
        dict.fromkeys(
            ("messageId", "from", "subject", "text", "newText", "attachments", "signature"),
            HANDLERS,
        ),
    ),
    "MessageConnection": Place(f"{_CASE} {{ messages {{ % }} }}", CASES, f"{_PAGE} totalCount"),
    "MessageEdge": Place(f"{_CASE} {{ messages {{ edges {{ % }} }} }}", CASES, "cursor node"),
    "MailAuthentication": Place(
        _LETTER.replace("%", "authentication { % }"), CASES, "spf dkim dmarc trustedBy"
    ),
    "Attachment": Place(
        _LETTER.replace("%", "attachments { % }"),
        HANDLERS,
        "id name mediaType size sha256 isRemoved",
    ),
    "SignatureCheck": Place(
        _LETTER.replace("%", "signature { % }"),
        HANDLERS,
        "intact trusted coversRequest signer personalCodeMasked signedAt signatures problems",
    ),
    "OutboundMail": Place(
        _OUT,
        CASES,
        "id kind version language isAutomatic queuedAt delivery request",
        dict.fromkeys(("to", "subject", "text"), HANDLERS),
    ),
    "OutboundMailConnection": Place("outboundMail { % }", HANDLERS, f"{_PAGE} totalCount"),
    "OutboundMailEdge": Place("outboundMail { edges { % } }", HANDLERS, "cursor node"),
    "Delivery": Place(
        _OUT.replace("%", "delivery { % }"),
        CASES,
        "state attempts sentAt nextAttemptAt holdReasons",
        {"lastResponse": HANDLERS},
    ),
    "TimelineConnection": Place(f"{_CASE} {{ timeline {{ % }} }}", CASES, _PAGE),
    "TimelineEdge": Place(f"{_CASE} {{ timeline {{ edges {{ % }} }} }}", CASES, "cursor node"),
    "TimelineEntry": Place(
        f"{_CASE} {{ timeline {{ nodes {{ % }} }} }}",
        CASES,
        "id kind at actor summary",
        {"detail": HANDLERS},
    ),
    "Actor": Place(f"{_CASE} {{ lastEntry {{ actor {{ % }} }} }}", CASES, "kind label staff"),
    "Statistics": Place(
        f"statistics({_PERIOD}) {{ % }}",
        CASES,
        "asOf open overdue dueSoon triage quarantined bounced held onTimeShare closed byStatus"
        " byType byLanguage received timeToAcknowledge timeToClose",
    ),
    "StatusCount": Place(f"statistics({_PERIOD}) {{ byStatus {{ % }} }}", CASES, "status count"),
    "TypeCount": Place(f"statistics({_PERIOD}) {{ byType {{ % }} }}", CASES, "type count"),
    "LanguageCount": Place(
        f"statistics({_PERIOD}) {{ byLanguage {{ % }} }}", CASES, "language count"
    ),
    "DayCount": Place(f"statistics({_PERIOD}) {{ received {{ % }} }}", CASES, "on count"),
    "Durations": Place(
        f"statistics({_PERIOD}) {{ timeToClose {{ % }} }}", CASES, "count median p90"
    ),
    "CategoryDecision": Place(
        f"{_CASE} {{ items {{ decisions {{ % }} }} }}",
        CASES,
        "category outcome basis reason keepUntil source isProposal decidedAt decidedBy",
        {"note": HANDLERS},
    ),
    "FulfilmentTask": Place(
        f"{_CASE} {{ tasks {{ % }} }}",
        CASES,
        "id request kind system category createdAt doneAt isSkipped doneBy",
        {"instruction": HANDLERS, "note": HANDLERS},
    ),
    "TaskConnection": Place("tasks { % }", HANDLERS, f"{_PAGE} totalCount"),
    "TaskEdge": Place("tasks { edges { % } }", HANDLERS, "cursor node"),
    "Disclosure": Place(
        f"{_CLIENT} {{ disclosures {{ % }} }}",
        HANDLERS,
        "id client recipient categories purpose basis at recordedBy",
    ),
    "CaseFile": Place(
        f"{_CASE} {{ files {{ % }} }}",
        HANDLERS,
        "id request name category isProvided size sha256 addedAt by",
    ),
    "AccessPackage": Place(
        f"{_CASE} {{ packages {{ % }} }}",
        HANDLERS,
        "id request language size sha256 files redactions builtAt expiresAt by isKept shownAt"
        " channel passphraseChannel handedOverAt handedOverBy version",
    ),
    "LetterPreview": Place(
        f'letterPreview(requestId: "{encode("DataSubjectRequest", 2)}", kind: REPLY) {{ % }}',
        HANDLERS,
        "to subject text problems",
    ),
    "AuditEntry": Place(
        "auditLog { nodes { % } }",
        D,
        "id at actor action target targetIds operation requestId detail",
    ),
    "AuditEntryConnection": Place("auditLog { % }", D, _PAGE),
    "AuditEntryEdge": Place("auditLog { edges { % } }", D, "cursor node"),
}

# what acts and events answer: reached only by who may act, or listen
ANSWERS: dict[str, str] = {
    "ClientUpsertPayload": "client isNew userErrors",
    "ConsentPayload": "consent client userErrors",
    "MessageClassifyPayload": "message request userErrors",
    "OutboundMailPayload": "outboundMail userErrors",
    "DisclosurePayload": "disclosure client userErrors",
    "MessagePayload": "message request userErrors",
    "PackagePayload": "package request userErrors",
    "PassphrasePayload": "package passphrase userErrors",
    "PolicyPayload": "policyVersion userErrors",
    "RequestFileRemovePayload": "request userErrors",
    "RequestPayload": "request outboundMail userErrors",
    "RestrictionPayload": "client userErrors",
    "TaskPayload": "task request userErrors",
    "StaffUpsertPayload": "staff userErrors",
    "TokenCreatePayload": "token name expiresAt userErrors",
    "TokenRevokePayload": "name userErrors",
    "FieldError": "code path message",
    "TransitionError": "code path message from allowed",
    "RequestChanged": "request entry",
}
