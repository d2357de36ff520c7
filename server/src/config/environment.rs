//! Environment variables: which are settings, which are mistyped, and which are empty.

use std::{env, ffi::OsString, fmt};

use clap::{Arg, Command, CommandFactory};

/// What the names of all environment variables of Madang begin with.
const PREFIX: &str = "MADANG_";
/// Most variables that are warned of; an orchestrator sets some for each port of each service.
const MOST_WARNINGS: usize = 8;

/// The command line of `C`, for which an empty variable is one that is not set. `.env` files and compose files leave
/// variables empty to say "no value".
#[must_use]
pub fn command<C: CommandFactory>() -> Command {
    let forget = |argument: Arg| {
        let value = argument.get_env().and_then(env::var_os);
        let is_empty = value.is_some_and(|value| value.to_string_lossy().trim().is_empty());
        if is_empty { argument.env(None) } else { argument }
    };
    C::command().mut_args(forget).mut_subcommands(|command| command.mut_args(forget))
}

/// An environment variable that looks like a setting, but is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    name: String,
    /// The setting that was meant, perhaps.
    nearest: Option<String>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "There is no setting {}", self.name.escape_debug())?;
        match &self.nearest {
            Some(nearest) => write!(f, "; is {nearest} meant?"),
            None => write!(f, "; `madang serve --help` lists them all."),
        }
    }
}

/// The variables that look like settings, but are none: a misspelt one would be passed over silently. They are no error:
/// for a service named `madang`, Kubernetes sets `MADANG_PORT`, `MADANG_SERVICE_HOST` and more in every container.
pub fn unknown<C: CommandFactory>(names: impl Iterator<Item = OsString>) -> Vec<Unknown> {
    let command = C::command();
    let all = std::iter::once(&command).chain(command.get_subcommands());
    let known: Vec<String> = all
        .flat_map(Command::get_arguments)
        .filter_map(Arg::get_env)
        .map(|name| name.to_string_lossy().into())
        .collect();
    let unknown = names.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.starts_with(PREFIX));
    let unknown = unknown.filter(|name| !known.contains(name)).take(MOST_WARNINGS);
    unknown.map(|name| Unknown { nearest: nearest(&name, &known), name }).collect()
}

/// The known name that is only a few letters away.
fn nearest(name: &str, known: &[String]) -> Option<String> {
    let letters = name.len().saturating_sub(PREFIX.len());
    let distances = known.iter().map(|known| (distance(name, known), known));
    let (_, nearest) = distances.filter(|(distance, _)| distance * 3 <= letters).min()?;
    Some(nearest.clone())
}

/// How many letters are to be put in, taken out or changed to make one of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Config;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    fn warnings(names: &[&str]) -> Vec<String> {
        unknown::<Cli>(names.iter().map(OsString::from)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_variable_that_is_no_setting_is_named_with_the_one_that_was_meant() {
        assert_eq!(warnings(&["MADANG_LISTEN", "HOME", "PATH"]), [""; 0]);
        assert_eq!(warnings(&["MADANG_LISTN"]), ["There is no setting MADANG_LISTN; is MADANG_LISTEN meant?"]);
        assert_eq!(
            warnings(&["MADANG_ALLOWED_ORIGINS"]),
            ["There is no setting MADANG_ALLOWED_ORIGINS; is MADANG_ALLOW_ORIGIN meant?"]
        );
    }

    #[test]
    fn what_kubernetes_sets_resembles_nothing() {
        for name in ["MADANG_PORT", "MADANG_SERVICE_HOST", "MADANG_SERVICE_PORT", "MADANG_PORT_3000_TCP_ADDR"] {
            let sentence = format!("There is no setting {name}; `madang serve --help` lists them all.");
            assert_eq!(warnings(&[name]), [sentence]);
        }
    }

    #[test]
    fn warnings_are_bounded_and_stay_one_line_each() {
        let names: Vec<String> = (0..100).map(|number| format!("MADANG_SERVICE_PORT_\n{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let warnings = warnings(&names);
        assert_eq!(warnings.len(), MOST_WARNINGS);
        assert!(warnings.iter().all(|warning| !warning.contains('\n')));
    }

    #[test]
    fn distances_are_counted_in_letters() {
        for (one, other, expected) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "ac", 1), ("abc", "axc", 1), ("", "ab", 2)]
        {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
