"""The Kubernetes tags: what is normalised, and how each kind of mistake is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from usercode_sdk.config.faults import (
    FIELD_NOT_DEFINED,
    MISSING_REQUIRED_FIELD,
    RUNTIME_TYPE_MISMATCH,
    ConfigFault,
)
from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.tags.validation import validate_tags

TAG = "dagster-k8s/config"
REQUIREMENTS = "dagster-k8s/resource_requirements"
OWNER = "solid 'my_solid'"


def normalised(config: object, tag: str = TAG) -> Any:
    return json.loads(validate_tags({tag: config}, OWNER)[tag])


def faults_of(config: object, tag: str = TAG) -> list[ConfigFault]:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        validate_tags({tag: config}, OWNER)
    return refused.value.errors


def fault_of(config: object, tag: str = TAG) -> ConfigFault:
    (fault,) = faults_of(config, tag)
    return fault


def test_names_in_snake_case_become_the_api_s_at_every_level_but_not_in_free_maps() -> None:
    config = {
        "container_config": {
            "image_pull_policy": "Always",
            "env": [{"name": "my_name", "value_from": {"field_ref": {"field_path": "spec.node_name"}}}],
            "lifecycle": {"pre_stop": {"_exec": {"command": ("sleep", "1")}}},
            "resources": {"limits": {"nvidia.com/gpu_count": 1}},
        },
        "pod_template_spec_metadata": {"labels": {"my_label": "a_b"}, "annotations": {"the_key": "x"}},
        "pod_spec_config": {
            "node_selector": {"node_pool": "big"},
            "host_aliases": [{"ip": "10.0.0.1", "hostnames": ["a_b"]}],
            "host_pid": False,
            "volumes": [
                {"name": "v", "fc": {"target_ww_ns": ["a"]}},
                {"name": "w", "fc": {"target_wwns": ["b"]}},
                {"name": "d", "azure_disk": {"disk_uri": "u", "disk_name": "n"}},
            ],
            "affinity": {
                "pod_anti_affinity": {
                    "required_during_scheduling_ignored_during_execution": [
                        {"topology_key": "zone", "label_selector": {"match_labels": {"app_name": "x"}}}
                    ]
                }
            },
        },
        "job_config": {"api_version": "batch/v1", "kind": "Job"},
        "job_metadata": {"namespace": "runs"},
        "job_spec_config": {"ttl_seconds_after_finished": 60, "backoffLimit": 2},
    }
    assert normalised(config) == {
        "container_config": {
            "imagePullPolicy": "Always",
            "env": [{"name": "my_name", "valueFrom": {"fieldRef": {"fieldPath": "spec.node_name"}}}],
            "lifecycle": {"preStop": {"exec": {"command": ["sleep", "1"]}}},
            "resources": {"limits": {"nvidia.com/gpu_count": 1}},
        },
        "pod_template_spec_metadata": {"labels": {"my_label": "a_b"}, "annotations": {"the_key": "x"}},
        "pod_spec_config": {
            "nodeSelector": {"node_pool": "big"},
            "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a_b"]}],
            "hostPID": False,
            "volumes": [
                {"name": "v", "fc": {"targetWWNs": ["a"]}},
                {"name": "w", "fc": {"targetWWNs": ["b"]}},
                {"name": "d", "azureDisk": {"diskURI": "u", "diskName": "n"}},
            ],
            "affinity": {
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        {"topologyKey": "zone", "labelSelector": {"matchLabels": {"app_name": "x"}}}
                    ]
                }
            },
        },
        "job_config": {"apiVersion": "batch/v1", "kind": "Job"},
        "job_metadata": {"namespace": "runs"},
        "job_spec_config": {"ttlSecondsAfterFinished": 60, "backoffLimit": 2},
    }


def test_a_config_may_be_json_text_and_its_keys_are_sorted() -> None:
    text = '{"job_metadata": {"name": "b"}, "container_config": {"working_dir": "/", "args": []}}'
    assert validate_tags({TAG: text}, OWNER) == {
        TAG: '{"container_config": {"args": [], "workingDir": "/"}, "job_metadata": {"name": "b"}}'
    }
    assert validate_tags({TAG: {}}, OWNER) == {TAG: "{}"}


def test_null_is_kept_where_the_api_takes_it() -> None:
    config = {"container_config": {"args": None, "name": None, "env": [{"name": "A", "value": None}]}}
    assert normalised(config) == config


def test_what_the_launcher_supplies_is_not_required() -> None:
    config = {
        "container_config": {},
        "pod_spec_config": {},
        "job_spec_config": {"template": {"spec": {"priority": 1}}},
        "job_config": {"spec": {"template": {"spec": {}}}},
    }
    assert normalised(config) == config


def test_the_sections_are_these_six() -> None:
    assert fault_of({"containerConfig": {}}) == ConfigFault(
        FIELD_NOT_DEFINED,
        (TAG, "containerConfig"),
        {},
        "one of container_config, pod_template_spec_metadata, pod_spec_config, job_config, job_metadata, "
        "job_spec_config",
        "container_config",
        None,
        "dagster-k8s/config:containerConfig: dagster-k8s/config has no 'containerConfig' (its value here is "
        "{}). Expected one of container_config, pod_template_spec_metadata, pod_spec_config, job_config, "
        "job_metadata, job_spec_config. Did you mean 'container_config'?",
        "containerConfig",
    )


@pytest.mark.parametrize("value", [None, [], "x", 3])
def test_a_section_is_a_dict(value: object) -> None:
    fault = fault_of({"pod_spec_config": value})
    assert fault[:4] == (
        RUNTIME_TYPE_MISMATCH,
        (TAG, "pod_spec_config"),
        value,
        "a dict of the fields of PodSpec",
    )


def test_the_nearest_key_is_suggested_in_the_spelling_of_the_author() -> None:
    snake, camel = faults_of({"pod_spec_config": {"node_selecter": {}, "dnsPolcy": "Default"}})
    assert (snake.path, snake.nearest) == ((TAG, "pod_spec_config", "node_selecter"), "node_selector")
    assert (camel.path, camel.nearest) == ((TAG, "pod_spec_config", "dnsPolcy"), "dnsPolicy")
    assert camel.message == (
        "dagster-k8s/config:pod_spec_config:dnsPolcy: PodSpec has no 'dnsPolcy' (its value here is 'Default'"
        "). Expected one of the 43 names that PodSpec has. Did you mean 'dnsPolicy'?"
    )


@pytest.mark.parametrize(
    "key",
    ["image_Pull_Policy", "image__pull_policy", "_image_pull_policy", "imagepullpolicy", "image_pullpolicy"],
)
def test_only_the_two_spellings_are_accepted(key: str) -> None:
    fault = fault_of({"container_config": {key: "Always"}})
    assert fault.path == (TAG, "container_config", key)
    assert fault.nearest in ("image_pull_policy", "imagePullPolicy")


def test_a_key_of_another_section_is_sent_there() -> None:
    fault = fault_of({"container_config": {"node_selector": {"a": "b"}}})
    assert fault.message == (
        "dagster-k8s/config:container_config:node_selector: Container has no 'node_selector' (its value here "
        "is {'a': 'b'}). Expected one of the 25 names that Container has. It belongs in 'pod_spec_config'."
    )


def test_both_spellings_of_one_key_are_a_fault() -> None:
    fault = fault_of({"container_config": {"image_pull_policy": "Always", "imagePullPolicy": "Always"}})
    assert fault == ConfigFault(
        FIELD_NOT_DEFINED,
        (TAG, "container_config", "imagePullPolicy"),
        "Always",
        "imagePullPolicy once",
        None,
        None,
        "dagster-k8s/config:container_config:imagePullPolicy: imagePullPolicy is given twice, in two "
        "spellings; the second is 'Always'. Expected one of them: remove the other.",
        "imagePullPolicy",
    )


def test_a_required_field_of_a_nested_object_is_asked_for() -> None:
    fault = fault_of({"container_config": {"env": [{"name": "A"}, {"value": "1"}]}})
    assert fault == ConfigFault(
        MISSING_REQUIRED_FIELD,
        (TAG, "container_config", "env", "[1]"),
        {"value": "1"},
        "EnvVar with a 'name'",
        None,
        "",
        "dagster-k8s/config:container_config:env:[1]: expected EnvVar with a 'name', got {'value': '1'}. Add 'name'.",
        "name",
    )


def test_a_mistyped_required_field_is_one_fault() -> None:
    fault = fault_of({"container_config": {"env": [{"nmae": "A"}]}})
    assert (fault.reason, fault.nearest) == (FIELD_NOT_DEFINED, "name")


def test_a_sample_of_a_missing_object_has_what_is_required_in_it() -> None:
    node_affinity = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1}]}
    fault = fault_of({"pod_spec_config": {"affinity": {"nodeAffinity": node_affinity}}})
    assert fault.sample == {}
    topology = fault_of({"pod_spec_config": {"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "z"}]}})
    assert topology.sample == "DoNotSchedule"


def test_a_required_field_is_not_null() -> None:
    fault = fault_of({"container_config": {"env": [{"name": None}]}})
    assert fault.path == (TAG, "container_config", "env", "[0]", "name")
    assert fault.expected == "a string"


def test_all_faults_are_found_in_the_order_of_the_config() -> None:
    config = {
        "job_spec_config": {"backoff_limit": "2", "completions": True},
        "container_config": {"resources": {"limits": {"cpu": "1x"}, "request": {}}, "tty": 1},
        "pod_spec_config": {"tolerations": {"key": "a"}, "containers": [{"name": "a", "ports": [{}]}, 3]},
    }
    assert [fault.path[1:] for fault in faults_of(config)] == [
        ("job_spec_config", "backoff_limit"),
        ("job_spec_config", "completions"),
        ("container_config", "resources", "limits", "cpu"),
        ("container_config", "resources", "request"),
        ("container_config", "tty"),
        ("pod_spec_config", "tolerations"),
        ("pod_spec_config", "containers", "[0]", "ports", "[0]"),
        ("pod_spec_config", "containers", "[1]"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", " (Expecting value: line 1 column 1 (char 0)), got ''."),
        ("{'a': 1}", " (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)), got"),
        ("[1]", ", got '[1]'."),
        ("null", ", got 'null'."),
    ],
)
def test_text_that_is_not_json_of_a_dict_is_refused(text: str, problem: str) -> None:
    fault = fault_of(text)
    assert fault[:3] == (RUNTIME_TYPE_MISMATCH, (TAG,), text)
    assert fault.message.startswith(f"{TAG}: expected a dict, or the JSON text of one{problem}")


@pytest.mark.parametrize("value", [3, None, ["container_config"], b"{}", True])
def test_a_config_that_is_no_dict_is_refused(value: object) -> None:
    assert fault_of(value) == ConfigFault(
        RUNTIME_TYPE_MISMATCH,
        (TAG,),
        value,
        "a dict, or the JSON text of one",
        None,
        None,
        f"{TAG}: expected a dict, or the JSON text of one, got {value!r}.",
    )


def test_resource_requirements_have_limits_and_requests() -> None:
    given = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": 0.5}}
    assert normalised(given, REQUIREMENTS) == given
    assert normalised(json.dumps(given), REQUIREMENTS) == given


def test_a_fault_in_resource_requirements_names_the_place() -> None:
    unknown, wrong = faults_of({"limit": {}, "requests": {"cpu": "1 core"}}, REQUIREMENTS)
    assert (unknown.path, unknown.expected, unknown.nearest) == (
        (REQUIREMENTS, "limit"),
        "one of limits, requests",
        "limits",
    )
    assert wrong.path == (REQUIREMENTS, "requests", "cpu")
