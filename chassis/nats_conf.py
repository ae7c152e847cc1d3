"""The broker's configuration: a user per service that may say only its own, generated for all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from chassis import broker, delivery, streams
from chassis.messages import Published, Subscription
from chassis.partners import Partner, expect_apart
from chassis.settings import is_example

# What each service says and hears.
Conversation: TypeAlias = Mapping[str, tuple[Sequence[Published], Sequence[Subscription]]]

ACCOUNT = "UEM"  # of everything that is ours: streams lie in the account that made them
PROVISIONER = "provisioner"  # makes the durables of partners, and nothing else
MAX_PAYLOAD = streams.MAX_MESSAGE


@dataclass(slots=True)
class _Rights:
    publish: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    subscribe: list[str] = field(default_factory=list)


def render(
    services: Conversation,
    *,
    passwords: Mapping[str, str],
    readers: Iterable[str] = (),
    max_file_store: str = "4GB",
    store_dir: str | None = None,
    port: int | None = None,
    monitor_port: int | None = None,
    partners_port: int | None = None,
    cluster: str = "",
    partners: Sequence[Partner] = (),
) -> str:
    """Return nats.conf: JetStream synced at every write, and exactly the rights that are used.

    `passwords` maps each service and reader to its password, plain or bcrypt. A reader (the
    gateway) may read every stream through consumers of its own and touch no service's consumer.
    A partner has an account of its own and in it nothing but its durable, which the user
    `provisioner` makes. With a `partners_port` partners come by it, over WebSocket, and by no
    other, and none of ours comes by it. `cluster` is appended as it is. Raises KeyError for a user without a password and ValueError for an example of one.
    """
    _expect_secret(passwords)
    expect_apart(partners)
    users = {name: _of_service(name, *said) for name, said in services.items()}
    users |= {name: _of_reader(name, services) for name in readers}
    if partners:
        users[PROVISIONER] = _of_provisioner(partners)
    ours, theirs = ("STANDARD", "WEBSOCKET") if partners_port is not None else ("", "")
    lines = [
        "# Generated from what each service says and hears; see chassis/nats_conf.py.",
        *([] if port is None else [f"port: {port}"]),
        *([] if monitor_port is None else [f"http_port: {monitor_port}"]),
        *_partners_listener(partners_port),
        f"max_payload: {MAX_PAYLOAD}",
        "jetstream {",
        "  sync_interval: always",
        "  max_memory_store: 64MB",
        f"  max_file_store: {max_file_store}",
        *([] if store_dir is None else [f"  store_dir: {json.dumps(store_dir)}"]),
        "}",
        "accounts {",
        f"  {ACCOUNT}: {{",
        "    jetstream: enabled",
        "    users: [",
        *(_user(name, passwords[name], rights, by=ours) for name, rights in users.items()),
        "    ]",
        "    exports: [",
        *(_export(partner) for partner in partners),
        "    ]",
        "  }",
        *(_account(partner, passwords[partner.user], by=theirs) for partner in partners),
        "}",
    ]
    return "\n".join(lines) + "\n" + cluster


def _of_service(
    name: str, published: Sequence[Published], subscriptions: Sequence[Subscription]
) -> _Rights:
    rights = _Rights(subscribe=_inbox(name))
    for stream in streams.owned(name, published):
        rights.publish += stream.subjects
        rights.publish += [
            f"$JS.API.STREAM.{verb}.{stream.name}" for verb in ("INFO", "CREATE", "UPDATE")
        ]
        rights.publish.append(f"$JS.API.STREAM.MSG.GET.{stream.name}")
    for subscription in subscriptions:
        durable = delivery.consumer_name(name, subscription)
        for stream_name, subject in delivery.sources(subscription):
            rights.publish += _own_consumer(stream_name, durable, subject)
    rights.publish += _of_audit(name)
    return rights


def _of_audit(name: str) -> list[str]:
    """Add one's own head, make the stream when there is none; never change or empty it."""
    stream = streams.AUDIT.name
    return [
        f"{streams.HEADS}.{name}",
        *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "MSG.GET")),
    ]


def _own_consumer(stream: str, durable: str, subject: str) -> list[str]:
    place = f"{stream}.{durable}"
    return [
        f"$JS.API.CONSUMER.CREATE.{place}.{subject}",
        f"$JS.API.CONSUMER.INFO.{place}",
        f"$JS.API.CONSUMER.DELETE.{place}",
        f"$JS.API.CONSUMER.MSG.NEXT.{place}",
        f"$JS.API.DIRECT.GET.{stream}",
        f"$JS.ACK.{place}.>",
    ]


def _of_reader(name: str, services: Conversation) -> _Rights:
    rights = _Rights(subscribe=_inbox(name))
    for service, (published, _) in services.items():
        for stream in streams.owned(service, published):
            rights.publish += [
                f"$JS.API.STREAM.INFO.{stream.name}",
                f"$JS.API.CONSUMER.CREATE.{stream.name}.>",
                f"$JS.API.CONSUMER.MSG.NEXT.{stream.name}.>",
                f"$JS.API.CONSUMER.DELETE.{stream.name}.>",
            ]
    for service, (_, subscriptions) in services.items():
        for subscription in subscriptions:
            durable = delivery.consumer_name(service, subscription)
            for stream_name, _subject in delivery.sources(subscription):
                place = f"{stream_name}.{durable}"
                rights.never += [
                    f"$JS.API.CONSUMER.CREATE.{place}",
                    f"$JS.API.CONSUMER.CREATE.{place}.>",
                    f"$JS.API.CONSUMER.MSG.NEXT.{place}",
                    f"$JS.API.CONSUMER.DELETE.{place}",
                ]
    return rights


def _of_provisioner(partners: Sequence[Partner]) -> _Rights:
    rights = _Rights(subscribe=_inbox(PROVISIONER))
    for partner in partners:
        place = f"{partner.stream}.{partner.durable}"
        rights.publish += [
            f"$JS.API.CONSUMER.CREATE.{place}",
            f"$JS.API.CONSUMER.CREATE.{place}.>",
            f"$JS.API.CONSUMER.INFO.{place}",
        ]
    return rights


def _export(partner: Partner) -> str:
    lines = []
    for subject, is_stream in partner.services:
        answer = ", response_type: stream" if is_stream else ""
        to = json.dumps([partner.account])
        lines.append(f"      {{service: {json.dumps(subject)}{answer}, accounts: {to}}}")
    return "\n".join(lines)


def _partners_listener(port: int | None) -> list[str]:
    """TLS ends at the edge in front of it: certificates are the edge's business."""
    return [] if port is None else [f"websocket {{ port: {port}, no_tls: true }}"]


def _account(partner: Partner, password: str, *, by: str) -> str:
    asked = [subject for subject, _ in partner.services]
    # the inbox of the answers is its own; even in its own account it says and hears nothing else
    rights = _Rights(publish=asked, subscribe=_inbox(partner.user))
    imports = [
        f"      {{service: {{account: {ACCOUNT}, subject: {json.dumps(subject)}}}}}"
        for subject in asked
    ]
    return "\n".join(
        [
            f"  {partner.account}: {{",
            "    users: [",
            _user(partner.user, password, rights, by=by),
            "    ]",
            "    imports: [",
            *imports,
            "    ]",
            "  }",
        ]
    )


def _expect_secret(passwords: Mapping[str, str]) -> None:
    weak = sorted(name for name, secret in passwords.items() if is_example(secret, user=name))
    if weak:
        raise ValueError(f"example passwords open nothing: {', '.join(weak)}")


def _inbox(name: str) -> list[str]:
    return [f"{broker.inbox_prefix(name)}.>"]


def _user(name: str, password: str, rights: _Rights, *, by: str) -> str:
    publish = f"allow: {_list(rights.publish)}"
    if rights.never:
        publish += f", deny: {_list(rights.never)}"
    only = f"allowed_connection_types: [{by}], " if by else ""
    return (
        f"    {{user: {json.dumps(name)}, password: {json.dumps(password)}, {only}permissions: {{\n"
        f"      publish: {{{publish}}},\n"
        f"      subscribe: {{allow: {_list(rights.subscribe)}}}}}}}"
    )


def _list(found: Iterable[str]) -> str:
    return json.dumps(sorted(set(found)))
