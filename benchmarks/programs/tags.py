"""Prints, as JSON, what a ``dagster-k8s/config`` tag adds to the CPU of ``@solid``."""

from __future__ import annotations

import json
import time

from usercode_sdk import solid

_COUNT = 500


def main() -> None:
    """Entry point."""
    define({})
    plain = define_many_ms(with_tag=False)
    start = time.process_time()
    define(tag(0))
    first = (time.process_time() - start) * 1000
    print(json.dumps({"first_ms": first - plain, "next_ms": define_many_ms(with_tag=True) - plain}))


def define_many_ms(with_tag: bool) -> float:
    """The CPU of one definition, as the mean of many."""
    start = time.process_time()
    for number in range(1, _COUNT + 1):
        define(tag(number) if with_tag else {})
    return (time.process_time() - start) * 1000 / _COUNT


def define(tags: dict[str, object]) -> None:
    """Define a solid with these tags."""

    @solid(tags=tags)
    def tagged(context: object) -> int:
        return 1


def tag(number: int) -> dict[str, object]:
    """A tag of the usual size; no two are equal, so that no answer is remembered."""
    return {
        "dagster-k8s/config": {
            "container_config": {
                "resources": {
                    "requests": {"cpu": "250m", "memory": f"{64 + number}Mi"},
                    "limits": {"cpu": "500m", "memory": "2560Mi"},
                },
                "env": [{"name": "NUMBER", "value": str(number)}],
            },
            "pod_template_spec_metadata": {"annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "true"}},
            "pod_spec_config": {"node_selector": {"disktype": "ssd"}, "serviceAccountName": "counter"},
        }
    }


if __name__ == "__main__":
    main()
