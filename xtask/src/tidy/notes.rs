//! Every row of the study notes has a test: docs/NOTES.md names it, and it exists.

use super::{Finding, Source, source::Kind};

const TABLE: &str = "docs/NOTES.md";

/// The notes, by number, and how many rows each has, from 1.
const ROWS: [(u8, u8); 5] = [(0, 11), (1, 8), (2, 8), (3, 6), (4, 4)];

/// Finds rows that are missing or have no test of their own, and tests that do not exist.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let Some(table) = sources.iter().find(|source| source.path == TABLE) else { return Vec::new() };
    let mut findings = Vec::new();
    for (note, count) in ROWS {
        for row in (1..=count).map(|row| format!("{note}.{row}")) {
            match line_of(table, &row) {
                None => findings.push(Finding::new(table, 1, format!("row {row} is missing"))),
                Some((line, named)) => {
                    if !named.iter().any(|test| is_named_after(test, &row)) {
                        findings.push(Finding::new(table, line, format!("row {row} has no test named after it")));
                    }
                    let missing = named.iter().filter(|test| !exists(sources, test));
                    findings.extend(
                        missing.map(|test| Finding::new(table, line, format!("there is no test called `{test}`"))),
                    );
                }
            }
        }
    }
    findings
}

/// Where a row stands, and the tests in its last cell.
fn line_of<'a>(table: &'a Source, row: &str) -> Option<(usize, Vec<&'a str>)> {
    let start = format!("| {row} |");
    let (index, line) = table.text.lines().enumerate().find(|(_, line)| line.starts_with(&start))?;
    let cell = line.trim_end().trim_end_matches('|').rsplit_once(" | ").map_or("", |(_, cell)| cell);
    Some((index + 1, cell.split('`').skip(1).step_by(2).collect()))
}

fn is_named_after(test: &str, row: &str) -> bool {
    test.starts_with(&format!("{row} ")) || test.starts_with(&format!("n{}_", row.replace('.', "_")))
}

/// A name with underscores is a function in Rust, any other the beginning of a title in TypeScript.
fn exists(sources: &[Source], test: &str) -> bool {
    let mut sources = sources.iter().filter(|source| source.is_test());
    if !test.contains(' ') {
        let function = format!("fn {test}(");
        return sources.any(|source| source.kind == Kind::Rust && source.text.contains(&function));
    }
    let titles = ['\'', '"', '`'].map(|quote| format!("test({quote}{test}"));
    sources.any(|source| source.path.ends_with(".spec.ts") && titles.iter().any(|title| source.text.contains(title)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> impl Iterator<Item = String> {
        ROWS.iter().flat_map(|(note, count)| (1..=*count).map(move |row| format!("{note}.{row}")))
    }

    /// A table in which each row is shown by what `named` says for it.
    fn table(named: impl Fn(&str) -> String) -> Source {
        let lines: Vec<String> = rows().map(|row| format!("| {row} | what | `{}` |", named(&row))).collect();
        Source::new(TABLE, lines.join("\n"))
    }

    /// Tests called `<row> shows it`.
    fn spec() -> Source {
        let tests: Vec<String> = rows().map(|row| format!("test('{row} shows it', …")).collect();
        Source::new("end2end/tests/notes.spec.ts", tests.join("\n"))
    }

    fn rules(table: Source, others: impl IntoIterator<Item = Source>) -> Vec<String> {
        let sources: Vec<Source> = std::iter::once(table).chain(others).collect();
        check(&sources).into_iter().map(|finding| finding.rule).collect()
    }

    fn shows_but_1_4(other: &str) -> Source {
        table(|row| if row == "1.4" { other.to_owned() } else { format!("{row} shows") })
    }

    #[test]
    fn a_full_table_is_fine() {
        assert!(rules(table(|row| format!("{row} shows")), [spec()]).is_empty());
    }

    #[test]
    fn a_row_that_is_missing_is_found() {
        let mut cut = table(|row| format!("{row} shows"));
        cut.text = cut.text.replace("| 2.8 |", "| 2.9 |");
        assert_eq!(rules(cut, [spec()]), ["row 2.8 is missing"]);
    }

    #[test]
    fn a_row_wants_a_test_of_its_own() {
        assert_eq!(rules(shows_but_1_4("1.3 shows"), [spec()]), ["row 1.4 has no test named after it"]);
    }

    #[test]
    fn the_tests_exist() {
        let there = Source::rust("server/tests/it/acks.rs", "fn n1_4_acks() {}");
        assert!(rules(shows_but_1_4("n1_4_acks"), [spec(), there]).is_empty());
        assert_eq!(rules(shows_but_1_4("n1_4_acks"), [spec()]), ["there is no test called `n1_4_acks`"]);
        assert_eq!(rules(shows_but_1_4("1.4 hides"), [spec()]), ["there is no test called `1.4 hides`"]);
    }
}
