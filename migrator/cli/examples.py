"""An example or two of each command, as its --help ends with them."""

_EXAMPLES = {
    "demo": ("demo --keep-running",),
    "zones": ("zones route53:",),
    "export": ("export route53:example.com", "export cloudflare: --only '*.example.com'"),
    "discover": ("discover example.com -o example.com.zone",),
    "diff": ("diff route53:example.com cloudflare:example.com", "diff old.zone dns:example.com@192.0.2.53"),
    "lint": ("lint example.com.zone",),
    "import": ("import route53:example.com cloudflare:example.com",),
    "apply": ("apply plan.json",),
    "rollback": ("rollback example.com",),
    "check": ("check example.com --phase prepare --from route53:example.com",),
    "confirm": (
        "confirm example.com --to cloudflare:example.com --watch",
        "confirm example.com --expect ns1.example.net,ns2.example.net",
    ),
    "plan": ("plan example.com --from old.zone --to azure:example.com",),
    "ttl lower": ("ttl lower example.com --from route53:example.com",),
    "ttl restore": ("ttl restore example.com --to cloudflare:example.com",),
    "run": ("run example.com --from old.zone --to cloudflare:example.com", "run example.com"),
    "status": ("status", "status example.com"),
    "approve": ("approve example.com import --accept weights-merged",),
    "again": ("again example.com import",),
    "pause": ("pause example.com --because 'No changes before Monday'",),
    "resume": ("resume example.com",),
    "abort": ("abort example.com --because 'We stay where we are'",),
    "worker": ("worker --database postgresql://user@host/database",),
    "history": ("history example.com",),
    "report": ("report example.com -o report.html",),
    "serve": ("serve",),
    "explain": ("explain", "explain ns.aa"),
    "fleet add": ("fleet add domains.csv --from route53: --to cloudflare:",),
    "fleet run": ("fleet run --wave 1",),
    "fleet status": ("fleet status --only-failing",),
    "fleet pause": ("fleet pause --wave 2",),
    "fleet resume": ("fleet resume --wave 2",),
    "fleet report": ("fleet report -o fleet.html",),
}


def examples_of(command: str) -> str:
    """Return the last lines of the help of a command: paragraphs, for Typer folds lines into one."""
    return "\n\n".join(("For example:", *(f"dns-migrator {line}" for line in _EXAMPLES[command])))
