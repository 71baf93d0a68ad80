//! Where something stands in a configuration, written as people write it: `targets[1].retry.attempts`.
//!
//! A path is a chain on the stack; text is made of it only where an issue is reported.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Longest key that is written out, in bytes: very many issues may stand under one.
const LONGEST_KEY: usize = 256;

/// A place in the document.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
    mark: u64,
}

#[derive(Clone, Copy, Hash)]
enum Segment<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The whole document.
    pub(crate) const ROOT: Path<'static> = Path { parent: None, segment: Segment::Root, mark: 0 };

    /// The member `key` of what stands here.
    pub(crate) fn key(&'a self, key: &'a str) -> Path<'a> {
        self.step(Segment::Key(key))
    }

    /// The element at `index`, from 0, of what stands here.
    pub(crate) fn index(&'a self, index: usize) -> Path<'a> {
        self.step(Segment::Index(index))
    }

    /// Stands for the place in a table. Texts of the very many places below a very long key would fill the memory.
    pub(crate) fn mark(&self) -> u64 {
        self.mark
    }

    fn step(&'a self, segment: Segment<'a>) -> Path<'a> {
        let mut hasher = DefaultHasher::new();
        (self.mark, segment).hash(&mut hasher);
        Path { parent: Some(self), segment, mark: hasher.finish() }
    }

    /// This place and all that it is part of, from the inside out.
    pub(crate) fn and_ancestors(&'a self) -> impl Iterator<Item = &'a Path<'a>> {
        std::iter::successors(Some(self), |path| path.parent)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) if key.len() > LONGEST_KEY => write!(f, "[{:?}…]", &key[..key.floor_char_boundary(LONGEST_KEY)]),
            Segment::Key(key) if !is_plain(key) => write!(f, "[{key:?}]"),
            Segment::Key(key) if self.parent.is_some_and(|parent| parent.parent.is_some()) => write!(f, ".{key}"),
            Segment::Key(key) => f.write_str(key),
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let targets = Path::ROOT.key("targets");
        let target = targets.index(1);
        assert_eq!(Path::ROOT.to_string(), "");
        assert_eq!(target.key("retry").key("attempts").to_string(), "targets[1].retry.attempts");
        assert_eq!(Path::ROOT.key("aliases").key("gpt-4.1").to_string(), r#"aliases["gpt-4.1"]"#);
    }

    #[test]
    fn a_very_long_key_is_cut() {
        let text = Path::ROOT.key(&"é".repeat(1_000)).key("a").to_string();
        assert_eq!(text, format!("[\"{}\"…].a", "é".repeat(128)));
    }

    #[test]
    fn each_place_has_a_mark_of_its_own() {
        let (targets, plugins) = (Path::ROOT.key("targets"), Path::ROOT.key("plugins"));
        let marks = [targets.mark(), plugins.mark(), targets.index(0).mark(), targets.index(1).mark(), targets.key("0").mark()];
        assert_eq!(marks.iter().collect::<std::collections::HashSet<_>>().len(), 5);
        assert_eq!(targets.index(1).mark(), Path::ROOT.key("targets").index(1).mark());
    }
}
