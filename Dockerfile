# One image for the four services, the gateway, migrations and the operator's verbs; the service is
# an argument: `docker run IMAGE serve org`. The target `analytics` adds the warehouse engine.
# No `# syntax` line: what BuildKit has built in is enough, and nothing else need be fetched.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/build.lock requirements/service.lock requirements/analytics.lock requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /build && python -m venv /app \
    && /build/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/build.lock \
    && /app/bin/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements/service.lock
COPY pyproject.toml README.md ./
COPY vocabulary vocabulary
COPY contracts contracts
COPY chassis chassis
COPY services services
COPY gateway gateway
COPY uem uem
COPY scenarios scenarios
# The wheel alone goes on: what it does not carry is not there. Libraries' own tests and the
# installer are left behind.
RUN /build/bin/python -c "from setuptools import build_meta; build_meta.build_wheel('/dist')" \
    && /app/bin/python -m pip install --quiet --no-deps --no-index /dist/*.whl \
    && /app/bin/python -m pip uninstall --quiet --yes setuptools pip \
    && find /app/lib -type d -name tests -prune -exec rm -rf {} +

FROM build AS build-analytics
RUN --mount=type=cache,target=/root/.cache/pip \
    /build/bin/python -m pip --python /app/bin/python install --quiet --no-deps --require-hashes --only-binary :all: -r requirements/analytics.lock \
    && find /app/lib -type d -name tests -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE} AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="uem" \
      org.opencontainers.image.description="Urban emergency management: four services and a gateway" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
ENV PATH=/app/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    UEM_DATA_DIR=/data
# a volume that is mounted here for the first time takes over the owner
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["uem"]
CMD ["help"]

FROM runtime AS analytics
COPY --from=build-analytics /app /app

FROM runtime AS service
COPY --from=build /app /app
