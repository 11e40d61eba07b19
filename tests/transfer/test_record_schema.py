"""The published schema and the record that is really handed over agree, both ways."""

import json
import re

import pytest
import whole_kit
from whole_kit import PZH, complete, open_desk

from app.adapters.paths import resources
from app.core.errors import AppError
from app.core.record import UNKNOWN_HERE
from app.services import intake, package
from app.services.finalise import Ready, finalise

SCHEMA = json.loads((resources() / "schemas" / "record-1.schema.json").read_text("utf-8"))
KNOWN = {
    "$schema",
    "$id",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "items",
    "prefixItems",
    "minItems",
    "minimum",
    "pattern",
    "enum",
    "const",
}
TYPES = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def faults(schema, value, at="$"):
    """What of JSON Schema this one uses; anything else in it would be passed over in silence, so it is a fault too."""
    yield from (f"{at}: keyword {key}" for key in schema.keys() - KNOWN)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and type(value) not in {TYPES[one] for one in types}:
        yield f"{at}: {type(value).__name__}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{at}: not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: none of {schema['enum']}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at}: pattern"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{at}: too small"
    yield from inside(schema, value, at)


def inside(schema, value, at):
    if isinstance(value, dict):
        yield from (f"{at}.{key}: missing" for key in schema.get("required", ()) if key not in value)
        for key, one in schema.get("properties", {}).items():
            if key in value:
                yield from faults(one, value[key], f"{at}.{key}")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{at}: too few"
        for place, one in enumerate(value):
            yield from faults(schema.get("items", {}), one, f"{at}[{place}]")
        for place, one in enumerate(schema.get("prefixItems", [])[: len(value)]):
            yield from faults(one, value[place], f"{at}[{place}]")


def undescribed(schema, value, at="$"):
    """Keys that are written and not described."""
    if isinstance(value, dict) and "properties" in schema:
        for key, one in value.items():
            if key in schema["properties"]:
                yield from undescribed(schema["properties"][key], one, f"{at}.{key}")
            else:
                yield f"{at}.{key}"
    if isinstance(value, list):
        for one in value:
            yield from undescribed(schema.get("items", {}), one, f"{at}[]")


VOID_SCHEMA = json.loads((resources() / "schemas" / "void-1.schema.json").read_text("utf-8"))


def written(desk, application, first):
    name, data = next(package.files(desk.store, desk.imaging, application, desk.region, desk.clerk))
    assert name == first
    return json.loads(data)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    whole_kit.quick_slots(monkeypatch)
    desk = open_desk(tmp_path / "data", PZH)
    yield desk
    desk.store.close()


@pytest.fixture
def record(desk):
    application, _ = intake.save(desk, complete(desk))
    ready = finalise(desk, application)
    assert isinstance(ready, Ready)
    return written(desk, package.acceptable(desk.store, application.id), "record.json")


def test_what_is_handed_over_is_what_the_schema_says(record):
    assert list(faults(SCHEMA, record)) == []
    assert list(undescribed(SCHEMA, record)) == []


def test_what_was_put_aside_has_a_schema_of_its_own_and_is_no_submission(desk):
    application, _ = intake.save(desk, complete(desk))
    intake.discard(desk, application, "重复了")
    record = written(desk, package.exportable(desk.store, application.id), "void.json")
    assert list(faults(VOID_SCHEMA, record)) == []
    assert list(undescribed(VOID_SCHEMA, record)) == []
    assert {fault.split(": ")[1] for fault in faults(SCHEMA, record)} == {"missing", "not record.json"}
    with pytest.raises(AppError, match="没有受理"):
        package.acceptable(desk.store, application.id)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"format": 2}, "$.format: not 1"),
        ({"revision": 0}, "$.revision: too small"),
        ({"revision": True}, "$.revision: bool"),
        ({"id": "not a ulid"}, "$.id: pattern"),
        ({"files": []}, "$.files: too few"),
        ({"files": ["form.pdf"]}, "$.files[0]: not record.json"),
        ({"people": {"author": None, "finalised_by": None}}, "$.people.sent_by: missing"),
    ],
)
def test_the_schema_notices_what_does_not_fit(record, change, fault):
    assert list(faults(SCHEMA, record | change)) == [fault]


def test_what_only_platform_and_decision_know_can_be_nothing_but_null():
    assert all(SCHEMA["properties"]["event"]["properties"][name]["type"] == "null" for name in UNKNOWN_HERE)


def test_the_schema_describes_every_key_it_demands():
    def look(schema):
        assert set(schema.get("required", ())) <= set(schema.get("properties", schema.get("required", ())))
        for one in (*schema.get("properties", {}).values(), *schema.get("prefixItems", ()), schema.get("items", {})):
            if one:
                look(one)

    look(SCHEMA)
