from shared.answers import answer
from shared.books import BOOKS


def handler(event, context):
    title = BOOKS.get(event["pathParameters"]["slug"])
    return answer(404, {"error": "there is no such book"}) if title is None else answer(200, {"title": title})
