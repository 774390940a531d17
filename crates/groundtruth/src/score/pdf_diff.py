import contextlib, io, json, sys
with contextlib.redirect_stdout(io.StringIO()):
    from pdf_diff.command_line import compute_changes
    raw = compute_changes(sys.argv[1], sys.argv[2])
hunks, current = [], []
for entry in raw + ["*"]:
    if entry == "*":
        if current:
            hunks.append(current)
        current = []
    else:
        current.append(entry)
changes = []
for hunk in hunks:
    sides = [{}, {}]
    for box in hunk:
        spot = sides[box["pdf"]["index"]].setdefault(
            box["page"]["number"], {"page": box["page"]["number"], "boxes": [], "text": ""})
        spot["boxes"].append([box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]])
        spot["text"] = (spot["text"] + " " + (box["text"] or "").strip()).strip()
    old, new = (list(side.values()) for side in sides)
    for i in range(max(len(old), len(new))):
        a = old[i] if i < len(old) else None
        b = new[i] if i < len(new) else None
        op = "replaced" if a and b else "added" if b else "removed"
        changes.append({"kind": "text", "op": op, "old": a, "new": b})
json.dump({"changes": changes, "pages": []}, sys.stdout)
