//! Layers that treat some axes of a sample as one.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected};
use crate::nn::layer::sample_axis;
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::{vec, vec::Vec};
use smallvec::SmallVec;

/// One axis or several of a batch, as a configuration names them: −1 is the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisList {
    axes: Vec<isize>,
    is_list: bool,
}

impl AxisList {
    /// A single axis.
    pub fn one(axis: isize) -> Self {
        AxisList {
            axes: vec![axis],
            is_list: false,
        }
    }

    /// The places of these axes among those of a batch whose samples have `rank` axes, in order.
    ///
    /// # Errors
    /// No axis, the batch axis, one that is not there, or one that is named twice.
    pub(super) fn places(
        &self,
        class_name: &str,
        rank: usize,
    ) -> Result<SmallVec<[usize; MAX_RANK]>> {
        let mut places = SmallVec::new();
        for &axis in &self.axes {
            let place = 1 + sample_axis(class_name, axis, rank)?;
            if places.contains(&place) {
                bail!(Value, "{class_name}: `axis` names axis {place} twice");
            }
            // In ascending order; a sort of Rust's library would add two kilobytes to the module.
            places.push(place);
            let mut at = places.len() - 1;
            while at > 0 && places[at - 1] > place {
                places.swap(at - 1, at);
                at -= 1;
            }
        }
        if places.is_empty() {
            bail!(Value, "{class_name}: `axis` must name at least one axis");
        }
        Ok(places)
    }
}

impl Setting for AxisList {
    fn read(value: &Value) -> Result<Self> {
        let axes = match value {
            Value::Array(_) => Vec::read(value),
            one => isize::read(one).map(|axis| vec![axis]),
        };
        match axes {
            Ok(axes) => Ok(AxisList {
                axes,
                is_list: matches!(value, Value::Array(_)),
            }),
            Err(_) => expected("a whole number or a list of them", value),
        }
    }
}

impl From<AxisList> for Value {
    fn from(list: AxisList) -> Value {
        match (list.is_list, &*list.axes) {
            (false, &[axis]) => axis.into(),
            _ => list.axes.into(),
        }
    }
}

/// What `f` makes of `x` with the axes `places` as one, which is the last.
///
/// # Errors
/// Those of `f`, or too little memory.
pub(super) fn as_last(
    x: &Tensor,
    places: &[usize],
    f: &dyn Fn(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    let shape = x.shape();
    let rank = shape.len();
    if *places == [rank - 1] {
        return f(x);
    }
    let others = (0..rank).filter(|place| !places.contains(place));
    let order: SmallVec<[usize; MAX_RANK]> = others.chain(places.iter().copied()).collect();
    let is_moved = order.iter().enumerate().any(|(to, &from)| to != from);
    let moved = match is_moved {
        true => x.transpose(&order)?,
        false => x.clone(),
    };
    let outer = &moved.shape()[..rank - places.len()];
    let length = places.iter().map(|&place| shape[place]).product();
    let y = f(&moved.reshape(&Shape::join(outer, &[length])?)?)?;
    let y = y.reshape(moved.shape())?;
    if !is_moved {
        return Ok(y);
    }
    let mut back = order.clone();
    for (place, &from) in order.iter().enumerate() {
        back[from] = place;
    }
    y.transpose(&back)
}
