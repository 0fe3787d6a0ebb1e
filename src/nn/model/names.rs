//! Names of layers that were given none.
use crate::base::error::{Result, bail};
use crate::base::names::{Taken, snake};
use crate::base::sorted::sorted;
use crate::nn::Member;
use alloc::{format, string::String, vec::Vec};

/// Names that are taken, and where the search for a free one goes on.
#[derive(Default)]
pub(super) struct Names {
    pub(super) taken: Taken,
    /// For each class the number of the next name.
    next: Vec<(String, usize)>,
}

impl Names {
    /// `dense`, then `dense_1`, `dense_2`, …
    pub(super) fn free(&mut self, class_name: &str) -> String {
        let base = snake(class_name);
        let known = self.next.iter().position(|(name, _)| *name == base);
        let class = known.unwrap_or_else(|| {
            self.next.push((base.clone(), 0));
            self.next.len() - 1
        });
        let count = &mut self.next[class].1;
        loop {
            let name = numbered(&base, *count);
            *count += 1;
            if !self.taken.has(&name) {
                return name;
            }
        }
    }
}

/// Gives the layers without a name one, in the order in which they were made. A name that nobody gave, but that an
/// earlier model found for its layer, is changed where it is taken: two such models are joined in a third.
///
/// # Errors
/// A name that was given is there twice.
pub fn name_members(members: &[Member]) -> Result<()> {
    let mut names = Names {
        taken: Taken::of(members.iter().filter_map(Member::given_name)),
        next: Vec::new(),
    };
    if let Some(name) = names.taken.twice() {
        bail!(Value, "layer name `{name}` is used twice");
    }
    let others = members.iter().enumerate();
    let others = others.filter(|(_, member)| member.given_name().is_none());
    // Those that have a name already keep it if they can.
    let turn = |member: &Member| match member.name() {
        Some(_) => member.key() as usize,
        None => member.key() as usize | 1 << 31,
    };
    let others = others.map(|(place, member)| (turn(member), place));
    for (_, place) in sorted(others.collect()) {
        let member = &members[place];
        let name = match member.name() {
            Some(name) if !names.taken.has(&name) => name,
            _ => {
                let name = names.free(member.class_name());
                member.give_name(&name);
                name
            }
        };
        names.taken.take(name);
    }
    Ok(())
}

fn numbered(base: &str, count: usize) -> String {
    match count {
        0 => base.into(),
        _ => format!("{base}_{count}"),
    }
}
