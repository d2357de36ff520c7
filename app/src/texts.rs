//! Every text of the UI, in Korean and English: `locales/*.json`, checked and turned into code by build.rs.

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
