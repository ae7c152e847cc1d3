"""A small program to run in a stack: it answers /readyz and says its pid and its settings."""

import os

from fastapi import FastAPI


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/about")
    async def about() -> dict[str, object]:
        settings = {name: text for name, text in os.environ.items() if name.startswith("UEM_")}
        return {"pid": os.getpid(), "settings": settings}

    return app
