"""An edit that is refused, with the sentence that says why."""


class Refused(Exception):  # noqa: N818 - what happens, not what is wrong with the program
    """What was asked for can't be done; the text says why, and the way out where there is one."""
