"""How codes are written, undone: each function gives a code's form and the code in its canonical writing.

None where it cannot be a code of that kind. The form is another than the function's own where the code itself says of
which of two systems it is. Codes come without blanks at their ends and with plain hyphens.
"""

import re
from typing import Final

_Undone = tuple[str, str] | None

_LOINC: Final = re.compile(r"0*([1-9][0-9]*-[0-9]|L[AP][0-9]+-[0-9])")
_SCTID: Final = re.compile(r"[1-9][0-9]{5,17}")
_OTHER_CONTEXT: Final = re.compile("408729009|408730004|408731000|408732007")
_OBO: Final = re.compile(r"(?:.*/)?(?:[A-Z]+[:_])?([0-9]+)")
_ATC: Final = re.compile(r"[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?")
_NDC_PARTS: Final = ((4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2), (4, 4), (5, 3), (5, 4))
_NDC_FULL: Final = (5, 4, 2)
_NDC_DIGITS: Final = re.compile(r"[0-9]{9,11}")
_CPT: Final = re.compile(r"[0-9]{4}[0-9A-Z]")
_HCPCS: Final = re.compile(r"[A-Z][0-9]{4}")
_PCS: Final = re.compile(r"[0-9A-HJ-NP-Z]{7}")

_ICD_MARKS: Final = re.compile(r"[+*!#\u2020\u2021.\s]")
_SECOND_CODE: Final = re.compile(r"[^0-9A-Z.][^0-9A-Z]*[A-Z][0-9]")
_ICD_10: Final = re.compile(r"([A-Z][0-9]{2})([0-9]{0,2})X*-*")
_ICD_10_CM: Final = re.compile(r"([A-Z][0-9][0-9AB])([0-9A-Z]{0,4})-*")
_ICD_10_GM: Final = re.compile(r"([A-Z][0-9]{2})([0-9]{0,2})-*[RLB]?([GVAZ]?)")
_ICD_9_DIAGNOSIS: Final = re.compile(r"(E[0-9]{3}|V[0-9]{2}|[0-9]{3})(?:(\.?)([0-9]{1,2}))?\.?")
_ICD_9_PROCEDURE: Final = re.compile(r"([0-9]{2})(?:(\.?)([0-9]{1,2}))?\.?")

# Verhoeff's check digit: the multiplication of the dihedral group of ten elements, and a permutation of them.
_TIMES: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_TURN: Final = "1576283094"


def plain(code: str) -> _Undone:
    """A code that has one way of writing."""
    return ("plain", code) if code else None


def loinc(code: str) -> _Undone:
    """LOINC: digits, a hyphen and a check digit; answers and parts begin with LA and LP."""
    matched = _LOINC.fullmatch("".join(code.split()).upper())
    return ("loinc", matched[1]) if matched else None


def sctid(code: str) -> _Undone:
    """SNOMED CT: a concept without its term and refinement, whose check digit is right.

    A refinement is narrower than what it refines, unless it gives it another context (absent, past, of a relative).
    """
    if _OTHER_CONTEXT.search(code):
        return None
    bare = "".join(re.sub(r"\|[^|]*\|?", "", code).partition(":")[0].split())
    return ("sctid", bare) if _SCTID.fullmatch(bare) and has_check_digit(bare) else None


def has_check_digit(digits: str) -> bool:
    """Whether the last of some digits is the check digit of Verhoeff of the others."""
    check = "0"
    for place, digit in enumerate(reversed(digits)):
        turned = digit
        for _ in range(place % 8):
            turned = _TURN[int(turned)]
        check = _TIMES[int(check)][int(turned)]
    return check == "0"


def number(code: str) -> _Undone:
    """Digits; zeros before them say nothing."""
    bare = code.lstrip("0")
    return ("number", bare) if bare.isascii() and bare.isdigit() else None


def obo(code: str) -> _Undone:
    """Terms of OBO ontologies: the digits, with or without the ontology's name or its address."""
    matched = _OBO.fullmatch(code.upper())
    return ("obo", matched[1]) if matched else None


def atc(code: str) -> _Undone:
    """ATC: upper case, without blanks."""
    bare = "".join(code.split()).upper()
    return ("atc", bare) if _ATC.fullmatch(bare) else None


def ndc(code: str) -> _Undone:
    """National Drug Codes: parts between hyphens are filled up to 5, 4 and 2 digits."""
    bare = "".join(code.split()).upper().removeprefix("NDC").lstrip(":-")
    parts = bare.split("-")
    if len(parts) > 1:
        if tuple(map(len, parts)) not in _NDC_PARTS:
            return None
        bare = "".join(part.zfill(length) for part, length in zip(parts, _NDC_FULL, strict=False))
    return ("ndc", bare) if _NDC_DIGITS.fullmatch(bare) and bare.strip("0") else None


def ndc_readings(digits: str) -> tuple[str, ...]:
    """The codes of 11 digits that a National Drug Code without hyphens may be."""
    if len(digits) != sum(_NDC_FULL) - 1:
        return (digits,)
    ends = (0, 5, 9)  # where the one part that is too short begins, once it is filled up
    return tuple(f"{digits[:end]}0{digits[end:]}" for end in ends)


def ndc_product(digits: str) -> str:
    """Labeler and product of a National Drug Code, without the package."""
    return digits[: sum(_NDC_FULL[:2])]


def billed(code: str) -> _Undone:
    """CPT and HCPCS: 5 characters; what follows a hyphen modifies them. A letter first is HCPCS, a digit CPT."""
    bare = "".join(code.split()).upper().partition("-")[0]
    if _CPT.fullmatch(bare):
        return "cpt", bare
    return ("hcpcs", bare) if _HCPCS.fullmatch(bare) else None


def icd_10_pcs(code: str) -> _Undone:
    """ICD-10-PCS: 7 characters, never O or I."""
    bare = _ICD_MARKS.sub("", code.upper())
    return ("icd-10-pcs", bare) if _PCS.fullmatch(bare) else None


def icd_10(code: str) -> _Undone:
    """ICD-10 of the WHO, without the marks of dagger and asterisk and without what fills up."""
    matched = _ICD_10.fullmatch(_icd(code))
    return ("icd-10", _dotted(matched[1], matched[2])) if matched else None


def icd_10_cm(code: str) -> _Undone:
    """ICD-10-CM. An X at its end may be part of it, or fill it up: the table decides."""
    matched = _ICD_10_CM.fullmatch(_icd(code))
    return ("icd-10-cm", _dotted(matched[1], matched[2])) if matched else None


def icd_10_either(code: str) -> _Undone:
    """ICD-10 of the WHO or ICD-10-CM, by a name of both: both are read."""
    undone = icd_10(code) or icd_10_cm(code)
    return ("icd-10-either", undone[1]) if undone else None


def icd_10_gm(code: str) -> _Undone:
    """ICD-10-GM without its side; of its certainty only what is not present stays: A excluded, Z state after."""
    matched = _ICD_10_GM.fullmatch(_icd(code))
    if not matched:
        return None
    certainty = f" {matched[3]}" if matched[3] in ("A", "Z") else ""
    return "icd-10-gm", _dotted(matched[1], matched[2]) + certainty


def icd_9_cm(code: str) -> _Undone:
    """ICD-9-CM: a diagnosis or a procedure, by the place of the dot or the number of digits; else its digits alone."""
    bare = "".join(code.split()).upper()
    diagnosis, procedure = icd_9_cm_diagnosis(code), icd_9_cm_procedure(code)
    if diagnosis and procedure:
        return "icd-9-cm", bare.rstrip(".")
    return diagnosis or procedure


def icd_9_cm_diagnosis(code: str) -> _Undone:
    """ICD-9-CM diagnoses: the dot after the 3rd character, of E codes after the 4th."""
    return _icd_9(code, _ICD_9_DIAGNOSIS, "icd-9-cm-diagnosis")


def icd_9_cm_procedure(code: str) -> _Undone:
    """ICD-9-CM procedures: the dot after the 2nd digit."""
    return _icd_9(code, _ICD_9_PROCEDURE, "icd-9-cm-procedure")


def _icd_9(code: str, pattern: re.Pattern[str], form: str) -> _Undone:
    matched = pattern.fullmatch("".join(code.split()).upper())
    return (form, _dotted(matched[1], matched[3] or "")) if matched else None


def _icd(code: str) -> str:
    """A code of an ICD in upper case, without dots, blanks and marks; empty if it is more than one."""
    upper = code.upper()
    return "" if _SECOND_CODE.search(upper) else _ICD_MARKS.sub("", upper)


def _dotted(category: str, rest: str) -> str:
    return f"{category}.{rest}" if rest else category
