"""Grants: application, notice, payment orders, accounts, and money that is claimed back."""

from partizipation_core.kernel.grant import accounts, application, extension, notice, payment

__all__ = ["DECIDERS"]

DECIDERS = (
    *application.DECIDERS,
    *notice.DECIDERS,
    *payment.DECIDERS,
    *accounts.DECIDERS,
    *extension.DECIDERS,
)
