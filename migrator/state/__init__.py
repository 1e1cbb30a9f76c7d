"""The state database and all that stands in it: looks, journals, migrations, TTLs, locks, workers."""
