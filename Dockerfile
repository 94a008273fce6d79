# One image for all parts of the portal: web, worker, index drainer, clock. compose.yaml says which part runs which command.
ARG PYTHON=3.11.14-slim-bookworm

FROM ghcr.io/astral-sh/uv:0.13.8 AS uv

FROM python:${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /srv/portal
# The packages of the lock file, before the code: they change more rarely.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra elasticsearch --extra postgresql
COPY . .
# What needs no database: catalogues, files for browsers, byte code. The secret signs nothing here and stays in no layer.
RUN export SECRET_KEY=for-the-build-only BASE_URL=https://build.invalid VAR_DIR=/tmp/build STATIC_ROOT=/srv/static && \
    .venv/bin/python manage.py compile_catalogues && \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0 && \
    .venv/bin/python -m compileall -q portal knowledge networks experiences search

FROM python:${PYTHON}
# The folders are there so that new volumes belong to the portal.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal && \
    install -d -o portal -g portal /data /data/files /data/media /data/media/images
COPY --from=build /srv /srv
ENV PATH=/srv/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data STATIC_ROOT=/srv/static
WORKDIR /srv/portal
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--graceful-timeout", "20", \
     "--limit-request-line", "0"]
