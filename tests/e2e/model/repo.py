"""The repository that worker processes load: one pipeline, made from the data in the file that is named to them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.sdk.model.build import build_pipeline
from tests.sdk.model.shapes import from_json
from usercode_sdk import PipelineDefinition, repository


@repository
def drawn_pipelines() -> list[PipelineDefinition]:
    document = Path(os.environ["USERCODE_TEST_PIPELINE"]).read_bytes()
    return [build_pipeline(from_json(document), "calls")]
