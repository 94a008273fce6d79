"""How many wrong passwords are too many: for an account, and for an address that a whole office may share."""

from __future__ import annotations

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

#: Wrong passwords from one address, for whatever accounts, that close it; an account closes after AXES_FAILURE_LIMIT.
PER_ADDRESS = 40


class WrongPasswords(AxesDatabaseHandler):
    """Counts as the library does, but an address has a limit of its own; the library has one for all it counts by."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Return the wrong passwords for the account, or those from the address on the same scale: what is nearer its limit.

        Of one account an address answers for no more than close it: who goes on trying locks out nobody else.
        """
        limit = settings.AXES_FAILURE_LIMIT
        by_account, by_address = self.get_user_attempts(request, credentials)
        account = by_account.aggregate(n=Sum("failures_since_start"))["n"] or 0
        accounts = by_address.order_by().values("username").annotate(n=Sum("failures_since_start"))
        address = sum(min(row["n"], limit) for row in accounts)
        return max(account, address * limit // PER_ADDRESS)
