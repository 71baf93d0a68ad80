//! With few rows looked at (see [`way::LOOKED`]), so that small logs show what happens in large ones.

use std::time::Duration;

use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::{LogCursor, way};
use crate::store::{Areas, Backend, Beginning, KeyFilter, LogEntry, LogFilter, LogItem, LogRecord, LogRow, Page, Store, Tokens};

const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// So many requests, a second apart; every `rare`th of them streamed.
async fn log(count: u32, rare: u32) -> Store {
    let store = Store::open(&Areas::all_in(Backend::Memory)).await.unwrap();
    let item = |number: u32| LogItem {
        sequence: u64::from(number) + 1,
        entry: LogEntry::Record(Box::new(LogRecord {
            stream: number.is_multiple_of(rare),
            ..record(NOON + Duration::from_secs(1) * number)
        })),
    };
    store.record(Uuid::now_v7(), 1, &(0..count).map(item).collect::<Vec<_>>()).await.unwrap();
    store
}

fn record(started_at: OffsetDateTime) -> LogRecord {
    LogRecord {
        id: Uuid::now_v7(),
        request_id: "request".to_owned(),
        started_at,
        duration: Duration::from_millis(80),
        first_content: None,
        surface: "chat_completions".to_owned(),
        requested_model: "fast".to_owned(),
        model: "gpt-4o-mini".to_owned(),
        provider: "openai".to_owned(),
        target: "openai".to_owned(),
        key_id: None,
        status: 200,
        stream: false,
        client_gone: false,
        finish_reason: None,
        error: None,
        tokens: Some(Tokens::default()),
        cost_nanos: None,
        price_rule: None,
        attempts: Vec::new(),
        generation: 1,
        repairs: 0,
    }
}

fn seconds(rows: &[LogRow]) -> Vec<i64> {
    rows.iter().map(|row| (row.record.started_at - NOON).whole_seconds()).collect()
}

/// All pages of a filter: what they hold, and how many there were.
async fn walk(store: &Store, filter: &LogFilter, limit: u64) -> (Vec<i64>, usize) {
    let (mut seen, mut pages, mut cursor): (Vec<i64>, usize, Option<LogCursor>) = (Vec::new(), 0, None);
    loop {
        let page = store.logs(filter, Page::first(limit), cursor).await.unwrap();
        assert!(page.rows.iter().all(|row| filter.admits(row)));
        seen.extend(seconds(&page.rows));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            return (seen, pages);
        }
    }
}

fn streamed() -> LogFilter {
    LogFilter { stream: Some(true), ..LogFilter::default() }
}

#[tokio::test]
async fn a_page_of_rare_rows_is_short_and_says_where_to_go_on() {
    assert_eq!(way::LOOKED, 20);
    let store = log(50, 25).await;
    let first = store.logs(&streamed(), Page::first(10), None).await.unwrap();
    assert_eq!((seconds(&first.rows), first.total, first.more), (vec![], 0, true));
    assert_eq!(walk(&store, &streamed(), 10).await, (vec![25, 0], 3));
}

#[tokio::test]
async fn many_keys_that_begin_alike_are_looked_for_row_by_row() {
    let store = log(30, 25).await;
    let own = |number: u32| LogItem {
        sequence: u64::from(number) + 1,
        entry: LogEntry::Record(Box::new(LogRecord {
            key_id: Some(Uuid::from_u128(0xabcd << 112 | u128::from(number))),
            ..record(NOON + Duration::from_millis(500) + Duration::from_secs(1) * number)
        })),
    };
    store.record(Uuid::now_v7(), 1, &(0..9).map(own).collect::<Vec<_>>()).await.unwrap();
    let alike = LogFilter { text: Beginning::parse("abcd"), ..LogFilter::default() };
    let (seen, pages) = walk(&store, &alike, 10).await;
    assert_eq!((seen, pages > 1), ((0..9).rev().collect(), true));
}

#[tokio::test]
async fn what_an_index_knows_is_found_at_once() {
    let store = log(50, 25).await;
    let filter = LogFilter { provider: Some("openai".to_owned()), key: Some(KeyFilter::None), ..LogFilter::default() };
    let page = store.logs(&LogFilter { provider: None, ..filter.clone() }, Page::first(10), None).await.unwrap();
    assert_eq!((page.rows.len(), page.total, page.more), (10, 50, false));
    assert_eq!(walk(&store, &filter, 7).await.0, (0..50).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn two_ways_are_one_list_in_order() {
    // Each request is for `fast`; those for `gpt-4o-mini` under its own name are known by another way.
    let store = log(30, 3).await;
    let own = |number: u32| LogItem {
        sequence: u64::from(number) + 1,
        entry: LogEntry::Record(Box::new(LogRecord {
            model: "fast".to_owned(),
            stream: number.is_multiple_of(2),
            ..record(NOON + Duration::from_millis(500) + Duration::from_secs(1) * number)
        })),
    };
    store.record(Uuid::now_v7(), 1, &(0..30).map(own).collect::<Vec<_>>()).await.unwrap();
    let fast = LogFilter { model: Some("fast".to_owned()), ..LogFilter::default() };
    let (all, _) = walk(&store, &fast, 7).await;
    assert_eq!((all.len(), all.is_sorted_by(|a, b| a >= b)), (60, true));
    let (streams, pages) = walk(&store, &LogFilter { stream: Some(true), ..fast.clone() }, 7).await;
    assert_eq!((streams.len(), streams.is_sorted_by(|a, b| a >= b)), (25, true));
    assert!(pages > 3, "{pages}");
    assert_eq!(store.logs(&fast, Page { limit: 10, offset: 55 }, None).await.unwrap().rows.len(), 5);
}
