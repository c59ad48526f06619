"""The bridge's own sources: the JavaScript that is shipped as it is, and the templates of the three data files."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

# Beside the package in a checkout, inside it when installed from a wheel.
_PLACES = (Path(__file__).parents[2] / "bridge_templates", Path(__file__).parent / "sources")


@cache
def bundled_sources() -> Mapping[str, str]:
    """Return name -> text of every `.js` module and `.j2` template, sorted by name."""
    folder = next((place for place in _PLACES if place.is_dir()), None)
    if folder is None:
        raise FileNotFoundError(f"the bridge's sources are missing: {_PLACES[0]}")
    files = sorted(path for path in folder.iterdir() if path.suffix in {".js", ".j2"})
    return MappingProxyType({path.name: path.read_text(encoding="utf-8") for path in files})
