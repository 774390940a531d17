//! Numbers of the cells that places are sorted into.

/// The whole number at or below `v`; what is beyond the numbers there are becomes the
/// last of them. `f32::floor` without SSE 4.1 is a call, a cast is not.
pub(crate) fn floor(v: f32) -> i32 {
    let towards_zero = v as i32;
    towards_zero.saturating_sub(i32::from(towards_zero as f32 > v))
}

#[cfg(test)]
mod tests {
    use super::floor;

    #[test]
    fn as_the_library_does() {
        for v in [
            0.0,
            -0.0,
            0.9,
            -0.1,
            -1.0,
            7.0,
            -7.5,
            1e30,
            -1e30,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
        ] {
            assert_eq!(floor(v), v.floor() as i32, "{v}");
        }
    }
}
