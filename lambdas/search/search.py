import json

PAGES = ["canary release", "blue/green deployment", "weighted alias"]


def handler(event, context):
    query = (event["queryStringParameters"] or {}).get("q", "")
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-version": context.function_version},
        "body": json.dumps({"pages": [page for page in PAGES if query in page]}),
    }
