from shared.answers import answer
from shared.books import BOOKS, SLUGIFY


def handler(event, context):
    return answer(200, {"books": sorted(BOOKS), "slugify": SLUGIFY})
