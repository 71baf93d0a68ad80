//! `data:` URIs (RFC 2397): contents within an address, in base64 or percent-encoded.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A content within an address.
pub(super) struct DataUri<'a> {
    /// Its media type, in lower case, without parameters.
    pub(super) media_type: String,
    is_base64: bool,
    payload: Cow<'a, str>,
}

impl<'a> DataUri<'a> {
    /// Reads an address; one of another scheme comes back.
    pub(super) fn read(address: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
        const SCHEME: &str = "data:";
        let is_data = address.get(..SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME));
        let Some(comma) = address.find(',').filter(|_| is_data) else { return Err(address) };
        let head = address[SCHEME.len()..comma].to_ascii_lowercase();
        let mut words = head.split(';').map(str::trim);
        let media_type = words.next().filter(|media_type| !media_type.is_empty()).unwrap_or("text/plain").to_owned();
        let is_base64 = words.any(|word| word == "base64");
        Ok(Self { media_type, is_base64, payload: after(address, comma) })
    }

    /// The content in base64; `None`: it is wrongly encoded.
    pub(super) fn base64(self) -> Option<Cow<'a, str>> {
        match (self.is_base64, self.payload.contains('%')) {
            (true, false) => Some(self.payload),
            (true, true) => String::from_utf8(percent_decoded(&self.payload)?).ok().map(Cow::Owned),
            (false, _) => Some(Cow::Owned(STANDARD.encode(percent_decoded(&self.payload)?))),
        }
    }

    /// The content as text; `None`: it is none, or wrongly encoded.
    pub(super) fn text(self) -> Option<String> {
        let decoded = percent_decoded(&self.payload)?;
        let bytes = if self.is_base64 { STANDARD.decode(decoded).ok()? } else { decoded };
        String::from_utf8(bytes).ok()
    }
}

/// What follows the byte at `at`, without a copy where the text is borrowed.
fn after(text: Cow<'_, str>, at: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[at + 1..]),
        Cow::Owned(mut text) => {
            text.drain(..=at);
            Cow::Owned(text)
        }
    }
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            byte => byte,
        });
    }
    Some(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
