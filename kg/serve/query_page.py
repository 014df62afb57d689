"""The page to write queries on, with the named queries and the prefixes at hand."""

from __future__ import annotations

from kg import resources
from kg.queries import library
from kg.rdf.terms import PREFIXES
from kg.view.payload import script_json

_FIRST = """# Who does what to whom, and in which words
SELECT ?who ?relation ?whom ?words WHERE {
  { SELECT * WHERE {
      GRAPH ?article { ?statement rdf:subject ?one ; rdf:predicate ?relation ; rdf:object ?other ; kg:evidence ?span }
    } LIMIT 50 }
  GRAPH ?article { ?one rdfs:label ?who . ?other rdfs:label ?whom . ?span nif:anchorOf ?words }
}"""


def query_page(seconds: float) -> str:
    """Give the page; ``seconds`` is how long a query may take."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    environment = Environment(loader=FileSystemLoader(resources.data("serve", "web")), autoescape=True)
    named = [{"name": query.name, "summary": query.summary, "text": query.text.strip()}
             for query in library.queries().values()]
    data = {"first": _FIRST, "queries": named, "prefixes": dict(PREFIXES)}
    return environment.get_template("query.html.jinja").render(
        data=Markup(script_json(data)), prefixes=list(PREFIXES),  # noqa: S704 - script_json leaves no markup
        seconds=f"{seconds:g}")
