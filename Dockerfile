# syntax=docker/dockerfile:1
# One image for web, worker and scheduler; docker-compose.yml says which command each runs.

FROM python:3.13-slim-bookworm AS packages
COPY requirements.txt /tmp/
RUN python -m venv /opt/rowcall \
    && /opt/rowcall/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

FROM python:3.13-slim-bookworm
# pg_dump and pg_restore for `manage.py backup` and `restore`, of the version of the database in docker-compose.yml.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-common ca-certificates \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 rowcall \
    && useradd --uid 10001 --gid rowcall --no-create-home --home-dir /app --shell /usr/sbin/nologin rowcall \
    && install --directory --owner rowcall --group rowcall --mode 0700 /data
ENV PATH=/opt/rowcall/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings ROWCALL_VAR=/data STATIC_ROOT=/app/collected
COPY --from=packages /opt/rowcall /opt/rowcall
WORKDIR /app
COPY . .
# The settings want a folder and secrets; those of the build are thrown away.
RUN ROWCALL_VAR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 && rm -rf /tmp/build && chmod -R a+rX /app/collected \
    && python -m compileall -q background ui config people campaigns imports /opt/rowcall/lib
USER rowcall
VOLUME /data
EXPOSE 8000
CMD ["granian", "config.asgi:application", "--interface", "asgi", "--http", "1", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--backpressure", "8192", "--http1-header-read-timeout", "10000", "--respawn-failed-workers", "--workers-kill-timeout", "8"]
