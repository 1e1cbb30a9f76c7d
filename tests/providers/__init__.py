"""Tests of the adapters; the contract's own asserts tell what they compare."""

import pytest

pytest.register_assert_rewrite("tests.providers.contract")
