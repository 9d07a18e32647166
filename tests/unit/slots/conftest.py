"""Profiles of hypothesis: the same examples each time in CI, fresh ones at the desk."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "slots", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("slots-ci", settings.get_profile("slots"), derandomize=True)
settings.register_profile("slots-nightly", settings.get_profile("slots"), max_examples=5000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("slots-ci" if os.environ.get("CI") else "slots")
)
