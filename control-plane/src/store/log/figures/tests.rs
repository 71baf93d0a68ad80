use super::*;

fn group(name: &str, requests: u64) -> (String, Sums) {
    (name.to_owned(), Sums { requests, ..Sums::default() })
}

/// So many groups, those with most requests first.
fn crowd(count: u64) -> Vec<(String, Sums)> {
    (0..count).map(|number| group(&format!("{number:03}"), 1_000 - number)).collect()
}

fn names(groups: &[(String, Sums)]) -> Vec<&str> {
    groups.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn up_to_fifty_groups_are_all_told_by_name() {
    let mut groups = crowd(50);
    assert!(split_rest(&mut groups).is_empty());
    assert_eq!(groups.len(), 50);
}

#[test]
fn those_with_most_requests_are_told_by_name() {
    let mut groups = crowd(60);
    let rest = split_rest(&mut groups);
    assert_eq!((groups.len(), names(&rest)[0], rest.len()), (50, "050", 10));
}

#[test]
fn whoever_is_large_in_something_else_is_told_by_name_in_its_place() {
    let mut groups = crowd(60);
    groups[57].1.cost_nanos = 1;
    groups[58].1.tokens.output = 1;
    groups[59].1.failures = 1;
    let rest = split_rest(&mut groups);
    assert_eq!((groups.len(), &names(&groups)[46..]), (50, &["046", "057", "058", "059"][..]));
    assert_eq!(names(&rest), ["047", "048", "049", "050", "051", "052", "053", "054", "055", "056"]);
}
