use std::ops::{Deref, DerefMut};

/// Floats of a cache line.
const LINE: usize = 16;

/// Floats that begin with a cache line, as those of large tensors do: vectors lie where the allocator likes, and
/// kernels' times would depend on it.
pub struct Lines {
    data: Vec<f32>,
    from: usize,
}

impl Lines {
    pub fn zeros(len: usize) -> Self {
        std::iter::repeat_n(0.0, len).collect()
    }
}

impl FromIterator<f32> for Lines {
    fn from_iter<I: IntoIterator<Item = f32>>(values: I) -> Self {
        let values: Vec<f32> = values.into_iter().collect();
        let mut data = Vec::with_capacity(values.len() + LINE - 1);
        let at = data.as_ptr() as usize / size_of::<f32>();
        let from = at.next_multiple_of(LINE) - at;
        data.resize(from, 0.0);
        data.extend(values);
        Lines { data, from }
    }
}

impl Deref for Lines {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &self.data[self.from..]
    }
}

impl DerefMut for Lines {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.data[self.from..]
    }
}
