"""What holds for every test: property tests are judged by what they find, never by how long a busy machine takes."""

import os

from hypothesis import settings

settings.register_profile("people", deadline=None)
# The same examples each time, so that a change is blamed for what it did; people's own runs look further.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "people")
