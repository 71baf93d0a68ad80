//! Large bodies and streams on one core.

use std::pin::pin;
use std::sync::Arc;

use ferrogw_data_plane::serve::serve;
use ferrogw_llm::Operation;
use tokio::sync::Notify;

use crate::gateway::{Gateway, HI, MORE, STOP, TEXT, Told, post, single, streamed_hello};
use crate::provider::{Act, Provider, answer, stream};
use crate::streams::first_frame;

/// A core with a single thread beside it.
fn core() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build().expect("a runtime")
}

#[test]
fn a_large_body_leaves_the_streams_of_its_core_alone() {
    core().block_on(async {
        let word = Arc::new(Notify::new());
        let slow = stream(&[TEXT]).then(Act::Wait(Arc::clone(&word))).frames(&[MORE, STOP, "[DONE]"]).end();
        let provider = Provider::start([slow, answer(200, HI)]).await;
        let gateway = Gateway::start(&format!("max_request_bytes: 30000000\n{}", single(&provider, ""))).await;
        let mut streaming = gateway.send(Operation::Chat, post(streamed_hello().to_string())).await;
        assert!(first_frame(&mut streaming).await.contains("Hi"));

        // The thread beside the core is taken, so a large body gets no further than to where it is parsed.
        let (give_back, taken) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || taken.recv());
        let prose = "word ".repeat(4_000_000);
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"{prose}"}}]}}"#);
        let mut large = pin!(serve(Arc::clone(&gateway.core), Operation::Chat, post(body.clone())));
        assert!(futures::poll!(&mut large).is_pending());

        word.notify_one();
        let told = tokio::select! {
            told = Told::of(streaming) => told,
            _ = &mut large => panic!("a large body was parsed on the core"),
        };
        assert_eq!(told.frames(), [MORE, STOP, "[DONE]"]);
        assert_eq!(provider.seen().len(), 1, "a large body was parsed on the core");

        drop(give_back);
        assert_eq!(Told::of(large.await).await.body, HI);
        assert_eq!(provider.seen()[1].body, body);
    });
}
