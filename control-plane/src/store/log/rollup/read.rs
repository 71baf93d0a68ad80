//! Reading roll-ups. Counters are added up by the database; histograms are gathered there and added up here.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DbBackend, DbErr, EntityTrait as _, QueryFilter as _, QueryResult,
    QuerySelect as _,
};
use uuid::Uuid;

use super::grain::Run;
use super::sums::{Failed, Measured, Sums};
use super::{ALL_KEYS, EVERYTHING, NO_KEY};
use crate::entity::key_use;
use crate::entity::rollup::{Column, Entity};
use crate::store::column::unsigned;
use crate::store::database::Database;
use crate::store::log::{KeyFilter, Tokens};

/// Which requests are meant.
#[derive(Debug, Clone, Default)]
pub(in crate::store::log) struct Scope {
    /// Of this key; `None`: of all.
    pub(in crate::store::log) key: Option<KeyFilter>,
    pub(in crate::store::log) provider: Option<String>,
    /// As it went to the provider.
    pub(in crate::store::log) model: Option<String>,
}

/// By what figures are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// By provider.
    Provider,
    /// By model as it went to the provider.
    Model,
    /// By key; requests without one have the nil id.
    Key,
}

/// Columns that are added up. Sums are cast back to `bigint`, since PostgreSQL widens them.
const ADDED: [Column; 18] = [
    Column::Requests,
    Column::Failures,
    Column::Input,
    Column::CacheRead,
    Column::CacheWrite,
    Column::CacheWrite1h,
    Column::Output,
    Column::Reasoning,
    Column::AudioInput,
    Column::AudioOutput,
    Column::CostNanos,
    Column::Unpriced,
    Column::FailedPrompt,
    Column::FailedOutput,
    Column::FailedCostNanos,
    Column::FailedUnpriced,
    Column::DurationSumUs,
    Column::FirstContentSumUs,
];

const LONGEST: [Column; 2] = [Column::DurationMaxUs, Column::FirstContentMaxUs];

/// Keys that are named in one statement.
const KEYS: usize = 5_000;

const HISTOGRAMS: [Column; 2] = [Column::Durations, Column::FirstContents];

/// Sums of each step of a run, by the step's beginning; steps without requests are absent.
pub(in crate::store::log) async fn steps(
    database: &Database,
    scope: &Scope,
    run: Run,
    step_us: i64,
) -> Result<BTreeMap<i64, Sums>, DbErr> {
    // Whole numbers of ours, so they may stand in the text; division of whole numbers is whole in both dialects.
    let from_us = run.from_us;
    let number = Expr::cust(format!("(start_us - ({from_us})) / {step_us}"));
    let mut query = select(scope.rows(run));
    gather(database, &mut query);
    query.expr_as(number, "step").group_by_col("step");
    let mut steps = BTreeMap::new();
    for row in database.unhurried.query_all(&query).await? {
        steps.insert(from_us + row.try_get::<i64>("", "step")? * step_us, sums(&row)?);
    }
    Ok(steps)
}

/// Sums of everything in the runs.
pub(in crate::store::log) async fn total(database: &Database, scope: &Scope, runs: &[Run]) -> Result<Sums, DbErr> {
    let mut total = Sums::default();
    for run in runs {
        let mut query = select(scope.rows(*run));
        gather(database, &mut query);
        if let Some(row) = database.unhurried.query_one(&query).await? {
            total.merge(&sums(&row)?);
        }
    }
    Ok(total)
}

/// Sums of each group, without histograms: there may be many groups.
pub(in crate::store::log) async fn groups(
    database: &Database,
    scope: &Scope,
    runs: &[Run],
    dimension: Dimension,
) -> Result<HashMap<String, Sums>, DbErr> {
    let mut groups: HashMap<String, Sums> = HashMap::new();
    for run in runs {
        for rows in scope.rows_by(database, *run, dimension).await? {
            let mut query = select(rows);
            dimension.group(&mut query);
            for row in database.unhurried.query_all(&query).await? {
                groups.entry(dimension.name(&row)?).or_default().merge(&sums(&row)?);
            }
        }
    }
    Ok(groups)
}

/// Adds their histograms to those groups.
pub(in crate::store::log) async fn measure(
    database: &Database,
    scope: &Scope,
    runs: &[Run],
    dimension: Dimension,
    groups: &mut [(String, Sums)],
) -> Result<(), DbErr> {
    let mut wanted: HashMap<String, &mut Sums> = groups.iter_mut().map(|(name, sums)| (name.clone(), sums)).collect();
    for run in runs {
        let mut query = Query::select();
        query.from(Entity).cond_where(scope.named(*run, dimension, wanted.keys()));
        gather(database, &mut query);
        dimension.group(&mut query);
        for row in database.unhurried.query_all(&query).await? {
            let Some(sums) = wanted.get_mut(&dimension.name(&row)?) else { continue };
            sums.duration.histogram.add_text(&row.try_get::<String>("", &name(HISTOGRAMS[0]))?);
            sums.first_content.histogram.add_text(&row.try_get::<String>("", &name(HISTOGRAMS[1]))?);
        }
    }
    Ok(())
}

impl Scope {
    /// The rows of a run, as few as there are.
    fn rows(&self, run: Run) -> Condition {
        match self {
            Self { key: None, provider: None, model: None } => self.of(run).add(Column::KeyId.eq(EVERYTHING)),
            _ => self.rows_apart(run),
        }
    }

    /// The rows of a run, those of each provider and model apart.
    fn rows_apart(&self, run: Run) -> Condition {
        let key_id = match self.key {
            None => ALL_KEYS,
            Some(KeyFilter::None) => NO_KEY,
            Some(KeyFilter::Id(id)) => id,
        };
        self.of(run).add(Column::KeyId.eq(key_id))
    }

    /// The rows of a run, those of each key apart if that is asked for. The table is entered by key, so all that were used since
    /// are named, some thousand at a time.
    async fn rows_by(&self, database: &Database, run: Run, dimension: Dimension) -> Result<Vec<Condition>, DbErr> {
        if dimension != Dimension::Key || self.key.is_some() {
            return Ok(vec![self.rows_apart(run)]);
        }
        let used = key_use::Entity::find()
            .select_only()
            .column(key_use::Column::KeyId)
            .filter(key_use::Column::LastUsedUs.gte(run.from_us))
            .into_tuple::<Uuid>();
        let mut keys = used.all(&database.unhurried).await?;
        keys.push(NO_KEY);
        Ok(keys.chunks(KEYS).map(|keys| self.of(run).add(Column::KeyId.is_in(keys.iter().copied()))).collect())
    }

    /// The rows of a run that belong to groups of these names.
    fn named<'a>(&self, run: Run, dimension: Dimension, names: impl Iterator<Item = &'a String>) -> Condition {
        match dimension {
            Dimension::Key if self.key.is_none() => {
                self.of(run).add(Column::KeyId.is_in(names.filter_map(|name| Uuid::try_parse(name).ok())))
            }
            Dimension::Key => self.rows_apart(run),
            Dimension::Provider | Dimension::Model => self.rows_apart(run).add(dimension.column().is_in(names.cloned())),
        }
    }

    fn of(&self, Run { grain, from_us, to_us }: Run) -> Condition {
        Condition::all()
            .add(Column::Grain.eq(grain.number()))
            .add(Column::StartUs.gte(from_us))
            .add(Column::StartUs.lt(to_us))
            .add_option(self.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
            .add_option(self.model.as_ref().map(|model| Column::Model.eq(model)))
    }
}

impl Dimension {
    fn column(self) -> Column {
        match self {
            Self::Provider => Column::Provider,
            Self::Model => Column::Model,
            Self::Key => Column::KeyId,
        }
    }

    fn group(self, query: &mut SelectStatement) {
        query.expr_as(Expr::col(self.column()), "name").group_by_col(self.column());
    }

    fn name(self, row: &QueryResult) -> Result<String, DbErr> {
        match self {
            Self::Provider | Self::Model => row.try_get("", "name"),
            Self::Key => row.try_get::<Uuid>("", "name").map(|id| id.to_string()),
        }
    }
}

fn select(rows: Condition) -> SelectStatement {
    let mut query = Query::select();
    query.from(Entity).cond_where(rows);
    for column in ADDED {
        let name = name(column);
        query.expr_as(Expr::cust(format!("CAST(COALESCE(SUM({name}), 0) AS BIGINT)")), name);
    }
    for column in LONGEST {
        let name = name(column);
        query.expr_as(Expr::cust(format!("COALESCE(MAX({name}), 0)")), name);
    }
    query
}

/// Selects all histograms as one text each.
fn gather(database: &Database, query: &mut SelectStatement) {
    let aggregate = match database.unhurried.get_database_backend() {
        DbBackend::Postgres => "STRING_AGG",
        _ => "GROUP_CONCAT",
    };
    for column in HISTOGRAMS {
        let name = name(column);
        query.expr_as(Expr::cust(format!("COALESCE({aggregate}({name}, ' '), '')")), name);
    }
}

fn name(column: Column) -> String {
    sea_orm::Iden::unquoted(&column).to_owned()
}

fn sums(row: &QueryResult) -> Result<Sums, DbErr> {
    let number = |column: Column| row.try_get::<i64>("", &name(column));
    let count = |column: Column| number(column).map(unsigned);
    let text = |column: Column| row.try_get::<Option<String>>("", &name(column)).ok().flatten().unwrap_or_default();
    let measured = |sum, max, histogram| Ok::<_, DbErr>(Measured::read(number(sum)?, number(max)?, &text(histogram)));
    Ok(Sums {
        requests: count(Column::Requests)?,
        failures: count(Column::Failures)?,
        tokens: Tokens {
            input: count(Column::Input)?,
            cache_read: count(Column::CacheRead)?,
            cache_write: count(Column::CacheWrite)?,
            cache_write_1h: count(Column::CacheWrite1h)?,
            output: count(Column::Output)?,
            reasoning: count(Column::Reasoning)?,
            audio_input: count(Column::AudioInput)?,
            audio_output: count(Column::AudioOutput)?,
        },
        cost_nanos: number(Column::CostNanos)?,
        unpriced: count(Column::Unpriced)?,
        failed: Failed {
            prompt: count(Column::FailedPrompt)?,
            output: count(Column::FailedOutput)?,
            cost_nanos: number(Column::FailedCostNanos)?,
            unpriced: count(Column::FailedUnpriced)?,
        },
        duration: measured(Column::DurationSumUs, Column::DurationMaxUs, Column::Durations)?,
        first_content: measured(Column::FirstContentSumUs, Column::FirstContentMaxUs, Column::FirstContents)?,
    })
}
