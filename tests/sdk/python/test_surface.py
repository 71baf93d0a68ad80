"""Models, embeddings, and errors as the SDK's exceptions."""

import openai
import pytest


def ask(text):
    return [{"role": "user", "content": text}]


def test_models_are_listed(client):
    models = {model.id: model for model in client.models.list()}

    assert {"gpt-4o-mini", "claude-haiku-4-5"} <= models.keys()
    assert (models["gpt-4o-mini"].owned_by, models["claude-haiku-4-5"].owned_by) == ("openai", "anthropic")


def test_a_model_is_retrieved(client):
    assert client.models.retrieve("gpt-4o-mini").id == "gpt-4o-mini"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("a-model-that-is-not-there")


def test_embeddings_are_made(client):
    answer = client.embeddings.create(model="text-embedding-3-small", input="Embed me", encoding_format="float")

    assert answer.data[0].embedding == [0.5, -0.25, 0.125]


def test_a_wrong_key_is_an_authentication_error(client):
    with pytest.raises(openai.AuthenticationError) as caught:
        client.with_options(api_key="sk-ferro-wrong").chat.completions.create(model="gpt-4o-mini", messages=ask("Say hello"))

    assert (caught.value.status_code, caught.value.code) == (401, "invalid_api_key")
    assert caught.value.request_id


def test_a_model_that_nobody_serves_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as caught:
        # The catalog knows it as another provider's, and no target is that provider's.
        client.chat.completions.create(model="mistral-large-latest", messages=ask("Say hello"))

    assert caught.value.code == "model_not_found"


def test_a_providers_refusal_is_a_bad_request(client, model):
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=model, messages=ask("Be refused"), max_tokens=50)

    assert "temperature is too high" in caught.value.message
    assert caught.value.type == "invalid_request_error"


def test_a_rate_limit_says_when_to_come_back(client, model):
    with pytest.raises(openai.RateLimitError) as caught:
        client.chat.completions.create(model=model, messages=ask("Be limited"), max_tokens=50)

    assert caught.value.response.headers["retry-after"] == "3"
    assert "Slow down" in caught.value.message


def test_a_providers_trouble_is_a_bad_gateway(client, model):
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model=model, messages=ask("Break down"), max_tokens=50)

    assert caught.value.status_code == 502
    assert isinstance(caught.value.body, dict) and {"message", "type", "param", "code"} <= caught.value.body.keys()


def test_a_refusal_of_a_stream_is_an_exception_before_the_first_chunk(client, model):
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=model, messages=ask("Be refused"), max_tokens=50, stream=True)
