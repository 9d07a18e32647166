"""Gunicorn's logs without the secrets of addresses (`gunicorn.conf.py`).

A webcal address, or the link of a message, opens something by itself: whoever reads the log would
read the calendar or the RDV.
"""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from rdv.settings.logging import mask_address

# What a format may ask for by name, and never gets.
_NEVER = ("cookie", "authorization", "query_string")


class MaskedLogger(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if not any(isinstance(each, _MaskFilter) for each in self.error_log.filters):
            self.error_log.addFilter(_MaskFilter())

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """Return what any format of the access log is made of, each text masked."""
        atoms = super().atoms(resp, req, environ, request_time)
        return {
            name: mask_address(value) if isinstance(value, str) else value
            for name, value in atoms.items()
            if name != "q" and not any(word in name for word in _NEVER)
        }


class _MaskFilter(logging.Filter):
    """The error log names the address of a request that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask_address(record.getMessage()), None
        return True
