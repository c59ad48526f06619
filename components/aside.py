"""Work of hooks: what the program does while the engine waits for it, in threads of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")

_THREADS = ThreadPoolExecutor(2, "hook")


async def aside(work: Callable[_Asked, _Found], *asked: _Asked.args, **named: _Asked.kwargs) -> _Found:
    """Do a hook's work without holding up the program.

    The loop's own threads won't do (`asyncio.to_thread`): in each of them a resource may be waiting for the engine,
    which waits for this hook. Where so many fail at once, nothing would ever go on.
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(work, *asked, **named))
