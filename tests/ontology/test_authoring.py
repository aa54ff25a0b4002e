"""The shapes of ``shapes/authoring/``: the ontology conforms, and each thing that they ask for is missed when gone.

``GOOD`` is a small addition to the ontology in which nothing is wrong. A slip changes one piece of it.
"""

from functools import cache

import pyshacl
import pytest
import shacl
from rdflib import RDFS, SH, Graph, URIRef

from tests.ontology.files import PREFIXES, ROOT, merged

FILES = sorted((ROOT / "shapes" / "authoring").rglob("*.ttl"))
IL2 = "https://w3id.org/il2kg/"
SHAPES = "\n".join(path.read_text(encoding="utf-8") for path in FILES)

GOOD = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

il2:Gout a owl:Class ; rdfs:subClassOf il2:ClinicalFinding ; rdfs:label "gout"@en ;
    il2:absenceHours 48 ; il2:rulesOut il2:Arthralgia .
il2:JointTap a owl:Class ; rdfs:subClassOf il2:Dialysis ; rdfs:label "joint tap"@en ; il2:closed true .
il2:Colchicine a owl:Class ; rdfs:subClassOf il2:Treatment ; rdfs:label "colchicine"@en .

il2:SerumUrate a il2:Observable ;
    rdfs:label "serum urate"@en ;
    il2:unit "mg/dL" ; il2:windowHours 24 ;
    il2:plausibleLow 0.5 ; il2:plausibleHigh 30 .

il2:table-5 a il2:Table ; rdfs:label "Table 5"@en ; il2:partOf il2:article .
il2:row-1 a il2:TableRow ; rdfs:label "Table 5, row 1"@en ; il2:partOf il2:table-5 .
il2:paragraph-9 a il2:Paragraph ; rdfs:label "Paragraph 9"@en ; il2:partOf il2:text-abstract ; il2:position 9 .

il2:label-gout a il2:Criterion ;
    rdfs:label "Gout"@en ;
    il2:ruleSet il2:label ;
    il2:organSystem il2:organ-system-whole-body ;
    il2:effect il2:withhold ;
    il2:condition il2:c ;
    il2:resume il2:r ;
    il2:source il2:table-5 .
il2:c il2:allOf il2:urate , il2:volume , il2:lasting-gout , il2:on-colchicine , il2:charted , il2:back , il2:less .
il2:charted il2:shown il2:urate .
il2:back il2:again il2:r .
il2:less il2:decreasing il2:VasopressorRate ; il2:hours 6 .
il2:urate il2:observable il2:SerumUrate ; il2:atLeast 6 ; il2:below 9.5 ; il2:unit "mg/dL" .
il2:volume il2:volumeOf il2:UrineOutput ; il2:hours 8 ; il2:above 100 ; il2:unit "mL" .
il2:lasting-gout il2:lasting il2:Gout ; il2:hours 8 .
il2:on-colchicine il2:onTreatment il2:Colchicine ; il2:days 2 .
il2:r il2:absent il2:Gout .

il2:wait a il2:Decision ; rdfs:label "wait"@en ; skos:notation "wait-a-day" ; il2:rank 9 ; il2:headline "WAIT"@en .
il2:ready a il2:Decision ; rdfs:label "ready"@en ; skos:notation "ready" ; il2:readsAs il2:decision-administer .
il2:waiting a il2:Effect ; rdfs:label "waiting"@en ; il2:leadsTo il2:wait ; il2:staysFor il2:cycle .
il2:visits a il2:RuleSet ; rdfs:label "Visits"@en ; il2:applies il2:FirstVisit ; il2:silenceBearsOn il2:NewVisit ;
    il2:escalation il2:e .
il2:e il2:moreThan 2 ; il2:ofEffect il2:waiting ; il2:leadsTo il2:decision-withhold .
il2:FirstVisit a il2:Occasion ; rdfs:label "first visit"@en ; il2:firstOf il2:day-on-drug .
il2:intake a il2:EventSeries ; rdfs:label "intake"@en ; il2:eventsOf il2:Colchicine ; il2:eventLabel "tablet"@en ;
    il2:levels ( il2:day-on-drug ) .
il2:day-on-drug a il2:Level ; rdfs:label "day"@en ; il2:startsAfterHours 18 .
il2:Tablets a il2:SeriesObservable ; rdfs:label "tablets"@en ; il2:unit "{tablet}" ;
    il2:countsEventsIn il2:day-on-drug .
il2:NewVisit a il2:NextEventKind ; rdfs:label "new visit"@en ; il2:starts il2:day-on-drug .

il2:rest a il2:Intervention ;
    rdfs:label "Rest"@en ;
    il2:manages il2:Gout ;
    il2:uses il2:Colchicine ;
    il2:dose il2:d ;
    il2:strength il2:may ;
    il2:because il2:harm ;
    il2:action il2:Withholding ; il2:until il2:u ;
    il2:position 1 ;
    il2:source il2:row-1 .
il2:d il2:low 0.5 ; il2:high 1 ; il2:unit "mg" .
il2:u il2:hours 12 ; il2:after il2:TherapyEnd .

il2:how-often a il2:Incidence ;
    rdfs:label "How often"@en ;
    il2:subject il2:Gout ;
    il2:numerator il2:courses ; il2:low 3 ; il2:high 7 ; il2:unit "%" ;
    il2:population il2:MelanomaPatients ;
    il2:study il2:WhiteStudy ;
    il2:source il2:text-introduction .
il2:in-words a il2:Incidence ;
    rdfs:label "In words"@en ;
    il2:subject il2:Gout ; il2:commonness il2:Rare ; il2:source il2:text-introduction .

il2:gout-onset a il2:Onset ;
    rdfs:label "Start"@en ;
    il2:subject il2:Gout ;
    il2:timeLowHours 24 ; il2:timeHighHours 48 ; il2:after il2:FirstDose ;
    il2:source il2:text-introduction .
il2:gout-persists a il2:Persistence ;
    rdfs:label "End"@en ;
    il2:subject il2:Gout ; il2:ending il2:Resolved ; il2:source il2:text-introduction .

il2:harm a il2:Causation ;
    rdfs:label "Harm"@en ;
    il2:subject il2:Aldesleukin ; il2:object il2:Gout ;
    il2:certainty il2:likely ; il2:source il2:summary-comparison ; il2:cites 7 .

il2:watch a il2:Monitoring ;
    rdfs:label "Watch"@en ;
    il2:object il2:SerumUrate ;
    il2:monitorsFor il2:Gout ;
    il2:intervalLowHours 12 ;
    il2:intervalHighHours 36 ;
    il2:strength il2:recommended ; il2:source il2:text-introduction .
il2:watch-once a il2:Monitoring ;
    rdfs:label "Watch once"@en ;
    il2:object il2:SerumUrate ; il2:monitorsFor il2:Gout ;
    il2:timing il2:AtBaseline ; il2:source il2:text-introduction .

il2:rhythm a il2:RegimenElement ;
    rdfs:label "Rhythm"@en ;
    il2:subject il2:HighDoseBolus ; il2:limitIn il2:regimen-dose-interval ; il2:source il2:text-introduction .

il2:beside a il2:Comparison ;
    rdfs:label "Beside"@en ;
    il2:subject il2:Colchicine ; il2:comparedWith il2:Aldesleukin ; il2:outcome il2:Cost ; il2:result il2:equal ;
    il2:source il2:text-introduction .
il2:change a il2:Trend ;
    rdfs:label "Change"@en ;
    il2:subject il2:Gout ; il2:result il2:lower ; il2:source il2:text-introduction .

il2:level-seen a il2:MeasuredValue ;
    rdfs:label "Level seen"@en ;
    il2:subject il2:SerumUrate ; il2:high 9 ; il2:unit "mg/dL" ; il2:source il2:text-introduction .

il2:dispute a il2:Conflict ;
    rdfs:label "Dispute"@en ;
    il2:question "Is it harm?"@en ;
    il2:disagreesOn il2:Gout ;
    il2:between il2:harm , il2:change ;
    il2:follows il2:harm ;
    il2:rationale "It is."@en .
il2:rumor a il2:UnsupportedClaim ;
    rdfs:label "Rumor"@en ;
    il2:rationale "Nobody says so."@en ;
    il2:source il2:summary .
"""

LABEL = "An observable has exactly one label"
UNIT = "An observable has exactly one unit, a UCUM code"
RULE_SET = "A criterion has exactly one rule set, of those in rule-sets.ttl"
SYSTEM = "A criterion has exactly one organ system, of those in rule-sets.ttl"
EFFECT = "A criterion has exactly one effect, of those in decisions.ttl"
SOURCE = "A criterion has a source, and its sources are places in sources.ttl"
FORM = "A condition has exactly one form, such as il2:present or il2:observable"
COMBINATION = "il2:allOf and il2:anyOf join two conditions or more"
COMPARATOR = "A threshold has a comparator: il2:above, il2:atLeast, il2:below or il2:atMost"
THRESHOLD_UNIT = "A threshold has exactly one unit, a UCUM code"
ONE_THING = "A condition asks about one thing; il2:allOf and il2:anyOf join several"
LIMIT = "A limit is a limit of something that is measured or counted"
NUMBER = "A limit is a number, written plainly"
RANGE = "A range's lower limit, il2:atLeast, is below its upper one"
RANGE_ABOVE = "A range's lower limit is below its upper one"
TIME = "A time is in il2:hours or in il2:days"
MEASURED = "An observable has exactly one window (il2:windowHours) above 0, unless it is counted from events"
FINDING = "What is named here is a finding, with a parent in one of the files findings.ttl"
TREATMENT = "What is named here is a treatment, with a parent in one of the files treatments.ttl"
STRENGTH = "An intervention has exactly one strength, of those in core.ttl"
POSITION = "An intervention has at most one position, a whole number"
TABLE_POSITION = "An intervention of Table 1 has a position, the printed number of the item"
INTERVENTION_SOURCE = "An intervention has a source, and its sources are places in sources.ttl"
AMOUNT_UNIT = "A dose or amount has exactly one unit"
ACTION = "An intervention has at most one action on the therapy, of those in core.ttl"
UNTIL = "An end is counted from one event: it has il2:after"
ABSENCE = "How long an absence counts (il2:absenceHours) is one number above 0"
STATEMENT_LABEL = "A statement has exactly one label"
STATEMENT_SOURCE = "A statement has a source, and its sources are places in sources.ttl"
STATEMENT_STRENGTH = "A statement has at most one strength, of those in core.ttl"
CERTAINTY = "A statement has at most one certainty, of those in values.ttl"
DECISION_LABEL = "A decision has exactly one label"
NOTATION = "A decision has exactly one notation, words of small letters joined by hyphens"
PLACE = "A decision has one place: a rank, a whole number from 0, or it is undecided, or reads as another"
HEADLINE = "A decision has exactly one headline, unless it reads as another"
LEADS_TO = "An effect leads to one decision, of those in decisions.ttl"
STAYS = "An effect stays for one level, or for good, or for neither"
APPLIES = "A rule set applies on one occasion"
ESCALATION = "A rule set has at most one escalation"
SILENCE = "Silence bears on one kind of next event"
MORE_THAN = "An escalation says how many criteria are tolerated, a whole number from 0"
OF_EFFECT = "An escalation counts the criteria of one effect"
ESCALATES_TO = "An escalation leads to one decision"
OCCASION = "An occasion is the first event of a level, or any later one of a series, or always"
EVENTS_OF = "A series has the events of one treatment"
EVENT_LABEL = "A series has one word for its events"
LEVELS = "A series has one list of levels"
GAP = "A level has at most one gap that starts a new one"
COUNTED = "What is counted from events counts one thing"
NEXT_EVENT = "A kind of next event is the first of a level, or starts a new one"
POPULATION = "The population of a statement is one of those in values.ttl"
STUDY = "The study of a statement is one of those in values.ttl"
CITES = "A statement cites the number of a reference, a whole number"
LOW_HIGH = "The low of a statement is not above its high"
SUBJECT = "A statement has a subject, unless it is of monitoring"
OBJECT = "A statement that relates two things has an object"
HOURS = "A length of time is a number of hours above 0, written plainly"
SHORTEST = "A length of time has one shortest, not above its longest"
LONGEST = "A length of time has one longest"
SHORTEST_INTERVAL = "An interval has one shortest, not above its longest"
LONGEST_INTERVAL = "An interval has one longest"
REASON = "The reason for advice is a statement with a label"
INCIDENCE = "An incidence has a number (il2:low, il2:high or both) or a commonness"
INCIDENCE_UNIT = "An incidence with a number has exactly one unit"
NUMERATOR = "An incidence with a number has a numerator: what is counted"
VALUE = "A measured value has a number: il2:low, il2:high or both"
VALUE_UNIT = "A measured value has exactly one unit"
AFTER = "An onset is counted from an event: it has il2:after"
ENDING = "A course in time has exactly one ending"
MONITORED = "Monitoring has an object: what is measured or examined"
MONITORING_TIME = "Monitoring has a timing, an interval or an event that it comes after"
MONITORS_FOR = "Monitoring is for a finding: it has il2:monitorsFor"
ELEMENT = "An element of the regimen has a number, a length of time, a limit in a criterion or an object"
OTHER_SIDE = "A comparison has another side: il2:comparedWith"
OUTCOME = "A comparison is made in some respect: it has an outcome"
RESULT = "A comparison has exactly one result, of those in values.ttl"
TREND_RESULT = "A trend has a result"
IN_SECTION = "A paragraph is part of a section"
NUMBERED = "A paragraph has one position, its number in the section"
CONFLICT_LABEL = "A conflict has exactly one label"
QUESTION = "A conflict has exactly one question"
RATIONALE = "A conflict has exactly one rationale"
BETWEEN = "A conflict is between two statements or more"
DISAGREES_ON = "A conflict has what its statements disagree on"
FOLLOWS = "A conflict has a statement that the product follows"
CLAIM_LABEL = "An unsupported claim has exactly one label"
CLAIM_SOURCE = "An unsupported claim has a source, and its sources are places in sources.ttl"
CLAIM_RATIONALE = "An unsupported claim has exactly one rationale"

Found = set[tuple[str, str]]

# What is written instead of what, and all that is then found: the node and the message.
BARE_ESCALATION = {("upci-escalation", message) for message in (MORE_THAN, OF_EFFECT, ESCALATES_TO)}
SLIPS: list[tuple[str, str, Found]] = [
    ('rdfs:label "wait"@en ;', "", {("wait", DECISION_LABEL)}),
    ("wait-a-day", "Wait a day", {("wait", NOTATION)}),
    ("il2:rank 9", "il2:rank -9", {("wait", PLACE)}),
    ("il2:rank 9", "il2:rank 9 ; il2:undecided true", {("wait", PLACE)}),
    (' ; il2:headline "WAIT"@en', "", {("wait", HEADLINE)}),
    (" ; il2:readsAs il2:decision-administer", "", {("ready", PLACE)}),
    ("il2:leadsTo il2:wait ", "il2:leadsTo il2:withhold ", {("waiting", LEADS_TO)}),
    ("il2:staysFor il2:cycle", "il2:staysFor il2:cycle ; il2:staysForGood true", {("waiting", STAYS)}),
    ("il2:applies il2:FirstVisit ;", "", {("visits", APPLIES)}),
    ("il2:silenceBearsOn il2:NewVisit", "il2:silenceBearsOn il2:FirstVisit", {("visits", SILENCE)}),
    (
        "il2:escalation il2:e ",
        "il2:escalation il2:e , il2:upci-escalation ",
        {("visits", ESCALATION), *BARE_ESCALATION},
    ),
    ("il2:moreThan 2", "il2:moreThan 2.5", {("e", MORE_THAN)}),
    ("il2:ofEffect il2:waiting", "il2:ofEffect il2:wait", {("e", OF_EFFECT)}),
    (" ; il2:leadsTo il2:decision-withhold", "", {("e", ESCALATES_TO)}),
    ("il2:firstOf il2:day-on-drug", "il2:firstOf il2:day-on-drug ; il2:laterIn il2:intake", {("FirstVisit", OCCASION)}),
    ("il2:eventsOf il2:Colchicine ;", "", {("intake", EVENTS_OF)}),
    ('il2:eventLabel "tablet"@en', 'il2:eventLabel "tablet"@en , "pill"@en', {("intake", EVENT_LABEL)}),
    ("( il2:day-on-drug )", "( il2:day-on-drug ) , ( )", {("intake", LEVELS)}),
    ("il2:startsAfterHours 18", "il2:startsAfterHours 18 ; il2:startsFromDays 1", {("day-on-drug", GAP)}),
    (" ;\n    il2:countsEventsIn il2:day-on-drug", "", {("Tablets", COUNTED)}),
    (" ; il2:starts il2:day-on-drug", "", {("NewVisit", NEXT_EVENT)}),
    # criteria
    ('    rdfs:label "Gout"@en ;\n', "", {("label-gout", "A criterion has exactly one label")}),
    ('"Gout"@en', '"Gout"@en , "Podagra"@en', {("label-gout", "A criterion has exactly one label")}),
    ("    il2:ruleSet il2:label ;\n", "", {("label-gout", RULE_SET)}),
    ("il2:ruleSet il2:label", "il2:ruleSet il2:label , il2:upci", {("label-gout", RULE_SET)}),
    ("il2:ruleSet il2:label", "il2:ruleSet il2:lable", {("label-gout", RULE_SET)}),
    ("    il2:organSystem il2:organ-system-whole-body ;\n", "", {("label-gout", SYSTEM)}),
    ("il2:organ-system-whole-body", "il2:organ-system-toe", {("label-gout", SYSTEM)}),
    ("    il2:effect il2:withhold ;\n", "", {("label-gout", EFFECT)}),
    ("il2:withhold", "il2:withhold , il2:absolute", {("label-gout", EFFECT)}),
    ("il2:withhold", "il2:postpone", {("label-gout", EFFECT)}),
    (
        "    il2:condition il2:c ;\n",
        "",
        {("label-gout", "A criterion has exactly one condition; il2:allOf and il2:anyOf join several")},
    ),
    (
        "il2:condition il2:c",
        "il2:condition il2:c , il2:r",
        {("label-gout", "A criterion has exactly one condition; il2:allOf and il2:anyOf join several")},
    ),
    ("il2:resume il2:r", "il2:resume il2:r , il2:c", {("label-gout", "A criterion has at most one resume condition")}),
    ("    il2:resume il2:r ;\n    il2:source il2:table-5 .", "    il2:resume il2:r .", {("label-gout", SOURCE)}),
    ("il2:resume il2:r ;\n    il2:source il2:table-5", "il2:source il2:table-6", {("label-gout", SOURCE)}),
    # conditions
    ("il2:r il2:absent il2:Gout", "il2:r il2:hours 8", {("r", FORM)}),
    ("il2:r il2:absent il2:Gout", "il2:r il2:absent il2:Gout ; il2:ever il2:Gout", {("r", FORM)}),
    ("il2:resume il2:r", 'il2:resume "no gout"', {('"no gout"', FORM)}),
    ("il2:allOf il2:urate ,", "il2:anyOf il2:urate ; il2:allOf", {("c", FORM)}),
    (
        "il2:urate , il2:volume , il2:lasting-gout , il2:on-colchicine , il2:charted , il2:back , il2:less",
        "il2:urate",
        {("c", COMBINATION)},
    ),
    ("il2:shown il2:urate", "il2:shown il2:Gout", {("Gout", FORM)}),
    ("il2:again il2:r ", 'il2:again "gout" ', {('"gout"', FORM)}),
    ("il2:shown il2:urate", "il2:shown il2:urate , il2:r", {("charted", ONE_THING)}),
    (
        "il2:absent il2:Gout",
        "il2:absent il2:Gout , il2:Coma",
        {("r", ONE_THING)},
    ),
    # limits
    (" il2:atLeast 6 ; il2:below 9.5 ;", "", {("urate", COMPARATOR)}),
    ('il2:below 9.5 ; il2:unit "mg/dL"', "il2:below 9.5", {("urate", THRESHOLD_UNIT)}),
    ('il2:below 9.5 ; il2:unit "mg/dL"', 'il2:below 9.5 ; il2:unit "mg/dL" , "g/L"', {("urate", THRESHOLD_UNIT)}),
    ('il2:above 100 ; il2:unit "mL"', "il2:above 100 ; il2:unit 1", {("volume", THRESHOLD_UNIT)}),
    ("il2:above 100", "il2:above 100 , 200", {("volume", "A condition has one il2:above")}),
    ("il2:atLeast 6", "il2:atLeast 6 , 7", {("urate", "A condition has one il2:atLeast")}),
    ("il2:below 9.5", "il2:below 9.5 , 9.6", {("urate", "A condition has one il2:below")}),
    ("il2:below 9.5", "il2:atMost 9.5 , 9.6", {("urate", "A condition has one il2:atMost")}),
    ("il2:below 9.5", 'il2:below "9.5"', {("urate", NUMBER), ("urate", RANGE)}),
    ("il2:above 100", "il2:above 1e2", {("volume", NUMBER)}),
    ("il2:Gout ; il2:hours 8 .", "il2:Gout ; il2:hours 8 ; il2:above 3 .", {("lasting-gout", LIMIT)}),
    ("il2:below 9.5", "il2:below 6", {("urate", RANGE)}),
    ("il2:below 9.5", "il2:atMost 5.9", {("urate", RANGE)}),
    ("il2:atLeast 6", "il2:above 9.5", {("urate", RANGE_ABOVE)}),
    # times
    ("il2:Gout ; il2:hours 8 .", "il2:Gout .", {("lasting-gout", TIME)}),
    ("il2:Gout ; il2:hours 8 .", "il2:Gout ; il2:hours 8 ; il2:days 8 .", {("lasting-gout", TIME)}),
    ("il2:Gout ; il2:hours 8", "il2:Gout ; il2:hours 0", {("lasting-gout", "A time in hours is one number above 0")}),
    ("il2:days 2", "il2:days 2 , 3", {("on-colchicine", "A time in days is one number above 0")}),
    ("il2:UrineOutput ; il2:hours 8 ;", "il2:UrineOutput ;", {("volume", TIME)}),
    (
        "il2:UrineOutput ; il2:hours 8",
        "il2:UrineOutput ; il2:hours -8",
        {("volume", "A time in hours is one number above 0")},
    ),
    ("il2:decreasing il2:VasopressorRate ; il2:hours 6", "il2:decreasing il2:VasopressorRate", {("less", TIME)}),
    # what conditions and interventions name
    ("il2:absent il2:Gout", "il2:absent il2:Gowt", {("Gowt", FINDING)}),
    ("il2:manages il2:Gout", "il2:manages il2:Colchicine", {("Colchicine", FINDING)}),
    ("il2:onTreatment il2:Colchicine", "il2:onTreatment il2:Gout", {("Gout", TREATMENT)}),
    (
        "il2:volumeOf il2:UrineOutput",
        "il2:volumeOf il2:Gout",
        {("Gout", "What is named here is an observable of observables.ttl")},
    ),
    # observables
    ('    rdfs:label "serum urate"@en ;\n', "", {("SerumUrate", LABEL)}),
    ('"serum urate"@en', '"serum urate"@en , "uric acid"@en', {("SerumUrate", LABEL)}),
    ('il2:unit "mg/dL" ; il2:windowHours', "il2:windowHours", {("SerumUrate", UNIT)}),
    (" il2:windowHours 24 ;", "", {("SerumUrate", MEASURED)}),
    ("il2:windowHours 24", "il2:windowHours 0", {("SerumUrate", MEASURED)}),
    (
        "plausibleLow 0.5",
        "plausibleLow 30",
        {("SerumUrate", "An observable's plausible range has one low, below its high")},
    ),
    ("plausibleHigh 30", "plausibleHigh 30 , 31", {("SerumUrate", "An observable's plausible range has one high")}),
    ("il2:plausibleLow 0.5 ; ", "", {("SerumUrate", "A plausible range has a low")}),
    (" ; il2:plausibleHigh 30", "", {("SerumUrate", "A plausible range has a high")}),
    # findings and treatments
    (' ; rdfs:label "gout"@en', "", {("Gout", "A finding or treatment has exactly one label")}),
    (
        "rdfs:subClassOf il2:ClinicalFinding",
        "rdfs:subClassOf il2:ClinicalFinding , il2:Dyspnea",
        {("Gout", "A finding or treatment has one parent")},
    ),
    (
        "rdfs:subClassOf il2:Treatment",
        "rdfs:subClassOf il2:Treetment",
        {("Colchicine", "The parent of a finding or treatment is declared"), ("Colchicine", TREATMENT)},
    ),
    ("il2:rulesOut il2:Arthralgia", "il2:rulesOut il2:Verapamil", {("Verapamil", FINDING)}),
    ("il2:absenceHours 48", "il2:absenceHours 0", {("Gout", ABSENCE)}),
    ("il2:absenceHours 48", "il2:absenceHours 48 , 8", {("Gout", ABSENCE)}),
    ("il2:closed true", 'il2:closed "yes"', {("JointTap", "il2:closed is true or false")}),
    (
        'rdfs:label "colchicine"@en',
        'rdfs:label "colchicine"@en ; il2:closed true',
        {("Colchicine", "What is closed is a finding")},
    ),
    # places in sources
    (' ; rdfs:label "Table 5"@en', "", {("table-5", "A place in a source has exactly one label")}),
    ("il2:partOf il2:text-abstract", "il2:partOf il2:table-5", {("paragraph-9", IN_SECTION)}),
    (" ; il2:position 9", "", {("paragraph-9", NUMBERED)}),
    ("il2:position 9", "il2:position 9 , 10", {("paragraph-9", NUMBERED)}),
    ("il2:position 9", "il2:position 0", {("paragraph-9", NUMBERED)}),
    ("il2:position 9", 'il2:position "9"', {("paragraph-9", NUMBERED)}),
    ("il2:partOf il2:article", "il2:partOf il2:label", {("table-5", "A place in a source is part of one other place")}),
    (
        " ; il2:partOf il2:article",
        "",
        {("table-5", "A place in a source that is no document is part of another place")},
    ),
    # interventions
    ('    rdfs:label "Rest"@en ;\n', "", {("rest", "An intervention has exactly one label")}),
    ("    il2:manages il2:Gout ;\n", "", {("rest", "An intervention manages or prevents a finding")}),
    ("    il2:strength il2:may ;\n", "", {("rest", STRENGTH)}),
    ("il2:strength il2:may", "il2:strength il2:withhold", {("rest", STRENGTH)}),
    ("    il2:position 1 ;\n", "", {("rest", TABLE_POSITION)}),
    ("il2:position 1 ", "il2:position 1.5 ", {("rest", POSITION)}),
    ("il2:position 1 ;\n    il2:source il2:row-1", "il2:position 1", {("rest", INTERVENTION_SOURCE)}),
    (
        "il2:position 1 ;\n    il2:source il2:row-1",
        "il2:position 1 ;\n il2:source il2:upci",
        {("rest", INTERVENTION_SOURCE)},
    ),
    (
        "il2:uses il2:Colchicine",
        "il2:uses il2:Colchicine , il2:Saline",
        {("rest", "An intervention uses at most one treatment")},
    ),
    (
        "il2:dose il2:d",
        'il2:dose il2:d ; il2:amount [ il2:low 1 ; il2:unit "L" ]',
        {("rest", "An intervention has at most one dose or amount")},
    ),
    (' ; il2:unit "mg" .', " .", {("d", AMOUNT_UNIT)}),
    ("il2:low 0.5 ; il2:high 1 ;", "", {("d", "A dose or amount has a number: il2:low, il2:high or both")}),
    ("il2:low 0.5", "il2:low 5", {("d", "The low of a dose or amount is not above its high")}),
    ("il2:action il2:Withholding", "il2:action il2:withhold", {("rest", ACTION)}),
    ("il2:action il2:Withholding", "il2:action il2:Withholding , il2:Stopping", {("rest", ACTION)}),
    ("il2:hours 12 ; ", "", {("u", "An end is so many hours after its event")}),
    ("il2:hours 12 ; il2:after il2:TherapyEnd", "il2:hours 12", {("u", UNTIL)}),
    # statements
    ('    rdfs:label "How often"@en ;\n', "", {("how-often", STATEMENT_LABEL)}),
    ('"How often"@en', '"How often"@en , "How many"@en', {("how-often", STATEMENT_LABEL)}),
    (
        "il2:Gout ; il2:commonness il2:Rare ; il2:source il2:text-introduction",
        "il2:Gout ; il2:commonness il2:Rare",
        {("in-words", STATEMENT_SOURCE)},
    ),
    ("il2:source il2:summary-comparison", "il2:source il2:summary-comparisen", {("harm", STATEMENT_SOURCE)}),
    ("il2:strength il2:recommended", "il2:strength il2:advised", {("watch", STATEMENT_STRENGTH)}),
    ("il2:strength il2:recommended", "il2:strength il2:recommended , il2:expected", {("watch", STATEMENT_STRENGTH)}),
    ("il2:certainty il2:likely", "il2:certainty il2:Rare", {("harm", CERTAINTY)}),
    ("il2:certainty il2:likely", "il2:certainty il2:likely , il2:possible", {("harm", CERTAINTY)}),
    ("il2:population il2:MelanomaPatients", "il2:population il2:EarlyTrials", {("how-often", POPULATION)}),
    ("il2:study il2:WhiteStudy", "il2:study il2:WightStudy", {("how-often", STUDY)}),
    ("il2:cites 7", 'il2:cites "7"', {("harm", CITES)}),
    ("il2:cites 7", "il2:cites 7.5", {("harm", CITES)}),
    ("il2:low 3", "il2:low 8", {("how-often", LOW_HIGH)}),
    ("il2:subject il2:HighDoseBolus ; ", "", {("rhythm", SUBJECT)}),
    (" ; il2:object il2:Gout ;", " ;", {("harm", OBJECT)}),
    (
        "il2:timeHighHours 48",
        'il2:timeHighHours "P2D"^^xsd:duration',
        {("gout-onset", HOURS), ("gout-onset", SHORTEST)},
    ),
    ("il2:timeLowHours 24", "il2:timeLowHours 2.4e1", {("gout-onset", HOURS)}),
    ("il2:timeLowHours 24", "il2:timeLowHours 0", {("gout-onset", HOURS)}),
    ("il2:intervalHighHours 36", 'il2:intervalHighHours "36 h"', {("watch", HOURS), ("watch", SHORTEST_INTERVAL)}),
    ("il2:timeLowHours 24", "il2:timeLowHours 72", {("gout-onset", SHORTEST)}),
    ("il2:timeLowHours 24", "il2:timeLowHours 24 , 36", {("gout-onset", SHORTEST)}),
    ("il2:timeHighHours 48", "il2:timeHighHours 48 , 72", {("gout-onset", LONGEST)}),
    ("il2:intervalLowHours 12", "il2:intervalLowHours 48", {("watch", SHORTEST_INTERVAL)}),
    ("il2:intervalHighHours 36", "il2:intervalHighHours 36 , 48", {("watch", LONGEST_INTERVAL)}),
    ("il2:because il2:harm", "il2:because il2:ham", {("ham", REASON)}),
    ("il2:because il2:harm", "il2:because il2:Gout", {("Gout", REASON)}),
    ('    rdfs:label "Harm"@en ;\n', "", {("harm", REASON), ("harm", STATEMENT_LABEL)}),
    (" ; il2:commonness il2:Rare", "", {("in-words", INCIDENCE)}),
    (' ; il2:unit "%"', "", {("how-often", INCIDENCE_UNIT)}),
    ('il2:low 3 ; il2:high 7 ; il2:unit "%"', "il2:high 7", {("how-often", INCIDENCE_UNIT)}),
    ('il2:unit "%"', 'il2:unit "%" , "1"', {("how-often", INCIDENCE_UNIT)}),
    ("il2:numerator il2:courses ; ", "", {("how-often", NUMERATOR)}),
    ("il2:numerator il2:courses ; il2:low 3 ; il2:high 7", "il2:low 3", {("how-often", NUMERATOR)}),
    (" il2:high 9 ;", "", {("level-seen", VALUE)}),
    ('il2:high 9 ; il2:unit "mg/dL"', "il2:high 9", {("level-seen", VALUE_UNIT)}),
    ('il2:high 9 ; il2:unit "mg/dL"', 'il2:high 9 ; il2:unit "mg/dL" , "g/L"', {("level-seen", VALUE_UNIT)}),
    (" ; il2:after il2:FirstDose", "", {("gout-onset", AFTER)}),
    (" ; il2:ending il2:Resolved", "", {("gout-persists", ENDING)}),
    ("il2:ending il2:Resolved", "il2:ending il2:Resolved , il2:Worsens", {("gout-persists", ENDING)}),
    ("    il2:object il2:SerumUrate ;\n", "", {("watch", MONITORED)}),
    ("il2:timing il2:AtBaseline ; ", "", {("watch-once", MONITORING_TIME)}),
    ("    il2:monitorsFor il2:Gout ;\n", "", {("watch", MONITORS_FOR)}),
    (" ; il2:limitIn il2:regimen-dose-interval", "", {("rhythm", ELEMENT)}),
    ("il2:comparedWith il2:Aldesleukin ; ", "", {("beside", OTHER_SIDE)}),
    ("il2:outcome il2:Cost ; ", "", {("beside", OUTCOME)}),
    (" ; il2:result il2:equal", "", {("beside", RESULT)}),
    ("il2:result il2:equal", "il2:result il2:equal , il2:higher", {("beside", RESULT)}),
    ("il2:result il2:equal", "il2:result il2:Resolved", {("beside", RESULT)}),
    (" ; il2:result il2:lower", "", {("change", TREND_RESULT)}),
    # conflicts and claims
    ('    rdfs:label "Dispute"@en ;\n', "", {("dispute", CONFLICT_LABEL)}),
    ('"Dispute"@en', '"Dispute"@en , "Quarrel"@en', {("dispute", CONFLICT_LABEL)}),
    ('    il2:question "Is it harm?"@en ;\n', "", {("dispute", QUESTION)}),
    ('"Is it harm?"@en', '"Is it harm?"@en , "Is it help?"@en', {("dispute", QUESTION)}),
    (' ;\n    il2:rationale "It is."@en', "", {("dispute", RATIONALE)}),
    ('"It is."@en', '"It is."@en , "It may be."@en', {("dispute", RATIONALE)}),
    ("il2:between il2:harm , il2:change", "il2:between il2:harm", {("dispute", BETWEEN)}),
    ("    il2:disagreesOn il2:Gout ;\n", "", {("dispute", DISAGREES_ON)}),
    ("    il2:follows il2:harm ;\n", "", {("dispute", FOLLOWS)}),
    ('    rdfs:label "Rumor"@en ;\n', "", {("rumor", CLAIM_LABEL)}),
    ('"Rumor"@en', '"Rumor"@en , "Hearsay"@en', {("rumor", CLAIM_LABEL)}),
    ('    il2:rationale "Nobody says so."@en ;\n', "", {("rumor", CLAIM_RATIONALE)}),
    ('"Nobody says so."@en', '"Nobody says so."@en , "Or few."@en', {("rumor", CLAIM_RATIONALE)}),
    (" ;\n    il2:source il2:summary .", " .", {("rumor", CLAIM_SOURCE)}),
    ("il2:source il2:summary .", "il2:source il2:sumary .", {("rumor", CLAIM_SOURCE)}),
]

# What may be written instead of what, so that nothing is found.
OTHER_WAYS: list[tuple[str, str]] = [
    ("il2:low 3 ; il2:high 7", "il2:low 3"),
    ("il2:low 3 ; il2:high 7", "il2:high 7"),
    ("il2:low 3", "il2:low 7"),
    ("il2:high 9", "il2:low 9"),
    ("il2:timing il2:AtBaseline", "il2:intervalLowHours 12"),
    ("il2:timing il2:AtBaseline", "il2:intervalHighHours 12"),
    ("il2:timing il2:AtBaseline", "il2:after il2:TherapyEnd"),
    ("il2:limitIn il2:regimen-dose-interval", 'il2:low 3 ; il2:unit "{cycles}"'),
    ("il2:limitIn il2:regimen-dose-interval", 'il2:high 3 ; il2:unit "{cycles}"'),
    ("il2:limitIn il2:regimen-dose-interval", "il2:timeLowHours 72"),
    ("il2:limitIn il2:regimen-dose-interval", "il2:timeHighHours 72"),
    ("il2:limitIn il2:regimen-dose-interval", "il2:object il2:Aldesleukin"),
    ("il2:because il2:harm", "il2:because il2:label-gout"),
]

# What a statement of each kind is missing that says nothing, beside its label and its source.
BARE: dict[str, set[str]] = {
    "Incidence": {SUBJECT, INCIDENCE},
    "Onset": {SUBJECT, AFTER},
    "Persistence": {SUBJECT, ENDING},
    "Causation": {SUBJECT, OBJECT},
    "Manifestation": {SUBJECT, OBJECT},
    "Association": {SUBJECT, OBJECT},
    "RiskFactor": {SUBJECT, OBJECT},
    "Monitoring": {MONITORED, MONITORING_TIME, MONITORS_FOR},
    "RegimenElement": {SUBJECT, ELEMENT},
    "Comparison": {SUBJECT, OTHER_SIDE, OUTCOME, RESULT},
    "Trend": {SUBJECT, TREND_RESULT},
    "MeasuredValue": {SUBJECT, VALUE, VALUE_UNIT},
    "Requirement": {SUBJECT, OBJECT},
    "Indication": {SUBJECT, OBJECT},
    "Classification": {SUBJECT, OBJECT},
}


@cache
def _ontology() -> str:
    return merged().serialize(format="nt")


def _found(turtle: str) -> Found:
    results = shacl.Shapes.from_turtle(SHAPES).validate_turtle(_ontology() + PREFIXES + turtle).results
    return {(r.focus_node.strip("<>").removeprefix(IL2), r.message or "") for r in results}


def test_the_ontology_conforms_to_the_reference_engine() -> None:
    assert sorted(path.name for path in FILES) == [
        "concept.ttl",
        "criterion.ttl",
        "decision.ttl",
        "forms.ttl",
        "intervention.ttl",
        "statement.ttl",
    ]
    _, _, text = pyshacl.validate(merged(), shacl_graph=Graph().parse(data=SHAPES, format="turtle"), meta_shacl=True)
    assert text == "Validation Report\nConforms: True\n"


@pytest.mark.parametrize("turtle", ["", GOOD], ids=["ontology", "addition"])
def test_what_is_well_formed_conforms(turtle: str) -> None:
    assert _found(turtle) == set()


@pytest.mark.parametrize(("old", "new"), OTHER_WAYS)
def test_what_is_well_formed_in_another_way_conforms(old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    assert _found(GOOD.replace(old, new)) == set()


@pytest.mark.parametrize(("old", "new", "found"), SLIPS)
def test_a_slip_is_found_and_nothing_else(old: str, new: str, found: Found) -> None:
    assert GOOD.count(old) == 1
    assert _found(GOOD.replace(old, new)) == found


def test_a_statement_of_each_kind_is_asked_for_its_parts() -> None:
    kinds = {str(kind).removeprefix(IL2) for kind in merged().subjects(RDFS.subClassOf, URIRef(IL2 + "Statement"))}
    assert kinds - {"Criterion", "Intervention"} == BARE.keys()
    bare = "\n".join(f"il2:bare-{kind} a il2:{kind} ." for kind in BARE)
    messages = {kind: {STATEMENT_LABEL, STATEMENT_SOURCE, *missing} for kind, missing in BARE.items()}
    assert _found(bare) == {(f"bare-{kind}", message) for kind, found in messages.items() for message in found}


def test_each_message_of_the_shapes_has_a_slip() -> None:
    messages = {str(message) for message in Graph().parse(data=SHAPES, format="turtle").objects(None, SH.message)}
    assert {message for _, _, found in SLIPS for _, message in found} == messages
