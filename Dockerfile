# Built on the Python that the tests run on. The pins carry hashes; the last stage has no compiler,
# no Node and no root.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

COPY requirements/prod.txt requirements/node.txt requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r requirements/prod.txt
RUN python -m venv /opt/node \
    && /opt/node/bin/pip install --require-hashes -r requirements/node.txt

COPY package.json package-lock.json .npmrc ./
RUN PATH="/opt/node/bin:$PATH" npm ci --omit=dev --ignore-scripts --no-progress

COPY . .
# The settings ask for every secret; collecting static files needs none of them.
RUN DJANGO_SETTINGS_MODULE=rdv.settings.prod \
    SECRET_KEY=only-to-collect-static-files-never-kept-in-the-image-000 \
    ALLOWED_HOSTS=build SITE_URL=https://build EMAIL_URL=smtp://build \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 \
    /opt/venv/bin/python manage.py collectstatic --noinput


FROM python:3.11-slim-bookworm
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=rdv.settings.prod
# A volume mounted on /srv/exports belongs to the user of the processes.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app \
    && install -d -o app -m 0700 /srv/exports
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# By number: orchestrators check that it is not root.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "rdv.healthcheck"]
# WEB_CONCURRENCY is the number of processes.
CMD ["gunicorn", "rdv.wsgi", "--bind=0.0.0.0:8000", "--threads=4", "--no-control-socket", "--worker-tmp-dir=/dev/shm"]
