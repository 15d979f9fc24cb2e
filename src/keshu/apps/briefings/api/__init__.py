"""Briefings over the API: bulletins, drafts checked against the ledger."""

from ninja import Router

from keshu.apps.briefings.api import bulletins, fact_checks

routers: tuple[Router, ...] = (bulletins.router, fact_checks.router)

__all__ = ["routers"]
