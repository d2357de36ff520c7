//! The avatar: a person's initials on a colour of their own.

use lean::prelude::*;

use crate::state::initials::initials;

/// The initials of a name on a colour that follows from it. The name itself stands beside it for those who listen.
#[component]
pub(crate) fn Avatar(
    /// Whose.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true" style=format!("--hue:{}", hue(&name))>{initials(&name)}</span> }
}

/// An angle on the colour wheel in steps of 15 degrees, far enough apart to be told from each other (FNV-1a).
fn hue(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits of this hash vary least.
    (hash >> 8) % 24 * 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_colour_and_names_differ() {
        assert_eq!(hue("김민수"), hue("김민수"));
        let hues: std::collections::BTreeSet<u32> = ["Ada", "Bob", "민수", "영희", "Grace", "Linus"].map(hue).into();
        assert!(hues.len() >= 5, "{hues:?}");
        assert!(hues.iter().all(|hue| *hue < 360));
    }
}
