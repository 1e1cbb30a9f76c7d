"""The mail services that a zone's records make up, and what a change does to them. No IO here."""
