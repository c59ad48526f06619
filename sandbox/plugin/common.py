"""Properties that several kinds have alike."""

from typing import Final

from sandbox.plugin.codecs import Codec
from sandbox.plugin.fields import Field

NAME: Final = Field("name", required=True)
DESCRIPTION: Final = Field("description", default="Managed by Pulumi")
HTML_URL: Final = Field("htmlUrl", output=True)

FLAG: Final = Codec(decode=bool)
"""A switch that answers leave out where it is off."""

TEXT: Final = Codec(decode=lambda raw: raw or "")
"""A text that answers leave out where it is empty."""
