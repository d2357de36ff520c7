//! SQL stands in the server's `store`.

use super::{Finding, Source, tokens::is_path_separator};

const ALLOWED: [&str; 2] = ["server/src/store", "xtask"];

/// How a statement starts.
const STATEMENTS: [&str; 10] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM ",
    "REPLACE INTO ",
    "WITH ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];

const RULE: &str = "SQL stands only in server/src/store";

/// Finds statements, and calls of sqlx that take one.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_test() || ALLOWED.iter().any(|place| source.is_in(place)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        let is_statement = token.text().is_some_and(|text| {
            let text = text.trim_start().trim_start_matches("\\n").trim_start();
            STATEMENTS.iter().any(|start| text.starts_with(start))
        });
        let rest = &source.tokens[index + 1..];
        let is_query = token.ident() == Some("sqlx")
            && is_path_separator(rest)
            && rest.get(2).and_then(|token| token.ident()).is_some_and(|name| name.starts_with("query"));
        if is_statement || is_query {
            findings.push(Finding::new(source, token.line, RULE));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "fn f() {\n sqlx::query(TEXT);\n g(\"\n  SELECT 1\");\n h(\"Select a room\") }";

    #[test]
    fn statements_stand_in_the_store_only() {
        let findings = check(&Source::rust("server/src/chat/room.rs", SAMPLE));
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2, 3]);
        assert!(check(&Source::rust("server/src/store/rooms.rs", SAMPLE)).is_empty());
    }
}
