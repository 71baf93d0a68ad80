//! Pictures of 16 × 16, drawn with one stroke width.

use leptos::prelude::*;

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Check,
    Chevron,
    Close,
    Cloud,
    Copy,
    Download,
    Exit,
    Eye,
    EyeOff,
    Funnel,
    Gauge,
    Hint,
    History,
    Inbox,
    Key,
    List,
    Menu,
    Monitor,
    Moon,
    Panel,
    Person,
    Play,
    Plus,
    Search,
    Server,
    Shield,
    Sliders,
    Stop,
    Sun,
    Warning,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Chevron => "M6 3.5 10.5 8 6 12.5",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Cloud => "M4.5 12.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.7.8 2.6 2.6 0 0 1-.4 5.2z",
            Self::Copy => "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
            Self::Download => "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
            Self::Exit => "M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6",
            Self::Eye => "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
            Self::EyeOff => {
                "M2 2l12 12M6.3 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a11 11 0 0 1-1.9 2.4M4 4.9A11 11 0 0 0 1.5 8S4 12.5 8 12.5a6 6 0 0 0 2.9-.8"
            }
            Self::Funnel => "M2 3h12L9.5 8.500V13l-3-1.500v-3z",
            Self::Gauge => "M2.5 12.5a6.5 6.5 0 1 1 11 0zM8 9.5l2.5-3.5",
            Self::Hint => "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 7.2v4M8 4.8v.1",
            Self::History => "M2.5 3v3.5H6M2.9 6.5A5.7 5.7 0 1 1 2.4 9M8 5v3.3l2.2 1.4",
            Self::Inbox => "M2 9.5 4 3h8l2 6.5v3.5H2zM2 9.5h3.5l1 1.5h3l1-1.5H14",
            Self::Key => "M10.5 9a3.5 3.5 0 1 0-3.4-2.6L2 11.5V14h2.5v-1.8h1.8v-1.8l1.5-1.5a3.5 3.5 0 0 0 2.7.1zM11 5.4v.1",
            Self::List => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
            Self::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Self::Monitor => "M2 3h12v8H2zM6 13.5h4",
            Self::Moon => "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
            Self::Panel => "M2.5 3h11v10h-11zM6 3v10",
            Self::Person => "M8 8a2.7 2.7 0 1 0 0-5.5A2.7 2.7 0 0 0 8 8zM2.8 13.5a5.3 5.3 0 0 1 10.4 0",
            Self::Play => "M4.5 2.8v10.4L13 8z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
            Self::Server => "M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8h.1M5 11.2h.1",
            Self::Shield => "M8 1.8 13 4v4c0 3-2.2 5.3-5 6.2C5.200 13.300 3 11 3 8V4z",
            Self::Sliders => "M3 2.500v5M3 10.500v3M8 2.500v2M8 7.500v6M13 2.500v6M13 11.500v2M1.500 9h3M6.500 6h3M11.500 10h3",
            Self::Stop => "M4 4h8v8H4z",
            Self::Sun => {
                "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.500v1M8 13.500v1M1.500 8h1M13.500 8h1M3.400 3.400l.7.7M11.900 11.900l.7.7M3.400 12.600l.7-.7M11.900 4.100l.7-.7"
            }
            Self::Warning => "M8 2 14.500 13.500h-13zM8 6.500v3.200M8 11.600v.1",
        }
    }
}

/// A picture beside a text, or in a button that has a label.
pub(crate) fn icon(icon: Icon) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=icon.path() /></svg> }.into_any()
}

/// The gateway's own sign.
pub(crate) fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 1 22 6.500v11L12 23 2 17.500v-11zM8 7v10h2.600v-3.800h4.600V11h-4.600V9.300H16V7z" fill-rule="evenodd" />
        </svg>
    }
    .into_any()
}
