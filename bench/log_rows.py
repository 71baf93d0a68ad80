"""Millions of logged requests, and what they add up to, written by SQL.

What the control plane would have written row by row: requests spread evenly over 30 days, of 200 keys of which some are busy and most
are not, each with six models it likes; 3 % fail, 2 % have no key, 1 % ask for a model by another name, half are streamed. Roll-ups are
counted from the rows, a day at a time, and stand in the table in the order of their time, as they would have come. Minutes are summed
for the days in which they are read; older ones would lie in the same table and be passed by.
"""

import concurrent.futures
import shutil
import time

DAYS = 30
MINUTES_KEPT = 8
KEYS = 200
BATCH = 500_000
AUDITED = 100_000
JOBS = 2
DISK = 12 * 10**9

MODELS = {
    "openai": "gpt-4o gpt-4o-mini gpt-4.1 gpt-4.1-mini gpt-4.1-nano o3 o3-mini o4-mini gpt-5 gpt-5-mini",
    "anthropic": "claude-opus-4-1 claude-sonnet-4-5 claude-haiku-4-5 claude-3-7-sonnet-latest claude-3-5-sonnet-latest "
    "claude-3-5-haiku-latest claude-3-opus-latest",
    "gemini": "gemini-2.5-pro gemini-2.5-flash gemini-2.5-flash-lite gemini-2.0-flash gemini-2.0-flash-lite gemini-1.5-pro "
    "gemini-1.5-flash",
    "groq": "llama-3.1-8b-instant llama-3.3-70b-versatile openai/gpt-oss-20b openai/gpt-oss-120b qwen/qwen3-32b gemma-7b-it",
    "mistral": "mistral-large-latest mistral-medium-latest mistral-small-latest codestral-latest ministral-8b-latest",
    "deepseek": "deepseek-chat deepseek-reasoner deepseek-coder deepseek-v3 deepseek-r1",
}
NAMES = [(provider, model) for provider, models in MODELS.items() for model in models.split()]
# The busiest key's first model and one that hardly anybody uses.
COMMON, RARE = NAMES[0], ("deepseek", "deepseek-v4-pro")
ALIAS = "fast"

# What failed: status, class and message of equal shares.
FAILURES = [
    (429, "rate_limited", "Rate limit reached for this model; try again in 20 s."),
    (429, "rate_limited", "Quota of the organisation is used up."),
    (500, "upstream_error", "The server had an error while processing the request."),
    (502, "upstream_unreachable", "The connection was closed before the answer was complete."),
    (503, "overloaded", "The model is overloaded."),
    (504, "timeout", "No answer within 60 s."),
    (400, "invalid_request", "The maximum context length is 128000 tokens."),
    (401, "unauthorized", "The credential was refused."),
]

EVERYTHING = "ffffffff-ffff-ffff-ffff-fffffffffffe"
ALL_KEYS = "ffffffff-ffff-ffff-ffff-ffffffffffff"
KINDS = ["key_id", f"'{ALL_KEYS}'::uuid", f"'{EVERYTHING}'::uuid"]
NO_KEY = "00000000-0000-0000-0000-000000000000"
WORKERS = [f"0199aaaa-0000-7000-8000-{number:012d}" for number in range(8)]


def texts(values):
    return "(ARRAY[" + ",".join("'" + str(value).replace("'", "''") + "'" for value in values) + "])"


def batch(first, last, rows, begin_us, keys):
    """Inserts the rows from `first` to before `last` of `rows` in all."""
    step = DAYS * 86_400_000_000 / rows
    seed = (first / rows) * 2 - 1
    providers, models = texts([p for p, _ in NAMES] + [RARE[0]]), texts([m for _, m in NAMES] + [RARE[1]])
    statuses = texts([f[0] for f in FAILURES])
    return f"""
SELECT setseed({seed});
INSERT INTO request_log (id, worker_id, request_id, started_us, duration_us, first_content_us, surface, requested_model, model,
    provider, target, key_id, status, stream, client_gone, finish_reason, error_class, error_code, error_message, input, cache_read,
    cache_write, cache_write_1h, output, reasoning, audio_input, audio_output, cost_nanos, price_rule, attempts, generation, repairs,
    stored_us)
WITH drawn AS (
    SELECT n, ({begin_us} + n * {step} + random() * {step} * 0.9)::bigint AS started, md5(n::text) AS dust,
        floor({KEYS} * random() ^ 2)::int AS key, random() AS fate, random() < 0.5 AS stream, random() AS part,
        (exp(13.9 + 0.9 * sqrt(-2 * ln(1 - random())) * cos(6.2831853 * random())))::bigint AS took,
        (200 + 3000 * random() ^ 3)::bigint AS input, (20 + 900 * random() ^ 2)::bigint AS output,
        floor(6 * random() ^ 2)::int AS liked, random() AS oddity, floor({len(FAILURES)} * random())::int + 1 AS fault
    FROM generate_series({first}, {last - 1}) AS n
), told AS (
    SELECT *, CASE WHEN oddity < 0.00001 THEN {len(NAMES) + 1} ELSE (key * 7 + liked) % {len(NAMES)} + 1 END AS model,
        fate < 0.03 AS failed, (input * part * 0.5)::bigint AS cached
    FROM drawn
), named AS (
    SELECT *, {providers}[model] AS provider_name, {models}[model] AS model_name,
        CASE WHEN failed THEN {statuses}[fault] ELSE '200' END AS status_text,
        CASE WHEN failed THEN {texts([f[1] for f in FAILURES])}[fault] END AS class,
        CASE WHEN failed THEN {texts([f[2] for f in FAILURES])}[fault] END AS message
    FROM told
)
SELECT (lpad(to_hex(started / 1000), 12, '0') || '7' || substr(dust, 1, 3) || '8' || substr(dust, 4, 15))::uuid,
    {texts(WORKERS)}[n % {len(WORKERS)} + 1]::uuid, md5('request' || n)::uuid::text, started, took,
    CASE WHEN stream AND NOT failed THEN greatest(1, (took * (0.05 + 0.4 * part))::bigint) END,
    'chat_completions', CASE WHEN oddity > 0.99 THEN '{ALIAS}' ELSE model_name END, model_name, provider_name, provider_name,
    CASE WHEN fate BETWEEN 0.03 AND 0.05 THEN NULL ELSE {texts(keys)}[key + 1]::uuid END,
    status_text::int, stream, fate > 0.995, CASE WHEN NOT failed THEN 'stop' END, class, class, message,
    CASE WHEN NOT failed THEN input - cached END, CASE WHEN NOT failed THEN cached END, CASE WHEN NOT failed THEN 0 END,
    CASE WHEN NOT failed THEN 0 END, CASE WHEN NOT failed THEN output END, CASE WHEN NOT failed THEN 0 END,
    CASE WHEN NOT failed THEN 0 END, CASE WHEN NOT failed THEN 0 END,
    CASE WHEN NOT failed AND part > 0.01 THEN (input * 400 + output * 1600) * (1 + model % 9) END,
    CASE WHEN NOT failed AND part > 0.01 THEN 'catalog:' || provider_name || '/' || model_name END,
    '[{{"target":"' || provider_name || '","provider":"' || provider_name || '","model":"' || model_name || '","status":' || status_text
        || ',"outcome":"' || coalesce(class, 'ok') || CASE WHEN failed THEN '","message":"' || message ELSE '' END
        || '","started_us":180,"duration_us":' || took - 200 || '}}]',
    1, 0, (started + took) / 500000 * 500000 + 500000
FROM named
"""


def bucket(column):
    """The bucket of the control plane's histogram: eighths of an octave. The nudge mends powers of two, whose logarithm is inexact."""
    return f"floor(8 * ln(greatest({column}, 1)::float8) / ln(2::float8) + 1e-12)::int"


def rolled(source, key, micros, grain):
    """One grain of a day's roll-ups, for each key, for all keys or for everything."""
    names = "''::text AS provider, ''::text AS model" if EVERYTHING in key else "provider, model"
    place = f"{key} AS key_id, {grain} AS grain, minute - minute % {micros} AS start_us, {names}"

    def histogram(column, name):
        return f"""(SELECT key_id, start_us, provider, model, string_agg(bucket || ':' || number, ' ' ORDER BY bucket) AS {name} FROM (
            SELECT {place}, {column} AS bucket, count(*) AS number FROM {source} WHERE {column} IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5, 6) AS counted GROUP BY 1, 2, 3, 4) AS {name}"""

    sums = ["input", "cache_read", "cache_write", "cache_write_1h", "output", "reasoning", "audio_input", "audio_output", "cost_nanos"]
    added = ", ".join(f"coalesce(sum({column}), 0)::bigint AS {column}" for column in sums)
    failed = lambda column: f"coalesce(sum({column}) FILTER (WHERE failed), 0)::bigint"
    return f"""
SELECT key_id, grain, start_us, provider, model, requests, failures, {", ".join(sums)}, unpriced, failed_prompt, failed_output,
    failed_cost_nanos, failed_unpriced, duration_sum_us, duration_max_us, first_content_sum_us, first_content_max_us,
    coalesce(durations, ''), coalesce(first_contents, '')
FROM (SELECT {place}, count(*) AS requests, count(*) FILTER (WHERE failed) AS failures, {added},
        count(*) - count(cost_nanos) AS unpriced, {failed("input + cache_read + cache_write + cache_write_1h")} AS failed_prompt,
        {failed("output")} AS failed_output, {failed("cost_nanos")} AS failed_cost_nanos,
        count(*) FILTER (WHERE failed AND cost_nanos IS NULL) AS failed_unpriced,
        sum(duration_us)::bigint AS duration_sum_us, max(duration_us) AS duration_max_us,
        coalesce(sum(first_content_us), 0)::bigint AS first_content_sum_us, coalesce(max(first_content_us), 0) AS first_content_max_us
    FROM {source} GROUP BY 1, 2, 3, 4, 5) AS added
LEFT JOIN {histogram("took", "durations")} USING (key_id, start_us, provider, model)
LEFT JOIN {histogram("began", "first_contents")} USING (key_id, start_us, provider, model)"""


def roll_up(day_us, minutes):
    """Counts one day's rows into the roll-ups of all grains."""
    grains = [(1, 3_600_000_000), (2, 86_400_000_000)] + ([(0, 60_000_000)] if minutes else [])
    parts = [rolled("day", key, micros, grain) for grain, micros in grains for key in KINDS]
    return f"""
CREATE TEMPORARY TABLE day AS SELECT coalesce(key_id, '{NO_KEY}') AS key_id, started_us - started_us % 60000000 AS minute, provider,
    model, error_class IS NOT NULL AS failed, input, cache_read, cache_write, cache_write_1h, output, reasoning, audio_input,
    audio_output, cost_nanos, duration_us, first_content_us, {bucket("duration_us")} AS took,
    CASE WHEN first_content_us IS NOT NULL THEN {bucket("first_content_us")} END AS began
FROM request_log WHERE started_us >= {day_us} AND started_us < {day_us + 86_400_000_000};
ANALYZE day;
INSERT INTO rollup (key_id, grain, start_us, provider, model, requests, failures, input, cache_read, cache_write, cache_write_1h, output,
    reasoning, audio_input, audio_output, cost_nanos, unpriced, failed_prompt, failed_output, failed_cost_nanos, failed_unpriced,
    duration_sum_us, duration_max_us, first_content_sum_us, first_content_max_us, durations, first_contents)
{" UNION ALL ".join(parts)} ORDER BY 3, 2, 1
"""


REST = f"""
INSERT INTO key_use SELECT key_id, sum(requests), 0, sum(cost_nanos), sum(unpriced) FROM rollup
    WHERE grain = 2 AND key_id NOT IN ('{EVERYTHING}', '{ALL_KEYS}', '{NO_KEY}') GROUP BY 1;
UPDATE key_use SET last_used_us = (SELECT max(started_us) FROM request_log WHERE request_log.key_id = key_use.key_id);
"""


def workers(now_us):
    rows = ", ".join(f"('{worker}', 'worker-{n}', 'bench', {now_us}, 1, 1, '[]', '{{}}')" for n, worker in enumerate(WORKERS))
    return f"INSERT INTO worker (id, name, build, last_seen_us, generation, key_revision, issues, report) VALUES {rows}"


def audited(begin_us):
    step = DAYS * 86_400_000_000 // AUDITED
    return f"""
INSERT INTO audit (id, at_us, action, actor, actor_id, target, outcome, detail, source_ip, request_id)
SELECT gen_random_uuid(), {begin_us} + n * {step}, {texts(["key.create", "key.update", "key.rotate", "config.update", "session.login"])}[n % 5 + 1],
    'operator-' || n % 20, 'operator-' || n % 20, md5((n % 500)::text)::uuid::text,
    CASE WHEN n % 50 = 0 THEN 'denied' ELSE 'ok' END, '{{}}', '10.0.0.1', md5(n::text)::uuid::text
FROM generate_series(0::bigint, {AUDITED - 1}) AS n"""


def enough_disk(cluster):
    if cluster.size() > DISK or shutil.disk_usage(cluster.folder).free < 2 * 10**9:
        raise SystemExit(f"bench: stopped, since the cluster takes {cluster.size() / 10**9:.1f} GB")


def each(cluster, statements, what, **settings):
    """Runs statements, as many at once as there are jobs."""
    began = time.monotonic()

    def run(statement):
        enough_disk(cluster)
        cluster.sql(statement, **settings)

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(run, statements))
    print(f"  {what}: {time.monotonic() - began:.0f} s", flush=True)


def fill(cluster, rows, keys, end_us):
    """Fills the tables that a control plane has made."""
    begin_us, tuned = end_us - DAYS * 86_400_000_000, {"work_mem": "256MB", "maintenance_work_mem": "1GB", "jit": "off"}
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'request_log' AND indexname <> 'request_log_pkey' ORDER BY 1"
    made = cluster.sql(indexes)
    # Indexes that are built at the end take a fraction of the time; the primary key is only ever appended to.
    cluster.sql("".join(f"DROP INDEX {name};" for name, _ in made))
    size = min(BATCH, -(-rows // 10))
    newest = rows * 99 // 100
    older = [batch(first, min(first + size, newest), rows, begin_us, keys) for first in range(0, newest, size)]
    each(cluster, older, "older rows", **tuned)
    # The newest hundredth is not vacuumed: autovacuum comes whenever so much of the table is new.
    cluster.sql("VACUUM request_log", **tuned)
    each(cluster, [batch(newest, rows, rows, begin_us, keys)], "newest rows", **tuned)
    each(cluster, [definition for _, definition in made], "indexes", **tuned)
    day = 86_400_000_000
    days = range(begin_us // day * day, end_us + day, day)
    each(cluster, [roll_up(at, at >= end_us - MINUTES_KEPT * day) for at in days], "roll-ups", **tuned)
    cluster.sql(REST + workers(end_us) + ";" + audited(begin_us), **tuned)
    cluster.sql("ANALYZE")
    cluster.sql("CHECKPOINT")
    return made
