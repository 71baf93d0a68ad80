//! Small facts that the control plane has to remember, by name.

use super::{Store, StoreError};

impl Store {
    /// The value of a setting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let _ = name;
        Err(super::unbuilt())
    }

    /// Sets a setting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let _ = (name, value);
        Err(super::unbuilt())
    }
}
