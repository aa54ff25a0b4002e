"""Charts the examples: invented patients, each a Bundle of FHIR R4 JSON. Run it to write the files anew."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from il2kg.forms.statement import FindingStatement
from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline
from il2kg.loading import load_guideline
from il2kg.locations import content_root

FOLDER = Path(__file__).parent
IL2 = "https://w3id.org/il2kg/"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"

Resource = dict[str, Any]

CODES = {
    "SystolicBloodPressure": (LOINC, "8480-6"),
    "HeartRate": (LOINC, "8867-4"),
    "OxygenSaturation": (LOINC, "2708-6"),
    "BodyTemperature": (LOINC, "8310-5"),
    "BodyWeight": (LOINC, "29463-7"),
    "SerumCreatinine": (LOINC, "2160-0"),
    "SerumBicarbonate": (LOINC, "14627-4"),
    "SerumPotassium": (LOINC, "2823-3"),
    "PlateletCount": (LOINC, "26515-7"),
    "NasalOxygenFlow": (LOINC, "3151-8"),
    "MaskOxygenFraction": (LOINC, "3150-0"),
    "UrineOutput": (LOINC, "9187-6"),
    "StoolGuaiac": (LOINC, "2335-8"),
    "ForcedExpiratoryVolume1": (LOINC, "20150-9"),
    "ForcedExpiratoryVolume1Percent": (LOINC, "20152-5"),
    "EcogPerformanceStatus": (LOINC, "89247-1"),
    "AtrialFibrillation": (SNOMED, "49436004"),
    "Oliguria": (SNOMED, "83128009"),
    "Aldesleukin": (RXNORM, "105648"),
}
PRINTED = {"/min": "beats/min", "mm[Hg]": "mmHg"}
REVIEWS = (
    "CardiacToxicity",
    "PulmonaryToxicity",
    "GastrointestinalToxicity",
    "HemorrhagicToxicity",
    "DermatologicToxicity",
    "FluidToxicity",
    "NeuropsychiatricToxicity",
)
GOOD = frozenset({"NormalSinusRhythm", "CardiacEvaluationClear", "TumorResponseOrStability"})


def written(moment: datetime) -> str:
    """A moment as FHIR writes it."""
    return moment.isoformat().replace("+00:00", "Z")


class Chart:
    """A patient's chart while it is being written."""

    def __init__(self, guideline: Guideline, patient: str) -> None:
        self.guideline = guideline
        self.patient = patient
        self.resources: list[Resource] = []
        self._numbers: dict[str, int] = {}

    def add(self, name: str, kind: str, **content: Any) -> Resource:
        """Add a resource under an id of its own."""
        slug = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-")
        number = self._numbers[slug] = self._numbers.get(slug, 0) + 1
        subject = {"reference": f"Patient/{self.patient}"}
        resource = {"resourceType": kind, "id": f"{slug}-{number}", "subject": subject, **content}
        self.resources.append(resource)
        return resource

    def concept(self, name: str) -> Resource:
        """A concept of the guideline by a common code, or else by its own identifier."""
        system, code = CODES.get(name, (IL2, name))
        return {"coding": [{"system": system, "code": code, "display": self.guideline.labels[name]}]}

    def measured(self, name: str, value: float | str, time: datetime, unit: str | None = None) -> Resource:
        """A value at a time; a text is a grade."""
        content: Resource = {"status": "final", "code": self.concept(name), "effectiveDateTime": written(time)}
        if isinstance(value, str):
            content["valueString"] = value
        else:
            content["valueQuantity"] = self.quantity(value, unit or self.guideline.observables[name].unit)
        return self.add(name, "Observation", **content)

    def quantity(self, value: float, unit: str) -> Resource:
        """A number with its unit, printed and coded."""
        return {"value": value, "unit": PRINTED.get(unit, unit), "system": UCUM, "code": unit}

    def collected(self, name: str, volume: float, start: datetime, end: datetime) -> Resource:
        """A volume over a period."""
        period = {"start": written(start), "end": written(end)}
        value = self.quantity(volume, "mL")
        return self.add(
            name, "Observation", status="final", code=self.concept(name), effectivePeriod=period, valueQuantity=value
        )

    def stated(self, name: str, time: datetime, *, present: bool) -> Resource:
        """A finding, present or absent."""
        return self.add(
            name,
            "Observation",
            status="final",
            code=self.concept(name),
            effectiveDateTime=written(time),
            valueBoolean=present,
        )

    def doses(self, first: datetime, number: int) -> None:
        """Interleukin-2 every eight hours, each over a quarter of an hour."""
        for dose in range(number):
            start = first + timedelta(hours=8 * dose)
            self.add(
                "Interleukin-2",
                "MedicationAdministration",
                status="completed",
                medicationCodeableConcept=self.concept("Aldesleukin"),
                effectivePeriod={"start": written(start), "end": written(start + timedelta(minutes=15))},
            )

    def work_up(self, time: datetime, ecog: int = 0) -> None:
        """Lung function and performance status before treatment, and what was stated absent then."""
        self.measured("ForcedExpiratoryVolume1", 3.1, time)
        self.measured("ForcedExpiratoryVolume1Percent", 92, time)
        self.measured("EcogPerformanceStatus", ecog, time)
        for name in (
            "WallMotionAbnormality",
            "AbnormalEjectionFraction",
            "AbnormalStressTest",
            "BrainMetastasis",
            "Hypothyroidism",
        ):
            self.stated(name, time, present=False)

    def vital_signs(self, time: datetime, pressures: Iterable[int], rates: Iterable[int]) -> None:
        """Vital signs every four hours, the last at a time."""
        series = list(zip(pressures, rates, strict=True))
        for back, (pressure, rate) in zip(range(len(series) - 1, -1, -1), series, strict=True):
            moment = time - timedelta(hours=4 * back)
            self.measured("SystolicBloodPressure", pressure, moment)
            self.measured("HeartRate", rate, moment)
            self.measured("OxygenSaturation", 97, moment)
            self.measured("BodyTemperature", 37.4, moment)

    def laboratory(self, time: datetime, *, without: str = "") -> None:
        """Potassium, bicarbonate, platelets and weight."""
        values = {"SerumBicarbonate": 24, "SerumPotassium": 4.1, "BodyWeight": 81.2}
        for name, value in values.items():
            self.measured(name, value, time)
        if without != "PlateletCount":
            self.measured("PlateletCount", 210, time, "10*9/L")

    def intake_and_output(self, time: datetime, urine: Iterable[int]) -> None:
        """Urine and stool by shifts of eight hours, the last of them first."""
        for shift, volume in enumerate(urine):
            end = time - timedelta(hours=8 * shift)
            self.collected("UrineOutput", volume, end - timedelta(hours=8), end)
            self.collected("DiarrheaVolume", 0, end - timedelta(hours=8), end)
        self.measured("NasalOxygenFlow", 0, time)
        self.measured("MaskOxygenFraction", 21, time)
        self.measured("StoolGuaiac", "negative", time)

    def round(self, time: datetime, *, present: frozenset[str] = frozenset(), left_out: Iterable[str] = ()) -> None:
        """Everything that the guideline asks about, stated absent but for what is present and what is left out.

        A system in which nothing is wrong is stated free of toxicity as a whole.
        """
        findings = self.guideline.findings
        asked = {
            leaf.finding
            for criterion in self.guideline.criteria
            for leaf in inner_leaves(criterion.condition, criterion.resume)
            if isinstance(leaf, FindingStatement)
        }
        spoken_for = set(present).union(GOOD, left_out, *(findings[name].ancestors for name in present))
        for review in REVIEWS:
            below = findings[review].descendants
            if spoken_for.isdisjoint({review, *below} - GOOD):
                self.stated(review, time, present=False)
                spoken_for |= below | {review}
        for name in sorted(asked - spoken_for):
            if findings[name].absence_hours is None and not findings[name].closed:
                self.stated(name, time, present=False)

    def bundle(self) -> Resource:
        """The chart as a Bundle."""
        patient = {"resourceType": "Patient", "id": self.patient, "active": True}
        entries = [{"resource": resource} for resource in (patient, *self.resources)]
        return {"resourceType": "Bundle", "type": "collection", "entry": entries}


FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)


def hours(number: float) -> timedelta:
    """A length of time."""
    return timedelta(hours=number)


def _admitted(guideline: Guideline, patient: str, doses: int) -> Chart:
    """A patient with a work-up, a baseline and some doses."""
    chart = Chart(guideline, patient)
    chart.work_up(FIRST - timedelta(days=6))
    chart.measured("SystolicBloodPressure", 126, FIRST - hours(2))
    chart.measured("SerumCreatinine", 0.9, FIRST - hours(2))
    chart.measured("BodyWeight", 80, FIRST - hours(2))
    chart.doses(FIRST, doses)
    return chart


def clean(guideline: Guideline) -> Chart:
    """Everything measured and charted, nothing against the dose."""
    chart, now = _admitted(guideline, "ex-clean", 4), FIRST + hours(32)
    chart.vital_signs(now, (118, 116, 120), (80, 84, 88))
    chart.measured("SerumCreatinine", 1.1, now - hours(2))
    chart.laboratory(now - hours(2))
    chart.intake_and_output(now, (640, 610))
    chart.stated("NormalSinusRhythm", now, present=True)
    chart.round(now)
    return chart


def oliguria(guideline: Guideline) -> Chart:
    """Little urine for sixteen hours while creatinine, charted in umol/L, climbs."""
    chart, now = _admitted(guideline, "ex-oliguria", 6), FIRST + hours(48)
    chart.vital_signs(now, (112, 108, 110), (92, 96, 98))
    chart.measured("SerumCreatinine", 186, now - hours(26), "umol/L")
    chart.measured("SerumCreatinine", 318, now - hours(2), "umol/L")
    chart.laboratory(now - hours(2))
    chart.intake_and_output(now, (60, 71))
    chart.stated("NormalSinusRhythm", now, present=True)
    chart.stated("Oliguria", now - hours(6), present=True)
    chart.round(now, present=frozenset({"Oliguria"}))
    return chart


def atrial_fibrillation(guideline: Guideline) -> Chart:
    """One Condition that several rule sets answer differently."""
    chart, now = _admitted(guideline, "ex-af", 5), FIRST + hours(40)
    chart.vital_signs(now, (116, 112, 114), (88, 116, 118))
    chart.measured("SerumCreatinine", 1.2, now - hours(2))
    chart.laboratory(now - hours(2))
    chart.intake_and_output(now, (420, 450))
    chart.add(
        "AtrialFibrillation",
        "Condition",
        code=chart.concept("AtrialFibrillation"),
        onsetDateTime=written(now - hours(3)),
    )
    chart.round(now, present=frozenset({"AtrialFibrillation"}))
    return chart


def creatinine_hold(guideline: Guideline) -> Chart:
    """Creatinine 4.7, later 4.2 mg/dL: below the limit that started the hold, and still held."""
    chart, now = _admitted(guideline, "ex-hold", 5), FIRST + hours(48)
    chart.vital_signs(now, (118, 116, 120), (80, 84, 88))
    chart.measured("SerumCreatinine", 4.7, now - hours(20))
    chart.measured("SerumCreatinine", 4.2, now - hours(2))
    chart.laboratory(now - hours(2))
    chart.intake_and_output(now, (300, 280))
    chart.stated("NormalSinusRhythm", now, present=True)
    chart.round(now)
    return chart


def missing_data(guideline: Guideline) -> Chart:
    """Much was not charted, platelets have no unit, and the ward's own codes and words say the rest."""
    chart, now = _admitted(guideline, "ex-missing", 3), FIRST + hours(24)
    chart.vital_signs(now, (118, 116), (80, 88))
    chart.measured("SerumCreatinine", 1.0, now - hours(2))
    chart.laboratory(now - hours(2), without="PlateletCount")
    platelets = chart.measured("PlateletCount", 180, now - hours(2))
    platelets["valueQuantity"] = {"value": 180}
    chart.collected("UrineOutput", 400, now - hours(8), now)
    for back in (16, 12, 8):
        sedation = chart.measured("HeartRate", 0, now - hours(back))
        sedation["code"] = {"coding": [{"system": "urn:ward-7", "code": "RASS"}], "text": "Sedation scale"}
        sedation["id"] = f"sedation-{back}"
    chart.add(
        "Rhythm",
        "Condition",
        code={"text": "Runs of atrial fibrillation overnight"},
        onsetDateTime=written(now - hours(4)),
    )
    left_out = ("CardiacToxicity", "MentalStatusChange", "NeuropsychiatricToxicity", "Infection", "PositiveCulture")
    chart.round(now, left_out=(*left_out, *guideline.findings["CardiacToxicity"].descendants))
    return chart


def first_treatment(guideline: Guideline) -> Chart:
    """Before the first dose: who must not start."""
    chart, now = Chart(guideline, "ex-first"), FIRST
    chart.work_up(now - timedelta(days=5), ecog=2)
    chart.vital_signs(now, (126, 122, 124), (72, 74, 76))
    chart.measured("SerumCreatinine", 1.0, now - hours(2))
    chart.laboratory(now - hours(2))
    chart.intake_and_output(now, (640, 610))
    chart.stated("NormalSinusRhythm", now, present=True)
    chart.round(now)
    return chart


CHARTS = {
    "clean": clean,
    "oliguria-rising-creatinine": oliguria,
    "atrial-fibrillation": atrial_fibrillation,
    "creatinine-hold": creatinine_hold,
    "missing-data": missing_data,
    "first-treatment": first_treatment,
}


def charted() -> Mapping[str, str]:
    """The text of each file, by its name."""
    guideline = load_guideline(GuidelineFolder.open(content_root() / "ontology"))
    return {f"{name}.json": json.dumps(chart(guideline).bundle(), indent=1) + "\n" for name, chart in CHARTS.items()}


if __name__ == "__main__":
    for file, text in charted().items():
        (FOLDER / file).write_text(text, encoding="utf-8")
