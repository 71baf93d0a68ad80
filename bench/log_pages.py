"""What the dashboard's pages ask the admin API, over the seeded rows: `(page, what, path)`."""

import urllib.parse
from datetime import datetime, timedelta, timezone

from log_rows import ALIAS, COMMON, RARE

RANGES = {"15 minutes": 15, "6 hours": 360, "24 hours": 1440, "36 hours": 2160, "7 days": 10_080, "30 days": 43_200, "90 days": 129_600}


def path(address, **parameters):
    """Parameters with `None` are left out."""
    said = {name: value for name, value in parameters.items() if value is not None}
    return f"{address}?{urllib.parse.urlencode(said)}" if said else address


class Known:
    """What is looked for: names, ids and places of rows that are there."""

    def __init__(self, cluster, end_us, keys):
        self.end, self.keys = datetime.fromtimestamp(end_us / 1e6, timezone.utc), keys
        place = lambda share: f"started_us >= {end_us - int(share * 30 * 86_400_000_000)} ORDER BY started_us LIMIT 1"
        one = lambda what, share: cluster.sql(f"SELECT {what} FROM request_log WHERE {place(share)}")[0]
        self.middle, self.oldest = (self.cursor(*one("started_us, id", share)) for share in [0.5, 0.999])
        self.record, self.request = one("id, request_id", 0.4)

    @staticmethod
    def cursor(started_us, record):
        return f"{started_us}.{record.replace('-', '')}"

    def since(self, minutes):
        return (self.end - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def overview(known):
    """Charts have 72 steps, and lists cover the same range; one of 36 hours, which somebody may type, is made of minutes."""
    now = known.since(0)
    usage = lambda minutes, points, group=None: path(
        "/admin/usage", since=known.since(minutes), until=now, points=points, group_by=group
    )
    yield "Overview", "what is wrong, 15 minutes", usage(15, 1)
    for name, minutes in RANGES.items():
        yield "Overview", f"charts, {name}", usage(minutes, 72)
    for name in ["15 minutes", "24 hours", "36 hours", "7 days", "30 days"]:
        for group in ["model", "provider", "key"]:
            yield "Overview", f"list by {group}, {name}", usage(RANGES[name], 72, group)
    yield "Overview", "health", "/admin/health"


def requests(known):
    busy, quiet = known.keys[0], known.keys[-1]
    for name in ["24 hours", "30 days"]:
        logs = lambda **said: path("/admin/logs", limit=50, since=known.since(RANGES[name]), **said)
        asked = {
            "newest": logs(),
            "a model": logs(model=COMMON[1]),
            "a rare model": logs(model=RARE[1]),
            "an alias of models": logs(model=ALIAS),
            "a provider": logs(provider=COMMON[0]),
            "a busy key": logs(api_key_id=busy),
            "a quiet key": logs(api_key_id=quiet),
            "without a key": logs(api_key_id="none"),
            "answered": logs(status="ok"),
            "failed": logs(status="error"),
            "4xx": logs(status="4xx"),
            "5xx": logs(status="5xx"),
            "429": logs(status="429"),
            "streamed": logs(stream="true"),
            "a model, streamed": logs(model=COMMON[1], stream="true"),
            "a model of another provider": logs(model=COMMON[1], provider="anthropic"),
            "a busy key, a rare model": logs(api_key_id=busy, model=RARE[1]),
            "a busy key, 5xx": logs(api_key_id=busy, status="5xx"),
            "a provider, failed, streamed": logs(provider=COMMON[0], status="error", stream="true"),
            "a target": logs(target=COMMON[0]),
            "four characters of a request id": logs(q=known.request[:4]),
            "a whole request id": logs(q=known.request),
            "four characters that all records begin with": logs(q=known.record[:4]),
            "nine characters of a record's id": logs(q=known.record[:9]),
            "a key's id": logs(q=busy),
            "an id that nobody has": logs(q="zzzz-none"),
            "four characters of a request id, failed": logs(q=known.request[:4], status="error"),
            "four characters of all records, 5xx": logs(q=known.record[:4], status="5xx"),
        }
        for what, address in asked.items():
            yield "Requests", f"{what}, {name}", address
    far = lambda cursor, **said: path("/admin/logs", limit=50, since=known.since(RANGES["30 days"]), cursor=cursor, **said)
    yield "Requests", "15 days back", far(known.middle)
    yield "Requests", "30 days back", far(known.oldest)
    yield "Requests", "15 days back, a model", far(known.middle, model=COMMON[1])
    yield "Requests", "15 days back, streamed", far(known.middle, stream="true")
    yield "Requests", "15 days back, 5xx", far(known.middle, status="5xx")
    yield "Requests", "15 days back, four characters of all records", far(known.middle, q=known.record[:4])
    yield "Requests", "one request", f"/admin/logs/{known.record}"


def keys(known):
    yield "Keys", "all", "/admin/keys"
    yield "Keys", "by use", "/admin/keys/usage?limit=100"
    for what, key in [("a busy key", known.keys[0]), ("a quiet key", known.keys[-1])]:
        yield "Keys", f"{what}, its 30 days", path("/admin/usage", since=known.since(43_200), points=60, api_key_id=key)


def others(known):
    stats = lambda **said: path("/admin/logs/stats", **said)
    day, month = known.since(1440), known.since(43_200)
    yield "Workers", "all", "/admin/workers"
    yield "Providers", "all", "/admin/providers"
    yield "Providers", "catalog", "/admin/providers/catalog"
    yield "History", "versions", "/admin/config/history"
    yield "Sessions", "all", "/admin/sessions"
    yield "Audit", "30 days", path("/admin/audit", limit=50, since=month)
    yield "Audit", "an action, 30 days", path("/admin/audit", limit=50, since=month, action="key.rotate")
    yield "Audit", "denied, 30 days", path("/admin/audit", limit=50, since=month, outcome="denied")
    yield "API only", "figures of the overview", "/admin/dashboard"
    yield "API only", "statistics, for ever", stats()
    yield "API only", "statistics, 24 hours, 60 points", stats(since=day, buckets=60)
    yield "API only", "statistics, 30 days, 60 points", stats(since=month, buckets=60)
    yield "API only", "statistics of a model", stats(since=month, buckets=60, model=COMMON[1])
    yield "API only", "statistics of an alias", stats(since=month, buckets=60, model=ALIAS)
    yield "API only", "statistics of a provider", stats(since=month, buckets=60, provider=COMMON[0])
    yield "API only", "statistics of failures", stats(since=month, buckets=60, stage="on_error")
    yield "API only", "statistics of successes", stats(since=month, buckets=60, stage="after_request")


def questions(known):
    return [question for page in [overview, requests, keys, others] for question in page(known)]
