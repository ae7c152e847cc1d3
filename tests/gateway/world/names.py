"""Ids and instants of the afternoon, and how a page looks."""

from typing import Any

Json = Any

CITY = "410100"


PROVINCE = "410000"


FLOOD_COMMAND = "org_410100_flood_command"


METRO = "org_410100_metro"


INCIDENT = "inc_0198c2"


REPORT = "sit_initial"


REQUEST = "crq_buses"


BULLETIN = "bul_first"


SIGNAL = "sig_red"


WARNING = "war_red"


ACTIVATION = "act_1"


OVERRIDE = "ovr_1"


PLAN_VERSION = "flood-410100@2026.1"


CONSULTATION = "cns_1"


ORDER = "ord_6"


TASK = "tsk_1"


OBLIGATION = "obl_1"


EXERCISE = "exe_1"


PROPOSAL = "rvp_1"


NUMBER = "410100-20210720-003"


AT = "2021-07-20T08:01:00Z"


STREAMS = ("UEM_ORG", "UEM_PLANS", "UEM_GUARANTEE")


def page(*nodes: Json) -> Json:
    return {"nodes": list(nodes), "hasNextPage": False, "endCursor": None, "totalCount": len(nodes)}


FIGURE = {
    "metric": "rain_1h_mm",
    "value": 201.9,
    "unit": "mm",
    "source": "station 57083",
    "observedAt": AT,
    "recordedAt": AT,
}


# Whether the viewer may, of two commands on whatever object.
MAY = [
    {"action": "record_facts", "allowed": True, "reason": None, "grantableBy": None},
    {
        "action": "close_incident",
        "allowed": False,
        "reason": "None of your roles allows it here; it needs the role commander.",
        "grantableBy": "the head of the committee office of that division",
    },
]
