"""What all tests share: the product's own engine, and how long Hypothesis looks."""

import os

import pytest
from hypothesis import HealthCheck, settings

from il2kg.bulk import load_engine
from il2kg.engine import Engine

_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("ci", max_examples=30, derandomize=True, **_COMMON)
settings.register_profile("fuzz", max_examples=3000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load_engine()
