"""The gateway under test comes from the environment; the end-to-end suite starts it and sets these variables."""

import json
import os
import time
import urllib.request

import openai
import pytest

OPENAI_MODEL = "gpt-4o-mini"
ANTHROPIC_MODEL = "claude-haiku-4-5"


@pytest.fixture(scope="session")
def url():
    return os.environ["FERROGW_TEST_URL"]


@pytest.fixture(scope="session")
def client(url):
    return openai.OpenAI(base_url=f"{url}/v1", api_key=os.environ["FERROGW_TEST_KEY"], max_retries=0, timeout=30)


@pytest.fixture(params=[OPENAI_MODEL, ANTHROPIC_MODEL], ids=["openai", "anthropic"])
def model(request):
    """Every test that takes this runs over both wires."""
    return request.param


@pytest.fixture(scope="session")
def recorded():
    """Waits for the one record with this request id."""

    def wait(request_id):
        address = os.environ["FERROGW_TEST_ADMIN_URL"] + "/admin/logs?limit=200"
        request = urllib.request.Request(address, headers={"Authorization": "Bearer " + os.environ["FERROGW_TEST_ADMIN_KEY"]})
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with urllib.request.urlopen(request) as answer:
                found = [entry for entry in json.load(answer)["data"] if entry["trace_id"] == request_id]
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"request {request_id} is not in the log")

    return wait
