"""The record of processing activities (GDPR Art. 30), read off the published policy.

A table, so that a lawyer can read and change it: one row for each category of clause 3.
"""

from dataclasses import dataclass

from models.vocabulary import DataCategory, LawfulBasis


@dataclass(frozen=True, slots=True)
class Activity:
    """One row: what is processed, why, on which basis, who gets it, how long it stays, where.

    `clauses` are the clauses of the policy the row rests on.
    """

    category: DataCategory
    purposes: tuple[str, ...]
    bases: tuple[LawfulBasis, ...]
    recipients: tuple[str, ...]
    retention: str
    systems: tuple[str, ...]
    clauses: tuple[str, ...]


AFTER_RELATIONSHIP = "During the client relationship and two years after its end (clause 8.2)"
_AUTHORITIES = "Investigating authorities, Tax and Customs Board, Police and Border Guard Board"
_REGISTRIES = "Domain registries and registrars, as processors"
_CERT = "Teams that handle security incidents, such as CERT"
_BY_LAW = (LawfulBasis.CONTRACT, LawfulBasis.LEGAL_OBLIGATION)

ACTIVITIES: tuple[Activity, ...] = (
    Activity(
        DataCategory.CLIENT,
        purposes=(
            "Identifying persons and meeting legal duties",
            "Concluding contracts and keeping client relations",
            "Keeping client data up to date",
            "Sales promotion and marketing messages",
        ),
        bases=(*_BY_LAW, LawfulBasis.CONSENT),
        recipients=(_AUTHORITIES, _REGISTRIES),
        retention=AFTER_RELATIONSHIP,
        systems=("Client register", "Privacy desk"),
        clauses=("1", "3", "5.1", "5.2", "7.1", "7.3", "8.2"),
    ),
    Activity(
        DataCategory.DEVICE,
        purposes=(
            "Giving access to services and products",
            "Improving the experience of clients",
            "Security of networks and information",
        ),
        bases=(LawfulBasis.CONTRACT, LawfulBasis.CONSENT, LawfulBasis.LEGITIMATE_INTEREST),
        recipients=(_AUTHORITIES, _CERT),
        retention=AFTER_RELATIONSHIP,
        systems=("Service logs", "Website"),
        clauses=("3", "4", "5.2", "5.4", "7.1", "8.2"),
    ),
    Activity(
        DataCategory.COMMUNICATION,
        purposes=("Keeping client relations", "Using and meeting rights and duties"),
        bases=(*_BY_LAW, LawfulBasis.LEGITIMATE_INTEREST),
        recipients=(_AUTHORITIES,),
        retention=AFTER_RELATIONSHIP,
        systems=("Mailboxes", "Customer service", "Privacy desk"),
        clauses=("3", "5.2", "5.3", "7.1", "8.2"),
    ),
    Activity(
        DataCategory.PAYMENT,
        purposes=("Settling accounts with clients", "Meeting legal duties"),
        bases=_BY_LAW,
        recipients=("Maksekeskus AS, as processor", _AUTHORITIES),
        retention=(
            f"{AFTER_RELATIONSHIP}; accounting documents seven years from the end of the"
            " financial year (Accounting Act § 12)"
        ),
        systems=("Accounting", "Payment service"),
        clauses=("3", "5.2", "5.3", "7.1", "7.2", "8.2"),
    ),
    Activity(
        DataCategory.SATISFACTION,
        purposes=("Satisfaction surveys", "Market analysis and statistics"),
        bases=(LawfulBasis.CONSENT, LawfulBasis.LEGITIMATE_INTEREST),
        recipients=(),
        retention=AFTER_RELATIONSHIP,
        systems=("Survey tool",),
        clauses=("3", "5.2", "8.2", "9.4"),
    ),
    Activity(
        DataCategory.CONTENT,
        purposes=("Giving access to services and products",),
        bases=(LawfulBasis.CONTRACT,),
        recipients=(_AUTHORITIES, _CERT),
        retention=AFTER_RELATIONSHIP,
        systems=("Hosting and cloud services",),
        clauses=("3", "5.2", "5.3", "5.4", "7.1", "8.2"),
    ),
)
