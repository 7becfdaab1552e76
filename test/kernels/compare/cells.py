"""What the compared kernels are asked to run: the same cells in TypeScript, for Deno and in Python."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cells:
    one_plus_one: str
    process_id: str
    lines: str  # 500,000 lines of 100 bytes
    many: str  # one of many small cells; `{i}` is its number
    awaiting_import: str | None  # prints 42; None where the language has no such thing
    closure: tuple[str, str]  # the second cell shows 10
    throws_at_7: str
    crash: str
    children: str  # starts `sleep {seconds}`, and one more in a session of its own
    interrupted: dict[str, str]


_FILL = "x" * 88

typescript = Cells(
    one_plus_one="1 + 1",
    process_id="console.log(process.pid)",
    lines=f'for (let i = 0; i < 500000; i++) console.log(String(i).padStart(10) + " {_FILL}");',
    many="const value{i}: number = {i};\nvalue{i} + 1",
    awaiting_import='import { answer } from "awaiting";\nconsole.log(answer);',
    closure=("let seen = 1;\nfunction see() { return seen; }", "seen = 10;\nsee()"),
    throws_at_7="interface Shape {\n  a: number;\n  b: string;\n}\n\nconst shape: Shape = { a: 1, b: '' };\nthrow new Error('no shape ' + shape.b);",
    crash="process.abort()",
    children='import { spawn } from "child_process";\n'
    'spawn("sleep", ["{seconds}"]).unref();\nspawn("sleep", ["{seconds}"], { detached: true, stdio: "ignore" }).unref();',
    interrupted={
        "sync loop": "while (true) {}",
        "pending await": "await new Promise(() => { setInterval(() => {}, 1000); });",
        "loop of timers": "while (true) await new Promise((resolve) => setTimeout(resolve, 20));",
        "loop of microtasks": "while (true) await null;",
        "busy loop after an await": "await new Promise((resolve) => setTimeout(resolve, 10));\nwhile (true) {}",
    },
)

deno = Cells(
    **{
        **typescript.__dict__,
        "process_id": "console.log(Deno.pid)",
        "crash": 'import process from "node:process";\nprocess.abort()',
        "children": typescript.children.replace('"child_process"', '"node:child_process"'),
    }
)

python = Cells(
    one_plus_one="1 + 1",
    process_id="import os\nprint(os.getpid())",
    lines=f'for i in range(500000): print(f"{{i:10d}} {_FILL}")',
    many="value{i}: int = {i}\nvalue{i} + 1",
    awaiting_import=None,
    closure=("seen = 1\ndef see(): return seen", "seen = 10\nsee()"),
    throws_at_7="a = 1\nb = 2\nc = 3\n\n\n\nraise ValueError('no shape')",
    crash="import os\nos.abort()",
    children="import subprocess\n"
    'subprocess.Popen(["sleep", "{seconds}"])\nsubprocess.Popen(["sleep", "{seconds}"], start_new_session=True)\nNone',
    interrupted={
        "sync loop": "while True: pass",
        "pending await": "import asyncio\nawait asyncio.Event().wait()",
        "loop of timers": "import asyncio\nwhile True: await asyncio.sleep(0.02)",
        "loop of microtasks": "import asyncio\nwhile True: await asyncio.sleep(0)",
        "busy loop after an await": "import asyncio\nawait asyncio.sleep(0.01)\nwhile True: pass",
    },
)
