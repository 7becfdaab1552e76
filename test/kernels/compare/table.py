"""The figures of a comparison as a table in Markdown."""

import cells

TITLES = {"numalab": "numalab", "tslab": "tslab", "deno": "Deno", "python3": "ipykernel"}


def milliseconds(seconds) -> str:
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 20 else f"{value:.0f} ms"


def mebibytes(figure) -> str:
    return f"{figure / 2**20:.0f} MiB"


def interrupted(kind):
    def text(figures):
        one = figures["interrupts"][kind]
        if not one["is_alive"]:
            return "kernel hangs or dies"
        if one["seconds"] is None:
            return "no reply"
        return milliseconds(one["seconds"]) + ("" if one["is_kept"] else ", variables lost")

    return text


ROWS = {
    "start to `kernel_info`": lambda f: milliseconds(f["start"]),
    "first `1 + 1`": lambda f: milliseconds(f["first"]),
    "warm `1 + 1`": lambda f: milliseconds(f["warm"]),
    "a typed cell, first 20 → last 20 of 400": lambda f: " → ".join(milliseconds(f["memory"][key]) for key in ("first_seconds", "last_seconds")),
    "memory after 1 → 100 → 400 cells": lambda f: " → ".join(mebibytes(f["memory"][key]) for key in ("0", "100", "400")),
    "of it, the process that runs the cells": lambda f: mebibytes(f["memory"]["runner"]),
    "500,000 lines printed: arrive": lambda f: f"{f['lines']['lines']:,}" + ("" if f["lines"]["is_idle"] else ", then hangs"),
    **{f"interrupt: {kind}": interrupted(kind) for kind in cells.typescript.interrupted},
    "ES module that awaits at its top level": lambda f: {True: "loads", False: "fails", None: "–"}[f["language"]["imported"]],
    "a function sees a variable's later value": lambda f: "yes" if f["language"]["closure"] == "10" else f"no, it sees {f['language']['closure']}",
    "an error on line 7 is said to be on line": lambda f: str(f["language"]["line"] or "none"),
    "native abort in a cell": lambda f: "error reply, goes on" if f["crash"]["is_alive"] else "kernel dies",
    "of 2 children, left after shutdown · kill -9": lambda f: f"{f['children']['end']} · {f['children']['kill']}",
}


def table(figures: dict) -> str:
    """A row a question, a column a kernel."""
    names = list(figures)
    lines = ["| | " + " | ".join(TITLES[name] for name in names) + " |", "|---" * (len(names) + 1) + "|"]
    for title, text in ROWS.items():
        lines.append(f"| {title} | " + " | ".join(text(figures[name]) for name in names) + " |")
    return "\n".join(lines)
