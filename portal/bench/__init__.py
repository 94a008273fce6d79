"""What `make bench` measures: pages, and what is searched with."""
