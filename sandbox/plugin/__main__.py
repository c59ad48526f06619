"""Entry of the plugin: `python -m sandbox.plugin ENGINE_ADDRESS`, started by the Pulumi engine."""

import asyncio
import contextlib

from sandbox.plugin.server import serve

if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
