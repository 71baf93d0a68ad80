//! What the page asks of the thread that checks configurations, and what that answers. Messages are JSON texts.

use ferrogw_config::{Issue, Syntax, read};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A text to be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Which question this is; a later one makes it pointless.
    pub number: u32,
    /// Whether the text is JSON; otherwise it is YAML.
    pub json: bool,
    /// The text.
    pub text: String,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The question.
    pub number: u32,
    /// Everything that is wrong, in the order of the text.
    pub issues: Vec<Issue>,
    /// What the text says, where nothing keeps it from being understood.
    pub document: Option<Value>,
}

/// What the thread says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// It is there.
    Ready,
    /// An answer.
    Checked(Answer),
    /// The question of this number has none: what checks could not be fetched.
    Unchecked(u32),
}

/// Answers a question, as the control plane and the workers would.
#[must_use]
pub fn answer(question: &Question) -> Answer {
    let syntax = if question.json { Syntax::Json } else { Syntax::Yaml };
    let (issues, document) = match read(&question.text, syntax) {
        Ok(checked) => (checked.warnings().to_vec(), serde_json::to_value(checked.config()).ok()),
        Err(issues) => (issues, None),
    };
    Answer { number: question.number, issues, document }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(json: bool, text: &str) -> Answer {
        answer(&Question { number: 7, json, text: text.to_owned() })
    }

    #[test]
    fn a_good_text_is_understood_in_either_syntax() {
        let yaml = ask(false, "targets:\n  - virtual_key: openai\n");
        let json = ask(true, "{\"targets\": [{\"virtual_key\": \"openai\"}]}");
        assert_eq!(yaml.document, json.document);
        assert_eq!(yaml.document.unwrap()["targets"][0]["virtual_key"], "openai");
        assert_eq!(yaml.number, 7);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = ask(false, "targets:\n  - virtual_key: openay\n");
        assert_eq!((told.document, told.issues[0].line), (None, Some(2)), "{:?}", told.issues);
    }
}
