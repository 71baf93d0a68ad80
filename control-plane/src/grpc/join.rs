//! Who may call: holders of a join token.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ferrogw_config::Secret;
use ferrogw_proto::JOIN_TOKEN_METADATA;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// The join tokens that are accepted, as hashes. Without any, nobody is let in.
#[derive(Clone)]
pub struct JoinTokens(Arc<[[u8; 32]]>);

impl JoinTokens {
    /// Accepts `tokens`; empty ones are none.
    #[must_use]
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Secret<String>>) -> Self {
        let given = tokens.into_iter().map(Secret::expose).filter(|token| !token.is_empty());
        Self(given.map(|token| Sha256::digest(token).into()).collect())
    }

    /// Lets a call pass or refuses it.
    pub(super) fn interceptor(&self) -> impl Interceptor + Clone + use<> {
        let tokens = self.clone();
        move |call: Request<()>| if tokens.admit(&call) { Ok(call) } else { Err(refusal()) }
    }

    /// Compares with every token, in a time that tells nothing about any.
    fn admit(&self, call: &Request<()>) -> bool {
        let metadata = call.metadata().get(JOIN_TOKEN_METADATA);
        let Some(presented) = metadata.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ")) else { return false };
        let presented: [u8; 32] = Sha256::digest(presented).into();
        let equal = |found: Choice, token: &[u8; 32]| found | token.ct_eq(&presented);
        self.0.iter().fold(Choice::from(0), equal).into()
    }
}

impl std::fmt::Debug for JoinTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JoinTokens({})", self.0.len())
    }
}

/// A token that nobody else has, for the link within one process.
///
/// # Errors
///
/// The operating system gives no randomness.
pub fn mint_token() -> Result<Secret<String>, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}

fn refusal() -> Status {
    Status::unauthenticated("the join token is missing or wrong; set FERROGW_JOIN_TOKEN to the control plane's")
}

#[cfg(test)]
mod tests {
    use ferrogw_config::Secret;
    use tonic::Request;

    use super::{JoinTokens, mint_token};

    fn admitted(tokens: &[&str], presented: Option<&str>) -> bool {
        let tokens: Vec<_> = tokens.iter().map(|token| Secret::new((*token).to_owned())).collect();
        let mut call = Request::new(());
        if let Some(presented) = presented {
            call.metadata_mut().insert("authorization", presented.parse().unwrap());
        }
        JoinTokens::new(&tokens).admit(&call)
    }

    #[test]
    fn any_of_the_tokens_opens_and_nothing_else_does() {
        assert!(admitted(&["one", "two"], Some("Bearer one")) && admitted(&["one", "two"], Some("Bearer two")));
        let wrong = [None, Some("Bearer three"), Some("one"), Some("Bearer "), Some("Bearer on"), Some("bearer one")];
        assert!(wrong.into_iter().all(|presented| !admitted(&["one", "two"], presented)));
    }

    #[test]
    fn without_tokens_nobody_gets_in() {
        assert!(!admitted(&[], Some("Bearer ")) && !admitted(&[""], Some("Bearer ")) && !admitted(&[], None));
    }

    #[test]
    fn minted_tokens_differ() {
        assert_ne!(mint_token().unwrap().expose(), mint_token().unwrap().expose());
    }
}
