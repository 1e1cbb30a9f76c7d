"""Findings, differences and stages as text, Markdown, JUnit: pure, no IO."""
