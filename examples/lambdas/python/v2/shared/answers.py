import json

VERSION = "v2"


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", "x-version": VERSION},
        "body": json.dumps(body, ensure_ascii=False),
    }
