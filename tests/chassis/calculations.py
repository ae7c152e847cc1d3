"""Functions for worker processes; they must be importable there."""

import os
import time
from typing import NoReturn


def add(left: int, right: int) -> int:
    return left + right


def process_id() -> int:
    return os.getpid()


def never_ends() -> NoReturn:
    while True:
        time.sleep(0.01)


def fails() -> NoReturn:
    raise ValueError("no solution")


def dies() -> NoReturn:
    os._exit(1)
