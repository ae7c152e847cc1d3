"""In a rehearsal every path of the services leads through the gateway: `/org/v1/…` is `/v1/…` of org.

Who plays an emergency on a deployment sets its clocks and reads its books; one address is enough
for that. In production only the routed paths of the public edge are reached from outside.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway import routes
from gateway.errors import Service

METHODS = ("GET", "POST", "PUT", "DELETE")


def install(app: Starlette) -> None:
    """Everything below `/v1` of every service is answered through the app."""
    app.router.routes.extend(_route(service) for service in Service)


def _route(service: Service) -> Route:
    async def passage(request: Request) -> Response:
        return await routes.passed(request, service, f"/v1/{request.path_params['rest']}")

    name = service.lower()
    return Route(f"/{name}/v1/{{rest:path}}", endpoint=passage, methods=list(METHODS), name=name)
