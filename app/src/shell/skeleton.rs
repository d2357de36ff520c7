//! The skeleton of a page, which the browser compares before hydration.
//!
//! Translators, extensions and browsers change pages before their Wasm has come: they wrap texts, drop comments, make
//! links of numbers. Hydration goes from node to node without looking, and ends in a panic or, worse, with listeners on
//! the wrong elements. So the server says what it wrote, as a number, and `start.js` works out the same number from
//! the nodes that are there.
//!
//! In the skeleton are the elements, each with what styles and code find it by, and where texts and comments stand; not
//! what the texts say, which may be changed without harm.

/// The attributes that belong to the skeleton, in its order.
const ATTRIBUTES: [&str; 3] = ["id", "class", "name"];
/// The elements of the UI that have neither children nor a closing tag.
const VOID: [&str; 4] = ["br", "hr", "img", "input"];

/// What the browser compares its nodes with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Skeleton {
    /// How many nodes stand side by side at the top. What extensions append after them is none of the page's business.
    pub(super) nodes: u32,
    /// A number for all that is in them.
    pub(super) hash: i32,
}

impl Skeleton {
    /// The skeleton of HTML as the UI writes it: every attribute has a value in double quotes, every element that is
    /// not void is closed.
    pub(super) fn of(html: &str) -> Self {
        let mut skeleton = Self::default();
        let mut depth = 0_u32;
        let mut rest = html;
        while !rest.is_empty() {
            if depth == 0 {
                skeleton.nodes += 1;
            }
            if let Some(comment) = rest.strip_prefix("<!") {
                skeleton.add("c");
                rest = if comment.starts_with("--") { after(comment, "-->") } else { after(comment, ">") };
            } else if let Some(end) = rest.strip_prefix("</") {
                skeleton.add(">");
                depth = depth.saturating_sub(1);
                rest = after(end, ">");
            } else if let Some(start) = rest.strip_prefix('<') {
                let (name, attributes) = start.split_at(start.find([' ', '>']).unwrap_or(start.len()));
                skeleton.add("<");
                skeleton.add(name);
                rest = skeleton.add_attributes(attributes);
                if VOID.contains(&name) {
                    skeleton.add(">");
                } else {
                    depth += 1;
                }
            } else {
                skeleton.add("t");
                rest = &rest[rest.find('<').unwrap_or(rest.len())..];
            }
        }
        skeleton
    }

    /// Adds the attributes of a start tag, and returns what follows the tag.
    fn add_attributes<'a>(&mut self, mut rest: &'a str) -> &'a str {
        let mut values = [None; ATTRIBUTES.len()];
        while let Some(attribute) = rest.strip_prefix(' ') {
            let (name, value) = attribute.split_once("=\"").unwrap_or((attribute, ""));
            let (value, after) = value.split_once('"').unwrap_or((value, ""));
            if let Some(index) = ATTRIBUTES.iter().position(|known| *known == name) {
                values[index] = Some(value);
            }
            rest = after;
        }
        for value in values.into_iter().flatten() {
            self.add(" ");
            self.add(&decoded(value));
        }
        after(rest, ">")
    }

    /// `hash * 31 + unit` for each UTF-16 unit, in 32 bits: what JavaScript has at hand.
    fn add(&mut self, text: &str) {
        for unit in text.encode_utf16() {
            self.hash = self.hash.wrapping_mul(31).wrapping_add(i32::from(unit));
        }
    }
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// The value of an attribute, of which the UI writes four characters as references.
fn decoded(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_at_the_top_are_counted() {
        for (html, nodes) in [
            ("", 0),
            ("a", 1),
            ("<p>a<b>c</b></p>", 1),
            ("<p></p><!><main><input name=\"a\"><input></main>text<!--end-->", 5),
        ] {
            assert_eq!(Skeleton::of(html).nodes, nodes, "{html}");
        }
    }

    #[test]
    fn what_an_extension_does_changes_it() {
        let page = "<main id=\"a\" class=\"room\"><p>Hello<!>you</p><input name=\"b\" value=\"&gt;\"></main>";
        for touched in [
            "<main id=\"a\" class=\"room\"><p><font>Hello</font><!>you</p><input name=\"b\" value=\"&gt;\"></main>",
            "<main id=\"a\" class=\"room\"><p>Helloyou</p><input name=\"b\" value=\"&gt;\"></main>",
            "<main id=\"a\" class=\"room\"><p>Hello<!>you</p><input name=\"b\"><i></i></main>",
            "<main id=\"a\" class=\"room dark\"><p>Hello<!>you</p><input name=\"b\"></main>",
            "<main class=\"room\"><p>Hello<!>you</p><input name=\"b\"></main>",
            "<div></div><main id=\"a\" class=\"room\"><p>Hello<!>you</p><input name=\"b\"></main>",
            "<main id=\"a\" class=\"room\"><p>Hello<!>you</p></main>",
        ] {
            assert_ne!(Skeleton::of(touched), Skeleton::of(page), "{touched}");
        }
    }

    #[test]
    fn texts_and_other_attributes_are_not_in_it() {
        let page = "<main class=\"room\" data-day=\"1\"><p>Hello</p></main>";
        let same = "<main data-gramm=\"a>b\" class=\"room\"><p lang=\"ko\">안녕 &amp; 😀</p></main>";
        assert_eq!(Skeleton::of(page), Skeleton::of(same));
    }

    #[test]
    fn an_attribute_counts_as_the_browser_reads_it() {
        // The hash of `<p "&<한>t>`: as `start.js` works it out.
        let mut read = Skeleton::default();
        ["<p", " \"&<한", "t", ">"].iter().for_each(|part| read.add(part));
        assert_eq!(Skeleton::of("<p id=\"&quot;&amp;&lt;한\">x</p>").hash, read.hash);
    }
}
