"""Walls in the database itself: a restricted client cannot be changed (GDPR Art. 18(2)).

The acts refuse first, with a sentence; these triggers stop whoever goes past them. Written
anew at each `models migrate`, since SQLite's table rebuilds drop triggers.
"""

from models.database import connection, is_postgres
from models.personal import PERSONAL

MESSAGE = "processing of this client is restricted (GDPR Art. 18)"
UNTOLD = "a restriction ends only after its letter was sent (GDPR Art. 18(3))"
OWN = sorted(set(PERSONAL["client"]) - {"restricted_since", "restriction_reason", "restricted_by"})
PARTS = ("contact_address", "representative", "contract")
CONSENTING = "NEW.kind IN ('given', 'renewed')"
_RESTRICTED = (
    "EXISTS (SELECT 1 FROM client c WHERE c.id = {row}.client_id"
    " AND c.restricted_since IS NOT NULL)"
)
_TOLD = (
    "EXISTS (SELECT 1 FROM lifting l JOIN outbound_mail o ON o.id = l.letter_id"
    " WHERE l.client_id = OLD.id AND l.ended_at IS NULL AND o.state = 'sent')"
)
_STAYS = "OLD.restricted_since IS NOT NULL AND NEW.restricted_since IS NOT NULL"
_ENDS = "OLD.restricted_since IS NOT NULL AND NEW.restricted_since IS NULL"


def _rules() -> list[tuple[str, str, str, str, str]]:
    """(name, table, moment, condition, message); `≠` compares with nulls."""
    changed = " OR ".join(f"OLD.{name} ≠ NEW.{name}" for name in [*OWN, "erased_at"])
    found = [
        ("client_restricted", "client", "UPDATE", f"{_STAYS} AND ({changed})", MESSAGE),
        ("client_untold", "client", "UPDATE", f"{_ENDS} AND NOT {_TOLD}", UNTOLD),
        (
            "consent_event_restricted", "consent_event", "INSERT",
            f"{CONSENTING} AND {_RESTRICTED.format(row='NEW')}", MESSAGE,
        ),
    ]  # fmt: skip
    for table in PARTS:
        for moment, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            name = f"{table}_restricted_{moment.lower()}"
            found.append((name, table, moment, _RESTRICTED.format(row=row), MESSAGE))
    return found


async def install() -> None:
    """Writes every trigger anew; the connection is open, outside a transaction."""
    write = _postgres if is_postgres() else _sqlite
    for name, table, moment, condition, message in _rules():
        for statement in write(name, table, moment, condition, message):
            await connection().execute_script(statement)


def _sqlite(name: str, table: str, moment: str, condition: str, message: str) -> list[str]:
    when = condition.replace("≠", "IS NOT")
    body = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW WHEN {when} {body}",
    ]


def _postgres(name: str, table: str, moment: str, condition: str, message: str) -> list[str]:
    """One function a trigger: WHEN knows no sub-queries there."""
    when = condition.replace("≠", "IS DISTINCT FROM")
    refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
    back = "OLD" if moment == "DELETE" else "NEW"
    body = f"BEGIN IF {when} THEN {refusal}; END IF; RETURN {back}; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
