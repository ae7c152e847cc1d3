# Python of the distribution where python:3.11-slim cannot be pulled. The certificates are those of
# the machine that builds, after the package's: a registry behind a proxy is then believed.
FROM uem-standin/debian:bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv python3-pip ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && ln -s /usr/bin/python3 /usr/local/bin/python
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
