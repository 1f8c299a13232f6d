"""Every word of the register, once, with its meaning beside it.

Values are what the database and the command line write (lower case); GraphQL
shows the member names. Frozen: migrations import this module, so members are
added, never renamed or removed.
"""

from enum import StrEnum


class RequestType(StrEnum):
    """What the writer asks for; the ten labels of the classifier."""

    INFORMATION = "information"  # GDPR Art. 15(1), policy 9.1
    COPY = "copy"  # Art. 15(3), policy 9.3
    RECTIFICATION = "rectification"  # Art. 16, policy 9.2, 8.1
    ERASURE = "erasure"  # Art. 17, policy 9.5
    RESTRICTION = "restriction"  # Art. 18
    PORTABILITY = "portability"  # Art. 20
    OBJECTION = "objection"  # Art. 21, 22, policy 9.4
    CONSENT_WITHDRAWAL = "consent_withdrawal"  # Art. 7(3), policy 10
    COMPLAINT = "complaint"  # a grievance about how we handled data, policy 9.6, 10
    INQUIRY = "inquiry"  # a question that uses no right, Art. 13, policy 10, 2.4


class AskedPurpose(StrEnum):
    """A purpose named in a letter; `all` stands alone."""

    MARKETING = "marketing"
    SURVEYS = "surveys"
    ANALYTICS = "analytics"
    COOKIES = "cookies"
    ALL = "all"


class Purpose(StrEnum):
    """A purpose that rests on consent and has a ledger."""

    MARKETING = "marketing"
    SURVEYS = "surveys"
    ANALYTICS = "analytics"
    COOKIES = "cookies"


class Language(StrEnum):
    """Language of our letters; any other language is answered in English."""

    ET = "et"
    EN = "en"
    RU = "ru"


class Decision(StrEnum):
    """What the classifier lets happen next."""

    REGISTER = "register"  # sure enough: open a case and acknowledge
    TRIAGE = "triage"  # a person looks first; the clock already runs
    IGNORE = "ignore"  # nothing to do with data protection


class Answer(StrEnum):
    """Whether the one automatic letter may go out (RFC 3834)."""

    SEND = "send"
    HOLD = "hold"  # a person releases or drops it
    SILENT = "silent"  # never


class Fate(StrEnum):
    """What became of one sighting of a letter; the balance sheet adds these up."""

    STORED = "stored"  # raw bytes are safe, not worked off yet
    BEFORE_START = "before_start"  # older than START_AT: seen, never answered
    REGISTERED = "registered"  # opened a case
    TRIAGE = "triage"  # waits for a person
    FOLLOW_UP = "follow_up"  # belongs to a case that stands
    IGNORED = "ignored"  # judged other
    AUTOMATIC = "automatic"  # a machine wrote it
    DUPLICATE = "duplicate"  # the same bytes seen before
    VANISHED = "vanished"  # expunged between SEARCH and FETCH
    QUARANTINED = "quarantined"  # three failures; a person looks
    ERASED = "erased"  # erased before, seen again: neither read nor kept


class AutomaticKind(StrEnum):
    """Why a letter counts as written by a machine."""

    DELIVERY_REPORT = "delivery_report"  # RFC 3464, or a plain-text bounce
    AUTO_REPLY = "auto_reply"  # RFC 3834, out-of-office
    LIST = "list"  # RFC 2369
    BULK = "bulk"  # Precedence, Feedback-ID
    OWN = "own"  # our own letter came back


class AuthResult(StrEnum):
    """RFC 8601 result words."""

    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class ReadingFlag(StrEnum):
    """What a person should know about how a letter was read."""

    CHARSET_GUESSED = "charset_guessed"  # none declared, or the declared one does not exist
    CHARSET_WRONG = "charset_wrong"  # the label lied; recovered
    CHARSET_LOSSY = "charset_lossy"  # some bytes could not be read
    HTML_DIFFERS = "html_differs"  # text and HTML parts say different things
    HTML_CUT = "html_cut"  # over the caps on size, nodes or depth
    TRUNCATED = "truncated"  # over the size cap: people must keep the original
    TOO_MANY_PARTS = "too_many_parts"
    HEADER_UNREADABLE = "header_unreadable"
    FORWARDED_MESSAGE = "forwarded_message"  # a letter inside the letter: a person confirms
    ATTACHMENT_UNREAD = "attachment_unread"  # no text could be taken out of it
    SIGNED_CONTAINER = "signed_container"  # ASiC-E, BDOC: a human looks
    ONLY_QUOTE = "only_quote"  # no new words of the writer's own
    RECEIVED_EARLIER = "received_earlier"  # our own Received is older than INTERNALDATE


class ClientKind(StrEnum):
    NATURAL_PERSON = "natural_person"
    LEGAL_PERSON = "legal_person"  # has no data-subject rights, may withdraw consents


class IdentifierScheme(StrEnum):
    EE_PERSONAL_CODE = "ee_personal_code"  # isikukood
    EE_REGISTRY_CODE = "ee_registry_code"  # äriregistri kood
    OTHER = "other"


class AddressKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"
    USERNAME = "username"


class LawfulBasis(StrEnum):
    """GDPR Art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"


class ConsentEventKind(StrEnum):
    """One line of the consent ledger (DPV consent status names)."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RENEWED = "renewed"
    INVALIDATED = "invalidated"


class ConsentState(StrEnum):
    """What the ledger says now: a fold, never written directly."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ConsentMethod(StrEnum):
    """How the person told us (ISO/IEC TS 27560 collection method)."""

    MAIL = "mail"
    FORM = "form"
    PHONE = "phone"
    PAPER = "paper"
    STAFF = "staff"
    IMPORT = "import"


class Channel(StrEnum):
    """How a request reached us."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    OTHER = "other"


class RequestStatus(StrEnum):
    NEW = "new"  # opened, nobody has taken it
    AWAITING_IDENTITY = "awaiting_identity"  # Art. 12(6) question was sent
    AWAITING_CLARIFICATION = "awaiting_clarification"  # Recital 63 question was sent
    IN_PROGRESS = "in_progress"  # somebody works on it
    CLOSED = "closed"  # answered
    MERGED = "merged"  # belongs to another case, which keeps the earliest clock
    NOT_A_REQUEST = "not_a_request"  # a person found it was none


class ItemStatus(StrEnum):
    OPEN = "open"
    EFFECTIVE = "effective"  # a withdrawal or marketing objection: took effect on receipt
    DECIDED = "decided"


class Outcome(StrEnum):
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    NOT_HELD = "not_held"
    WITHDRAWN_BY_SUBJECT = "withdrawn_by_subject"


class RequestAction(StrEnum):
    """What staff may do with a case; the lifecycle table says when."""

    ASSIGN = "assign"
    ASK_IDENTITY = "ask_identity"
    VERIFY_IDENTITY = "verify_identity"
    ASK_CLARIFICATION = "ask_clarification"
    EXTEND = "extend"
    DECIDE = "decide"
    ERASE = "erase"  # carries out what was decided of each category
    CLOSE = "close"
    REFUSE = "refuse"
    CORRECT_CLASSIFICATION = "correct_classification"
    MERGE = "merge"
    SPLIT = "split"
    REPLY = "reply"
    NOTE = "note"
    RETRY_LETTER = "retry_letter"
    RELEASE_LETTER = "release_letter"
    DROP_LETTER = "drop_letter"
    LEGAL_HOLD = "legal_hold"
    LIFT_LEGAL_HOLD = "lift_legal_hold"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    RESUME = "resume"  # the answer to our question came: the clock runs on
    REMIND = "remind"  # we still wait
    ANNOUNCE_FEE = "announce_fee"  # Art. 12(5), before charging
    REPORT_BREACH = "report_breach"  # nobody flagged it: the officer is told at once
    DECIDE_BREACH = "decide_breach"  # Art. 33: notified, or why not
    DECIDE_TELLING = "decide_telling"  # Art. 34: the people concerned are told, or why not
    ACKNOWLEDGE = "acknowledge"  # lets the acknowledgement go that waits, or was never written


class DeadlineState(StrEnum):
    ON_TIME = "on_time"
    DUE_SOON = "due_soon"  # seven days or fewer are left
    OVERDUE = "overdue"
    MET = "met"  # answered by the due date
    MISSED = "missed"  # answered late


class ExtensionGround(StrEnum):
    """Art. 12(3): there is no third one."""

    COMPLEXITY = "complexity"
    NUMBER_OF_REQUESTS = "number_of_requests"


class Assurance(StrEnum):
    """How sure we are who writes."""

    CLAIMED = "claimed"  # L0: nothing known
    MATCHED = "matched"  # L1: address on file, proven by our own mail server
    CONFIRMED = "confirmed"  # L2: answered a challenge, or known facts checked by staff
    SIGNED = "signed"  # L3: valid digital signature over the request itself


class IdentityMethod(StrEnum):
    KNOWN_ADDRESS = "known_address"
    ADDRESS_CHALLENGE = "address_challenge"
    CLIENT_FACTS = "client_facts"
    DIGITAL_SIGNATURE = "digital_signature"
    CALL_BACK = "call_back"
    IN_PERSON = "in_person"


class Justification(StrEnum):
    """Reasons for refusing or delaying: names of the W3C Data Privacy Vocabulary."""

    COMPLEXITY_OF_PROCESS = "complexity_of_process"
    HIGH_VOLUME_OF_PROCESSES = "high_volume_of_processes"
    IDENTITY_VERIFICATION_REQUIRED = "identity_verification_required"
    INFORMATION_REQUIRED = "information_required"
    IDENTITY_VERIFICATION_FAILURE = "identity_verification_failure"
    LEGAL_OBLIGATION_IMPAIRED = "legal_obligation_impaired"
    LEGAL_CLAIM_DEFENCE_IMPAIRED = "legal_claim_defence_impaired"
    CONTRACT_PERFORMANCE_NECESSITY = "contract_performance_necessity"
    THIRD_PARTY_RIGHTS_IMPAIRED = "third_party_rights_impaired"
    PROCESS_EXCESSIVE = "process_excessive"
    PROCESS_UNFOUNDED = "process_unfounded"
    FULFILMENT_IMPOSSIBLE = "fulfilment_impossible"
    LEGITIMATE_INTEREST_OVERRIDE = "legitimate_interest_override"  # Art. 21(1)
    NOT_REQUIRED_JUSTIFICATION = "not_required_justification"  # a right's conditions are not met


class BreachOutcome(StrEnum):
    """What was decided about a possible breach (Art. 33)."""

    NOTIFIED = "notified"  # the Inspectorate was told (Art. 33(1))
    NOT_NOTIFIED = "not_notified"  # a breach, but unlikely to put anybody at risk
    NO_BREACH = "no_breach"  # it turned out that there was none


class TellingOutcome(StrEnum):
    """Whether the people concerned are told of a breach (Art. 34)."""

    TOLD = "told"  # each of them (Art. 34(1))
    TOLD_PUBLICLY = "told_publicly"  # telling each would be too great an effort (Art. 34(3)(c))
    NO_HIGH_RISK = "no_high_risk"  # the risk to them is not high (Art. 34(1))
    UNINTELLIGIBLE = "unintelligible"  # nobody can read what leaked (Art. 34(3)(a))
    AVERTED = "averted"  # what was done since took the high risk away (Art. 34(3)(b))


class DataCategory(StrEnum):
    """The six categories of policy clause 3."""

    CLIENT = "client"
    DEVICE = "device"
    COMMUNICATION = "communication"
    PAYMENT = "payment"
    SATISFACTION = "satisfaction"
    CONTENT = "content"


class TaskKind(StrEnum):
    SEARCH = "search"
    EXPORT = "export"
    CORRECT = "correct"
    ERASE = "erase"
    RESTRICT = "restrict"
    NOTIFY_RECIPIENT = "notify_recipient"  # Art. 19
    DELETE_IN_MAILBOX = "delete_in_mailbox"
    UNRESTRICT = "unrestrict"  # the restriction ended: its mark goes


class LetterKind(StrEnum):
    """Letters we send; the last two go to staff and carry no personal data."""

    ACKNOWLEDGEMENT = "acknowledgement"
    IDENTITY_CHECK = "identity_check"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    FEE_NOTICE = "fee_notice"
    CLOSING = "closing"
    REFUSAL = "refusal"
    REPLY = "reply"
    REMINDER = "reminder"
    RESTRICTION_LIFTED = "restriction_lifted"
    STAFF_DIGEST = "staff_digest"
    STAFF_ALARM = "staff_alarm"


class DeliveryState(StrEnum):
    """The road of one outbound letter."""

    QUEUED = "queued"
    HELD = "held"  # a person releases or drops it
    SENDING = "sending"  # committed right before DATA
    SENT = "sent"  # the server answered 250
    DEFERRED = "deferred"  # temporary failure before DATA; tried again
    MAYBE_SENT = "maybe_sent"  # the answer to DATA is unknown; a person decides
    BOUNCED = "bounced"  # a delivery report came back
    FAILED = "failed"  # permanent failure; a person decides
    DROPPED = "dropped"  # a person decided not to send it


class ActorKind(StrEnum):
    STAFF = "staff"
    BOT = "bot"
    SUBJECT = "subject"  # the person whose data it is
    INTEGRATION = "integration"  # a machine with a token
    SYSTEM = "system"  # command line, calendar, import


class Role(StrEnum):
    """Sets of rights, not a ladder."""

    VIEWER = "viewer"  # queue, states, figures; no letter text
    CASE_HANDLER = "case_handler"
    DPO = "dpo"  # everything a case handler sees, and the journal
    ADMIN = "admin"  # staff, tokens, settings; reads no letters
    INTEGRATION = "integration"  # a machine: clients and consents in, suppression look-ups out


class TimelineKind(StrEnum):
    RECEIVED = "received"
    CLASSIFIED = "classified"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    DECIDED = "decided"
    TASK = "task"
    REPLIED = "replied"
    MERGED = "merged"
    SPLIT = "split"
    RECLASSIFIED = "reclassified"
    HELD = "held"  # something was left to a person
    LEGAL_HOLD = "legal_hold"  # began or ended
    CLOSED = "closed"
    REOPENED = "reopened"
    DELIVERY = "delivery"
    NOTE = "note"
    EFFECT = "effect"  # a withdrawal or marketing objection took effect
    FILE = "file"  # a colleague added a file, or took one away
    PACKAGE = "package"  # the access package was built, or handed over
    ERASED = "erased"  # data left the register, by an erasure or by their time
    BREACH = "breach"  # reported, or decided: who was told of it, or why not (Art. 33, 34)


class ErrorCode(StrEnum):
    """Why an act was refused."""

    NOT_FOUND = "not_found"
    INVALID = "invalid"
    CONFLICT = "conflict"
    STALE_VERSION = "stale_version"
    ILLEGAL_TRANSITION = "illegal_transition"
    IDENTITY_REQUIRED = "identity_required"
    TOO_LATE = "too_late"
    ALREADY_EXTENDED = "already_extended"
    REASON_REQUIRED = "reason_required"
    DECISION_INCOMPLETE = "decision_incomplete"
    LEGAL_HOLD = "legal_hold"
    RESTRICTED = "restricted"
    SELF_MERGE = "self_merge"
    FORBIDDEN = "forbidden"  # another role may do this
