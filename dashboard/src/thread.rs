//! Checks configurations in a thread of the browser's own, so that typing never waits. It is the same program as the page's: what it
//! alone needs is fetched there, and with the first question.

use ferrogw_dashboard::checking::{Answer, Message, Question, answer};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What a thread is to itself.
#[derive(Clone)]
pub(crate) struct Scope(DedicatedWorkerGlobalScope);

impl Scope {
    /// This thread, if it is not the page's.
    pub(crate) fn here() -> Option<Self> {
        js_sys::global().dyn_into().ok().map(Self)
    }

    /// Says that it is there, then answers whatever is asked.
    pub(crate) fn serve(self) {
        let scope = self.clone();
        let asked = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let question = event.data().as_string().and_then(|text| serde_json::from_str::<Question>(&text).ok());
            let scope = scope.clone();
            if let Some(question) = question {
                let number = question.number;
                spawn_local(async move {
                    scope.tell(&checked(question).await.map_or(Message::Unchecked(number), Message::Checked));
                });
            }
        });
        self.0.set_onmessage(Some(asked.as_ref().unchecked_ref()));
        // It listens as long as the thread lives.
        asked.forget();
        self.tell(&Message::Ready);
    }

    fn tell(&self, message: &Message) {
        if let Ok(text) = serde_json::to_string(message) {
            let _ = self.0.post_message(&JsValue::from_str(&text));
        }
    }
}

#[wasm_split(check, fallible)]
fn checked(question: Question) -> Result<Answer, SplitLoaderError> {
    Ok(answer(&question))
}
