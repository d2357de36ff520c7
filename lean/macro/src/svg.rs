//! SVG elements: which names belong to SVG.

/// The elements of SVG that HTML has none of the same name of (SVG 2, appendix F; Filter Effects, section 9).
const ELEMENTS: [&str; 59] = [
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "foreignObject",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "set",
    "stop",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "tspan",
    "use",
    "view",
];

/// The elements that both have: what they are follows from where they are written.
const SHARED: [&str; 4] = ["a", "script", "style", "title"];

/// Whether an element belongs to SVG, which is written `within` an element of SVG or not.
pub(crate) fn is_svg(tag: &str, within: bool) -> bool {
    ELEMENTS.contains(&tag) || within && SHARED.contains(&tag)
}

/// Whether what is written in an element is within SVG, which the element itself is or not.
pub(crate) fn is_within(tag: &str, is_svg: bool) -> bool {
    is_svg && tag != "foreignObject"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_have_follows_from_where_it_is_written() {
        assert!(is_svg("circle", false) && is_svg("g", true));
        assert!(is_svg("a", true) && !is_svg("a", false) && !is_svg("p", true));
        assert!(is_within("svg", true) && !is_within("foreignObject", true) && !is_within("p", false));
    }
}
