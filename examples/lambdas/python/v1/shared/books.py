from importlib.metadata import version

from slugify import slugify

SLUGIFY = version("python-slugify")

BOOKS = {slugify(title): title for title in ("Der Prozeß", "Les Misérables", "Дар")}
