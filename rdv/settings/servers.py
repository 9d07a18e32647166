"""Settings that follow from the addresses of PostgreSQL and Redis."""

from __future__ import annotations

from typing import Any

from rdv.settings import env


def server_settings() -> dict[str, Any]:
    """Return DATABASES, CACHES and CELERY_BROKER_URL. Raises MissingSettingError."""
    redis_url = env.text("REDIS_URL")
    return {
        "DATABASES": {"default": env.database(env.text("DATABASE_URL"))},
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": cache_url(redis_url),
            }
        },
        "CELERY_BROKER_URL": redis_url,
    }


def cache_url(redis_url: str) -> str:
    """Return the address of the cache: database 1 of the broker's server.

    kombu says `redis+socket:///path?virtual_host=0`, redis-py `unix:///path?db=1`.
    """
    if redis_url.startswith("redis+socket://"):
        path = redis_url.removeprefix("redis+socket://").split("?")[0]
        return f"unix://{path}?db=1"
    base, _, last = redis_url.rpartition("/")
    return f"{base}/1" if last.isdigit() else f"{redis_url.rstrip('/')}/1"
