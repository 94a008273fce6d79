"""What the files tell other apps."""

from django.dispatch import Signal

# Sent with `file` once its text was read (or found to be unreadable), in the transaction that stores it.
text_extracted = Signal()
