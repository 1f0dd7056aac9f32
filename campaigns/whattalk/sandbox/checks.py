"""Validation in the shape and the words of Laravel: `{field: [text, …]}`, empty when all is well."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from .messages import Answer, json_answer
from .world import ALL_DAYS

Errors = dict[str, list[str]]

E164 = re.compile(r"\+[1-9]\d{6,16}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
SECONDARY_CONTACTS = 10
LEAD_STATUSES = ("created", "completed", "reached-max-retries")
LEAD_CHANGES = ("campaign_id", "phone_number", "status", "variables")


def invalid(errors: Errors, headline: str = "") -> Answer:
    """422 as Laravel says it: the first text, and how many more there are."""
    texts = [text for texts in errors.values() for text in texts]
    more = len(texts) - 1
    ending = f" (and {more} more error{'s' if more > 1 else ''})" if more else ""
    return json_answer(422, {"message": headline or texts[0] + ending, "errors": errors})


def new_lead(json: dict[str, Any]) -> Errors:
    errors: Errors = {}
    _require(errors, json, "phone_number", str, "string")
    _require(errors, json, "campaign_id", int, "integer")
    _optional(errors, json, "allow_dupplicate", bool, "true or false")
    _variables(errors, json.get("variables"), "variables")
    _secondary(errors, json.get("secondary_contacts"))
    return errors


def is_phone(value: Any) -> bool:
    return isinstance(value, str) and bool(E164.fullmatch(value))


def _secondary(errors: Errors, contacts: Any) -> None:
    if contacts is None:
        return
    if not isinstance(contacts, list):
        errors["secondary_contacts"] = ["The secondary contacts field must be an array."]
        return
    if len(contacts) > SECONDARY_CONTACTS:
        errors["secondary_contacts"] = [f"The secondary contacts field must not have more than {SECONDARY_CONTACTS} items."]
    for index, contact in enumerate(contacts):
        _contact(errors, contact, f"secondary_contacts.{index}")


def _contact(errors: Errors, contact: Any, field: str) -> None:
    number = contact.get("phone_number") if isinstance(contact, dict) else None
    if not is_phone(number):
        errors[f"{field}.phone_number"] = ["Invalid phone number"]
    else:
        _variables(errors, contact.get("variables"), f"{field}.variables")


def _variables(errors: Errors, variables: Any, field: str) -> None:
    # PHP writes an empty object as [].
    if variables is not None and variables != [] and not isinstance(variables, dict):
        errors[field] = [f"The {field} field must be an object."]


def lead_changes(json: dict[str, Any]) -> Errors:
    """For PUT; unknown fields are judged by the caller."""
    errors: Errors = {}
    if "status" in json and json["status"] not in LEAD_STATUSES:
        errors["status"] = ["The selected status is invalid."]
    _variables(errors, json.get("variables"), "variables")
    return errors


def new_campaign(json: dict[str, Any], parallel_limit: int) -> Errors:
    errors: Errors = {}
    _require(errors, json, "name", str, "string")
    _require(errors, json, "assistant_id", int, "integer")
    _longest(errors, json, "name", 255)
    _longest(errors, json, "goal_completion_variable", 255)
    _between(errors, json, "max_calls_in_parallel", 1, parallel_limit)
    _between(errors, json, "max_retries", 1, 5)
    _between(errors, json, "retry_interval", 10, 4320)
    for field in ("retry_on_voicemail", "retry_on_goal_incomplete", "mark_complete_when_no_leads"):
        _optional(errors, json, field, bool, "true or false")
    _calendar(errors, json)
    _phone_numbers(errors, json.get("phone_number_ids"))
    return errors


def _calendar(errors: Errors, json: dict[str, Any]) -> None:
    for field in ("allowed_hours_start_time", "allowed_hours_end_time"):
        value = json.get(field)
        if value is not None and not (isinstance(value, str) and CLOCK.fullmatch(value)):
            errors[field] = [f"The {_spoken(field)} field must match the format H:i."]
    days = json.get("allowed_days")
    if days is not None and not (isinstance(days, list) and all(day in ALL_DAYS for day in days)):
        errors["allowed_days"] = ["The selected allowed days is invalid."]
    zone = json.get("timezone")
    if zone is not None and not (isinstance(zone, str) and zone in available_timezones()):
        errors["timezone"] = ["The timezone field must be a valid timezone."]


def _phone_numbers(errors: Errors, ids: Any) -> None:
    if ids is None:
        return
    if not isinstance(ids, list) or not all(_is(id, int) for id in ids):
        errors["phone_number_ids"] = ["The phone number ids field must be an array of integers."]
    elif len(set(ids)) < len(ids):
        errors["phone_number_ids"] = ["The phone number ids field has a duplicate value."]


def _require(errors: Errors, json: dict[str, Any], field: str, kind: type, called: str) -> None:
    if json.get(field) in (None, "", []):
        errors[field] = [f"The {_spoken(field)} field is required."]
    else:
        _optional(errors, json, field, kind, f"a {called}" if called == "string" else f"an {called}")


def _optional(errors: Errors, json: dict[str, Any], field: str, kind: type, called: str) -> None:
    value = json.get(field)
    if value is not None and not _is(value, kind):
        errors[field] = [f"The {_spoken(field)} field must be {called}."]


def _longest(errors: Errors, json: dict[str, Any], field: str, most: int) -> None:
    if isinstance(json.get(field), str) and len(json[field]) > most:
        errors[field] = [f"The {_spoken(field)} field must not be greater than {most} characters."]


def _between(errors: Errors, json: dict[str, Any], field: str, least: int, most: int) -> None:
    value = json.get(field)
    if value is not None and not (_is(value, int) and least <= value <= most):
        errors[field] = [f"The {_spoken(field)} field must be between {least} and {most}."]


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _spoken(field: str) -> str:
    return field.replace("_", " ")
