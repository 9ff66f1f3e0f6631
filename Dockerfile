# Two images of Usercode:
#   base     the user-code image. Yours starts FROM it and adds your repository and what that needs.
#   example  base and the example repository, ready to serve.
#
#   docker build --target example -t usercode:example .
#   docker run -p 3030:3030 usercode:example api grpc -f /example_project/example_repo/repo.py -p 3030 -h 0.0.0.0
#
# Another Python: --build-arg BASE_IMAGE=python:3.13-slim-bookworm
ARG BASE_IMAGE=debian:bookworm-slim


FROM ${BASE_IMAGE} AS python
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# Debian's Python, unless the base image brings its own. Its version is Debian's to keep current with fixes.
# hadolint ignore=DL3008
RUN if ! command -v python3 > /dev/null; then \
        apt-get update -qq && \
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates python3 && \
        rm -rf /var/lib/apt/lists/*; \
    fi


FROM python AS build
# hadolint ignore=DL3008
RUN if ! python3 -c "import ensurepip" 2> /dev/null; then \
        apt-get update -qq && \
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv && \
        rm -rf /var/lib/apt/lists/*; \
    fi
# pip compiles what it installs, so a container never has to, and never can: its root may be read-only.
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_COMPILE=1
# pip stays, for the images that start from this one; setuptools, which venv adds before Python 3.12, does not.
RUN python3 -m venv /opt/usercode && /opt/usercode/bin/pip uninstall -q -y setuptools
WORKDIR /build
# The dependencies first, from pyproject.toml alone: a change of the code leaves this layer as it is.
COPY pyproject.toml ./
RUN python3 -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
        > requirements.txt && \
    /opt/usercode/bin/pip install -q -r requirements.txt
COPY README.md LICENSE ./
COPY usercode_sdk usercode_sdk
COPY server server
RUN /opt/usercode/bin/pip install -q --no-deps .


FROM python AS base
LABEL org.opencontainers.image.title="Usercode" \
      org.opencontainers.image.description="The Usercode SDK and server: start your user-code image FROM this one" \
      org.opencontainers.image.licenses="Apache-2.0"
# The number is part of the contract: a pod's securityContext and the owner of a volume name it.
RUN groupadd --gid 10001 usercode && \
    useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin usercode && \
    install -d -m 0700 -o usercode -g usercode /var/lib/usercode
COPY --from=build /opt/usercode /opt/usercode
# Output goes out at once, so that the last words of a killed container are in its log.
ENV PATH=/opt/usercode/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    USERCODE_HOME=/var/lib/usercode
WORKDIR /home/usercode
USER 10001:10001
EXPOSE 3030
# For Docker and Compose. Kubernetes probes with the same command, or with its own gRPC probe.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["sh", "-c", "exec usercode api health-check --port ${USERCODE_API_GRPC_PORT:-3030}"]
ENTRYPOINT ["usercode"]
CMD ["--help"]


FROM python AS example-code
COPY examples/example_project /example_project
RUN python3 -m compileall -q /example_project


FROM base AS example
COPY --from=example-code /example_project /example_project
