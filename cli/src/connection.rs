//! From flags and environment to a client.

use ferrogw_api::Client;
use ferrogw_config::Secret;

use crate::args::Connection;
use crate::failure::Failure;
use crate::input;

/// Where a credential comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Standard input.
    Input,
    /// A file.
    File,
    /// The flag, or `FERROGW_API_KEY`.
    Key,
    /// `MASTER_KEY`.
    MasterKey,
}

impl Connection {
    /// A client of the gateway that is meant.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.gateway_url, self.credential()?.as_ref())?)
    }

    /// The key that was given, the break-glass key otherwise.
    pub(crate) fn credential(&self) -> Result<Option<Secret<String>>, Failure> {
        Ok(match self.origin() {
            Some(Origin::Input) => Some(Secret::new(given("the key on standard input", &input::whole("the key")?)?)),
            Some(Origin::File) => match &self.api_key_file {
                Some(file) => {
                    let name = file.display().to_string();
                    let text = std::fs::read_to_string(file).map_err(|source| Failure::Read { file: name.clone(), source })?;
                    Some(Secret::new(given(&format!("the key in {name}"), &text)?))
                }
                None => None,
            },
            Some(Origin::Key) => self.api_key.clone(),
            Some(Origin::MasterKey) => self.master_key.clone(),
            None => None,
        })
    }

    /// Which of the ways to give a key was used. A variable that is set to nothing is unset.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let text = |key: &Option<Secret<String>>| key.as_ref().map(|key| key.expose().clone()).filter(|key| !key.is_empty());
        match (text(&self.api_key), text(&self.master_key)) {
            _ if self.api_key_stdin => Some(Origin::Input),
            _ if self.api_key_file.is_some() => Some(Origin::File),
            (Some(key), _) if key == "-" => Some(Origin::Input),
            (Some(_), _) => Some(Origin::Key),
            (None, Some(_)) => Some(Origin::MasterKey),
            (None, None) => None,
        }
    }
}

/// The first line, which holds the key; what follows may be anything, as in a file of notes.
fn given(what: &str, text: &str) -> Result<String, Failure> {
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(key) => Ok(key.to_owned()),
        None => Err(Failure::Usage(format!("{what} is empty"))),
    }
}
