"""Delivery: how awarded items are carried out, and money that comes back (Umsetzung)."""

from partizipation_core.kernel.delivery import carrying, milestones
from partizipation_core.kernel.delivery.carrying import (
    AbandonDelivery,
    ChangeDelivery,
    DeliveryAbandoned,
    DeliveryFinished,
    FinishDelivery,
    ProgressReported,
    ReportProgress,
    StartDelivery,
)

__all__ = [
    "DECIDERS",
    "AbandonDelivery",
    "ChangeDelivery",
    "DeliveryAbandoned",
    "DeliveryFinished",
    "FinishDelivery",
    "ProgressReported",
    "ReportProgress",
    "StartDelivery",
]

DECIDERS = (*carrying.DECIDERS, *milestones.DECIDERS)
