//! What a span is here, and how its caller's name travels: W3C Trace Context, `traceparent`.
//!
//! Source: W3C Recommendation "Trace Context", level 1.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanKind, Status, TraceState};

/// Something that has ended.
#[derive(Debug, Clone)]
pub struct Span {
    /// The trace that it belongs to.
    pub trace: u128,
    /// Its own id; not 0.
    pub id: u64,
    /// The span that it is a part of.
    pub parent: Option<u64>,
    /// Whether that one is another process's.
    pub parent_is_remote: bool,
    /// What tracing systems on the way to us say of the trace.
    pub state: TraceState,
    /// Which side of a call it was.
    pub kind: SpanKind,
    /// A name of low cardinality.
    pub name: Cow<'static, str>,
    /// When it began.
    pub start: SystemTime,
    /// How long it took.
    pub duration: Duration,
    /// What there is to say of it.
    pub attributes: Vec<KeyValue>,
    /// Whether it went well.
    pub status: Status,
}

/// The span of whoever called us: the headers `traceparent` and `tracestate`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The trace.
    pub trace: u128,
    /// The caller's span.
    pub span: u64,
    /// Whether the caller records the trace.
    pub sampled: bool,
    /// What tracing systems on the way say of the trace.
    pub state: TraceState,
}

impl Parent {
    /// Reads the value of `traceparent`, without a state. What is not exactly of the form that the recommendation gives is no parent.
    #[must_use]
    pub fn read(header: &str) -> Option<Self> {
        let header = header.trim();
        let mut fields = header.split('-');
        let (version, trace, span, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        // Version 00 ends here; later ones may go on.
        if version == "ff" || (version == "00" && fields.next().is_some()) {
            return None;
        }
        hex(version, 2)?;
        let (trace, span) = (hex(trace, 32)?, u64::try_from(hex(span, 16)?).ok()?);
        let flags = hex(flags, 2)?;
        (trace != 0 && span != 0).then_some(Self { trace, span, sampled: flags & 1 == 1, state: TraceState::NONE })
    }
}

/// The value of `traceparent`, for whoever is called next.
impl fmt::Display for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, u8::from(self.sampled))
    }
}

/// A number of exactly so many lower-case hex digits.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == digits && text.bytes().all(is_hex)).then(|| u128::from_str_radix(text, 16).ok()).flatten()
}
