"""Telephone numbers: the country calling code and the number within the country, which vendors want apart."""

# ITU-T Recommendation E.164, list of assigned country codes; no code begins with another. The codes of global services
# (800, 808, 870, 878, 881 to 883, 888, 979) belong to no country and are no phones of people on call.
_RUNS = (
    (1, 1), (7, 7), (20, 20), (27, 27), (30, 34), (36, 36), (39, 41), (43, 49), (51, 58), (60, 66), (81, 82),
    (84, 84), (86, 86), (90, 95), (98, 98), (211, 213), (216, 216), (218, 218), (220, 258), (260, 269),
    (290, 291), (297, 299), (350, 359), (370, 378), (380, 383), (385, 387), (389, 389), (420, 421),
    (423, 423), (500, 509), (590, 599), (670, 670), (672, 683), (685, 692), (850, 850), (852, 853),
    (855, 856), (880, 880), (886, 886), (960, 968), (970, 977), (992, 996), (998, 998),
)  # fmt: skip
_CODES = frozenset(str(code) for first, last in _RUNS for code in range(first, last + 1))
# Where a number keeps its 0 when it is called from abroad: Ivory Coast, Congo, Italy, San Marino. Elsewhere a 0 after
# the code is the trunk prefix, which is dialled inside the country only.
_KEEP_ZERO = frozenset({"39", "225", "242", "378"})
# What else is dialled inside the country only: the long-distance 1 of North America, Mexico's old 1 before mobiles.
_PREFIXES = {"1": ("0", "1"), "52": ("0", "1")}
MIN_DIGITS = 4  # of the number within the country
MAX_DIGITS = 15  # with the code: E.164, section 6.2.1


def split_phone(phone: str) -> tuple[int, str] | None:
    """Return the calling code and the number within the country: `+49 30 5550101` is (49, "305550101").

    None where this is not clear: a code no country has, a trunk prefix, too few or too many digits.
    """
    digits = "".join(character for character in phone if character.isdecimal())
    code = next((digits[:length] for length in (1, 2, 3) if digits[:length] in _CODES), None)
    if code is None or not phone.startswith("+"):
        return None
    number = digits[len(code) :]
    prefix = number.startswith(_PREFIXES.get(code, "0")) and code not in _KEEP_ZERO
    if prefix or len(number) < MIN_DIGITS or len(digits) > MAX_DIGITS:
        return None
    return int(code), number
