"""Prometheus metrics of one API process; no personal data, few labels."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from models.figures import HealthFigures

NAMES_MAX = 200
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """Counts operations; reads the desk's gauges when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._names: set[str] = set()
        self._operations = Counter(
            "netpro_operations_total",
            "GraphQL operations.",
            ["operation", "status", "failed"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "netpro_operation_seconds",
            "Duration of GraphQL operations.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._letters = Gauge(
            "netpro_letters", "Letters seen, by fate.", ["fate"], registry=self.registry
        )
        self._outbox = Gauge(
            "netpro_outbox_depth", "Letters that wait to be sent.", registry=self.registry
        )
        self._lag = Gauge(
            "netpro_inbox_lag_seconds", "Age of the oldest unread letter.", registry=self.registry
        )
        self._bot = Gauge(
            "netpro_bot_seen_timestamp_seconds",
            "When the mail robot was last seen.",
            registry=self.registry,
        )

    def operation(self, name: str | None, status: int, failed: bool, seconds: float) -> None:
        """One operation; callers choose names, so only so many become labels."""
        label = name or "unnamed"
        if label not in self._names and len(self._names) >= NAMES_MAX:
            label = "other"
        self._names.add(label)
        self._operations.labels(label, str(status), str(failed).lower()).inc()
        self._seconds.observe(seconds)

    def show(self, health: HealthFigures) -> bytes:
        """The text format of Prometheus."""
        for fate, count in health.balance.items():
            self._letters.labels(fate).set(count)
        self._outbox.set(health.outbox_depth)
        self._lag.set(health.inbox_lag_seconds or 0)
        self._bot.set(health.bot_seen_at.timestamp() if health.bot_seen_at else 0)
        return generate_latest(self.registry)
