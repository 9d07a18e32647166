"""Read by gunicorn wherever it starts from here: `make run`, Procfile, the image."""

logger_class = "rdv.access_log.MaskedLogger"
