"""The few kinds of panels the dashboards are made of.

Every panel is a question: its title asks, its description says what the answer
means and what to do, its thresholds say which answers are good.
"""

GREEN, YELLOW, RED, BLUE = "green", "yellow", "red", "blue"

DATASOURCE = {"type": "prometheus", "uid": "prometheus"}


def steps(warn=None, bad=None, falling=False):
    """Thresholds: green, from `warn` yellow, from `bad` red; `falling` the other way round."""
    if falling:
        out = [{"value": None, "color": RED}]
        if warn is not None:
            out.append({"value": bad, "color": YELLOW})
            out.append({"value": warn, "color": GREEN})
        else:
            out.append({"value": bad, "color": GREEN})
        return out
    out = [{"value": None, "color": GREEN}]
    if warn is not None:
        out.append({"value": warn, "color": YELLOW})
    if bad is not None:
        out.append({"value": bad, "color": RED})
    return out


def _targets(queries, instant):
    if isinstance(queries, str):
        queries = [(queries, "")]
    return [
        {
            "refId": chr(ord("A") + number),
            "datasource": DATASOURCE,
            "expr": " ".join(expr.split()),
            "legendFormat": legend or "__auto",
            "instant": instant,
            "range": not instant,
            "editorMode": "code",
            **({"format": "table"} if instant == "table" else {}),
        }
        for number, (expr, legend) in enumerate(queries)
    ]


def _panel(kind, title, description, unit, queries, thresholds, width, height, instant):
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "gridPos": {"w": width, "h": height, "x": 0, "y": 0},
        "targets": _targets(queries, instant),
        "fieldConfig": {
            "defaults": {
                "unit": unit,
                "thresholds": {"mode": "absolute", "steps": thresholds or steps()},
                "color": {"mode": "palette-classic"},
            },
            "overrides": [],
        },
    }


def graph(title, description, unit, queries, thresholds=None, width=12, height=8, stacked=False, top=None):
    """Lines over time. Thresholds other than "all is green" are drawn as dashed lines."""
    panel = _panel("timeseries", title, description, unit, queries, thresholds, width, height, False)
    defaults = panel["fieldConfig"]["defaults"]
    defaults["min"] = 0
    if top is not None:
        defaults["max"] = top
    defaults["custom"] = {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 30 if stacked else 10,
        "showPoints": "never",
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if thresholds else "off"},
    }
    panel["options"] = {
        "legend": {"displayMode": "table", "placement": "bottom", "showLegend": True, "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel


def number(title, description, unit, query, thresholds=None, width=4, height=4, words=None):
    """One figure, coloured by its thresholds. `words` says values in words: {0: ("none", RED)}."""
    panel = _panel("stat", title, description, unit, query, thresholds, width, height, True)
    panel["fieldConfig"]["defaults"]["color"] = {"mode": "thresholds"}
    if words:
        panel["fieldConfig"]["defaults"]["mappings"] = [
            {
                "type": "value",
                "options": {
                    str(value): {"text": text, "color": color, "index": index}
                    for index, (value, (text, color)) in enumerate(words.items())
                },
            }
        ]
    panel["options"] = {
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "center",
        "textMode": "auto",
        "orientation": "auto",
        "wideLayout": True,
        "showPercentChange": False,
        "percentChangeColorMode": "standard",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    }
    return panel


def bars(title, description, unit, queries, thresholds=None, width=12, height=8, top=None):
    """The newest values side by side."""
    panel = _panel("bargauge", title, description, unit, queries, thresholds, width, height, True)
    defaults = panel["fieldConfig"]["defaults"]
    defaults["color"] = {"mode": "thresholds"}
    defaults["min"] = 0
    if top is not None:
        defaults["max"] = top
    panel["options"] = {
        "displayMode": "lcd",
        "orientation": "horizontal",
        "valueMode": "color",
        "namePlacement": "auto",
        "showUnfilled": True,
        "sizing": "auto",
        "minVizWidth": 8,
        "minVizHeight": 16,
        "maxVizHeight": 300,
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
    }
    return panel


def states(title, description, queries, words, width=12, height=6):
    """What was the case when: one bar a series, coloured by its value."""
    panel = _panel("state-timeline", title, description, "none", queries, None, width, height, False)
    defaults = panel["fieldConfig"]["defaults"]
    defaults["color"] = {"mode": "thresholds"}
    defaults["custom"] = {"fillOpacity": 80, "lineWidth": 0}
    defaults["mappings"] = [
        {
            "type": "value",
            "options": {
                str(value): {"text": text, "color": color, "index": index}
                for index, (value, (text, color)) in enumerate(words.items())
            },
        }
    ]
    panel["options"] = {
        "showValue": "auto",
        "rowHeight": 0.8,
        "mergeValues": True,
        "alignValue": "left",
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return panel


def table(title, description, unit, query, hide=(), width=24, height=7):
    """The newest values with their labels."""
    panel = _panel("table", title, description, unit, query, None, width, height, "table")
    for target in panel["targets"]:
        target["instant"] = True
    panel["fieldConfig"]["defaults"]["color"] = {"mode": "thresholds"}
    panel["fieldConfig"]["defaults"]["custom"] = {"align": "auto", "inspect": False}
    panel["transformations"] = [
        {"id": "organize", "options": {"excludeByName": {name: True for name in ("Time", "__name__", *hide)}}}
    ]
    panel["options"] = {"showHeader": True, "cellHeight": "sm", "frameIndex": 0}
    return panel


def row(title):
    """A heading over the panels that follow."""
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"w": 24, "h": 1, "x": 0, "y": 0}}
