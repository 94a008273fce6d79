"""The demonstration: its content, its accounts, synthetic items to measure with, and the command that runs it."""
