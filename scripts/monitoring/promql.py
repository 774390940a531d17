"""What the checks need to know of PromQL: which series a query asks for, and where queries are.

Not a parser: whether a query is well formed, promtool says.
"""

import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
AGGREGATIONS = {"sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "stddev", "stdvar", "group", "count_values"}
OPERATORS = {"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"}
TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"'              # a string
    r"|\[[^\]]*\]"                    # a range
    r"|[0-9][0-9.eExsmhdwy]*"         # a number or a duration
    r"|[a-zA-Z_:][a-zA-Z0-9_:]*"      # a name
    r"|\S"
)


class Selector:
    """A series a query asks for: `name{matchers}`, with the labels its matchers use."""

    def __init__(self, name, matchers):
        self.name = name
        self.matchers = matchers
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', matchers)
        self.labels = re.findall(r"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)", bare)

    def __str__(self):
        return self.name + (f"{{{self.matchers}}}" if self.matchers else "")


def selectors(query):
    """All series a query asks for, and all labels it groups or matches by."""
    tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(query)]
    found, grouped, i = [], set(), 0
    while i < len(tokens):
        text, _, end = tokens[i]
        following = tokens[i + 1][0] if i + 1 < len(tokens) else ""
        if text in GROUPING and following == "(":
            i += 2
            while tokens[i][0] != ")":
                if tokens[i][0] != ",":
                    grouped.add(tokens[i][0])
                i += 1
        elif re.match(r"[a-zA-Z_:]", text) and following != "(" and text.lower() not in GROUPING | AGGREGATIONS | OPERATORS:
            matchers = ""
            if following == "{":
                i += 2
                start = tokens[i - 1][2]
                while tokens[i][0] != "}":
                    i += 1
                matchers = query[start : tokens[i][1]]
            found.append(Selector(text, matchers))
        i += 1
    return found, grouped


def plain(query):
    """A dashboard's query with Grafana's variables put in."""
    return query.replace("$__rate_interval", "1m").replace("$__interval", "30s")


def dashboards():
    """(file name, dashboard) of every dashboard."""
    for path in sorted((ROOT / "grafana/dashboards").glob("*.json")):
        yield path.name, json.loads(path.read_text())


def panel_queries():
    """(where, query) of every query of every panel."""
    for name, dashboard in dashboards():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", []):
                yield f"{name}: {panel['title']}", plain(target["expr"])


def rules():
    """Every rule of every rules file."""
    for path in sorted((ROOT / "prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def alerts():
    return [rule for rule in rules() if "alert" in rule]
