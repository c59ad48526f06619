"""What holds for every test: property tests are judged by what they find, never by how long a busy machine takes."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("people", deadline=None)
# The same examples each time, so that a change is blamed for what it did; people's own runs look further.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "people")


@pytest.fixture
def own_event_loop() -> Iterator[None]:
    """Give Pulumi's mocks a loop: they take the thread's, which `asyncio.run` in any earlier test takes away."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()
