"""What clients saw beside what PostgreSQL holds."""

import collections
import dataclasses
import time

from composition import wait_until

# A record is on the worker's disk this long after the request's end; the clock of the kill is read a little late.
WINDOW = 0.020
READING = 0.015


@dataclasses.dataclass
class Row:
    """One phase of the table."""

    requests: int = 0
    failed: int = 0
    in_flight: int = 0
    lost: int = 0
    in_window: int = 0
    doubled: int = 0
    asked_twice: int = 0

    def excused(self):
        """Whether nothing went wrong but what a killed worker had in its hands."""
        return self.failed == self.in_flight and self.lost == self.in_window and not self.doubled and not self.asked_twice


def settled(composition):
    """How often each request is in the log, once no more records arrive."""
    def count():
        return composition.sql("SELECT count(*) FROM request_log")[0][0]

    def still():
        before = count()
        time.sleep(4)
        return before == count()

    wait_until("no more records arrive", still, 120)
    rows = composition.sql("SELECT request_id, count(*) FROM request_log GROUP BY request_id")
    return {request: int(times) for request, times in rows}


def table(requests, recorded, asked, kills):
    """A row per phase. `kills` are the instants at which a worker was killed."""
    rows = collections.defaultdict(Row)
    for request in requests:
        row = rows[request.phase]
        times = recorded.get(request.id, 0)
        row.requests += 1
        row.doubled += times > 1
        row.asked_twice += asked[request.id] > 1
        if request.error:
            row.failed += 1
            row.in_flight += any(request.was_under_way(kill) for kill in kills)
        elif times == 0:
            row.lost += 1
            row.in_window += any(-READING <= kill - request.ended <= WINDOW + READING for kill in kills)
    return rows


def render(rows):
    head = f"{'phase':44} {'requests':>8} {'failed':>6} {'of them in':>10} {'records':>7} {'of them in':>10} {'records':>7} {'provider':>8}"
    under = f"{'':44} {'':>8} {'':>6} {'flight':>10} {'lost':>7} {'20 ms':>10} {'doubled':>7} {'asked 2x':>8}"
    lines = [head, under]
    for phase, row in rows.items():
        lines.append(
            f"{phase:44} {row.requests:8} {row.failed:6} {row.in_flight:10} {row.lost:7} {row.in_window:10} {row.doubled:7} "
            f"{row.asked_twice:8}{'' if row.excused() else '  <- not excused'}"
        )
    return "\n".join(lines)
