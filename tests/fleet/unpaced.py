"""The command without the request rate of Route 53, which the fake does not have."""

from migrator.cli import main
from providers.route53 import pacing

pacing.PACE = pacing.Pace(per_second=1e6, store=1_000_000, polls=(0.0, 0.05, 0.2))

if __name__ == "__main__":
    main()
