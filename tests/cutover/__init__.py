"""Tests of the judge of a switch."""
