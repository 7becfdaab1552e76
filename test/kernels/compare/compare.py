"""Compares TypeScript kernels, and ipykernel beside them, in one run: 
`.lab/bin/python test/kernels/compare/compare.py [kernel…]`.

Prints a table in Markdown, and keeps every figure in numalab-out/kernels.json. Deno comes from npm into a temporary folder.
Times are medians of interleaved rounds; everything else is asked once, of a fresh kernel.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

import cells
from kernel import Kernel
from table import table

ROOT = Path(__file__).resolve().parents[3]
DENO = "deno@2.9.6"
ROUNDS = 5
SETTLE_SECONDS = 3  # what a kernel starts beside its first cell has come to rest
KERNELS = {"numalab": cells.typescript, "tslab": cells.typescript, "deno": cells.deno, "python3": cells.python}


def run(*words, **options):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def install_kernels(scratch: Path) -> Path:
    """Writes the kernelspecs of all four; their folder."""
    node_cli = ROOT / "dist/sdk/cli/main.js"
    run("node", node_cli, "kernel", "install", "--prefix", scratch)
    run(sys.executable, "-m", "ipykernel", "install", "--prefix", scratch)
    run("npm", "install", "--no-audit", "--no-fund", "--prefix", scratch / "deno", DENO)
    program = next((scratch / "deno/node_modules/@deno").glob("*/deno"))
    specs = scratch / "share/jupyter/kernels"
    (specs / "deno").mkdir()
    argv = [str(program), "jupyter", "--kernel", "--conn", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Deno", "language": "typescript"}
    (specs / "deno/kernel.json").write_text(json.dumps(spec))
    return specs


def write_project(folder: Path) -> Path:
    """A notebook's folder, with an ES module package that awaits at its top level."""
    package = folder / "node_modules/awaiting"
    package.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"type": "module", "dependencies": {"awaiting": "1.0.0"}}))
    manifest = {"name": "awaiting", "version": "1.0.0", "type": "module", "exports": "./index.js"}
    (package / "package.json").write_text(json.dumps(manifest))
    (package / "index.js").write_text("export const answer = await Promise.resolve(42);\n")
    return folder


def sleepers(seconds: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if (process.info["cmdline"] or [""])[-1] == seconds]


class Comparison:
    def __init__(self, specs: Path, folder: Path):
        self.specs, self.folder = str(specs), str(folder)
        self.sleep_seconds = 100_000 + os.getpid()

    def start(self, name: str) -> Kernel:
        return Kernel(name, self.specs, self.folder)

    def times(self, name: str) -> dict:
        kernel, cell = self.start(name), KERNELS[name]
        first = kernel.execute(cell.one_plus_one).seconds
        time.sleep(SETTLE_SECONDS)
        warm = [kernel.execute(cell.one_plus_one).seconds for _ in range(120)][20:]
        kernel.end()
        return {"start": kernel.start_seconds, "first": first, "warm": median(warm)}

    def memory(self, name: str) -> dict:
        kernel, cell = self.start(name), KERNELS[name]
        kernel.execute(cell.one_plus_one)
        figures = {"0": kernel.memory_bytes()}
        seconds = []
        for i in range(1, 401):
            seconds.append(kernel.execute(cell.many.replace("{i}", str(i))).seconds)
            if i in (100, 400):
                figures[str(i)] = kernel.memory_bytes()
        figures["runner"] = kernel.runner_memory_bytes(cell.process_id)
        figures["first_seconds"], figures["last_seconds"] = median(seconds[5:25]), median(seconds[-20:])
        kernel.end()
        return figures

    def lines(self, name: str) -> dict:
        kernel = self.start(name)
        outcome = kernel.execute(KERNELS[name].lines, limit=120)
        kernel.end()
        return {"lines": outcome.lines, "is_idle": outcome.is_idle, "seconds": outcome.seconds}

    def interrupts(self, name: str) -> dict:
        return {kind: self.interrupt(name, code) for kind, code in KERNELS[name].interrupted.items()}

    def interrupt(self, name: str, code: str) -> dict:
        kernel, (declare, _) = self.start(name), KERNELS[name].closure
        kernel.execute(declare)
        outcome = kernel.execute(code, limit=10, after_start=kernel.manager.interrupt_kernel)
        is_alive = kernel.answers()
        is_kept = is_alive and "1" in kernel.execute("see()", limit=5).text
        kernel.kill()
        return {"seconds": outcome.seconds if outcome.status else None, "is_alive": is_alive, "is_kept": is_kept}

    def language(self, name: str) -> dict:
        kernel, cell = self.start(name), KERNELS[name]

        def shown(code: str) -> str:
            time.sleep(0.5)  # tslab drops what comes right after an error
            return re.sub(r"\x1b\[[0-9;]*m", "", kernel.execute(code).text).strip()

        shown(cell.closure[0])
        closure = shown(cell.closure[1])
        imported = None if cell.awaiting_import is None else "42" in shown(cell.awaiting_import)
        place = re.search(r":(\d+):\d+|line (\d+)", shown(cell.throws_at_7))
        kernel.end()
        line = None if place is None else int(place[1] or place[2])
        return {"imported": imported, "closure": closure, "line": line}

    def crash(self, name: str) -> dict:
        kernel = self.start(name)
        outcome = kernel.execute(KERNELS[name].crash, limit=6)
        is_alive = kernel.answers()
        kernel.kill()
        return {"status": outcome.status, "is_alive": is_alive}

    def children(self, name: str) -> dict:
        return {way: self.children_left(name, way) for way in ("end", "kill")}

    def children_left(self, name: str, way: str) -> int:
        self.sleep_seconds += 1
        seconds = str(self.sleep_seconds)
        kernel = self.start(name)
        code = KERNELS[name].children.replace("{seconds}", seconds)
        kernel.execute(code)
        if len(sleepers(seconds)) != 2:
            raise RuntimeError(f"{name} did not start two children")
        getattr(kernel, way)()
        time.sleep(1.5)
        left = sleepers(seconds)
        for process in left:
            process.kill()
        return len(left)

    def measure(self, names: list[str]) -> dict:
        rounds = [{name: self.times(name) for name in names} for _ in range(ROUNDS)]
        figures = {
            name: {key: median(one[name][key] for one in rounds) for key in ("start", "first", "warm")}
            for name in names
        }
        for step in (self.memory, self.lines, self.interrupts, self.language, self.crash, self.children):
            for name in names:
                figures[name][step.__name__] = step(name)
                print(f"{step.__name__} {name}: {figures[name][step.__name__]}", file=sys.stderr, flush=True)
        return figures


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        comparison = Comparison(install_kernels(scratch), write_project(scratch / "project"))
        figures = comparison.measure(sys.argv[1:] or list(KERNELS))
    (ROOT / "numalab-out").mkdir(exist_ok=True)
    (ROOT / "numalab-out/kernels.json").write_text(json.dumps(figures, indent=2))
    print(table(figures))


main()
