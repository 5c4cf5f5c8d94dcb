"""validate.py SCHEMA DOCUMENT...: exit 1 and the first errors when a document does not follow the schema."""
import json
import pathlib
import sys

import jsonschema

schema_path = pathlib.Path(sys.argv[1])
schema = json.loads(schema_path.read_text(encoding="utf-8"))
store = {}
for path in schema_path.parent.glob("*.schema.json"):
    other = json.loads(path.read_text(encoding="utf-8"))
    store[other["$id"]] = other
jsonschema.Draft202012Validator.check_schema(schema)
try:
    import referencing

    registry = referencing.Registry().with_resources(
        (name, referencing.Resource.from_contents(content)) for name, content in store.items())
    validator = jsonschema.Draft202012Validator(schema, registry=registry)
except ImportError:  # jsonschema before 4.18
    validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver.from_schema(schema, store=store))
bad = 0
for name in sys.argv[2:]:
    document = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
    for error in list(validator.iter_errors(document))[:5]:
        print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        bad = 1
sys.exit(bad)
