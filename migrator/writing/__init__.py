"""What writes at a provider: a plan carried out with its journal, taken back, and proved by reading again."""
