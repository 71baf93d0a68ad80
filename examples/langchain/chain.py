"""A chain, and a model that may call a tool. The gateway is one more OpenAI to LangChain."""

import os

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    base_url=os.environ["FERROGW_URL"] + "/v1",
    api_key=os.environ["FERROGW_KEY"],
    model=os.environ.get("FERROGW_MODEL", "demo"),
)

chain = ChatPromptTemplate.from_messages([("user", "Translate to French: {text}")]) | model
print(chain.invoke({"text": "Good morning"}).content)


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"18 °C and sunny in {city}"


calls = model.bind_tools([get_weather]).invoke("What is the weather in Paris?").tool_calls
print("asked for", [call["name"] for call in calls])
