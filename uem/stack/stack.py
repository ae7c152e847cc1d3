"""The whole stack in one folder: servers, databases, services and gateway, up, watched, drained."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from chassis.settings import Deployment
from uem.home import Home
from uem.issuer import Claims, Issuer
from uem.stack import databases, environment, ports, process, programs, record
from uem.stack.nats import EmbeddedNats
from uem.stack.passwords import Passwords
from uem.stack.postgres import EmbeddedPostgres
from uem.stack.programs import Application, Program
from uem.stack.supervisor import Server, State, Step, Supervisor, Tell
from uem.stack.zygote import Zygote
from vocabulary import NATION

CALL_TIMEOUT_S = 120.0  # migrations of four databases on a loaded machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Servers that someone else runs, used instead of the embedded ones; who else may read ours."""

    postgres_url: str | None = None
    nats_url: str | None = None
    partners_file: Path | None = None


class Stack:
    """Everything that runs for one state folder.

    `port_of` gives each server's port; without it free ones are taken. `tell` hears every step.
    """

    def __init__(
        self,
        folder: Path,
        *,
        deployment: Deployment = Deployment.PRODUCTION,
        port_of: Mapping[str, int] | None = None,
        applications: Sequence[Application] = programs.APPLICATIONS,
        given: Given | None = None,
        tell: Tell = lambda step: None,
    ) -> None:
        self.home = Home(folder.absolute())
        self.deployment = Deployment(deployment)
        self.applications = tuple(applications)
        self.given = given or Given()
        self.boot_seconds: float | None = None
        self.issuer = Issuer(self.home.secrets)
        self._passwords = Passwords(self.home.secrets)
        self._ports = dict(port_of) if port_of else ports.automatic(self._names())
        self._tell = tell
        self._supervisor = Supervisor(tell)
        self._zygote = Zygote(
            self.home.run, modules=[one.factory.partition(":")[0] for one in self.applications]
        )
        self._postgres = self._embedded_postgres()
        self._nats = self._embedded_nats()
        self._programs = {one.name: self._program(one) for one in self.applications}

    async def __aenter__(self) -> Self:
        """The stack is ready."""
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The stack is drained."""
        await self.stop()

    @property
    def addresses(self) -> dict[str, str]:
        """Where each program listens, by its name."""
        return {one.name: f"http://127.0.0.1:{self._ports[one.name]}" for one in self.applications}

    @property
    def postgres_url(self) -> str:
        """The superuser's address of the PostgreSQL server."""
        if self._postgres is not None:
            return self._postgres.dsn
        return self.given.postgres_url or ""

    @property
    def nats_url(self) -> str:
        """The address of the NATS server."""
        return self._nats.dsn if self._nats is not None else self.given.nats_url or ""

    def database_url(self, service: str) -> str:
        """Return the address of a service's database, for the service."""
        given = databases.Credentials.of(self._passwords, service)
        return databases.service_url(self.postgres_url, service, given)

    def token(
        self,
        *,
        roles: Sequence[str],
        org: str | None = None,
        areas: Sequence[str] = (NATION,),
        posts: Sequence[str] = (),
        subject: str = "try",
        person: str | None = None,
    ) -> str:
        """Return a token that the services of this stack accept."""
        claims = Claims(
            subject=subject, roles=roles, org=org, areas=areas, posts=posts, person=person
        )
        return self.issuer.sign(claims)

    async def start(self) -> None:
        """Every server answers, databases are migrated, and what dies is started again.

        Raises `Problem`, saying what to do, when one of them does not come up.
        """
        began = time.monotonic()
        self.home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(record.Phase.STARTING)
        self._zygote.warm()
        await self._boot()
        await self._provision_partners()
        self.boot_seconds = time.monotonic() - began
        self._write(record.Phase.READY)

    async def stop(self) -> None:
        """Everything is gone, drained in reverse order: gateway, services, NATS, PostgreSQL."""
        if self.home.record.exists():
            self._write(record.Phase.STOPPING)
        gateway = [one for name, one in self._programs.items() if name == programs.GATEWAY.name]
        services = [one for one in self._programs.values() if one not in gateway]
        rooms: list[Sequence[Server]] = [
            gateway,
            services,
            *([one] for one in reversed(self._servers())),
        ]
        for drained in rooms:
            await asyncio.gather(*(self._supervisor.stop(one) for one in drained))
        await self._supervisor.close()
        await asyncio.to_thread(self._zygote.close)
        self.home.record.unlink(missing_ok=True)

    async def leave_running(self) -> None:
        """Nothing is watched any more; `uem down` stops what runs."""
        await self._supervisor.close()
        await asyncio.to_thread(self._zygote.close)

    async def kill(self, name: str) -> None:
        """The server or program was ended by SIGKILL; it is being started again."""
        await asyncio.to_thread(self._find(name).kill)

    async def take_down(self, name: str) -> None:
        """The server or program is gone and stays so until `bring_up`."""
        await self._supervisor.stop(self._find(name))

    async def bring_up(self, name: str) -> None:
        """The server or program answers again."""
        await self._supervisor.start(self._find(name))

    async def restart(self, name: str) -> None:
        """The server or program was stopped and answers again."""
        await self.take_down(name)
        await self.bring_up(name)

    async def wait_ready(self, timeout_s: float = 60.0) -> None:
        """Everything that is meant to run answers. Raises TimeoutError after `timeout_s`."""
        if not await asyncio.to_thread(process.wait_until, self._supervisor.is_steady, timeout_s):
            raise TimeoutError(f"the stack is not ready after {timeout_s:.0f} s")

    def pid(self, name: str) -> int | None:
        """Return the pid of the server or program while it lives."""
        return self._find(name).pid

    def _find(self, name: str) -> Server:
        for server in (*self._servers(), *self._programs.values()):
            if server.name == name:
                return server
        raise KeyError(f"{name} is not part of this stack")

    def _servers(self) -> list[Server]:
        return [one for one in (self._postgres, self._nats) if one is not None]

    def _names(self) -> list[str]:
        return ["postgres", "nats", *(one.name for one in self.applications)]

    async def _boot(self) -> None:
        """Everything is started side by side: programs wait by themselves for what they need.

        Only a cluster that has to be created comes first: five programs that ask again and again
        for tables on the same two cores take longer than the tables (7.0 s against 8.8 s).
        """
        was_new = self._postgres is None or not self._postgres.data.exists()
        database = asyncio.create_task(self._start_database())
        tasks = [database, asyncio.create_task(self._start_broker())]
        try:
            if was_new:
                await database
            programs = self._programs.values()
            tasks += [asyncio.create_task(self._supervisor.start(one)) for one in programs]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            if any(task.exception() for task in done):
                await asyncio.wait([database])  # its fault explains the others
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _start_database(self) -> None:
        if self._postgres is not None:
            await self._supervisor.start(self._postgres)
        await self._migrate()

    async def _start_broker(self) -> None:
        if self._nats is not None:
            with_partners = self.given.partners_file is not None
            self._nats.config = await asyncio.to_thread(
                self._zygote.call,
                f"uem.stack.{'partners' if with_partners else 'broker'}:config",
                CALL_TIMEOUT_S,
                packages={one.name: one.package for one in self.applications},
                passwords={one: self._passwords.get(f"nats-{one}") for one in self._programs},
                **self._of_partners(),
            )
            await self._supervisor.start(self._nats)

    async def _provision_partners(self) -> None:
        """The durables of partners exist, as far as there are streams; what is missing is said."""
        if self.given.partners_file is None:
            return
        began = time.monotonic()
        waiting = await asyncio.to_thread(
            self._zygote.call,
            "uem.stack.partners:provision",
            CALL_TIMEOUT_S,
            dsn=self.nats_url,
            **self._of_partners(),
        )
        took = time.monotonic() - began
        self._tell(Step("partners", State.READY, took, "; ".join(waiting)))

    def _of_partners(self) -> dict[str, str]:
        file = self.given.partners_file
        return {"file": str(file), "secrets": str(self.home.secrets)} if file else {}

    async def _migrate(self) -> None:
        self._tell(Step("databases", State.STARTING))
        began = time.monotonic()
        owners = [one for one in self.applications if one.owns_database]
        given = {one.name: databases.Credentials.of(self._passwords, one.name) for one in owners}
        await databases.provision(self.postgres_url, given)
        urls = {
            one.package: databases.owner_url(self.postgres_url, one.name, given[one.name])
            for one in owners
            if one.package
        }
        await asyncio.to_thread(
            self._zygote.call,
            "uem.schema:upgrade",
            CALL_TIMEOUT_S,
            urls=urls,
            deployment=self.deployment.value,
        )
        self._tell(Step("databases", State.READY, time.monotonic() - began))

    def _embedded_postgres(self) -> EmbeddedPostgres | None:
        if self.given.postgres_url:
            return None
        return EmbeddedPostgres(self.home.postgres, self._ports["postgres"])

    def _embedded_nats(self) -> EmbeddedNats | None:
        if self.given.nats_url:
            return None
        return EmbeddedNats(self.home.nats, self._ports["nats"])

    def _around(self, application: Application) -> environment.Surroundings:
        """What the program finds around it; how it reaches the others is the same for all."""
        return environment.Surroundings(
            home=self.home,
            deployment=self.deployment,
            nats_url=self.nats_url,
            nats_is_embedded=self._nats is not None,
            addresses=self.addresses,
        )

    def _program(self, application: Application) -> Program:
        around = self._around(application)
        url = self.database_url(application.name) if application.owns_database else None
        return Program(
            application,
            self._ports[application.name],
            zygote=self._zygote,
            folder=self.home.run,
            environment=environment.settings(application, around, database_url=url),
        )

    def _write(self, phase: record.Phase) -> None:
        said = record.Record(
            phase=phase,
            deployment=self.deployment,
            addresses=self.addresses,
            servers={
                "postgres": _place(self.postgres_url),
                "nats": _place(self.nats_url),
            },
            boot_seconds=self.boot_seconds,
        )
        record.write(self.home.record, said)


def _place(url: str) -> str:
    """Return host and port of an address, without the credentials in it."""
    return urlsplit(url).netloc.rpartition("@")[2]
