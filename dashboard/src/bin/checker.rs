//! Checks configurations in a thread of the browser's own. On other targets there is nothing to do.

fn main() {
    #[cfg(target_arch = "wasm32")]
    thread::serve();
}

#[cfg(target_arch = "wasm32")]
mod thread {
    use ferrogw_dashboard::checking::{Message, Question, answer};
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::JsValue;
    use wasm_bindgen::closure::Closure;
    use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

    /// Says what is understood here, then answers whatever is asked.
    pub(crate) fn serve() {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        tell(&scope, &Message::Ready(ferrogw_config::schema::schema()));
        let asked = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
            let question = event.data().as_string().and_then(|text| serde_json::from_str::<Question>(&text).ok());
            if let Some(question) = question {
                tell(&scope, &Message::Checked(answer(&question)));
            }
        });
        scope.set_onmessage(Some(asked.as_ref().unchecked_ref()));
        // It listens as long as the thread lives.
        asked.forget();
    }

    fn tell(scope: &DedicatedWorkerGlobalScope, message: &Message) {
        if let Ok(text) = serde_json::to_string(message) {
            let _ = scope.post_message(&JsValue::from_str(&text));
        }
    }
}
