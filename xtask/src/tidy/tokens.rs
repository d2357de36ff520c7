//! Rust text as a flat list of words, without comments and without what is compiled for tests only.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// One word of a Rust file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: Word,
    /// From 1.
    pub(super) line: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Ident(String),
    Punct(char),
    /// A string's content as written, escapes and all.
    Text(String),
    /// Another literal, as written.
    Literal(String),
    /// `(`, `[` or `{`.
    Open(char),
    /// `)`, `]` or `}`.
    Close(char),
}

impl Token {
    pub(super) fn ident(&self) -> Option<&str> {
        if let Word::Ident(name) = &self.word { Some(name) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Word::Text(text) = &self.word { Some(text) } else { None }
    }

    pub(super) fn is(&self, punct: char) -> bool {
        self.word == Word::Punct(punct)
    }
}

/// The words of a file.
pub(super) fn read(path: &str, text: &str) -> Vec<Token> {
    let stream = TokenStream::from_str(text).unwrap_or_else(|error| panic!("{path} is no Rust: {error}"));
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    tokens
}

/// Whether `tokens` continue with `::`.
pub(super) fn is_path_separator(tokens: &[Token]) -> bool {
    matches!(tokens, [first, second, ..] if first.is(':') && second.is(':'))
}

/// The words of the group that opens at the start of `tokens`, brackets left out.
pub(super) fn group(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.word {
            Word::Open(_) => depth += 1,
            Word::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return tokens.get(1..index).unwrap_or_default();
        }
    }
    &[]
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut index = 0;
    while let Some(tree) = trees.get(index) {
        match attribute(&trees, index) {
            Some((group, after)) if is_doc(group) => index = after,
            Some((group, after)) if is_for_tests(group) => index = after_item(&trees, after),
            _ => {
                push(tree, tokens);
                index += 1;
            }
        }
    }
}

fn push(tree: &TokenTree, tokens: &mut Vec<Token>) {
    let line = tree.span().start().line;
    match tree {
        TokenTree::Group(group) => {
            let brackets = match group.delimiter() {
                Delimiter::Parenthesis => Some(('(', ')')),
                Delimiter::Bracket => Some(('[', ']')),
                Delimiter::Brace => Some(('{', '}')),
                Delimiter::None => None,
            };
            tokens.extend(brackets.map(|(open, _)| Token { word: Word::Open(open), line }));
            flatten(group.stream(), tokens);
            let line = group.span_close().start().line;
            tokens.extend(brackets.map(|(_, close)| Token { word: Word::Close(close), line }));
        }
        TokenTree::Ident(ident) => tokens.push(Token { word: Word::Ident(ident.to_string()), line }),
        TokenTree::Punct(punct) => tokens.push(Token { word: Word::Punct(punct.as_char()), line }),
        TokenTree::Literal(literal) => tokens.push(Token { word: literal_word(&literal.to_string()), line }),
    }
}

fn literal_word(written: &str) -> Word {
    let after_prefix = written.trim_start_matches(['b', 'c', 'r']).trim_matches('#');
    match after_prefix.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(content) => Word::Text(content.to_owned()),
        None => Word::Literal(written.to_owned()),
    }
}

/// The brackets of `#[…]` or `#![…]` at `index`, and the index after them.
fn attribute(trees: &[TokenTree], index: usize) -> Option<(&Group, usize)> {
    let is = |offset: usize, wanted: char| matches!(trees.get(index + offset), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    let offset = if is(1, '!') { 2 } else { 1 };
    match trees.get(index + offset) {
        Some(TokenTree::Group(group)) if is(0, '#') && group.delimiter() == Delimiter::Bracket => {
            Some((group, index + offset + 1))
        }
        _ => None,
    }
}

fn is_doc(attribute: &Group) -> bool {
    matches!(attribute.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

fn is_for_tests(attribute: &Group) -> bool {
    let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match &trees[..] {
        [TokenTree::Ident(name), TokenTree::Group(condition)] if name == "cfg" => {
            condition.stream().to_string().trim() == "test"
        }
        [TokenTree::Ident(name)] => name == "test",
        _ => false,
    }
}

/// The index after the item that starts at `index`: after its block, or after its semicolon or comma.
fn after_item(trees: &[TokenTree], index: usize) -> usize {
    let is_end = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        _ => false,
    };
    trees[index..].iter().position(is_end).map_or(trees.len(), |offset| index + offset + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Word> {
        read("sample.rs", text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn comments_docs_and_tests_are_left_out() {
        let text =
            "//! \"doc\"\n/// `crate::x`\nstruct A; // \"b\"\n#[cfg(test)]\nmod tests { use super::*; }\nstruct B;";
        let names: Vec<Word> = words(text).into_iter().filter(|word| !matches!(word, Word::Punct(_))).collect();
        let ident = |name: &str| Word::Ident(name.to_owned());
        assert_eq!(names, [ident("struct"), ident("A"), ident("struct"), ident("B")]);
    }

    #[test]
    fn strings_of_every_form_are_texts() {
        for written in ["\"a\"", "r\"a\"", "r#\"a\"#", "b\"a\""] {
            assert_eq!(words(written), [Word::Text("a".to_owned())], "{written}");
        }
        assert_eq!(words("'a'"), [Word::Literal("'a'".to_owned())]);
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!(read("sample.rs", "\nstruct")[0].line, 2);
    }
}
