"""What authors can import, and what an import of the SDK costs them."""

from __future__ import annotations

import subprocess
import sys

import usercode_sdk

NAMES = """
Any Array AssetKey AssetMaterialization Backoff Bool BoolSource CompositeSolidDefinition CompositeSolidExecutionResult
ConfigFault ConfigMapping DagsterConfigMappingFunctionError DagsterError DagsterExecutionInterruptedError
DagsterExecutionStepExecutionError DagsterExecutionStepNotFoundError DagsterInstance
DagsterInvalidConfigDefinitionError DagsterInvalidConfigError DagsterInvalidDefinitionError
DagsterInvariantViolationError DagsterLogManager DagsterResourceFunctionError DagsterStepOutputNotFoundError
DagsterType DagsterTypeCheckDidNotPass DagsterTypeCheckError DagsterUnknownResourceError
DagsterUnmetExecutorRequirementsError DagsterUserCodeExecutionError DependencyDefinition Enum EnumValue ErrorInfo
Event EventMetadata EventMetadataEntry EventType ExecutorDefinition ExpectationResult Failure Field Float IOManager
IOManagerDefinition InitLoggerContext InitResourceContext InputContext InputDefinition InputMapping Int IntSource
Jitter LoggerDefinition ModeDefinition MultiDependencyDefinition Noneable Nothing Output OutputContext
OutputDefinition OutputMapping Permissive PipelineDefinition PipelineExecutionResult PipelineRun PipelineRunStatus
PresetDefinition PythonObjectDagsterType RepositoryDefinition ResourceDefinition RetryPolicy RetryRequested
ScalarUnion Selector Shape SolidDefinition SolidExecutionContext SolidExecutionResult SolidInvocation String
StringSource TypeCheck composite_solid configured default_executors execute_pipeline execute_pipeline_iterator
execute_solid file_relative_path fs_io_manager in_process_executor io_manager lambda_solid logger
make_values_resource mem_io_manager multiprocess_executor pipeline reconstructable repository resource solid
""".split()

HEAVY = {
    "asyncio",
    "concurrent.futures",
    "google",
    "grpc",
    "importlib.resources",
    "inspect",
    "multiprocessing",
    "pydantic",
    "sqlite3",
    "subprocess",
    "tempfile",
    "urllib",
    "usercode_api",
    "usercode_server",
    "uuid",
    "yaml",
}


def test_the_public_names_are_these() -> None:
    assert usercode_sdk.__all__ == NAMES
    assert [name for name in NAMES if not hasattr(usercode_sdk, name)] == []


def _loaded_by(code: str) -> set[str]:
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True, env=_PATH)
    return set(done.stdout.split())


_PATH = {"PYTHONPATH": ":".join(path for path in sys.path if path), "PYTHONDONTWRITEBYTECODE": "1"}


def test_the_sdk_loads_nothing_heavy() -> None:
    loaded = _loaded_by("import usercode_sdk")
    assert "usercode_sdk.definitions.solid" in loaded
    assert loaded & HEAVY == set()


def test_neither_does_defining_a_repository() -> None:
    loaded = _loaded_by(
        "from usercode_sdk import *\n"
        "@solid(config_schema={'n': int}, required_resource_keys={'r'}, tags={'team': 'data'})\n"
        "def first(context, x: int) -> int: return x\n"
        "@resource(config_schema={'a': Field(str, default_value='b')})\n"
        "def r(_): yield 1\n"
        "@composite_solid\n"
        "def both(x: int) -> int: return first(first(x))\n"
        "@pipeline(mode_defs=[ModeDefinition(resource_defs={'r': r})], preset_defs=[PresetDefinition('default')])\n"
        "def p(): both(first())\n"
        "@repository\n"
        "def repo(): return [p]\n"
    )
    assert loaded & HEAVY == set()


def test_only_what_needs_it_loads_yaml_and_pydantic() -> None:
    loaded = _loaded_by("from usercode_sdk import *; PresetDefinition.from_yaml_strings('p', ['a: 1'])")
    assert loaded & HEAVY == {"yaml"}
    loaded = _loaded_by(
        "from usercode_sdk import Field\nimport pydantic\nclass M(pydantic.BaseModel): x: int\nField(M)"
    )
    assert "pydantic" in loaded
