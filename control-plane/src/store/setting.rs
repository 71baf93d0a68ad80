//! Small facts that the control plane has to remember, by name.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::{Area, Store, StoreError};
use crate::entity::setting;

impl Store {
    /// The value of a setting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row = setting::Entity::find_by_id(name).one(&self.database(Area::Config)?.reader).await?;
        Ok(row.map(|row| row.value))
    }

    /// Sets a setting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
        let replace = OnConflict::column(setting::Column::Name).update_column(setting::Column::Value).to_owned();
        let transaction = self.database(Area::Config)?.begin().await?;
        setting::Entity::insert(row).on_conflict(replace).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }
}
