"""The controller's published policy and the authorities around it, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Authority:
    """Where a person may complain (GDPR Art. 77)."""

    name: str
    address: str
    email: str


INSPECTORATE = Authority(
    name="Andmekaitse Inspektsioon",
    address="Tatari 39, 10134 Tallinn",
    email="info@aki.ee",
)
