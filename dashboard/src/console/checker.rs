//! The thread that checks configurations. It is loaded when it is first needed.

use ferrogw_config::Syntax;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::browser;
use ferrogw_dashboard::checking::{Answer, Message, Question};

/// The thread, and what it said.
#[derive(Clone, Copy)]
pub(crate) struct Checker {
    thread: StoredValue<Option<Thread>, LocalStorage>,
    number: StoredValue<u32>,
    ready: StoredValue<bool>,
    /// The last question, for a thread that was not ready to hear it.
    asked: StoredValue<String>,
    /// The answer to the last question.
    pub(crate) answer: RwSignal<Option<Answer>>,
    /// Whether an answer is awaited.
    pub(crate) busy: RwSignal<bool>,
}

struct Thread {
    worker: Worker,
    _said: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Checker {
    /// Starts it; it ends with the part that started it.
    pub(crate) fn start() -> Self {
        let checker = Self {
            thread: StoredValue::new_local(None),
            number: StoredValue::new(0),
            asked: StoredValue::new(String::new()),
            answer: RwSignal::new(None),
            ready: StoredValue::new(false),
            busy: RwSignal::new(false),
        };
        if let Ok(thread) = checker.thread() {
            checker.thread.set_value(Some(thread));
        }
        checker
    }

    /// Asks what is wrong with a text. An earlier question that is not answered yet is forgotten.
    pub(crate) fn ask(self, text: &str, syntax: Syntax) {
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        self.busy.set(true);
        let question = Question { number, json: syntax == Syntax::Json, text: text.to_owned() };
        self.asked.set_value(serde_json::to_string(&question).unwrap_or_default());
        if self.ready.get_value() {
            self.tell();
        }
    }

    fn tell(self) {
        let text = self.asked.with_value(|text| JsValue::from_str(text));
        self.thread.with_value(|thread| {
            if let Some(thread) = thread {
                let _ = thread.worker.post_message(&text);
            }
        });
    }

    fn thread(self) -> Result<Thread, JsValue> {
        let script = browser::meta("ferrogw-check").unwrap_or_default();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script, &options)?;
        let said = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let message = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(message) = message {
                self.hear(message);
            }
        });
        worker.set_onmessage(Some(said.as_ref().unchecked_ref()));
        Ok(Thread { worker, _said: said })
    }

    fn hear(self, message: Message) {
        match message {
            Message::Ready => {
                self.ready.set_value(true);
                self.tell();
            }
            Message::Checked(answer) if self.number.try_get_value() == Some(answer.number) => {
                self.busy.set(false);
                self.answer.set(Some(answer));
            }
            Message::Unchecked(number) if self.number.try_get_value() == Some(number) => self.busy.set(false),
            Message::Checked(_) | Message::Unchecked(_) => {}
        }
    }
}
