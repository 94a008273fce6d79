"""Numbers in European Portuguese: thousands are parted by a space, not by the point of Brazil."""

THOUSAND_SEPARATOR = "\xa0"
