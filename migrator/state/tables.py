"""The tables of the state database. A version of the schema adds tables, and changes none that is there.

1  migrator_schema, migrator_observations
2  migrator_runs, migrator_steps, migrator_locks
3  migrator_ttls
4  migrator_registrations
5  migrator_documents, migrator_migrations, migrator_events, migrator_workers, migrator_budgets
6  migrator_notices
"""

import sqlalchemy as sa

METADATA = sa.MetaData()
SCHEMA = sa.Table("migrator_schema", METADATA, sa.Column("version", sa.Integer, nullable=False))
OBSERVATIONS = sa.Table(
    "migrator_observations",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("server", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("qname", sa.String, nullable=False),
    sa.Column("qtype", sa.String, nullable=False),
    sa.Column("transport", sa.String, nullable=False),
    sa.Column("rcode", sa.String),
    sa.Column("aa", sa.Boolean),
    sa.Column("ttl", sa.BigInteger),
    sa.Column("rdata", sa.Text),
    sa.Column("expected", sa.String, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Index("migrator_observations_by_question", "domain", "role", "qtype", "address", "id"),
)

# One run of a command that writes: an import, or the undoing of one. `target` names the zone at its provider,
# `existing` is the target as zone.json before the first write, `continues` the interrupted run that it goes on
# from, `undoes` the one that it takes back.
RUNS = sa.Table(
    "migrator_runs",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("locator", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("backup", sa.String, nullable=False),
    sa.Column("existing", sa.Text),
    sa.Column("continues", sa.Integer),
    sa.Column("undoes", sa.Integer),
    sa.Index("migrator_runs_by_domain", "domain", "id"),
)
# What a run was about to do and what became of it. `number` is the place of the change in its run; the zone itself
# and the end of the run have none.
STEPS = sa.Table(
    "migrator_steps",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.Integer, sa.ForeignKey("migrator_runs.id"), nullable=False),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("number", sa.Integer),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("change", sa.Text),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index("migrator_steps_by_run", "run", "id"),
)
# TTLs that were lowered for a move, and put back: the last event of a set at a target counts. `original` and
# `records` (JSON: rdata and TTL of records that differed) are what it had, `lowered` what it was given. `run` is
# the run that wrote it, none where a person changes the zone by hand.
TTLS = sa.Table(
    "migrator_ttls",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.Integer, sa.ForeignKey("migrator_runs.id")),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("target", sa.String, nullable=False),
    sa.Column("locator", sa.String, nullable=False),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("rdtype", sa.String, nullable=False),
    sa.Column("variant", sa.String, nullable=False),
    sa.Column("original", sa.BigInteger, nullable=False),
    sa.Column("records", sa.Text, nullable=False),
    sa.Column("lowered", sa.BigInteger, nullable=False),
    sa.Index("migrator_ttls_by_domain", "domain", "id"),
)
# What the registry said of a domain in RDAP: what was understood of it as JSON, with its whole answer in that.
REGISTRATIONS = sa.Table(
    "migrator_registrations",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Index("migrator_registrations_by_domain", "domain", "id"),
)
# Who writes to which target now: the one table whose rows come and go.
LOCKS = sa.Table(
    "migrator_locks",
    METADATA,
    sa.Column("target", sa.String, primary_key=True),
    sa.Column("token", sa.String, nullable=False),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("started", sa.String, nullable=False),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("beat", sa.String, nullable=False),
)
# What commands found, as the JSON documents that they print, by their schema: findings, plans, references to
# backups.
DOCUMENTS = sa.Table(
    "migrator_documents",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("schema", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("migrator_documents_by_domain", "domain", "schema", "id"),
)
# One migration of a domain. `key` names it everywhere and for ever, `options` are what was decided at its
# beginning, `fleet` and `wave` say which batch it belongs to. The other columns are what its events come to, kept
# beside them so that the state of ten thousand domains is one query: `due` is when something is to be done, null
# where only a person goes on, `worker` who does it now. A domain has one migration at a time that is not over.
MIGRATIONS = sa.Table(
    "migrator_migrations",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("domain", sa.String, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("fleet", sa.String, nullable=False),
    sa.Column("wave", sa.Integer, nullable=False),
    sa.Column("is_over", sa.Boolean, nullable=False),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("since", sa.String, nullable=False),
    sa.Column("until", sa.String),
    sa.Column("due", sa.String),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("severity", sa.String),
    sa.Column("worst", sa.Text, nullable=False),
    sa.Column("worker", sa.String, nullable=False),
    sa.Index("migrator_migrations_by_domain", "domain", "id"),
    sa.Index("migrator_migrations_by_due", "is_over", "due"),
)
sa.Index(
    "migrator_migrations_one_at_a_time",
    MIGRATIONS.c.domain,
    unique=True,
    sqlite_where=MIGRATIONS.c.is_over == sa.false(),
    postgresql_where=MIGRATIONS.c.is_over == sa.false(),
)
# What happened in a migration. `turn` is the number of the attempt that ended so, null for what a person said:
# no attempt ends twice.
EVENTS = sa.Table(
    "migrator_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("migration", sa.Integer, sa.ForeignKey("migrator_migrations.id"), nullable=False),
    sa.Column("turn", sa.Integer),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("tool", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("until", sa.String),
    sa.Column("severity", sa.String),
    sa.Column("worst", sa.Text, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("saw", sa.Integer, nullable=False),
    sa.Column("more", sa.Text, nullable=False),
    sa.UniqueConstraint("migration", "turn"),
    sa.Index("migrator_events_by_migration", "migration", "id"),
)
# What people are still to be told: the row of an event goes when they were, or when nobody took the notice.
NOTICES = sa.Table(
    "migrator_notices",
    METADATA,
    sa.Column("event", sa.Integer, sa.ForeignKey("migrator_events.id"), primary_key=True, autoincrement=False),
)
# Who carries out migrations, and when it was last seen alive.
WORKERS = sa.Table(
    "migrator_workers",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("started", sa.String, nullable=False),
    sa.Column("utc", sa.String, nullable=False),
    sa.Column("beat", sa.String, nullable=False),
)
# When the next request to an account may be sent, in seconds since 1970: one row for each budget that workers
# share.
BUDGETS = sa.Table(
    "migrator_budgets",
    METADATA,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("free_at", sa.Float, nullable=False),
)
