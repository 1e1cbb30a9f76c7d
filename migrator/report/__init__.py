"""Findings, differences and stages as text, Markdown and JUnit. No IO here."""
