"""What a hook does goes on while every thread of the program waits for the engine."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.aside import aside


def test_a_hooks_work_needs_none_of_the_threads_that_wait_for_it():
    hook_is_done = threading.Event()

    async def program() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        registered = loop.run_in_executor(None, hook_is_done.wait, 20)
        try:
            return await asyncio.wait_for(aside("owner of {}".format, "Data"), 10)
        finally:
            hook_is_done.set()
            await registered

    assert asyncio.run(program()) == "owner of Data"


def test_what_it_raises_is_the_hooks_to_tell():
    async def program() -> int:
        return await aside(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(program())
