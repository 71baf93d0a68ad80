//! What is sent from the playground.

use serde_json::{Map, Value, json};

/// Which API is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A conversation.
    Chat,
    /// The legacy completion of a text.
    Completion,
    /// Embeddings.
    Embedding,
}

impl Surface {
    /// Its path under the API's root.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Chat => "v1/chat/completions",
            Self::Completion => "v1/completions",
            Self::Embedding => "v1/embeddings",
        }
    }
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `user` or `assistant`.
    pub role: &'static str,
    /// What.
    pub text: String,
}

/// What is to be tried, as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The API.
    pub surface: Surface,
    /// The model.
    pub model: String,
    /// How the model is to behave; empty: nothing is said about it.
    pub system: String,
    /// What was said so far, the newest last.
    pub said: Vec<Said>,
    /// A number as typed; empty: the provider decides.
    pub temperature: String,
    /// As `temperature`.
    pub max_tokens: String,
    /// Whether the answer is to come in pieces.
    pub stream: bool,
    /// Further members as a JSON object; empty: none.
    pub extra: String,
}

/// Why nothing can be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// No model.
    #[error("Name a model.")]
    Model,
    /// Nothing to answer.
    #[error("Write something first.")]
    Nothing,
    /// A number that is none.
    #[error("`{0}` is no number.")]
    Number(String),
    /// Members that are no JSON object.
    #[error("The further members have to be a JSON object, such as {{\"top_p\": 0.9}}.")]
    Extra,
}

impl Trial {
    /// The request's body.
    ///
    /// # Errors
    ///
    /// [`Incomplete`].
    pub fn body(&self) -> Result<Value, Incomplete> {
        // After what the model said there is nothing to answer.
        let mine = |said: &&Said| said.role == "user" && !said.text.trim().is_empty();
        let last = self.said.last().filter(mine).ok_or(Incomplete::Nothing)?;
        if self.model.trim().is_empty() {
            return Err(Incomplete::Model);
        }
        let mut body = Map::new();
        body.insert("model".into(), self.model.trim().into());
        match self.surface {
            Surface::Chat => drop(body.insert("messages".into(), self.messages())),
            Surface::Completion => drop(body.insert("prompt".into(), last.text.clone().into())),
            Surface::Embedding => drop(body.insert("input".into(), last.text.clone().into())),
        }
        if self.surface != Surface::Embedding {
            body.insert("stream".into(), self.stream.into());
            if self.stream {
                body.insert("stream_options".into(), json!({"include_usage": true}));
            }
            number(&mut body, "temperature", &self.temperature)?;
            number(&mut body, "max_tokens", &self.max_tokens)?;
        }
        if !self.extra.trim().is_empty() {
            let extra: Map<String, Value> = serde_json::from_str(&self.extra).map_err(|_| Incomplete::Extra)?;
            body.extend(extra);
        }
        Ok(Value::Object(body))
    }

    fn messages(&self) -> Value {
        let system = Some(&self.system).filter(|text| !text.trim().is_empty());
        let system = system.map(|text| json!({"role": "system", "content": text}));
        let said = self.said.iter().map(|said| json!({"role": said.role, "content": said.text}));
        system.into_iter().chain(said).collect()
    }
}

fn number(body: &mut Map<String, Value>, name: &str, typed: &str) -> Result<(), Incomplete> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(());
    }
    let number: Value =
        serde_json::from_str(typed).ok().filter(Value::is_number).ok_or_else(|| Incomplete::Number(typed.to_owned()))?;
    body.insert(name.to_owned(), number);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial() -> Trial {
        Trial {
            surface: Surface::Chat,
            model: " gpt-4o ".into(),
            system: String::new(),
            said: vec![Said { role: "user", text: "Hi".into() }],
            temperature: String::new(),
            max_tokens: String::new(),
            stream: false,
            extra: String::new(),
        }
    }

    #[test]
    fn what_is_not_filled_in_is_left_to_the_provider() {
        let expected = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "stream": false});
        assert_eq!(trial().body(), Ok(expected));
    }

    #[test]
    fn everything_that_is_filled_in_is_sent() {
        let trial = Trial {
            system: "Be brief.".into(),
            temperature: "0.5".into(),
            max_tokens: " 64".into(),
            stream: true,
            extra: "{\"top_p\": 0.9, \"stream\": false}".into(),
            ..trial()
        };
        let body = trial.body().unwrap();
        assert_eq!(body["messages"][0], json!({"role": "system", "content": "Be brief."}));
        assert_eq!((&body["temperature"], &body["max_tokens"], &body["top_p"]), (&json!(0.5), &json!(64), &json!(0.9)));
        assert_eq!(body["stream"], false);
    }

    #[test]
    fn other_surfaces_take_the_last_text() {
        assert_eq!(Trial { surface: Surface::Embedding, ..trial() }.body(), Ok(json!({"model": "gpt-4o", "input": "Hi"})));
        assert_eq!(Trial { surface: Surface::Completion, ..trial() }.body().unwrap()["prompt"], "Hi");
    }

    #[test]
    fn what_cannot_be_sent_says_why() {
        assert_eq!(Trial { model: String::new(), ..trial() }.body(), Err(Incomplete::Model));
        assert_eq!(Trial { said: Vec::new(), ..trial() }.body(), Err(Incomplete::Nothing));
        let answered = vec![Said { role: "user", text: "Hi".into() }, Said { role: "assistant", text: "Hello".into() }];
        assert_eq!(Trial { said: answered, ..trial() }.body(), Err(Incomplete::Nothing));
        assert_eq!(Trial { temperature: "warm".into(), ..trial() }.body(), Err(Incomplete::Number("warm".into())));
        assert_eq!(Trial { extra: "[]".into(), ..trial() }.body(), Err(Incomplete::Extra));
    }
}
