"""Everything that an import or a change of TTLs needs, imported once for all runs of the tests."""

import migrator.cli
import migrator.cli.running
import migrator.cli.ttl_lowering
import migrator.cli.ttl_restoring
import migrator.cli.undoing
import migrator.cli.writing
import migrator.workflow.durable
import migrator.workflow.world
import migrator.writing.importing
import migrator.writing.rollback
import providers.cloudflare
import providers.route53
import providers.zonefile
import tests.importing.memory

__all__ = ["migrator", "providers", "tests"]
