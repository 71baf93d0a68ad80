//! An HTTP client that looks at everything and hides nothing.

use std::sync::Once;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

/// A client of one address with one credential.
///
/// Connections belong to the runtime of a test, so every test has its own client.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    key: String,
}

impl Client {
    /// A client of a loopback port.
    ///
    /// # Panics
    /// Never: the options are constant.
    #[must_use]
    pub fn new(port: u16, key: &str) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().expect("constant options");
        Self { http, origin: format!("http://127.0.0.1:{port}"), key: key.to_owned() }
    }

    /// Where it asks: scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The same address with another credential.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    /// A request that can be given more headers before it is sent with [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin)).bearer_auth(&self.key)
    }

    /// The same without any credential.
    pub fn bare(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::read(request).await.unwrap_or_else(|error| panic!("no answer from {}: {error:?}", self.origin))
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// `GET path`, where no answer is an answer too.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn try_get(&self, path: &str) -> reqwest::Result<Answer> {
        Answer::read(self.request(Method::GET, path)).await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// `POST path` with a JSON body, where no answer is an answer too.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn try_post(&self, path: &str, body: &Value) -> reqwest::Result<Answer> {
        Answer::read(self.request(Method::POST, path).json(body)).await
    }

    /// `PUT path` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// `DELETE path`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A chat request.
    pub async fn chat(&self, body: &Value) -> Answer {
        self.post("/v1/chat/completions", body).await
    }

    /// A chat request whose body is these bytes.
    pub async fn chat_bytes(&self, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.request(Method::POST, "/v1/chat/completions").header("content-type", "application/json");
        self.send(request.body(body)).await
    }

    /// A chat request whose answer is read as it comes.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn stream(&self, body: &Value) -> Stream {
        self.stream_at("/v1/chat/completions", body).await
    }

    /// The same at another address.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn stream_at(&self, path: &str, body: &Value) -> Stream {
        let response = self.request(Method::POST, path).json(body).send().await.expect("an answer");
        Stream { status: response.status().as_u16(), response, unread: Vec::new() }
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    async fn read(request: reqwest::RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await? })
    }

    /// The answer itself when it has this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    /// A header's value, empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The text of the first choice.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn content(&self) -> String {
        let body = self.json();
        body["choices"][0]["message"]["content"].as_str().unwrap_or_else(|| panic!("no content in {body}")).to_owned()
    }

    /// The members of the error envelope as `status type code param: message`; all four have to be there.
    ///
    /// # Panics
    /// When it is not an error in the OpenAI envelope.
    #[must_use]
    #[track_caller]
    pub fn error(&self) -> String {
        let body = self.json();
        let error = body["error"].as_object().unwrap_or_else(|| panic!("no error in {body}"));
        for member in ["message", "type", "param", "code"] {
            assert!(error.contains_key(member), "`{member}` is missing in {body}");
        }
        let word = |member: &str| error[member].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}: {}", self.status, word("type"), word("code"), word("param"), word("message"))
    }

    /// The `data:` lines of an event stream.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        self.text().lines().filter_map(|line| line.strip_prefix("data: ")).map(str::to_owned).collect()
    }

    /// The text of all chunks of an event stream.
    ///
    /// # Panics
    /// When an event is not JSON.
    #[must_use]
    pub fn streamed_content(&self) -> String {
        let chunk = |event: &String| serde_json::from_str::<Value>(event).expect("an event is JSON");
        let chunks = self.events().into_iter().filter(|event| event != "[DONE]").map(|event| chunk(&event));
        chunks.filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str().map(str::to_owned)).collect()
    }
}

/// An answer that is still coming.
#[derive(Debug)]
pub struct Stream {
    /// The status.
    pub status: u16,
    response: reqwest::Response,
    unread: Vec<u8>,
}

impl Stream {
    /// The next `data:` line; `None` at the end.
    ///
    /// # Panics
    /// When the answer is cut off rather than ended.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                if let Some(data) = String::from_utf8_lossy(&line).trim_end().strip_prefix("data: ") {
                    return Some(data.to_owned());
                }
                continue;
            }
            self.unread.extend(self.response.chunk().await.expect("an answer ends, it is not cut off")?);
        }
    }

    /// The text of the next chunk that has any; `None` at the end.
    pub async fn next_content(&mut self) -> Option<String> {
        loop {
            let event = self.next().await?;
            let chunk: Value = serde_json::from_str(&event).unwrap_or_default();
            if let Some(content) = chunk["choices"][0]["delta"]["content"].as_str().filter(|text| !text.is_empty()) {
                return Some(content.to_owned());
            }
        }
    }
}
