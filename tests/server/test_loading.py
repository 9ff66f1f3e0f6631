"""Loading an author's code. Each case in a process of its own, as loading is: a process loads one target."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from usercode_server.target import CodeTarget

REPO = """
    from usercode_sdk import pipeline, repository, solid

    @solid
    def s():
        return 1

    @pipeline
    def p():
        s()

    @repository
    def repo():
        return [p]
"""

PRELUDE = """
import sys
from usercode_server.errors import CodeLoadError, UserCodeError
from usercode_server.loading import CodeTarget, find_pipeline, load_repositories

def shown(target):
    return {name: repository.pipeline_names for name, repository in load_repositories(target).items()}

def failure(target):
    try:
        return shown(target)
    except CodeLoadError as error:
        return error
"""


def write(folder: Path, files: dict[str, str]) -> None:
    """Write an author's files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def run(folder: Path, code: str) -> str:
    """What the code prints, run from this folder after the prelude."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", PRELUDE + textwrap.dedent(code)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_all_repositories_of_a_file_are_loaded(tmp_path: Path) -> None:
    more = """
    @repository
    def another():
        return [p]

    again = another
    """
    write(tmp_path, {"repo.py": textwrap.dedent(REPO) + textwrap.dedent(more)})
    assert run(tmp_path, "print(shown(CodeTarget(python_file='repo.py')))") == "{'repo': ['p'], 'another': ['p']}"


def test_a_lone_pipeline_is_an_implicit_repository(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": REPO.split("@repository")[0]})
    assert run(tmp_path, "print(shown(CodeTarget(python_file='repo.py')))") == "{'__repository__p': ['p']}"


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ("repo", "{'repo': ['p']}"),
        ("p", "{'__repository__p': ['p']}"),
        ("make_repo", "{'repo': ['p']}"),
        ("make_p", "{'__repository__p': ['p']}"),
    ],
)
def test_an_attribute_names_a_definition_or_a_function_that_returns_one(
    tmp_path: Path, attribute: str, shown: str
) -> None:
    makers = "def make_repo():\n    return repo\n\ndef make_p():\n    return p\n"
    write(tmp_path, {"repo.py": textwrap.dedent(REPO) + makers})
    target = f"CodeTarget(python_file='repo.py', attribute={attribute!r})"
    assert run(tmp_path, f"print(shown({target}))") == shown


@pytest.mark.parametrize(
    ("attribute", "says"),
    [
        ("rep", "no attribute 'rep'. Its definitions are 'p', 'repo'. Check -a/--attribute."),
        ("number", "is or returns a int. Name a repository"),
        ("raising", "ValueError: no"),
    ],
)
def test_a_wrong_attribute_is_told(tmp_path: Path, attribute: str, says: str) -> None:
    more = "number = 3\n\ndef raising():\n    raise ValueError('no')\n"
    write(tmp_path, {"repo.py": textwrap.dedent(REPO) + more})
    message = run(tmp_path, f"print(failure(CodeTarget(python_file='repo.py', attribute={attribute!r})))")
    assert says in message


def test_a_module_is_found_in_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, {"code/pkg/__init__.py": "", "code/pkg/repo.py": REPO})
    target = "CodeTarget(module_name='pkg.repo', working_directory='code')"
    assert run(tmp_path, f"print(shown({target}))") == "{'repo': ['p']}"


def test_a_module_is_found_in_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": REPO})
    assert run(tmp_path, "print(shown(CodeTarget(module_name='repo')))") == "{'repo': ['p']}"


def test_a_package_is_not_looked_for_in_the_current_folder(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/__init__.py": REPO})
    message = run(tmp_path, "print(failure(CodeTarget(package_name='pkg')))")
    assert message.startswith("The code can't be loaded from package pkg: ModuleNotFoundError: No module named 'pkg'.")
    target = "CodeTarget(package_name='pkg', working_directory='.')"
    assert run(tmp_path, f"print(shown({target}))") == "{'repo': ['p']}"


def test_siblings_are_found_from_any_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a/repo.py": "from helper import p\n", "a/helper.py": REPO.split("@repository")[0], "b/x": ""})
    assert run(tmp_path / "b", "print(shown(CodeTarget(python_file='../a/repo.py')))") == "{'__repository__p': ['p']}"


def test_the_working_directory_comes_before_the_folder_of_the_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a/repo.py": "from helper import where\n" + textwrap.dedent(REPO),
            "a/helper.py": "where = 'file'\n",
            "b/helper.py": "where = 'working directory'\n",
        },
    )
    code = "load_repositories(CodeTarget(python_file='a/repo.py', working_directory='b'))\n"
    assert run(tmp_path, code + "print(sys.modules['helper'].where)") == "working directory"


def test_a_file_in_a_package_may_import_relatively(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "top/__init__.py": "",
            "top/shared.py": REPO.split("@repository")[0],
            "top/sub/__init__.py": "",
            "top/sub/near.py": "name = 'near'\n",
            "top/sub/repo.py": "from ..shared import p\nfrom . import near\nimport near as plain\n",
        },
    )
    code = "print(shown(CodeTarget(python_file='top/sub/repo.py')), sys.modules['repo'].__name__)"
    assert run(tmp_path, code) == "{'__repository__p': ['p']} repo"


def test_a_package_is_not_imported_for_a_file_that_does_not_need_it(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/__init__.py": "raise ValueError('not needed')\n", "pkg/repo.py": REPO})
    assert run(tmp_path, "print(shown(CodeTarget(python_file='pkg/repo.py')))") == "{'repo': ['p']}"


def test_the_file_of_a_package_is_the_package(tmp_path: Path) -> None:
    write(tmp_path, {"pkg/__init__.py": "from .inner import p\n", "pkg/inner.py": REPO.split("@repository")[0]})
    assert run(tmp_path, "print(shown(CodeTarget(python_file='pkg/__init__.py')))") == "{'__repository__p': ['p']}"


@pytest.mark.parametrize(
    "name", ["server", "grpc", "click", "yaml", "rich", "pydantic", "my-repo", "repo.v2", "google"]
)
def test_a_file_may_have_the_name_of_a_library(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"{name}.py": REPO})
    code = f"import click, yaml\nprint(shown(CodeTarget(python_file='{name}.py')))\n"
    assert run(tmp_path, code) == "{'repo': ['p']}"


@pytest.mark.parametrize("name", ["types", "json", "statistics", "__main__"])
def test_a_file_with_the_name_of_a_standard_module_leaves_that_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path, {f"{name}.py": REPO})
    code = f"""
        print(shown(CodeTarget(python_file='{name}.py')))
        import importlib
        print(hasattr(importlib.import_module('{name}'), 'repo'), sys.modules['{name}_'].__name__)
    """
    assert run(tmp_path, code) == f"{{'repo': ['p']}}\nFalse {name}_"


def test_an_author_finds_his_own_module_where_we_had_imported_a_library_of_that_name(tmp_path: Path) -> None:
    write(
        tmp_path, {"repo.py": "import click\nassert click.mine\n" + textwrap.dedent(REPO), "click.py": "mine = True\n"}
    )
    code = """
        import click as ours
        print(shown(CodeTarget(python_file='repo.py')), ours.echo.__module__)
    """
    assert run(tmp_path, code) == "{'repo': ['p']} click.utils"


def test_an_author_does_not_get_in_the_way_of_the_standard_library(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": REPO, "queue.py": "raise ValueError\n", "statistics.py": "raise ValueError\n"})
    code = """
        load_repositories(CodeTarget(python_file='repo.py'))
        import concurrent.futures, statistics
        print(statistics.mean([1, 3]))
    """
    assert run(tmp_path, code) == "2"


def test_classes_of_the_file_can_be_pickled_in_one_process_and_read_in_another(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": textwrap.dedent(REPO) + "class Thing:\n    size = 3\n"})
    run(
        tmp_path,
        """
        import pickle
        load_repositories(CodeTarget(python_file='repo.py'))
        pickle.dump(sys.modules['repo'].Thing(), open('thing', 'wb'))
        """,
    )
    code = """
        import pickle
        load_repositories(CodeTarget(python_file='repo.py'))
        print(pickle.load(open('thing', 'rb')).size)
    """
    assert run(tmp_path, code) == "3"


def test_a_failed_load_leaves_no_trace(tmp_path: Path) -> None:
    write(tmp_path, {"click.py": "raise ValueError('no')\n"})
    code = """
        import click
        before = sys.path[:], sys.modules['click']
        error = failure(CodeTarget(python_file='click.py'))
        print(error.error.error_type, before == (sys.path, sys.modules['click']))
    """
    assert run(tmp_path, code) == "ValueError True"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing.py", "The file '{folder}/missing.py' does not exist"),
        ("folder", "The file '{folder}/folder' is a folder"),
    ],
)
def test_a_missing_file_is_told(tmp_path: Path, path: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    message = run(tmp_path, f"print(failure(CodeTarget(python_file={path!r})))")
    assert says.format(folder=tmp_path) in message
    assert "Check -f/--python-file." in message


def test_the_traceback_has_only_frames_of_the_author(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": "import helper\n", "helper.py": "def f():\n    raise KeyError('x')\n\nf()\n"})
    code = """
        error = failure(CodeTarget(python_file='repo.py')).error
        print([frame.split('/')[-1].strip() for frame in ''.join(error.stack).splitlines() if 'File' in frame])
    """
    frames = run(tmp_path, code)
    assert frames == (
        """['repo.py", line 1, in <module>', 'helper.py", line 4, in <module>', 'helper.py", line 2, in f']"""
    )


def test_a_pipeline_is_found_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": REPO})
    assert run(tmp_path, "print(find_pipeline(CodeTarget(python_file='repo.py'), None, 'p').name)") == "p"


@pytest.mark.parametrize(
    ("repository", "pipeline", "says"),
    [
        ("'rpo'", "p", "There is no repository 'rpo'. Did you mean 'repo'?"),
        ("'repo'", "pp", "There is no pipeline 'pp' in the repository 'repo'. Did you mean 'p'?"),
        ("None", "q", "There is no pipeline 'q'. There are: 'p'."),
    ],
)
def test_a_pipeline_that_is_not_there_is_told(tmp_path: Path, repository: str, pipeline: str, says: str) -> None:
    write(tmp_path, {"repo.py": REPO})
    code = f"""
        try:
            find_pipeline(CodeTarget(python_file='repo.py'), {repository}, {pipeline!r})
        except UserCodeError as error:
            print(error)
    """
    assert run(tmp_path, code) == says


def test_a_pipeline_of_two_repositories_needs_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {"repo.py": textwrap.dedent(REPO) + "@repository\ndef another():\n    return [p]\n"})
    code = """
        try:
            find_pipeline(CodeTarget(python_file='repo.py'), None, 'p')
        except UserCodeError as error:
            print(error)
        print(find_pipeline(CodeTarget(python_file='repo.py'), 'another', 'p').name)
    """
    says = "The pipeline 'p' is in several repositories: 'repo', 'another'. Say which one is meant."
    assert run(tmp_path, code).splitlines() == [says, "p"]


def test_a_target_goes_over_a_command_line() -> None:
    target = CodeTarget(python_file="/a/repo.py", attribute="x", working_directory="/b")
    assert target.to_arguments() == ["--python-file", "/a/repo.py", "--attribute", "x", "--working-directory", "/b"]
    assert target.describe() == "/a/repo.py, attribute x"
    assert target.resolved() == target


def test_a_resolved_target_has_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CodeTarget(python_file="repo.py").resolved() == CodeTarget(
        python_file=str(tmp_path / "repo.py"), working_directory=str(tmp_path)
    )
    assert CodeTarget(package_name="p").resolved() == CodeTarget(package_name="p")
