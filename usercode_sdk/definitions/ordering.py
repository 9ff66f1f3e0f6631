"""Orders things after what they need, and finds what keeps them from being ordered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence


def in_topological_order(upstream: Mapping[str, Collection[str]]) -> list[str]:
    """The names, each after all it needs: level by level, within a level by name.

    Linear but for the sorting. Names on a cycle, and those that need them, are left out.
    """
    waiting = {name: len(needs) for name, needs in upstream.items()}
    feeds: dict[str, list[str]] = {}
    for name, needs in upstream.items():
        for needed in needs:
            feeds.setdefault(needed, []).append(name)
    ordered: list[str] = []
    level = sorted(name for name, count in waiting.items() if count == 0)
    while level:
        ordered += level
        following = []
        for name in level:
            for below in feeds.get(name, ()):
                waiting[below] -= 1
                if waiting[below] == 0:
                    following.append(below)
        level = sorted(following)
    return ordered


def find_cycle(upstream: Mapping[str, Sequence[str]]) -> list[str] | None:
    """A cycle, first name repeated at the end, in the direction the data flows; None when there is none."""
    done: set[str] = set()
    for start in upstream:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[Iterator[str]] = [iter((start,))]
        while stack:
            name = next((one for one in stack[-1] if one not in done), None)
            if name is None:
                stack.pop()
                if path:
                    leaving = path.pop()
                    on_path.pop(leaving)
                    done.add(leaving)
                continue
            if name in on_path:
                found = path[on_path[name] :]
                return [name, *reversed(found)]
            on_path[name] = len(path)
            path.append(name)
            stack.append(iter(upstream.get(name, ())))
    return None
