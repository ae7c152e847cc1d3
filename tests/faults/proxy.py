"""A TCP proxy between two programs that holds, forgets, delays or resets what passes."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator, Sequence
from enum import Enum, auto
from typing import Any, TypeVar

T = TypeVar("T")
CHUNK = 64 * 1024
SLOW_S = 0.15  # for each chunk and direction: a request and its answer take 0.3 s more
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: what is closed is reset


class Fault(Enum):
    """What happens to the bytes."""

    NONE = auto()
    PARTITION = auto()  # nothing passes, and comes when it is over, as TCP sends it again
    HALF_OPEN = auto()  # connections that stand are forgotten on the way; new ones pass
    SLOW = auto()
    RESET = auto()  # connections that stand are reset, at once; new ones pass


class FaultProxy:
    """Listens on a loopback port and passes everything on to another, as the fault allows."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._fault = Fault.NONE
        self._over = asyncio.Event()
        self._over.set()
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self.passed = 0  # bytes

    async def start(self) -> None:
        """Connections are taken from now on."""
        self._server = await asyncio.start_server(self._serve, sock=self._listener)

    async def stop(self) -> None:
        """Nothing is open any more."""
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            link.reset()

    def strike(self, fault: Fault) -> None:
        """From now on bytes fare as the fault says; call it in the proxy's own loop."""
        self._fault = fault
        forgotten = list(self._links)
        if fault is Fault.RESET:
            for link in forgotten:
                link.reset()
        if fault is Fault.HALF_OPEN:
            for link in forgotten:
                link.is_forgotten = True
        if fault is Fault.PARTITION:
            self._over.clear()
        else:
            self._over.set()

    @property
    def forgotten(self) -> int:
        """How many connections that lead nowhere still stand at the end of who asked."""
        return sum(link.is_forgotten and not link.is_given_up for link in self._links)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._over.wait()
        try:
            there = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        link = _Link((reader, writer), there)
        self._links.add(link)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_from(link, reader, there[1]))
                group.create_task(self._pass(link, there[0], writer))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._links.discard(link)
            link.close()

    async def _pass_from(
        self, link: "_Link", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await self._pass(link, reader, writer)
        finally:
            link.is_given_up = True

    async def _pass(
        self, link: "_Link", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while chunk := await reader.read(CHUNK):
            if self._fault is Fault.SLOW:
                await asyncio.sleep(SLOW_S)
            await self._over.wait()
            if link.is_forgotten:
                continue
            self.passed += len(chunk)
            writer.write(chunk)
            await writer.drain()
        if not link.is_forgotten:  # else the other end does not hear of the end either
            await self._over.wait()
            writer.close()


class _Link:
    """One connection: its two ends."""

    def __init__(
        self,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._writers = (near[1], far[1])
        self.is_forgotten = False
        self.is_given_up = False  # by who opened it

    def reset(self) -> None:
        """Both ends read a reset."""
        for writer in self._writers:
            own = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    def close(self) -> None:
        """Both ends are closed."""
        for writer in self._writers:
            writer.close()


class Network:
    """Proxies in a thread of their own: they pass bytes whatever the test is waiting for."""

    def __init__(self, targets: Sequence[int]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network")
        self._thread.start()
        self.proxies = [self._call(self._started(target)) for target in targets]

    @contextlib.contextmanager
    def struck(self, proxy: FaultProxy, fault: Fault) -> Iterator[None]:
        """Inside, the fault is between the two; afterwards everything passes again."""
        self._call(self._strike(proxy, fault))
        try:
            yield
        finally:
            self._call(self._strike(proxy, Fault.NONE))

    def close(self) -> None:
        """Nothing is open any more."""
        for proxy in self.proxies:
            self._call(proxy.stop())
        self._call(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _started(self, target: int) -> FaultProxy:
        proxy = FaultProxy(target)
        await proxy.start()
        return proxy

    async def _strike(self, proxy: FaultProxy, fault: Fault) -> None:
        proxy.strike(fault)

    async def _ended(self) -> None:
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@contextlib.contextmanager
def network(*targets: int) -> Iterator[Network]:
    """A proxy before each of these ports, gone afterwards."""
    made = Network(targets)
    try:
        yield made
    finally:
        made.close()
