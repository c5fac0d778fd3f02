"""How amounts of money are shown to officers, the same in every language."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Return an amount in yuan with its thousands apart, "–" for none."""
    return "–" if amount is None else f"¥{amount:,.2f}"
