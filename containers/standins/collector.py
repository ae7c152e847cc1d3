"""A collector where none can be had: takes OTLP over HTTP, and tells every span it was sent.

GET /spans answers a list of {service, name, trace, span, parent, links}, in order of arrival.
"""

import json
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PORT = 4318
MOST = 200_000  # spans that are kept; a play of ten minutes makes some 20,000


class Collector(ThreadingHTTPServer):
    """Listens until it is shut down; `spans` is what came so far."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__((host, port), _Request)
        self.spans: deque[dict[str, object]] = deque(maxlen=MOST)


class _Request(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.server.spans.extend(spans(ExportTraceServiceRequest.FromString(body)))
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(json.dumps(list(self.server.spans)).encode())

    def log_message(self, *_: object) -> None:
        """Nothing is written."""

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def spans(request: ExportTraceServiceRequest) -> Iterator[dict[str, object]]:
    """Yield what was exported, ids in hex."""
    for resource in request.resource_spans:
        named = {one.key: one.value.string_value for one in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield {
                    "service": named.get("service.name", "unknown"),
                    "name": span.name,
                    "trace": span.trace_id.hex(),
                    "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex() or None,
                    "links": [link.trace_id.hex() for link in span.links],
                }


if __name__ == "__main__":
    Collector("0.0.0.0", PORT).serve_forever()  # noqa: S104 - inside a container
