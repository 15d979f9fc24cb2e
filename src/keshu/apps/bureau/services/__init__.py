"""What people do with the house. Every write checks permission, is recorded, and is whole or nothing."""

from keshu.apps.bureau.services.refusals import Refused, Unacceptable

__all__ = ["Refused", "Unacceptable"]
