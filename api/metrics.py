"""Prometheus metrics of one API process; no personal data, few labels.

The bot speaks no HTTP: what it does is read here, from the register, by every API alike.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.call import Desk
from models.figures import HealthFigures
from models.gauges import Gauges

NAMES_MAX = 200
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """Counts operations; reads the desk's gauges when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._names: set[str] = set()
        self._operations = Counter(
            "netpro_operations_total",
            "Answers: GraphQL operations by name, files by path, refusals too.",
            ["operation", "status", "failed"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "netpro_operation_seconds",
            "Duration of GraphQL operations.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._deprecated = Counter(
            "netpro_deprecated_fields_total",
            "Operations that ask for a field that will go.",
            ["field"],
            registry=self.registry,
        )
        self._letters = self._gauge(
            "letters",
            "Letters seen, by what was decided: the balance sheet of the mailbox.",
            "fate",
        )
        self._outbox = self._gauge("outbox", "Letters of ours, by state of delivery.", "state")
        self._deadlines = self._gauge(
            "deadlines", "Cases, and letters in triage, by state of their legal clock.", "state"
        )
        self._depth = self._gauge("outbox_depth", "Letters that wait to be sent.")
        self._lag = self._gauge("inbox_lag_seconds", "Age of the oldest unread letter.")
        self._waiting = self._gauge(
            "outbox_oldest_seconds", "Age of the oldest letter of ours that waits to be sent."
        )
        self._unacknowledged = self._gauge(
            "oldest_unacknowledged_seconds",
            "Age of the oldest open case whose acknowledgement has not gone out.",
        )
        self._bot = self._gauge("bot_seen_timestamp_seconds", "When the mail robot was last seen.")
        self._sockets = self._gauge("sockets", "WebSockets open in this process.")
        self._subscriptions = self._gauge("subscriptions", "Subscriptions open in this process.")

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"netpro_{name}", says, labels, registry=self.registry)

    def operation(self, name: str, status: int, failed: bool, seconds: float | None) -> None:
        """One answer; callers choose names, so only so many become labels.

        `seconds` is None when no operation was reached, or one lasted as long as its client.
        """
        if name not in self._names and len(self._names) >= NAMES_MAX:
            name = "other"
        self._names.add(name)
        self._operations.labels(name, str(status), str(failed).lower()).inc()
        if seconds is not None:
            self._seconds.observe(seconds)

    def deprecated(self, fields: Iterable[str]) -> None:
        """One operation asked for these: `Type.field`."""
        for name in fields:
            self._deprecated.labels(name).inc()

    def show(self, health: HealthFigures, found: Gauges, desk: Desk) -> bytes:
        """The text format of Prometheus."""
        for fate, count in health.balance.items():
            self._letters.labels(fate).set(count)
        for delivery, count in found.outbox.items():
            self._outbox.labels(delivery.value).set(count)
        for state, count in found.deadlines.items():
            self._deadlines.labels(state.value).set(count)
        self._depth.set(health.outbox_depth)
        self._lag.set(health.inbox_lag_seconds or 0)
        self._waiting.set(found.oldest_outbound)
        self._unacknowledged.set(found.oldest_unacknowledged)
        self._bot.set(health.bot_seen_at.timestamp() if health.bot_seen_at else 0)
        self._sockets.set(desk.sockets.taken)
        self._subscriptions.set(desk.subscriptions.taken)
        return generate_latest(self.registry)
