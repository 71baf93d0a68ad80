//! The four moments of a request's life.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_trait::async_trait;
use ferrogw_data_plane::exchange::Exchange;
use ferrogw_data_plane::plugin::{Filter, Plugin, Plugins};
use ferrogw_data_plane::record::Record;
use ferrogw_data_plane::rejection::Rejection;
use ferrogw_llm::{Answer, Chunk};

use crate::gateway::{Gateway, HI, STOP, TEXT, hello, single, streamed_hello};
use crate::provider::{Provider, answer, whole_stream};

/// Counts its moments, and fails as it is told.
#[derive(Debug, Default, Clone)]
struct Probe {
    panics: bool,
    optional: bool,
    refuses: bool,
    moments: Arc<[AtomicUsize; 4]>,
}

impl Probe {
    fn moment(&self, at: usize) {
        self.moments[at].fetch_add(1, SeqCst);
        assert!(!self.panics, "told to");
    }

    fn moments(&self) -> [usize; 4] {
        [0, 1, 2, 3].map(|at| self.moments[at].load(SeqCst))
    }
}

#[async_trait]
impl Plugin for Probe {
    fn is_optional(&self) -> bool {
        self.optional
    }

    async fn before(&self, _: &mut Exchange) -> Result<(), Rejection> {
        self.moment(0);
        if self.refuses { Err(Rejection::insufficient_scope()) } else { Ok(()) }
    }

    async fn after(&self, _: &Exchange, _: &mut Answer) -> Result<(), Rejection> {
        self.moment(1);
        Ok(())
    }

    fn filter(&self, _: &Exchange) -> Option<Box<dyn Filter>> {
        Some(Box::new(self.clone()))
    }

    fn finished(&self, _: &Record) {
        self.moment(3);
    }
}

impl Filter for Probe {
    fn pass(&mut self, chunk: &mut Chunk) -> Result<(), Rejection> {
        self.moments[2].fetch_add(1, SeqCst);
        chunk.data = String::from_utf8_lossy(&chunk.data).replace("Hi", "Ho").into();
        Ok(())
    }
}

async fn gateway(provider: &Provider, probe: &Probe) -> Gateway {
    let gateway = Gateway::start(&single(provider, "")).await;
    let live = &gateway.core.plane.live;
    let mut routes = gateway.compile(&single(provider, "")).expect("compiles").routes;
    let plugin: Box<dyn Plugin> = Box::new(probe.clone());
    Arc::get_mut(&mut routes).expect("not shared yet").plugins = Plugins::from(vec![plugin]);
    live.store(live.load().with_routes(2, routes));
    gateway
}

#[tokio::test]
async fn each_moment_comes_once_however_often_a_target_is_tried() {
    let provider = Provider::start([answer(200, HI), whole_stream(&[TEXT, STOP])]).await;
    let probe = Probe::default();
    let mut gateway = gateway(&provider, &probe).await;
    gateway.chat(&hello()).await;
    gateway.record().await;
    assert_eq!(probe.moments(), [1, 1, 0, 1]);
    let told = gateway.chat(&streamed_hello()).await;
    gateway.record().await;
    assert_eq!(probe.moments(), [2, 1, 2, 2]);
    assert!(told.frames()[0].contains("Ho"));
}

#[tokio::test]
async fn a_denied_request_is_not_sent() {
    let provider = Provider::start([]).await;
    let probe = Probe { refuses: true, ..Probe::default() };
    let told = gateway(&provider, &probe).await.chat(&streamed_hello()).await;
    assert_eq!((told.status, provider.seen().len()), (403, 0));
}

#[tokio::test]
async fn a_plugin_that_only_watches_cannot_stop_traffic() {
    let provider = Provider::start([answer(200, HI)]).await;
    let probe = Probe { panics: true, optional: true, ..Probe::default() };
    let mut gateway = gateway(&provider, &probe).await;
    assert_eq!(gateway.chat(&hello()).await.status, 200);
    gateway.record().await;
    assert_eq!(probe.moments(), [1, 1, 0, 1]);
}

#[tokio::test]
async fn a_guard_that_breaks_stops_the_request() {
    let provider = Provider::start([]).await;
    let probe = Probe { panics: true, ..Probe::default() };
    let told = gateway(&provider, &probe).await.chat(&hello()).await;
    assert_eq!(told.refusal(), (500, "server_error".into(), "plugin_error".into()));
}

#[tokio::test]
async fn the_request_logger_is_built_from_its_configuration() {
    let provider = Provider::start([answer(200, HI)]).await;
    let plugin = "plugins: [{name: request-logger, stage: before_request, enabled: true, config: {level: debug}}]";
    let gateway = Gateway::start(&format!("{plugin}\n{}", single(&provider, ""))).await;
    assert_eq!(gateway.chat(&hello()).await.status, 200);
}
