import json


def handler(event, context):
    city = event["pathParameters"]["city"]
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-version": "v2"},
        "body": json.dumps({"city": city, "days": [21, 23, 19]}),
    }
