//! Which calls lead from the inputs of a model to its outputs, and the order of its layers.
use super::id;
use crate::base::error::{Result, bail};
use crate::base::places::Places;
use crate::base::sorted::sorted;
use crate::nn::Member;
use crate::nn::model::symbol::{Call, Symbol};
use alloc::{rc::Rc, vec, vec::Vec};

/// A set of calls.
pub(super) fn calls_of(symbols: &[Symbol]) -> Places {
    let mut calls = Places::new();
    for (place, symbol) in symbols.iter().enumerate() {
        calls.set(id(symbol.call()), place);
    }
    calls
}

/// The calls that `outputs` depend on, inputs first, and the order in which layers were met on the way there.
pub(super) struct Reached {
    pub(super) order: Vec<Rc<Call>>,
    pub(super) met: Places,
}

pub(super) fn reach(inputs: &[Symbol], outputs: &[Symbol]) -> Result<Reached> {
    let ends = calls_of(inputs);
    let (mut order, mut met, mut done) = (Vec::new(), Places::new(), Places::new());
    for output in outputs {
        // Each entry is a call, and how many of its inputs have been looked at.
        let mut pending = vec![(output.call().clone(), 0)];
        while let Some((call, next)) = pending.pop() {
            if next == 0 {
                if done.get(id(&call)).is_some() {
                    continue;
                }
                met.get_or_set(call.member.key() as usize, met.len());
            }
            let inside = ends.get(id(&call)).is_none();
            if inside && call.is_input() {
                bail!(
                    Value,
                    "model: the outputs depend on the input {}, which is not among its inputs",
                    call.member.title()
                );
            }
            match call.inputs.get(next).filter(|_| inside) {
                Some(input) => {
                    let input = input.call().clone();
                    pending.push((call, next + 1));
                    if done.get(id(&input)).is_none() {
                        pending.push((input, 0));
                    }
                }
                None => {
                    if done.set(id(&call), order.len()) {
                        order.push(call);
                    }
                }
            }
        }
    }
    Ok(Reached { order, met })
}

/// The layers of these calls in Keras' order: by their distance from the outputs, the farthest first; those of one
/// distance in the order in which they were met.
pub(super) fn keras_order(reached: &Reached, inputs: &[Symbol]) -> Vec<Member> {
    let ends = calls_of(inputs);
    let mut depth_of_call = Places::new();
    // The layers in the order in which they were met, and how far each is from the outputs.
    let mut members = vec![None; reached.met.len()];
    let mut depths = vec![0; reached.met.len()];
    for call in reached.order.iter().rev() {
        let own = depth_of_call.get(id(call)).unwrap_or(0);
        let met = reached.met.get(call.member.key() as usize).unwrap_or(0);
        members[met].get_or_insert_with(|| call.member.clone());
        let depth = own.max(depths[met]);
        depths[met] = depth;
        depth_of_call.set(id(call), depth);
        if ends.get(id(call)).is_some() {
            continue;
        }
        for input in &call.inputs {
            let before = depth_of_call.get(id(input.call())).unwrap_or(0);
            depth_of_call.set(id(input.call()), before.max(depth + 1));
        }
    }
    let order = depths.iter().enumerate();
    let order = sorted(
        order
            .map(|(met, depth)| (usize::MAX - depth, met))
            .collect(),
    );
    let order = order.into_iter();
    order.filter_map(|(_, met)| members[met].take()).collect()
}
