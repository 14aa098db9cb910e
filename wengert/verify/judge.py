"""The parent's side of the judge: start the child, ask, and read its answers until a deadline.

It changes when the protocol between parent and child changes. Loads neither sympy nor mpmath. A request is one JSON object:

    nodes, inputs [[name, root or null]], definitions [[name, root]], outputs, wrt, seed {name: root} or null, at_point,
    orders [[name, name …] …], formulas {nodes, roots [[of, [wrt …], root or null]]},
    rules [{primitive, key, params, argument, nodes, source, partial}], options {terms, entries, digits},
    seconds (of processor time, after which the child is ended by the system)

`orders` are the multi-indices of higher order: two or more names of wrt each, repeated for d²/dx²; "seed", where there is one,
stands for its direction (["x", "seed"] is an entry of a Hessian-vector product), also in formulas, there as the last. With
`digits` (51 to 4000) the figures at the point are given with so many, right to 12 less, where the model is small enough for it;
else with 50: the length of an answer tells.

An answer is one of

    value       of, value                                     50 digits (or `digits`); null with a reason
    derivative  of, wrt, value, method                        wrt is ["seed"] along the seed
    direction   of, direction {x: rational}, value, method    instead of derivatives, for a model too large for single entries
    one_sided   of, wrt, left, right, method, reason, along   instead of derivative: where the sides differ, are infinite, or
                                                              null (a direction then has value null, and left and right);
                                                              of a higher order: limits along the name `along` (none: along
                                                              all of them), even equal ones where the reason forbids a value
    random      of, point, direction, value, slope, method    at random points inside the domain
    random_entry  of, wrt, point, value, slope, method        where the model has no point of its own
    rule        key, status, branches, reason                 status proved or open
    proof       of, wrt, status, branches, reason             status proved, open or skipped
    note        text, fatal                                   stopped: reason                 done: the last
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from wengert import ending

MEMORY = 672 << 20  # bytes of address space: sympy maps 350 MB and fills 60, and what is in use stays below half a gigabyte
_CODE = (
    "import sys; memory, cpu = int(sys.argv[1]), int(sys.argv[2]); sys.path[:] = sys.argv[3:]; "
    "from wengert.verify.child import main; main(memory, cpu)"
)


class Judge:
    """A witness in a process of its own. Use it as a context manager, or call `close`.

    Nothing here raises for a child that does not start, crashes or hangs: `answers` tells it.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._problem: str | None = "the judge was not started"
        self._asked = time.monotonic()
        self._seconds: float = 0

    def start(self, memory: int = MEMORY, cpu: int = 0) -> None:
        """Start the child (at once: it imports sympy meanwhile). `memory` in bytes, `cpu` in seconds; 0 for no limit."""
        self.close()
        self._answers = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE, str(memory), str(cpu), *sys.path],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            ending.leave(self._process, self._process.kill)
            threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        except (OSError, ValueError, RuntimeError, TypeError) as problem:
            self._problem = f"the judge could not be started: {problem}"
            self._kill()
            return
        self._problem = None

    def ask(self, request: dict[str, Any], seconds: float = 0) -> None:
        """Send a request; returns at once. Its answers come from `answers`. `seconds` of processor time are what it may take
        at most (0: no limit), also where this process is killed before it can end the child."""
        self._asked, self._seconds = time.monotonic(), seconds
        request = {**request, "seconds": seconds}
        if self._process is None:
            return
        try:
            line = json.dumps(request, separators=(",", ":")).encode() + b"\n"
            # A thread of its own: a child that already writes would otherwise wait for us, and we for it.
            threading.Thread(target=_write, args=(self._process, line), daemon=True).start()
        except RuntimeError as problem:
            self._problem = f"the judge could not be asked: {problem}"

    def answers(self, deadline: float) -> Iterator[dict[str, Any]]:
        """The answers as they come, until the last one or `deadline` (of `time.monotonic`); then the child is ended.

        After {"kind": "done"} the child lives on, for a further request.
        """
        if self._process is None or self._problem is not None:
            yield {"kind": "note", "text": self._problem or "the judge was stopped", "fatal": True}
            return
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self._kill()
                seconds = self._seconds or max(0.0, deadline - self._asked)
                self._problem = f"the budget of {seconds:.3g} s ran out (--budget gives more)"
                yield {"kind": "stopped", "reason": self._problem}
                return
            if answer is None:
                self._problem = self._cause()
                self._kill()
                yield {"kind": "stopped", "reason": self._problem}
                return
            yield answer
            if answer.get("kind") == "stopped":
                self._problem = str(answer["reason"])
                self._kill()
                return
            if answer.get("kind") == "done":
                return

    def close(self) -> None:
        """End the child and reap it; may be called twice."""
        self._kill()
        self._problem = self._problem or "the judge was closed"

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            process.wait(timeout=5)
        ending.taken(process)
        # stdin only: closing stdout while the listening thread reads it would wait for that thread's lock.
        if process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.close()

    def _cause(self) -> str:
        code: int | None = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(timeout=1)
        if code is not None and code < 0:
            return f"the judge was ended by signal {-code} (a limit of time or memory)"
        return f"the judge ended early (exit status {code})"


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    stream = process.stdout
    if stream is None:
        answers.put(None)
        return
    with contextlib.suppress(OSError, ValueError), stream:
        for line in stream:
            answers.put(json.loads(line))
    answers.put(None)


def _write(process: subprocess.Popen[bytes], line: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            process.stdin.write(line)
            process.stdin.flush()
