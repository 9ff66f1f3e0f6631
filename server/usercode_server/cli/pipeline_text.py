"""A pipeline as text for people: its graph, then what its solids, modes and presets are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from usercode_api.v1 import pipeline_pb2 as pb
from usercode_api.v1.config_pb2 import CONFIG_KIND_ANY
from usercode_server.cli.config_text import config_text, value_text
from usercode_server.cli.graph_drawing import Vertex, draw

_MOST_SOURCES = 6


def pipeline_text(pipeline: pb.Pipeline) -> str:
    """The whole text, without a newline at the end."""
    return "\n".join(_lines(_Structure(pipeline), pipeline))


class _Structure:
    """A pipeline's solids by composite, and its definitions by name."""

    def __init__(self, pipeline: pb.Pipeline) -> None:
        self.types = pipeline.config_types
        self.definitions = {definition.name: definition for definition in pipeline.solid_definitions}
        self.solids: dict[str, list[pb.Solid]] = {}
        for solid in pipeline.solids:
            self.solids.setdefault(solid.composite_name, []).append(solid)

    def definition_of(self, solid: pb.Solid) -> pb.SolidDefinition:
        return self.definitions[solid.definition_name or solid.name]

    def drawing(self, composite: str) -> list[str]:
        """The drawing of the pipeline ('') or of the inside of a composite."""
        return draw({solid.name: self._vertex(solid) for solid in self.solids.get(composite, [])})

    def _vertex(self, solid: pb.Solid) -> Vertex:
        definition = self.definition_of(solid)
        inside = self.drawing(definition.name) if definition.HasField("composition") else []
        sources = [source.solid_name for one in solid.inputs for source in one.sources if source.solid_name]
        note = ", ".join(_input_text(one) for one in solid.inputs)
        return Vertex(sources, _label(solid, definition), note, [f"┆ {line}" for line in inside])


def _lines(structure: _Structure, pipeline: pb.Pipeline) -> Iterator[str]:
    yield f"{pipeline.name}  ({_count(pipeline.solid_count, 'solid')})"
    yield from _indented(pipeline.description)
    if pipeline.HasField("error"):
        yield from ("", pipeline.error.summary)
        return
    yield ""
    yield from structure.drawing("")
    yield from ("", "Solids")
    for definition in structure.definitions.values():
        yield from _definition_lines(structure, definition)
    yield from ("", "Modes")
    for mode in pipeline.modes:
        yield from _mode_lines(structure, mode)
    if pipeline.presets:
        yield from ("", "Presets")
        for preset in pipeline.presets:
            yield from _preset_lines(preset)
    if pipeline.tags:
        yield from ("", "Tags")
        yield from (f"  {key}: {value}" for key, value in sorted(pipeline.tags.items()))


def _label(solid: pb.Solid, definition: pb.SolidDefinition) -> str:
    name = solid.name if not solid.definition_name else f"{solid.name} ({solid.definition_name})"
    return f"{name} [composite]" if definition.HasField("composition") else name


def _input_text(solid_input: pb.SolidInput) -> str:
    sources = ", ".join(_source_text(source) for source in solid_input.sources[:_MOST_SOURCES])
    if len(solid_input.sources) > _MOST_SOURCES:
        sources = f"{sources}, ... {len(solid_input.sources) - _MOST_SOURCES:,} more"
    return f"{solid_input.name} ← {f'[{sources}]' if solid_input.is_fan_in else sources}"


def _source_text(source: pb.InputSource) -> str:
    if not source.solid_name:
        return f"input {source.composite_input}"
    return f"{source.solid_name}.{source.output_name}" if source.output_name else source.solid_name


def _definition_lines(structure: _Structure, definition: pb.SolidDefinition) -> Iterator[str]:
    yield f"  {definition.name}{_ports(definition)}"
    yield from _indented(definition.description, "      ")
    if definition.HasField("config") and structure.types[definition.config.type].kind != CONFIG_KIND_ANY:
        yield f"      config: {config_text(structure.types, definition.config)}"
    if definition.required_resource_keys:
        yield f"      resources: {', '.join(definition.required_resource_keys)}"
    if definition.HasField("retry_policy"):
        yield f"      retries: {definition.retry_policy.max_retries}"
    yield from (f"      tag {key}: {value}" for key, value in sorted(definition.tags.items()))


def _ports(definition: pb.SolidDefinition) -> str:
    """The inputs and outputs, as the signature of a function would show them."""
    inputs = ", ".join(_parameter(one) for one in definition.inputs)
    outputs = [_output(one, len(definition.outputs)) for one in definition.outputs]
    result = outputs[0] if len(outputs) == 1 else f"({', '.join(outputs)})"
    return f"({inputs}) -> {result}" if outputs else f"({inputs})"


def _parameter(definition: pb.InputDefinition) -> str:
    text = f"{definition.name}: {definition.type_name or 'Any'}"
    return f"{text} = {value_text(definition.default_value)}" if definition.has_default_value else text


def _output(definition: pb.OutputDefinition, count: int) -> str:
    text = definition.type_name or "Any"
    if definition.name or count > 1:
        text = f"{definition.name or 'result'}: {text}"
    return f"{text} (optional)" if definition.is_optional else text


def _mode_lines(structure: _Structure, mode: pb.Mode) -> Iterator[str]:
    yield f"  {mode.name}"
    yield from _indented(mode.description, "      ")
    for what, entries in (("resource", mode.resources), ("logger", mode.loggers)):
        yield from _part_lines(structure, what, entries)
    yield f"      executors: {', '.join(executor.name for executor in mode.executors)}"


def _part_lines(structure: _Structure, what: str, entries: Iterable[pb.Resource | pb.Logger]) -> Iterator[str]:
    for entry in entries:
        config = f"  {config_text(structure.types, entry.config)}" if entry.HasField("config") else ""
        yield f"      {what} {entry.name}{config}"


def _preset_lines(preset: pb.Preset) -> Iterator[str]:
    parts = [f"mode {preset.mode}"] if preset.mode else []
    if preset.solid_selection:
        parts.append(f"solids {', '.join(preset.solid_selection)}")
    parts += [f"{key}={value}" for key, value in sorted(preset.tags.items())]
    yield f"  {preset.name}  {'; '.join(parts)}".rstrip()


def _indented(text: str, margin: str = "  ") -> Sequence[str]:
    return [f"{margin}{line.strip()}" for line in text.strip().splitlines() if line.strip()]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
