//! The session cookie.
//!
//! Browsers keep cookies by host, whatever the port: two servers on one host would overwrite each other's, so the name
//! has the server's own digits in it. Where the cookie goes over HTTPS only, its name begins with `__Host-`: browsers
//! take such a one from this very host alone, and not from others of its domain (RFC 6265bis, section 4.1.3.2).

use std::{sync::Arc, time::Duration};

use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use cookie::{Cookie, CookieBuilder, SameSite, time};

use super::TokenHash;

/// What every server's cookie was called before. Whoever still has only that one is not thrown out, and gets the other.
const EARLIER: &str = "madang_session";
/// Browsers keep no cookie for longer.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The session cookie of this server; a cheap handle.
#[derive(Clone, Debug)]
pub struct SessionCookie {
    name: Arc<str>,
    /// Its name without the prefix: what it is called before the operator says that all is HTTPS.
    bare: Arc<str>,
    /// A cookie that is set along with the page by which one joins, to see whether it comes back.
    probe: Arc<str>,
    secure: bool,
    max_age: time::Duration,
}

impl SessionCookie {
    /// The cookie of the server with these digits, for browsers to keep as long as a session may last.
    pub(crate) fn new(server: &str, secure: bool, lifetime: Duration) -> Self {
        let prefix = if secure { "__Host-" } else { "" };
        let bare = format!("madang_session_{server}");
        Self {
            name: format!("{prefix}{bare}").into(),
            probe: format!("{prefix}madang_probe_{server}").into(),
            bare: bare.into(),
            secure,
            max_age: lifetime.min(LONGEST).try_into().unwrap_or(time::Duration::ZERO),
        }
    }

    /// The hash of the token that a request brings, if it brings one.
    pub(crate) fn of_request(&self, headers: &HeaderMap) -> Option<TokenHash> {
        self.value(&CookieJar::from_headers(headers)).map(TokenHash::of)
    }

    /// The token that a request brought, to be kept on. It may have come under an earlier name.
    pub(crate) fn renewed(&self, headers: &HeaderMap) -> Option<Cookie<'static>> {
        self.value(&CookieJar::from_headers(headers)).map(|token| self.holding(token))
    }

    /// The cookie with a token in it.
    pub(crate) fn holding(&self, token: &str) -> Cookie<'static> {
        self.build(&self.name, token.to_owned()).max_age(self.max_age).build()
    }

    /// What takes the session's cookies away again, under whatever name they came.
    pub(crate) fn taken_from(&self, jar: CookieJar) -> CookieJar {
        let token = self.value(&jar).map(str::to_owned);
        // Another server's cookie may have the earlier name.
        let ours = |name: &&str| jar.get(name).map(Cookie::value) == token.as_deref();
        let names: Vec<String> = self.names().into_iter().filter(ours).map(str::to_owned).collect();
        names.into_iter().fold(jar, |jar, name| jar.remove(self.build(&name, String::new())))
    }

    /// What the page by which one joins sets: it comes back with the form unless the browser keeps no cookies.
    pub(crate) fn probe(&self) -> Cookie<'static> {
        self.build(&self.probe, "1".to_owned()).build()
    }

    /// The probe is not needed any more.
    pub(crate) fn without_probe(&self, jar: CookieJar) -> CookieJar {
        jar.remove(self.probe())
    }

    /// Whether the browser keeps this server's cookies.
    pub(crate) fn is_kept(&self, jar: &CookieJar) -> bool {
        jar.get(&self.probe).is_some() || self.value(jar).is_some()
    }

    /// Whether browsers take the cookie over HTTPS only.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    fn names(&self) -> [&str; 3] {
        [&self.name, &self.bare, EARLIER]
    }

    fn value<'a>(&self, jar: &'a CookieJar) -> Option<&'a str> {
        self.names().into_iter().find_map(|name| jar.get(name)).map(Cookie::value)
    }

    fn build(&self, name: &str, value: String) -> CookieBuilder<'static> {
        Cookie::build((name.to_owned(), value)).http_only(true).same_site(SameSite::Lax).secure(self.secure).path("/")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn each_server_has_a_cookie_of_its_own() {
        let cookie = SessionCookie::new("0123abcd", false, 30 * DAY);
        assert_eq!(
            cookie.holding("token").to_string(),
            "madang_session_0123abcd=token; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000"
        );
        let token = |cookies| cookie.of_request(&headers(cookies));
        assert_eq!(
            token("madang_session_99999999=others; madang_session_0123abcd=ours"),
            Some(TokenHash::of("ours"))
        );
        assert_eq!(token("madang_session_99999999=others"), None);
        assert_eq!(token("madang_session=earlier; madang_session_0123abcd=ours"), Some(TokenHash::of("ours")));
        assert_eq!(token("madang_session=earlier"), Some(TokenHash::of("earlier")));
    }

    #[test]
    fn over_https_the_name_says_so_and_whoever_had_another_is_still_known() {
        let cookie = SessionCookie::new("0123abcd", true, 1_000 * DAY);
        assert_eq!(
            cookie.holding("token").to_string(),
            "__Host-madang_session_0123abcd=token; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=34560000"
        );
        for cookies in ["madang_session=ours", "madang_session_0123abcd=ours", "__Host-madang_session_0123abcd=ours"]
        {
            assert_eq!(cookie.of_request(&headers(cookies)), Some(TokenHash::of("ours")), "{cookies}");
            let renewed = cookie.renewed(&headers(cookies)).expect("the same token");
            assert_eq!((renewed.name(), renewed.value()), ("__Host-madang_session_0123abcd", "ours"));
        }
    }

    #[test]
    fn a_cookie_that_came_back_tells_that_they_are_kept() {
        let cookie = SessionCookie::new("0123abcd", false, DAY);
        let kept = |cookies| cookie.is_kept(&CookieJar::from_headers(&headers(cookies)));
        assert!(kept("madang_probe_0123abcd=1") && kept("madang_session_0123abcd=x") && kept("madang_session=x"));
        assert!(!kept("") && !kept("madang_probe_99999999=1; madang_session_99999999=x; other=1"));
    }
}
