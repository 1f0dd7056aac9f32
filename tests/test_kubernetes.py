"""The manifests for Kubernetes: fit for its schemas, locked down like the compose file, and running what that runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

from config.probes import PROBES

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRETS = {
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "FORGOTTEN_KEY",
    "DATABASE_URL",
    "BROKER_URL",
    "EMAIL_URL",
    "FILES_URL",
    "WHATTALK_API_KEY",
}


def resources() -> Iterator[dict[str, Any]]:
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            yield from document["items"] if document["kind"] == "List" else [document]


ALL = {f"{one['kind']}/{one['metadata']['name']}": one for one in resources()}
PODS = {name: one["spec"]["template"]["spec"] for name, one in ALL.items() if one["kind"] in ("Deployment", "Job")}
MAIN = {name.partition("rowcall-")[2]: pod["containers"][0] for name, pod in PODS.items()}
CONFIG = ALL["ConfigMap/rowcall"]["data"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("version", ["1.29", kubernetes_validate.latest_version()])
def test_each_is_what_the_schema_of_its_kind_allows(name, version):
    kubernetes_validate.validate(ALL[name], version, strict=True)


def test_the_schema_is_really_asked():
    web = ALL["Deployment/rowcall-web"]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**web, "spec": {**web["spec"], "replica": 2}}, "1.29", strict=True)


@pytest.mark.parametrize("name", PODS)
def test_pods_are_locked_down_have_limits_and_may_finish(name):
    pod = PODS[name]
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False and pod["terminationGracePeriodSeconds"] == 90
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] and security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert set(container["resources"]["limits"]) == set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert {mount["name"] for mount in container["volumeMounts"]} <= {volume["name"] for volume in pod["volumes"]}


def test_secrets_are_referred_to_and_in_no_file():
    assert not SECRETS & set(CONFIG) and not [one for one in ALL.values() if one["kind"] == "Secret"]
    for pod in PODS.values():
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert {"secretRef": {"name": "rowcall"}} in container["envFrom"]
            assert not SECRETS & {variable["name"] for variable in container.get("env", [])}


def test_every_queue_has_a_worker_of_its_own():
    commands = [container["command"] for container in MAIN.values() if "--queues" in container["command"]]
    queues = [command[command.index("--queues") + 1].split(",") for command in commands]
    assert len(queues) == 5
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} <= set().union(*queues)
    assert {name.split("@")[0] for command in commands for name in command if name.endswith("@%h")} <= set(MAIN)


def test_commands_are_those_of_the_image_and_of_compose():
    dockerfile = " ".join((ROOT / "Dockerfile").read_text().replace("\\\n", " ").split())
    assert 'CMD ["' + '", "'.join(MAIN["web"]["command"]) + '"]' in dockerfile
    assert MAIN["migrate-0.1.0"]["command"] == COMPOSE["services"]["migrate"]["command"]
    scheduler = [word if word != "/tmp/schedule" else "/data/schedule" for word in MAIN["scheduler"]["command"]]
    assert scheduler == COMPOSE["services"]["scheduler"]["command"]


def test_what_goes_on_is_probed_and_the_web_server_by_what_answers_under_any_name():
    assert all("livenessProbe" in container for name, container in MAIN.items() if not name.startswith("migrate"))
    web = MAIN["web"]
    assert web["startupProbe"]["httpGet"] == web["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert web["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
    assert {"/readyz", "/livez"} == {*PROBES}


def test_parts_find_each_other():
    (rule,) = ALL["Ingress/rowcall"]["spec"]["rules"]
    assert rule["host"] == urlsplit(CONFIG["SITE_URL"]).hostname
    service = ALL[f"Service/{rule['http']['paths'][0]['backend']['service']['name']}"]["spec"]
    web = ALL["Deployment/rowcall-web"]["spec"]
    assert service["selector"] == web["selector"]["matchLabels"] == web["template"]["metadata"]["labels"]
    assert service["ports"][0]["targetPort"] in {port["name"] for port in MAIN["web"]["ports"]}
    claims = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in PODS.values()
        for volume in pod["volumes"]
        if len(volume) > 1 and "persistentVolumeClaim" in volume
    }
    assert {f"PersistentVolumeClaim/{claim}" for claim in claims} <= set(ALL)


def test_every_variable_is_read_by_rowcall():
    text = (ROOT / "config/settings.py").read_text()
    assert {name for name in CONFIG if f'"{name}"' not in text} == set()
