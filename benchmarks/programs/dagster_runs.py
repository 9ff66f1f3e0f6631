"""Makes runs in Dagster's storage and prints, a line each, the argument of ``dagster api execute_run``.

Run by an interpreter with Dagster, so it keeps to what Python 3.8 knows. The arguments are a file, the
name of a pipeline in it and how many runs to make.
"""

from __future__ import annotations

import sys
from importlib import import_module


def main() -> None:
    """Entry point."""
    file, name, count = sys.argv[1:]
    dagster = import_module("dagster")
    args_class = import_module("dagster.grpc.types").ExecuteRunArgs
    serialize = import_module("dagster.serdes").serialize_dagster_namedtuple
    pipeline = dagster.reconstructable(_function(file, name))
    with dagster.DagsterInstance.get() as instance:
        for _ in range(int(count)):
            origin = pipeline.get_python_origin()
            run = instance.create_run_for_pipeline(pipeline.get_definition(), pipeline_code_origin=origin)
            print(serialize(args_class(origin, run.run_id, instance.get_ref())))


def _function(file: str, name: str) -> object:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("generated_repository", file)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return getattr(module, name)


if __name__ == "__main__":
    main()
