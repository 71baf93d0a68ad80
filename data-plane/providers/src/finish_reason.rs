//! Why a model stopped: one word per reason, whoever spells it.

/// Canonical words and what stands for them elsewhere.
const SPELLINGS: [(&str, &[&str]); 4] = [
    (
        "stop",
        &[
            "stop",
            "end_turn",
            "stop_sequence",
            "complete",
            "completed",
            "finish",
            "finished",
            "stop_criteria_met",
            "eos",
            "pause_turn",
            "compaction",
        ],
    ),
    ("tool_calls", &["tool_calls", "tool_use", "tool_call", "function_call"]),
    ("length", &["length", "max_tokens", "model_length", "max_completion_tokens", "model_context_window_exceeded"]),
    (
        "content_filter",
        &[
            "content_filter",
            "content_filtered",
            "refusal",
            "safety",
            "error_toxic",
            "recitation",
            "blocklist",
            "prohibited_content",
            "spii",
            "language",
            "image_safety",
            "image_prohibited_content",
            "image_recitation",
            "image_other",
            "no_image",
            "guardrail_intervened",
        ],
    ),
];

/// `native` in canonical words; what nobody knows passes unchanged, because a wrong word is worse than a strange one.
pub(crate) fn canonical(native: &str) -> &str {
    let is_spelt = |spellings: &[&str]| spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(native));
    SPELLINGS.iter().find(|(_, spellings)| is_spelt(spellings)).map_or(native, |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn every_native_reason_has_its_canonical_word() {
        for (native, expected) in [
            ("stop", "stop"),
            ("end_turn", "stop"),
            ("EOS", "stop"),
            ("pause_turn", "stop"),
            ("model_length", "length"),
            ("MAX_TOKENS", "length"),
            ("model_context_window_exceeded", "length"),
            ("tool_use", "tool_calls"),
            ("function_call", "tool_calls"),
            ("refusal", "content_filter"),
            ("RECITATION", "content_filter"),
            ("never_heard_of", "never_heard_of"),
        ] {
            assert_eq!(canonical(native), expected, "{native}");
        }
    }
}
