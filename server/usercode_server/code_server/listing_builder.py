"""Makes the listing that the front serves, in the child: every pipeline encoded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from usercode_api.v1.code_process_pb2 import CodeProcessMessage, ListedPipeline, ListedRepository, LoadOutcome
from usercode_sdk import RepositoryDefinition
from usercode_sdk.error_info import error_info
from usercode_server.wire.pipeline import EncodedPipeline, PipelineEncoder, encode_broken_pipeline
from usercode_server.wire.text import text


def listing_messages(repositories: Mapping[str, RepositoryDefinition]) -> Iterator[CodeProcessMessage]:
    """The messages that carry the whole listing, its LoadOutcome at the end.

    A pipeline that can't be built is listed with its failure. Raises what the SDK raises when pipelines of one
    repository do not go together.
    """
    version = sha256()
    for name in sorted(repositories):
        repository = repositories[name]
        header = ListedRepository(name=name, description=text(repository.description))
        version.update(header.SerializeToString(deterministic=True))
        yield CodeProcessMessage(repository=header)
        for pipeline in _encoded_pipelines(repository):
            message = ListedPipeline(name=pipeline.name, summary=pipeline.summary, parts=pipeline.parts)
            version.update(message.SerializeToString(deterministic=True))
            yield CodeProcessMessage(pipeline=message)
    yield CodeProcessMessage(load_outcome=LoadOutcome(code_version=version.hexdigest()[:20]))


def _encoded_pipelines(repository: RepositoryDefinition) -> Iterator[EncodedPipeline]:
    encoder = PipelineEncoder()
    all_are_built = True
    for name in repository.pipeline_names:
        try:
            encoded = encoder.encode(repository.get_pipeline(name))
        except BaseException as error:  # whatever it is, the other pipelines are to be listed
            all_are_built = False
            info = error_info(error)
            encoded = encode_broken_pipeline(
                name, f"The pipeline {name!r} can't be built: {info.error_type}: {info.message}", info
            )
        yield encoded
    if all_are_built:
        repository.get_all_pipelines()
