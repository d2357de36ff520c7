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

/// The elements of SVG whose content is HTML (HTML, section 13.2.6: "HTML integration point").
const INTEGRATION_POINTS: [&str; 3] = ["desc", "foreignObject", "title"];

/// Where a node is written in a `view!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// What HTML and SVG both have belongs to SVG here.
    in_svg: bool,
    /// An element is right around it, rather than a component, which may draw anything around its children.
    in_element: bool,
}

impl Context {
    /// The context of a view, which may be a part of a page or of an image.
    pub(crate) const TOP: Self = Self { in_svg: false, in_element: false };

    /// The context inside an element, which belongs to SVG or not.
    pub(crate) fn in_element(tag: &str, is_svg: bool) -> Self {
        Self { in_svg: is_svg && !INTEGRATION_POINTS.contains(&tag), in_element: true }
    }

    /// The context inside a component.
    pub(crate) fn in_component(self) -> Self {
        Self { in_element: false, ..self }
    }

    /// Whether an element belongs to SVG.
    pub(crate) fn is_svg(self, tag: &str) -> bool {
        ELEMENTS.contains(&tag) || self.in_svg && SHARED.contains(&tag)
    }

    /// Whether the HTML parser, which reads what the server writes, takes an element for what it is.
    pub(crate) fn allows(self, tag: &str) -> bool {
        !self.in_element || self.is_svg(tag) == self.in_svg || tag == "svg"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: Context = Context { in_svg: false, in_element: true };
    const SVG: Context = Context { in_svg: true, in_element: true };

    #[test]
    fn what_both_have_follows_from_where_it_is_written() {
        assert!(Context::TOP.is_svg("circle") && SVG.is_svg("g"));
        assert!(SVG.is_svg("a") && !HTML.is_svg("a") && !Context::TOP.is_svg("a") && !SVG.is_svg("p"));
        assert!(SVG.in_component().is_svg("a") && !HTML.in_component().is_svg("a"));
    }

    #[test]
    fn the_content_of_integration_points_is_html() {
        assert_eq!(Context::in_element("svg", true), SVG);
        assert_eq!(Context::in_element("a", true), SVG);
        for tag in INTEGRATION_POINTS {
            assert_eq!(Context::in_element(tag, true), HTML, "{tag}");
        }
        assert_eq!(Context::in_element("p", false), HTML);
    }

    #[test]
    fn an_element_is_allowed_where_the_parser_reads_it_alike() {
        assert!(SVG.allows("circle") && !HTML.allows("circle"));
        assert!(HTML.allows("p") && !SVG.allows("p"));
        for tag in ["svg", "title"] {
            assert!(HTML.allows(tag) && SVG.allows(tag), "{tag}");
        }
        for unknown in [Context::TOP, HTML.in_component(), SVG.in_component()] {
            assert!(unknown.allows("circle") && unknown.allows("p"));
        }
    }
}
