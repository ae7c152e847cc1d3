"""The schema as SDL on standard output: `python -m gateway.sdl > gateway/schema.graphql`."""

import sys

from gateway.schema.build import build


def sdl() -> str:
    """The schema as it is checked in and given to clients."""
    return build().as_str() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl())
