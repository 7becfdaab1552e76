"""One running kernel, asked by the reference client."""

import re
import signal
import time
from dataclasses import dataclass, field
from subprocess import DEVNULL

import psutil
import zmq
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager


@dataclass
class Outcome:
    """What a cell gave; `status` is None when no reply came in time."""

    status: str | None = None
    is_idle: bool = False
    seconds: float = 0.0
    text: str = ""  # of streams, results and errors, the first megabyte
    lines: int = 0  # of streams


@dataclass
class Kernel:
    name: str
    specs: str
    folder: str
    manager: KernelManager = field(init=False)
    start_seconds: float = field(init=False)

    def __post_init__(self):
        specs = KernelSpecManager(kernel_dirs=[self.specs], ensure_native_kernel=False)
        self.manager = KernelManager(kernel_name=self.name, kernel_spec_manager=specs)
        started = time.perf_counter()
        self.manager.start_kernel(cwd=self.folder, stdout=DEVNULL, stderr=DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=60)
        self.start_seconds = time.perf_counter() - started
        self.client.wait_for_ready(timeout=60)
        self.poller = zmq.Poller()
        for channel in (self.client.shell_channel, self.client.iopub_channel):
            self.poller.register(channel.socket, zmq.POLLIN)

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.manager.provisioner.pid)

    def execute(self, code: str, limit: float = 15, after_start=None) -> Outcome:
        """Runs a cell; `after_start` is called 0.4 s into it, and the time counts from there."""
        outcome, started = Outcome(), time.perf_counter()
        sent = self.client.execute(code)
        if after_start is not None:
            time.sleep(0.4)
            started = time.perf_counter()
            after_start()
        while not (outcome.status and outcome.is_idle) and time.perf_counter() < started + limit:
            ready = dict(self.poller.poll(200))
            if self.client.shell_channel.socket in ready:
                self._read_reply(sent, outcome, started)
            if self.client.iopub_channel.socket in ready:
                self._read_output(sent, outcome)
            if not ready and not self.manager.is_alive():
                break
        return outcome

    def _read_output(self, sent: str, outcome: Outcome) -> None:
        message = self.client.get_iopub_msg()
        if message["parent_header"].get("msg_id") != sent:
            return
        kind, content = message["msg_type"], message["content"]
        if kind == "status":
            outcome.is_idle = content["execution_state"] == "idle"
        elif kind == "stream":
            outcome.lines += content["text"].count("\n")
            outcome.text += content["text"] if len(outcome.text) < 1e6 else ""
        elif kind in ("execute_result", "display_data"):
            outcome.text += str(content["data"].get("text/plain", ""))
        elif kind == "error":
            outcome.text += "\n".join([content["ename"], content["evalue"], *content["traceback"]])

    def _read_reply(self, sent: str, outcome: Outcome, started: float) -> None:
        reply = self.client.get_shell_msg()
        if reply["parent_header"].get("msg_id") == sent:
            outcome.status = reply["content"]["status"]
            outcome.seconds = time.perf_counter() - started

    def answers(self) -> bool:
        """Whether a cell still runs, once the kernel has had time to tidy up."""
        time.sleep(0.5)
        return self.manager.is_alive() and self.execute("1 + 1", limit=8).status == "ok"

    def memory_bytes(self) -> int:
        """The proportional share of memory of the kernel and its children."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_full_info().pss for process in processes)

    def runner_memory_bytes(self, print_process_id: str) -> int:
        """The same, of the process that runs the cells alone."""
        found = re.search(r"\d+", self.execute(print_process_id).text)
        return psutil.Process(int(found[0])).memory_full_info().pss

    def end(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=False)

    def kill(self) -> None:
        if self.manager.is_alive():
            self.process.send_signal(signal.SIGKILL)
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
