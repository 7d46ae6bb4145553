import json
import os


def handler(event, context):
    body = {"city": "Berlin", "temperature": 21, "units": os.environ.get("UNITS", "celsius")}
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-version": "v1"},
        "body": json.dumps(body),
    }
