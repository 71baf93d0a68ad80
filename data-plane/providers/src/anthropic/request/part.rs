//! Content parts of a chat message, as blocks.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::block::{Block, Content, Source};
use super::data_uri::DataUri;
use super::unsupported;
use crate::text::{Text, or_empty};
use crate::wire::Refusal;

/// Images that the API reads; `image/jpg` is a common misspelling.
const IMAGES: [(&str, &str); 5] = [
    ("image/png", "image/png"),
    ("image/jpeg", "image/jpeg"),
    ("image/jpg", "image/jpeg"),
    ("image/gif", "image/gif"),
    ("image/webp", "image/webp"),
];

/// The API's own blocks, for clients that know to whom they talk or hand back what they got.
const NATIVE: [&str; 6] = ["image", "document", "search_result", "thinking", "redacted_thinking", "container_upload"];

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    text: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    refusal: Cow<'a, str>,
    #[serde(borrow)]
    image_url: Option<Image<'a>>,
    #[serde(borrow)]
    file: Option<File<'a>>,
    #[serde(borrow)]
    cache_control: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Image<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default, deserialize_with = "or_empty")]
    file_data: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    file_id: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    filename: Cow<'a, str>,
}

/// A message's content: a text or parts, as blocks. Blank texts are left out, since the API refuses them. `at` names the message.
pub(super) fn blocks<'a>(content: &'a RawValue, at: &str) -> Result<Vec<Block<'a>>, Refusal> {
    let json = content.get();
    if json.starts_with('"') {
        let Text(text) = serde_json::from_str(json).map_err(|_| unsupported(at, "cannot be read as text"))?;
        return Ok(Vec::from_iter((!text.trim().is_empty()).then(|| Block::text(text))));
    }
    let parts: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| unsupported(at, "must be a text or an array of parts"))?;
    let mut blocks = Vec::with_capacity(parts.len());
    for (number, part) in parts.into_iter().enumerate() {
        blocks.extend(block(part, &format!("{at}[{number}]"))?);
    }
    Ok(blocks)
}

fn block<'a>(raw: &'a RawValue, at: &str) -> Result<Option<Block<'a>>, Refusal> {
    let part: Part<'_> = serde_json::from_str(raw.get())
        .map_err(|_| unsupported(at, "must be a content part with a `type` and what belongs to it"))?;
    let content = match &*part.kind {
        "text" => Content::Text { text: part.text },
        "refusal" => Content::Text { text: part.refusal },
        "image_url" => {
            let image = part.image_url.ok_or_else(|| unsupported(format!("{at}.image_url"), "is required"))?;
            Content::Image { source: image_source(image.url, at)? }
        }
        "file" => {
            let file = part.file.ok_or_else(|| unsupported(format!("{at}.file"), "is required"))?;
            document(file, at)?
        }
        kind if NATIVE.contains(&kind) => return Ok(Some(Block::AsSent(raw))),
        _ => return Err(unsupported(at, "is of a type that this provider does not take; choose another model")),
    };
    if matches!(&content, Content::Text { text } if text.trim().is_empty()) {
        return Ok(None);
    }
    Ok(Some(Block::of(content).cached(part.cache_control)))
}

fn image_source<'a>(url: Cow<'a, str>, at: &str) -> Result<Source<'a>, Refusal> {
    let refused =
        || unsupported(format!("{at}.image_url.url"), "must be a web address or a data URI of a PNG, JPEG, GIF or WebP image");
    match DataUri::read(url) {
        Ok(uri) => {
            let media_type =
                IMAGES.iter().find(|(sent, _)| uri.media_type == *sent).map(|(_, known)| *known).ok_or_else(refused)?;
            Ok(Source::Base64 { media_type, data: uri.base64().ok_or_else(refused)? })
        }
        Err(url) if is_web_address(&url) => Ok(Source::Url { url }),
        Err(_) => Err(refused()),
    }
}

fn document<'a>(file: File<'a>, at: &str) -> Result<Content<'a>, Refusal> {
    const PDF: &str = "application/pdf";
    const TEXT: &str = "text/plain";
    let refused = || unsupported(format!("{at}.file.file_data"), "must be a web address or a data URI of a PDF or a plain text");
    let title = Some(file.filename).filter(|name| !name.is_empty());
    if !file.file_id.is_empty() {
        return Ok(Content::Document { source: Source::File { file_id: file.file_id }, title });
    }
    let source = match DataUri::read(file.file_data) {
        Ok(uri) if uri.media_type == PDF => Source::Base64 { media_type: PDF, data: uri.base64().ok_or_else(refused)? },
        Ok(uri) if uri.media_type == TEXT => Source::Text { media_type: TEXT, data: uri.text().ok_or_else(refused)? },
        Err(url) if is_web_address(&url) => Source::Url { url },
        _ => return Err(refused()),
    };
    Ok(Content::Document { source, title })
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
