//! Sessions: a short-lived token in the place of a credential, for browsers.
//!
//! A token is 256 random bits, shown once and stored as its SHA-256 only. A row says which credential opened it and no more: what the
//! session may do, and whether it may do anything still, is asked of that credential on each request.

use ferrogw_config::Secret;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::column::{instant, micros, now, text};
use super::database::Lock;
use super::{Actor, Area, Deed, Key, KeyDigest, Outcome, Store, StoreError, audit, secret};
use crate::entity::{api_key, session};

/// How every token begins, and no key does.
pub const SESSION_PREFIX: &str = "fgws_";

/// What is kept of a client's name for itself, in characters.
const LONGEST_AGENT: usize = 200;

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// The id of the credential that opened it: a key's UUID, or a synthetic one such as `master-key:…`.
    pub credential: String,
    /// What that credential was called then.
    pub subject: String,
    /// When it was opened.
    pub created_at: OffsetDateTime,
    /// When it ends at the latest.
    pub expires_at: OffsetDateTime,
    /// When it was last used, to the minute; `None`: not since its first minute.
    pub last_seen_at: Option<OffsetDateTime>,
    /// The address that it was opened from.
    pub source_ip: Option<String>,
    /// What the client that opened it calls itself.
    pub user_agent: Option<String>,
}

impl Session {
    /// How long a session lives at most.
    pub const LIFE: Duration = Duration::hours(24);

    /// How long it lives without being used.
    pub const IDLE: Duration = Duration::hours(1);

    /// How precisely its last use is known.
    const SEEN: Duration = Duration::minutes(1);

    /// Whether it has neither ended nor gone unused for too long. Its credential has to be asked besides.
    #[must_use]
    pub fn lives(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at && now < self.last_seen_at.unwrap_or(self.created_at) + Self::IDLE
    }
}

/// A session with its token, which nobody will see again.
#[derive(Debug, Clone)]
pub struct OpenedSession {
    /// The session.
    pub session: Session,
    /// Its token.
    pub token: Secret<String>,
}

impl Store {
    /// Opens a session for the actor's credential, and forgets those that have ended. `agent` is what the client calls itself.
    ///
    /// A stored key has to be the one with the digest `held` still: a sign-in that was under way does not outlive its rotation or its end.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when it is not.
    pub async fn open_session(&self, agent: Option<&str>, held: &KeyDigest, actor: &Actor) -> Result<OpenedSession, StoreError> {
        let token = secret::mint(SESSION_PREFIX)?;
        let at = now();
        let row = session::Model {
            id: Uuid::now_v7(),
            digest: secret::digest(&token).to_vec(),
            credential: text(&actor.id),
            subject: text(&actor.name),
            created_us: micros(at),
            expires_us: micros(at + Session::LIFE),
            last_seen_us: None,
            source_ip: actor.source_ip.as_deref().map(text),
            user_agent: agent.map(|agent| text(agent).chars().take(LONGEST_AGENT).collect()),
        };
        let transaction = self.database(Area::Keys)?.begin_locked(Lock::Keys).await?;
        if let Ok(id) = Uuid::try_parse(&actor.id) {
            let row = api_key::Entity::find_by_id(id).one(&transaction).await?;
            row.filter(|row| row.digest == *held && Key::from(row.clone()).usable(at)).ok_or(StoreError::NotFound("key"))?;
        }
        session::Entity::delete_many().filter(dead(at)).exec(&transaction).await?;
        session::Entity::insert(row.clone().into_active_model()).exec_without_returning(&transaction).await?;
        let detail = json!({ "subject": row.subject });
        let deed = Deed { action: "session.create", target: &row.credential, outcome: Outcome::Ok, detail };
        audit::append(&transaction, &deed, actor).await?;
        transaction.commit().await?;
        Ok(OpenedSession { session: row.into(), token })
    }

    /// The session whose token has that digest, dead or alive.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn session_by_digest(&self, digest: &KeyDigest) -> Result<Option<Session>, StoreError> {
        let same = session::Entity::find().filter(session::Column::Digest.eq(digest.to_vec()));
        Ok(same.one(&self.database(Area::Keys)?.reader).await?.map(Session::from))
    }

    /// Writes down that a session is used, at most once a minute.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn see_session(&self, seen: &Session) -> Result<(), StoreError> {
        let at = now();
        if at < seen.last_seen_at.unwrap_or(seen.created_at) + Session::SEEN {
            return Ok(());
        }
        // Of several requests at once one writes.
        let before = Condition::any()
            .add(session::Column::LastSeenUs.is_null())
            .add(session::Column::LastSeenUs.lte(micros(at - Session::SEEN)));
        let transaction = self.database(Area::Keys)?.begin().await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenUs, Expr::value(micros(at)))
            .filter(session::Column::Id.eq(seen.id))
            .filter(before)
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The sessions that have not ended, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        let newest_first = session::Entity::find()
            .filter(dead(now()).not())
            .order_by_desc(session::Column::CreatedUs)
            .order_by_desc(session::Column::Id);
        let rows = newest_first.all(&self.database(Area::Keys)?.reader).await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Ends a session because its holder, or an administrator, asks for it (`session.logout`, `session.revoke`); one that is not there
    /// has ended already, and then nothing is written down.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn end_session(&self, id: Uuid, action: &str, actor: &Actor) -> Result<(), StoreError> {
        let transaction = self.database(Area::Keys)?.begin().await?;
        let ended = session::Entity::delete_by_id(id).exec(&transaction).await?.rows_affected;
        if ended > 0 {
            let target = id.to_string();
            let deed = Deed { action, target: &target, outcome: Outcome::Ok, detail: Value::Null };
            audit::append(&transaction, &deed, actor).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Ends all sessions; how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn end_sessions(&self, actor: &Actor) -> Result<u64, StoreError> {
        let transaction = self.database(Area::Keys)?.begin().await?;
        session::Entity::delete_many().filter(dead(now())).exec(&transaction).await?;
        let ended = session::Entity::delete_many().exec(&transaction).await?.rows_affected;
        let detail = json!({ "count": ended });
        let deed = Deed { action: "session.revoke_all", target: "*", outcome: Outcome::Ok, detail };
        audit::append(&transaction, &deed, actor).await?;
        transaction.commit().await?;
        Ok(ended)
    }
}

/// Ends what a credential has opened, `but` one session, within the transaction of what is done to the credential.
pub(super) async fn end_all_of(db: &impl ConnectionTrait, credential: &str, but: Option<Uuid>) -> Result<(), DbErr> {
    let others =
        Condition::all().add(session::Column::Credential.eq(credential)).add_option(but.map(|own| session::Column::Id.ne(own)));
    session::Entity::delete_many().filter(others).exec(db).await.map(drop)
}

/// What [`Session::lives`] denies, for the database.
fn dead(now: OffsetDateTime) -> Condition {
    let seen = Func::coalesce([Expr::col(session::Column::LastSeenUs), Expr::col(session::Column::CreatedUs)]);
    Condition::any().add(session::Column::ExpiresUs.lte(micros(now))).add(seen.lte(micros(now - Session::IDLE)))
}

impl From<session::Model> for Session {
    fn from(row: session::Model) -> Self {
        Self {
            id: row.id,
            credential: row.credential,
            subject: row.subject,
            created_at: instant(row.created_us),
            expires_at: instant(row.expires_us),
            last_seen_at: row.last_seen_us.map(instant),
            source_ip: row.source_ip,
            user_agent: row.user_agent,
        }
    }
}
