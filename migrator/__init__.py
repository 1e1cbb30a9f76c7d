"""dns-migrator: moves the DNS of a domain between providers without losing a record, and proves it."""
