"""How the strategy for DNSSEC is told to people, alike in every report."""

from migrator.checks.facts import Strategy


def strategy_text(strategy: Strategy, ds_unsaid: str) -> str:
    """Return the strategy; `ds_unsaid` says why nobody knows that there is no DS, empty where it is known."""
    return f"not known: {ds_unsaid}" if strategy is Strategy.UNSIGNED and ds_unsaid else str(strategy)
