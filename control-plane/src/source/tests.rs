use std::path::PathBuf;

use ferrogw_config::Document;

use super::{difference, generate, settle};
use crate::settings::{Generate, Settings};
use crate::start::StartError;
use crate::store::{Action, Actor, Areas, Backend, Draft, Store};

const FIRST: &str = "strategy: { mode: single }\ntargets: [{ virtual_key: openai }]\n";
const SECOND: &str = "strategy: { mode: fallback }\ntargets: [{ virtual_key: openai }, { virtual_key: anthropic }]\n";

/// A store in memory, a folder for a configuration file, and settings that name it.
struct Start {
    store: Store,
    folder: tempfile::TempDir,
    settings: Settings,
}

impl Start {
    async fn new() -> Self {
        let store = Store::open(&Areas::all_in(Backend::Memory)).await.unwrap();
        Self { store, folder: tempfile::tempdir().unwrap(), settings: Settings::default() }
    }

    fn file(&mut self, text: &str) -> &mut Self {
        let path = self.folder.path().join("gateway.yaml");
        std::fs::write(&path, text).unwrap();
        self.settings.gateway_config = Some(path);
        self
    }

    fn credentials(&mut self, providers: &[&str]) -> &mut Self {
        self.settings.generate = Generate::From(providers.iter().map(|&provider| provider.to_owned()).collect());
        self
    }

    async fn settle(&self) -> Result<Option<Document>, StartError> {
        settle(&self.store, &self.settings).await
    }

    async fn edit(&self, text: &str) {
        let checked = ferrogw_config::read::read(text, ferrogw_config::Syntax::Yaml).unwrap();
        let draft = Draft { document: Some(checked.document()), action: Action::Update, note: String::new() };
        self.store.activate(draft, None, &Actor::named("k", "ann")).await.unwrap();
    }

    /// The generation in force and the targets of its document.
    async fn in_force(&self) -> (u64, Vec<String>) {
        let Some(current) = self.store.current().await.unwrap() else { return (0, Vec::new()) };
        let targets = current.version.map(|version| version.document.read().unwrap().targets().to_vec()).unwrap_or_default();
        (current.generation, targets.iter().map(|target| target.key().to_owned()).collect())
    }
}

fn expect(generation: u64, targets: &[&str]) -> (u64, Vec<String>) {
    (generation, targets.iter().map(|&target| target.to_owned()).collect())
}

#[tokio::test]
async fn a_file_becomes_version_1_of_an_empty_store_and_stays_it() {
    let mut start = Start::new().await;
    start.file(FIRST).settle().await.unwrap();
    start.settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(1, &["openai"]));
}

#[tokio::test]
async fn a_changed_file_is_imported_again_where_nobody_edited() {
    let mut start = Start::new().await;
    start.file(FIRST).settle().await.unwrap();
    start.file(SECOND).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(2, &["openai", "anthropic"]));
}

#[tokio::test]
async fn an_edit_outlives_the_file_however_often_that_changes() {
    let mut start = Start::new().await;
    start.file(FIRST).settle().await.unwrap();
    start.edit("targets: [{ virtual_key: groq }]").await;
    start.file(SECOND).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(2, &["groq"]));
}

#[tokio::test]
async fn a_deletion_is_no_edit_so_a_changed_file_is_imported() {
    let mut start = Start::new().await;
    let startup = start.file(FIRST).settle().await.unwrap();
    start.edit("targets: [{ virtual_key: groq }]").await;
    let draft = Draft { document: startup, action: Action::Delete, note: String::new() };
    start.store.activate(draft, None, &Actor::system()).await.unwrap();
    start.file(SECOND).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(4, &["openai", "anthropic"]));
}

#[tokio::test]
async fn a_refused_file_stops_the_start_only_where_there_is_nothing_else() {
    let mut start = Start::new().await;
    let refused = start.file("targets: []\nstrategi: 1\n").settle().await.unwrap_err();
    assert!(matches!(refused, StartError::Refused { ref issues, .. } if issues.len() > 1), "{refused}");
    start.file(FIRST).settle().await.unwrap();
    start.file("targets: []\n").settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(1, &["openai"]));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_by_name() {
    let mut start = Start::new().await;
    start.settings.gateway_config = Some(PathBuf::from("/nowhere/gateway.yaml"));
    let error = start.settle().await.unwrap_err();
    assert_eq!(error.to_string(), "cannot read the configuration file /nowhere/gateway.yaml that GATEWAY_CONFIG names");
}

#[tokio::test]
async fn credentials_make_a_configuration_anew_until_somebody_edits() {
    let mut start = Start::new().await;
    start.credentials(&["openai", "anthropic"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(1, &["anthropic", "openai"]));
    start.credentials(&["openai", "anthropic"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(1, &["anthropic", "openai"]));
    start.credentials(&["groq"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(2, &["groq"]));
    start.edit(FIRST).await;
    start.credentials(&["mistral"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(3, &["openai"]));
}

#[tokio::test]
async fn a_deletion_is_no_edit_so_a_generated_configuration_follows_its_credentials() {
    let mut start = Start::new().await;
    let startup = start.credentials(&["openai"]).settle().await.unwrap();
    start.edit("targets: [{ virtual_key: mistral }]").await;
    let draft = Draft { document: startup, action: Action::Delete, note: String::new() };
    start.store.activate(draft, None, &Actor::system()).await.unwrap();
    start.credentials(&["openai"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(3, &["openai"]));
    start.credentials(&["groq"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(4, &["groq"]));
}

#[tokio::test]
async fn a_deletion_that_went_back_to_a_file_is_not_replaced_by_what_credentials_make() {
    let mut start = Start::new().await;
    let startup = start.file("targets: [{ virtual_key: openai, name: ours }]").settle().await.unwrap();
    start.edit("targets: [{ virtual_key: mistral }]").await;
    let draft = Draft { document: startup, action: Action::Delete, note: String::new() };
    start.store.activate(draft, None, &Actor::system()).await.unwrap();
    start.settings.gateway_config = None;
    start.credentials(&["groq"]).settle().await.unwrap();
    assert_eq!(start.in_force().await, expect(3, &["ours"]));
}

#[tokio::test]
async fn a_split_control_plane_generates_nothing() {
    let start = Start::new().await;
    assert!(start.settle().await.unwrap().is_none());
    assert_eq!(start.in_force().await, expect(0, &[]));
}

#[test]
fn a_difference_names_what_would_change_and_no_values() {
    let stored = generate(["openai", "groq"].into_iter()).unwrap().document();
    let other = ferrogw_config::read::read(SECOND, ferrogw_config::Syntax::Yaml).unwrap();
    assert_eq!(difference::between(Some(&stored), other.config()), "targets (-groq +anthropic)");
}
