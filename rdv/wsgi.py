"""WSGI entry point."""

import gc
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
# What start-up builds lives as long as the process. Left to the garbage collector, each of its full
# passes would walk all of it, for some 50 ms in the middle of somebody's request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
