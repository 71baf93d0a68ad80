//! Servers that are no gateway: each answers one text to whoever asks, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

pub(crate) struct Canned {
    pub(crate) url: String,
    pub(crate) asked: Receiver<String>,
}

/// A server that answers `answer` to every connection and closes it.
pub(crate) fn canned(answer: &str) -> Canned {
    let answer = answer.to_owned();
    scripted(move |_| answer.clone())
}

/// A server that answers by the request's first line, such as `GET /livez HTTP/1.1`.
pub(crate) fn scripted(answer: impl Fn(&str) -> String + Send + 'static) -> Canned {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => request.extend_from_slice(&buffer[..read]),
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let answer = answer(request.lines().next().unwrap_or_default());
            if tell.send(request).is_err() {
                return;
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Canned { url, asked }
}

/// An answer with this status line, these headers and this body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}
