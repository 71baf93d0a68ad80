//! From flags and environment to a client.

use ferrogw_api::Client;
use ferrogw_config::Secret;

use crate::args::Connection;
use crate::failure::Failure;

impl Connection {
    /// A client of the gateway that is meant.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.gateway_url, self.credential())?)
    }

    /// The key that was given; the break-glass key otherwise. A variable that is set to nothing is unset.
    fn credential(&self) -> Option<&Secret<String>> {
        [&self.api_key, &self.master_key].into_iter().flatten().find(|key| !key.expose().is_empty())
    }
}
