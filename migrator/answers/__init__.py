"""What servers answer of a zone that is known: what to ask them, what it shows, how it differs. No IO here."""
