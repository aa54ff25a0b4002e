"""Compiles the conversions between the units that records are known to use and the observables' own."""

from il2kg.errors import GuidelineError
from il2kg.guideline.model import Guideline
from il2kg.read.units import Conversion, OtherDimensionError, UnknownUnitError, ask_library, without_mass

_HEADER = """# value in target = value in source * scale + offset; no scale: the two measure different things.
# Compiled from the spellings of units and the observables by `il2kg build`. Do not edit.
source\ttarget\tscale\toffset
"""


def compile_conversions(guideline: Guideline) -> str:
    """A table from every known unit to every unit that values are brought into, as tab-separated text.

    Raises:
        GuidelineError: a unit of the ontology is no UCUM; the message names what has it.
    """
    observables = [o for o in guideline.observables.values() if o.count is None and not o.unit.startswith("{")]
    targets = {o.unit for o in observables}
    targets |= {f"{o.unit}/h" for o in observables if o.collected}
    targets |= {o.molar[0] for o in observables if o.molar is not None}
    targets |= {without_mass(o.unit, {each.unit for each in observables}) for o in observables if o.infusion_of}
    sources = {*targets, *guideline.unit_spellings.values()}
    try:
        rows = [
            f"{source}\t{target}\t{_cells(source, target)}"
            for target in sorted(targets)
            for source in sorted(sources)
            if source != target
        ]
    except UnknownUnitError as error:
        raise GuidelineError(_unknown(guideline, str(error))) from error
    return _HEADER + "\n".join(rows) + "\n"


def _unknown(guideline: Guideline, unit: str) -> str:
    """What to say of a unit that is none."""
    having = [guideline.short(o.id) for o in guideline.observables.values() if unit in (o.unit, *(o.molar or ())[:1])]
    where = " and ".join(having) or "a spelling of a unit (unit-spellings.ttl)"
    return f"{where}: {unit!r} is no unit of UCUM, such as mg/dL or mL/min/{{1.73_m2}}"


def _cells(source: str, target: str) -> str:
    try:
        conversion: Conversion = ask_library(source, target)
    except OtherDimensionError:
        return "\t"
    return f"{conversion.scale:f}\t{conversion.offset:f}"
