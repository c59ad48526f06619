"""A preview in all its forms; each is made when it is asked for, and once."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from oncall.preview.data import as_data
from oncall.preview.markdown import markdown
from oncall.preview.model import Preview, Side
from oncall.preview.report import Report, report

if TYPE_CHECKING:
    from oncall.preview.pictures import Picture


@dataclass(frozen=True)
class Forms:
    """One preview of two inventories as text, by form."""

    preview: Preview
    base: Side
    head: Side

    @cached_property
    def report(self) -> Report:
        """What all forms for people say."""
        return report(self.preview)

    @cached_property
    def markdown(self) -> str:
        """For a comment."""
        return markdown(self.report)

    @cached_property
    def json(self) -> str:
        """For machines."""
        text = json.dumps(as_data(self.preview), indent=2, ensure_ascii=False) + "\n"
        # A file's name may be no text at all; `\\udce9` means the same in JSON and can be written down.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")

    @cached_property
    def html(self) -> str:
        """For a browser."""
        from oncall.preview.page import page

        return page(self.preview, self.report, self._pictures)

    def files(self) -> dict[str, str]:
        """Return path -> text of everything there is to keep."""
        from oncall.preview.page import strip_files

        strips = strip_files(self.preview, self._pictures)
        return {"preview.md": self.markdown, "preview.html": self.html, "preview.json": self.json, **strips}

    @cached_property
    def _pictures(self) -> "tuple[Picture, ...]":
        from oncall.preview.pictures import pictures

        if not self.preview.usable or self.head.inventory is None:
            return ()
        base = None if self.preview.from_nothing else self.base.inventory
        return pictures(self.preview, base, self.head.inventory)
