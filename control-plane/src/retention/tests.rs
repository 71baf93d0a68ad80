use std::cell::RefCell;
use std::future::ready;

use time::macros::datetime;

use super::*;

#[test]
fn requests_go_that_are_older_than_they_are_kept() {
    let now = datetime!(2026-03-01 12:00 UTC);
    let before = |kept: &str| before(kept.parse().unwrap(), now);
    assert_eq!(before("1h"), Some(datetime!(2026-03-01 11:00 UTC)));
    assert_eq!(before("forever"), None);
    // Longer than there is a calendar for.
    assert_eq!(before("4000000000d"), None);
}

#[tokio::test]
async fn what_is_gone_is_counted_until_there_is_no_more() {
    let (mut gone, left) = (0, RefCell::new(vec![0, 3, 5]));
    in_turns(&CancellationToken::new(), &mut gone, || ready(Ok(left.borrow_mut().pop().unwrap()))).await.unwrap();
    assert_eq!(gone, 8);
}

#[tokio::test]
async fn what_went_before_a_fault_is_counted_too() {
    let (mut gone, left) = (0, RefCell::new(vec![5]));
    let fault = || StoreError::Invalid("a fault".to_owned());
    let outcome = in_turns(&CancellationToken::new(), &mut gone, || ready(left.borrow_mut().pop().ok_or_else(fault))).await;
    assert_eq!((outcome.unwrap_err().to_string(), gone), (fault().to_string(), 5));
}

#[tokio::test]
async fn a_process_that_ends_waits_for_one_step_alone() {
    let (ended, mut gone) = (CancellationToken::new(), 0);
    ended.cancel();
    in_turns(&ended, &mut gone, || ready(Ok(1))).await.unwrap();
    assert_eq!(gone, 1);
}
