"""What knowledge tells other apps."""

from django.dispatch import Signal

# Sent once concepts were added all together, in the transaction that adds them: none of them is saved by itself.
concepts_added = Signal()
