// Checks configurations in a thread of its own, so that typing never waits.
import start from "{{glue}}";

start({ module_or_path: "{{wasm}}" });
