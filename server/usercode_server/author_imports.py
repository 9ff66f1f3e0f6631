"""Importing an author's modules without mixing them up with ours.

The author's folders go to the front of ``sys.path``, as when Python runs a script, so an author's
``click.py`` or ``server.py`` is what the author's own imports find. Three rules keep both sides whole:

- the standard library is always found first, because our code and Python's own imports parts of it late;
- a module of a third party that we had imported before, and that one of the author's hides, is forgotten
  by ``sys.modules``: the author gets the author's, while our code holds on to the one it has;
- a file is loaded under its stem, so that its classes can be pickled in one process and read in another;
  only where that name can't be the author's (``types``, ``usercode_sdk``) an underscore is put behind it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import usercode_sdk

_NOT_FOR_AUTHORS = frozenset({"__main__", "google", "usercode_api", "usercode_sdk", "usercode_server"})
_STANDARD_FOLDER = os.path.dirname(os.__file__)
_OUR_FOLDERS = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.abspath(usercode_sdk.__file__))]
_INSTALLED = f"{os.sep}site-packages{os.sep}"
_STANDARD_FOLDERS = [_STANDARD_FOLDER, os.path.join(_STANDARD_FOLDER, "lib-dynload")]


def import_file(path: str, working_directory: str | None) -> ModuleType:
    """Import the file, with its working directory and its own folder open for plain imports.

    A file beside an ``__init__.py`` is part of that package: ``from . import sibling`` works.
    """
    folder, file_name = os.path.split(path)
    root, package = _enclosing_package(folder)
    with importing_from([working_directory or folder, folder, *([root] if package else [])]):
        if file_name == "__init__.py" and package:
            return import_module(package)
        return _execute_file(path, _module_name(file_name), package)


@contextmanager
def importing_from(folders: Sequence[str]) -> Iterator[None]:
    """Put the folders in front of ``sys.path``, for good; taken back when the block raises."""
    _find_standard_library_first()
    path_before = sys.path[:]
    sys.path[:0] = dict.fromkeys(folders)
    forgotten = {name: sys.modules.pop(name) for name in _hidden_modules(folders)}
    try:
        yield
    except BaseException:
        sys.path[:] = path_before
        sys.modules.update(forgotten)
        raise


def author_files() -> list[str]:
    """The files of the modules imported so far that are neither Python's, nor installed, nor ours."""
    others = tuple(
        os.path.join(folder, "") for folder in (_STANDARD_FOLDER, sys.prefix, sys.base_prefix, *_OUR_FOLDERS)
    )
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return sorted(
        os.path.abspath(file)
        for file in files
        if isinstance(file, str) and file.endswith(".py") and not file.startswith(others) and _INSTALLED not in file
    )


def _execute_file(path: str, name: str, package: str) -> ModuleType:
    full_name = f"{package}.{name}" if package else name
    loader = SourceFileLoader(name, path)
    spec = spec_from_file_location(full_name, path, loader=loader)
    assert spec is not None
    module = module_from_spec(spec)
    module.__name__ = name
    before = {each: sys.modules.get(each) for each in (name, full_name)}
    sys.modules.update(dict.fromkeys(before, module))
    try:
        loader.exec_module(module)
    except BaseException:
        for each, earlier in before.items():
            if earlier is None:
                del sys.modules[each]
            else:
                sys.modules[each] = earlier
        raise
    # An author's module may put something else in its own place, as import statements allow.
    return sys.modules.get(name, module)


def _module_name(file_name: str) -> str:
    name = os.path.splitext(file_name)[0].replace(".", "_")
    return f"{name}_" if _is_reserved(name) else name


def _is_reserved(name: str) -> bool:
    return name in sys.stdlib_module_names or name in _NOT_FOR_AUTHORS


def _enclosing_package(folder: str) -> tuple[str, str]:
    """The folder above the outermost package that holds ``folder``, and the package's dotted name, or ''."""
    parts: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        parts.insert(0, name)
        if not name:
            break
    return folder, ".".join(parts)


def _hidden_modules(folders: Sequence[str]) -> list[str]:
    """The names in ``sys.modules``, with submodules, that are something else in one of the folders."""
    ours = {name.partition(".")[0] for name in sys.modules}
    hidden = {
        name
        for folder in dict.fromkeys(folders)
        for name in _importable_names(folder)
        if name in ours and not _is_reserved(name) and not _is_from(sys.modules.get(name), folders)
    }
    return [name for name in sys.modules if name.partition(".")[0] in hidden]


def _importable_names(folder: str) -> Iterator[str]:
    try:
        entries = os.listdir(folder)
    except OSError:
        return
    for entry in entries:
        stem, extension = os.path.splitext(entry)
        if extension == ".py" or (not extension and os.path.isfile(os.path.join(folder, entry, "__init__.py"))):
            yield stem


def _is_from(module: ModuleType | None, folders: Sequence[str]) -> bool:
    file = getattr(module, "__file__", None)
    return file is None or file.startswith(tuple(os.path.join(folder, "") for folder in folders))


class _StandardLibraryFirst:
    """A finder that looks for standard modules in Python's own folders only."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if path is None and name in sys.stdlib_module_names:
            return PathFinder.find_spec(name, _STANDARD_FOLDERS)
        return None


def _find_standard_library_first() -> None:
    if _StandardLibraryFirst not in sys.meta_path:
        place = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
        sys.meta_path.insert(place, _StandardLibraryFirst)
