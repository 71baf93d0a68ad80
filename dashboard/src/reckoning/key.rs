//! Which keys are listed, and in which order.

use ferrogw_api::key::Key;
use time::OffsetDateTime;

/// Which keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All.
    Any,
    /// Those that can be used.
    Usable,
    /// Those that cannot.
    Dead,
}

impl Standing {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Any, Self::Usable, Self::Dead];

    /// Its word in an address; empty for the usual choice.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Usable => "active",
            Self::Dead => "dead",
        }
    }

    /// The choice that an address says.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|standing| standing.word() == word).unwrap_or(Self::Any)
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Any => "All",
            Self::Usable => "Active",
            Self::Dead => "Revoked or expired",
        }
    }

    fn admits(self, key: &Key, now: OffsetDateTime) -> bool {
        let usable = key.active && key.expires_at.is_none_or(|end| end > now);
        match self {
            Self::Any => true,
            Self::Usable => usable,
            Self::Dead => !usable,
        }
    }
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The newest.
    Created,
    /// The most used.
    Used,
    /// The last used.
    LastUsed,
    /// The dearest.
    Spent,
    /// By name.
    Name,
}

impl Sort {
    /// All choices: their words in addresses, empty for the usual one, and for people.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Created, "", "Newest first"),
        (Self::LastUsed, "last_used", "Last request first"),
        (Self::Used, "used", "Most requests first"),
        (Self::Spent, "spent", "Most spent first"),
        (Self::Name, "name", "By name"),
    ];

    /// The order that an address says.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map_or(Self::Created, |(sort, ..)| sort)
    }
}

/// The keys whose name, id or masked form contains `text`.
#[must_use]
pub fn select(keys: &[Key], text: &str, standing: Standing, sort: Sort, now: OffsetDateTime) -> Vec<Key> {
    let text = text.trim().to_lowercase();
    let contains = |key: &&Key| {
        text.is_empty()
            || key.name.to_lowercase().contains(&text)
            || key.id.contains(&text)
            || key.key.to_lowercase().contains(&text)
    };
    let mut found: Vec<Key> = keys.iter().filter(contains).filter(|key| standing.admits(key, now)).cloned().collect();
    let spent = |key: &Key| key.cost_usd.unwrap_or(0.0);
    found.sort_by(|a, b| match sort {
        Sort::Created => b.created_at.cmp(&a.created_at),
        Sort::Used => b.usage_count.cmp(&a.usage_count),
        Sort::LastUsed => b.last_used_at.cmp(&a.last_used_at),
        Sort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
        Sort::Spent => spent(b).total_cmp(&spent(a)),
    });
    found
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-25 12:00 UTC);

    fn key(name: &str, uses: u64) -> Key {
        Key {
            id: format!("id-{name}"),
            key: format!("sk-ferro-…{name}"),
            name: name.to_owned(),
            scopes: Vec::new(),
            created_at: NOW - time::Duration::minutes(i64::try_from(uses).unwrap()),
            revoked_at: None,
            expires_at: None,
            rotated_at: None,
            last_used_at: None,
            usage_count: Some(uses),
            cost_usd: None,
            active: true,
        }
    }

    fn names(text: &str, standing: Standing, sort: Sort) -> Vec<String> {
        let revoked = Key { active: false, revoked_at: Some(NOW), ..key("revoked", 3) };
        let expired = Key { expires_at: Some(NOW), ..key("Expired", 9) };
        let keys = [Key { cost_usd: Some(2.5), ..key("build", 5) }, revoked, expired, key("<b>", 1)];
        select(&keys, text, standing, sort, NOW).into_iter().map(|key| key.name).collect()
    }

    #[test]
    fn the_newest_come_first_unless_something_else_is_wanted() {
        assert_eq!(names("", Standing::Any, Sort::Created), ["<b>", "revoked", "build", "Expired"]);
        assert_eq!(names("", Standing::Any, Sort::of("used")), ["Expired", "build", "revoked", "<b>"]);
        assert_eq!(names("", Standing::Any, Sort::of("spent"))[0], "build");
        assert_eq!(names("", Standing::Any, Sort::of("name")), ["<b>", "build", "Expired", "revoked"]);
    }

    #[test]
    fn an_expired_key_is_as_dead_as_a_revoked_one() {
        assert_eq!(names("", Standing::of("active"), Sort::Created), ["<b>", "build"]);
        assert_eq!(names("", Standing::of("dead"), Sort::Created), ["revoked", "Expired"]);
    }

    #[test]
    fn keys_are_found_by_name_or_id() {
        assert_eq!(names(" EXP", Standing::Any, Sort::Created), ["Expired"]);
        assert_eq!(names("id-rev", Standing::Any, Sort::Created), ["revoked"]);
        assert_eq!(names("<B>", Standing::Any, Sort::Created), ["<b>"]);
    }
}
