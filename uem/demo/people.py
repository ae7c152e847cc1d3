"""Scripted people: each answers so many scenario minutes after being told, or nobody answers at all."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from uem.demo.city import City, later
from uem.demo.disclosing import Disclosing
from uem.demo.figures import instant
from uem.demo.upward import Upward
from vocabulary import Mode

Act = Callable[[], Awaitable[None]]
Planned = tuple[datetime, str, Act]
PAYLOAD = "{ errors { code message } }"


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of an organization."""

    organization: str
    post: str


@dataclass(frozen=True, slots=True)
class Script:
    """Delays in scenario minutes, who signs, who declares, and who confirms a figure that jumps."""

    answer_after: float
    order_done_after: float
    on_the_road_after: float
    task_done_share: float
    signer_posts: Mapping[str, str]
    intake: Seat
    second: Seat | None = None


def read_script(folder: Path, *, answer_after: float | None = None) -> Script:
    """Return the script of a scenario; `answer_after` replaces the delay that it states."""
    raw = yaml.safe_load((folder / "people.yaml").read_text("utf-8"))
    seats = {name: Seat(**raw[name]) for name in ("intake", "second") if name in raw}
    delay = {} if answer_after is None else {"answer_after": answer_after}
    return Script(**(raw | seats | delay))


class Nobody:
    """Nobody answers: obligations climb."""

    async def look(self, now: datetime) -> list[Planned]:
        """Return nothing to do."""
        return []


class People:
    """Everybody who is told confirms and acts by the script, through GraphQL, in one mode."""

    def __init__(self, city: City, script: Script, *, mode: Mode = Mode.REAL) -> None:
        self._city = city
        self._script = script
        self._mode = mode
        self._upward = Upward(city, self._mutate)
        intake = script.intake
        drafter = (intake.organization, intake.post)
        self._disclosing = Disclosing(city, self._mutate, drafter=drafter)
        self._planned: set[tuple[str, ...]] = set()
        self._promised: list[Planned] = []

    async def look(self, now: datetime) -> list[Planned]:
        """Return what they will do because of what they have been told since the last look."""
        told, sent, reports = await asyncio.gather(
            self._city.pages("org", "/v1/obligations", mode=self._mode),
            self._city.pages("guarantee", "/v1/dispatches", mode=self._mode),
            self._city.pages("org", "/v1/reports", status="RECEIVED", mode=self._mode),
        )
        owed = [one for one in told if one["state"] in ("OWED", "OVERDUE")]
        promised, self._promised = self._promised, []
        return [
            *promised,
            *self._confirmations(told),
            *self._acts(owed),
            *self._journeys(sent),
            *self._verifications(reports),
            *await self._second_looks(now),
        ]

    def _confirmations(self, owed: Iterable[Mapping[str, Any]]) -> Iterable[Planned]:
        for obligation in owed:
            if any(notice["confirmedAt"] for notice in obligation["notices"]):
                continue
            for notice in obligation["notices"]:
                if self._is_new("confirm", obligation["id"], notice["post"]):
                    at = later(instant(notice["sentAt"]), self._script.answer_after)
                    yield at, f"{notice['post']} confirms", self._confirm(obligation, notice)

    def _acts(self, owed: Iterable[Mapping[str, Any]]) -> Iterable[Planned]:
        for obligation in owed:
            confirmed = [notice for notice in obligation["notices"] if notice["confirmedAt"]]
            act = self._act_of(obligation, confirmed[0]) if confirmed else None
            if act is not None and self._is_new("act", obligation["id"]):
                at = later(instant(confirmed[0]["confirmedAt"]), self._script.answer_after)
                yield at, f"{obligation['owedBy']}: {obligation['titleEn']}", act

    def _act_of(self, obligation: Mapping[str, Any], notice: Mapping[str, Any]) -> Act | None:
        organization = obligation["owedBy"]
        post = self._script.signer_posts.get(organization, notice["post"])
        subject = obligation["subject"]["id"]
        acts: dict[str, Callable[[], Awaitable[None]]] = {
            "ANSWER_SIGNAL": lambda: self._answer_signal(subject, organization, post),
            "SIGN_PROPOSAL": lambda: self._sign(subject, organization, post),
            "ISSUE_ORDER": lambda: self._issue(subject, organization, post),
            "ACKNOWLEDGE_ORDER": lambda: self._receipt(subject, organization, notice["post"]),
            "ACKNOWLEDGE_TASK": lambda: self._task(subject, organization, notice["post"]),
            "PHONE_REPORT": lambda: self._upward.phone(subject, organization, notice["post"]),
            "REPORT_UPWARD": lambda: self._upward.report(subject, organization, post),
            "DISCLOSE": lambda: self._disclosing.tell(subject, "INITIAL", organization, post),
            "HOLD_PRESS_CONFERENCE": lambda: self._disclosing.tell(
                subject, "PRESS_CONFERENCE", organization, post
            ),
            "ACKNOWLEDGE_REPORT": lambda: self._upward.receive(
                subject, organization, notice["post"]
            ),
        }
        return acts.get(obligation["kind"])

    def _journeys(self, sent: Iterable[Mapping[str, Any]]) -> Iterable[Planned]:
        for one in sent:
            ordered = instant(one["orderedAt"])
            acknowledged = later(ordered, self._script.answer_after)
            off = later(acknowledged, self._script.on_the_road_after)
            arrives = max(instant(one["eta"]), off) if one["eta"] else None
            steps = {
                "ORDERED": (acknowledged, "acknowledgeDispatch"),
                "ACKNOWLEDGED": (off, "reportEnRoute"),
                "EN_ROUTE": (arrives, "reportOnScene"),
            }
            at, mutation = steps.get(one["status"], (None, ""))
            if at is not None and self._is_new(mutation, one["id"]):
                yield at, f"{one['resourceId']}: {mutation}", self._step(one, mutation)

    def _verifications(self, reports: Iterable[Mapping[str, Any]]) -> Iterable[Planned]:
        for one in reports:
            if self._is_new("declare", one["id"]):
                at = later(instant(one["receivedAt"]), self._script.answer_after)
                yield at, "a report is verified and declared", self._declare(one)

    async def _second_looks(self, now: datetime) -> list[Planned]:
        """A figure that raises the grade by two counts on the word of a second person."""
        second = self._script.second
        if second is None:
            return []
        waiting = [
            (one["id"], figure)
            for one in await self._city.pages("org", "/v1/incidents", mode=self._mode)
            for figure in await self._city.call(
                "GET",
                "org",
                f"/v1/incidents/{one['id']}/figures",
                params={"preferredOnly": False},
            )
            if figure["state"] == "UNCONFIRMED" and self._is_new("figure", figure["id"])
        ]
        at = later(now, self._script.answer_after)
        return [
            (at, f"{second.post} confirms a figure", self._confirm_figure(incident, figure, second))
            for incident, figure in waiting
        ]

    def _confirm_figure(self, incident: str, figure: Mapping[str, Any], second: Seat) -> Act:
        async def confirm() -> None:
            found = await self._city.read("org", f"/v1/incidents/{incident}")
            await self._mutate(
                "confirmFigure",
                {
                    "incident": incident,
                    "figure": figure["id"],
                    "expectedVersion": found["version"],
                },
                organization=second.organization,
                post=second.post,
            )

        return confirm

    def _is_new(self, *key: str) -> bool:
        known = key in self._planned
        self._planned.add(key)
        return not known

    def _confirm(self, obligation: Mapping[str, Any], notice: Mapping[str, Any]) -> Act:
        async def confirm() -> None:
            fresh = await self._city.read("org", f"/v1/obligations/{obligation['id']}")
            if not any(one["confirmedAt"] for one in fresh["notices"]):
                await self._mutate(
                    "confirmObligation",
                    {"obligation": obligation["id"], "post": notice["post"]},
                    organization=notice["organizationId"],
                    post=notice["post"],
                )

        return confirm

    async def _answer_signal(self, signal: str, organization: str, post: str) -> None:
        """Answer for an organization whose plans have not: nothing more is to be started."""
        open_ = await self._city.pages(
            "org",
            "/v1/obligations",
            state=["OWED", "OVERDUE"],
            subject=signal,
            mode=self._mode,
        )
        waiting = await self._city.pages(
            "org",
            "/v1/obligations",
            state=["OWED", "OVERDUE"],
            kind="SIGN_PROPOSAL",
            mode=self._mode,
        )
        mine = [one for one in open_ if one["owedBy"] == organization]
        if mine and not any(one["owedBy"] == organization for one in waiting):
            await self._mutate(
                "answerSignal",
                {"signal": signal, "answer": "MAINTAIN", "reason": "weighed at the duty post"},
                organization=organization,
                post=post,
            )

    async def _sign(self, activation: str, organization: str, post: str) -> None:
        found = await self._city.read("plans", f"/v1/activations/{activation}")
        if found["proposedLevel"]:
            await self._mutate(
                "signActivation",
                {
                    "activation": activation,
                    "expectedVersion": found["version"],
                    "level": found["proposedLevel"],
                    "reason": "conditions met",
                },
                organization=organization,
                post=post,
            )

    async def _issue(self, order: str, organization: str, post: str) -> None:
        found = await self._city.read("org", f"/v1/orders/{order}")
        if found["status"] == "DRAFT":
            await self._mutate(
                "issueOrder",
                {"order": order, "expectedVersion": found["version"], "post": post},
                organization=organization,
                post=post,
            )

    async def _receipt(self, order: str, organization: str, post: str) -> None:
        await self._mutate(
            "receiptOrder",
            {"order": order, "status": "CONFIRMED"},
            organization=organization,
            post=post,
        )
        self._promise(
            self._script.order_done_after,
            f"{organization} carries an order out",
            lambda: self._mutate(
                "receiptOrder",
                {"order": order, "status": "DONE"},
                organization=organization,
                post=post,
            ),
        )

    async def _task(self, task: str, organization: str, post: str) -> None:
        found = await self._city.read("org", f"/v1/tasks/{task}")
        if found["status"] == "OWED":
            await self._mutate(
                "acknowledgeTask",
                {"task": task, "expectedVersion": found["version"]},
                organization=organization,
                post=post,
            )
            left = instant(found["dueAt"]) - (self._city.now or instant(found["dueAt"]))
            minutes = left.total_seconds() / 60 * self._script.task_done_share
            self._promise(
                max(0.0, minutes),
                f"{organization} has done a step",
                lambda: self._complete(task, organization, post),
            )

    async def _complete(self, task: str, organization: str, post: str) -> None:
        found = await self._city.read("org", f"/v1/tasks/{task}")
        if found["status"] in ("ACKNOWLEDGED", "IN_PROGRESS"):
            await self._mutate(
                "completeTask",
                {"task": task, "expectedVersion": found["version"]},
                organization=organization,
                post=post,
            )

    def _step(self, dispatch: Mapping[str, Any], mutation: str) -> Act:
        async def step() -> None:
            found = await self._city.read("guarantee", f"/v1/dispatches/{dispatch['id']}")
            if found["status"] == dispatch["status"]:
                await self._mutate(
                    mutation,
                    {"dispatch": found["id"], "expectedVersion": found["version"]},
                    organization=found["ownerOrganizationId"],
                    post="crew",
                )

        return step

    def _declare(self, report: Mapping[str, Any]) -> Act:
        async def declare() -> None:
            await self._mutate(
                "declareIncident",
                {
                    "jurisdiction": report["jurisdiction"],
                    "emergencyType": report["emergencyType"],
                    "title": report["text"][:100],
                    "place": report["place"],
                    "fromReports": [report["id"]],
                },
                organization=self._script.intake.organization,
                post=self._script.intake.post,
            )

        return declare

    def _promise(self, minutes: float, what: str, act: Act) -> None:
        assert self._city.now is not None
        self._promised.append((later(self._city.now, minutes), what, act))

    async def _mutate(
        self, name: str, given: Mapping[str, Any], *, organization: str, post: str
    ) -> None:
        """Do it once: the key is made of what is asked, so that a repeat is the same."""
        asked = repr((name, sorted(given.items(), key=str), organization))
        key = hashlib.sha256(asked.encode()).hexdigest()[:32]
        kind = name[0].upper() + name[1:] + "Input!"
        await self._city.ask(
            f"mutation($input: {kind}) {{ {name}(input: $input) {PAYLOAD} }}",
            {"input": {"idempotencyKey": key, **given}},
            org=organization,
            post=post,
        )
