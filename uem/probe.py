"""What a container's health check runs: `python -m uem.probe PORT [PATH]`, standard library only."""

import http.client
import sys
from collections.abc import Sequence

TIMEOUT_S = 2.0


def main(words: Sequence[str]) -> int:
    """Return 0 when the program on the loopback port answers PATH (/readyz) with 200, else 1."""
    port, path = int(words[0]), words[1] if len(words) > 1 else "/readyz"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        print(answer.read(400).decode(errors="replace"))
        return 0 if answer.status == http.HTTPStatus.OK else 1
    except (OSError, http.client.HTTPException) as error:
        print(type(error).__name__)
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
