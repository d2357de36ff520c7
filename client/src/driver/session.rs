//! Sessions: joining Madang by its form, and the cookie that comes of it.

use std::{fmt, str::FromStr};

use hyper::{
    Request, StatusCode,
    client::conn::http1::handshake,
    header::{CONTENT_TYPE, COOKIE, HOST, HeaderValue, LOCATION, SET_COOKIE},
};
use hyper_util::rt::TokioIo;
use madang_common::route;
use tokio::time::timeout;

use super::{Error, HANDSHAKE, Server};

/// A session with a server: the cookie that stands for a person, as `name=value`. Whoever has it is that person, so it is
/// a secret. It is not printed by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Session(HeaderValue);

impl Session {
    /// Joins Madang under a name, by the form that people join by.
    ///
    /// # Errors
    /// [`Error::NameRefused`], when somebody present has the name, say; or that the server can't be reached.
    pub async fn join(server: &Server, name: &str) -> Result<Self, Error> {
        let joining = async {
            let form = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
            let stream = server.connect().await.map_err(|error| Error::Unreachable(error.to_string()))?;
            let failed = |error: hyper::Error| Error::Unreachable(error.to_string());
            let (mut sender, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
            let request = Request::post(route::JOIN)
                .header(HOST, server.authority())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form)
                .map_err(|error| Error::Address(error.to_string()))?;
            let answer = tokio::select! {
                answer = sender.send_request(request) => answer.map_err(failed)?,
                ended = connection => {
                    return Err(Error::Unreachable(ended.err().map_or_else(String::new, |error| error.to_string())));
                }
            };
            let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let refused = location.and_then(|location| {
                let query = location.split_once('?')?.1.as_bytes();
                form_urlencoded::parse(query).find(|(key, _)| key == "refused").map(|(_, why)| why.into_owned())
            });
            if let Some(refused) = refused {
                return Err(Error::NameRefused(refused));
            }
            if !answer.status().is_redirection() {
                return Err(Error::Status(answer.status().as_u16()));
            }
            let cookie = answer.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
            cookie.ok_or_else(|| Error::NotMadang("no session was given".to_owned()))?.parse()
        };
        timeout(HANDSHAKE, joining).await.unwrap_or(Err(Error::Silent(HANDSHAKE)))
    }

    /// As a request sends it.
    pub(super) fn header(&self) -> (hyper::header::HeaderName, HeaderValue) {
        (COOKIE, self.0.clone())
    }
}

impl FromStr for Session {
    type Err = Error;

    /// Reads `name=value`, with or without the attributes that `Set-Cookie` has after it.
    fn from_str(cookie: &str) -> Result<Self, Error> {
        let pair = cookie.split(';').next().unwrap_or_default().trim();
        let value = HeaderValue::from_str(pair).ok().filter(|_| pair.contains('='));
        let mut value = value.ok_or_else(|| Error::NotMadang("this is no cookie".to_owned()))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}

/// What stands for a status that a handshake was answered with.
pub(super) fn status(status: StatusCode) -> Error {
    Error::Status(status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_without_its_attributes_and_kept_from_logs() {
        let session: Session = "madang=abc; Path=/; HttpOnly".parse().expect("a cookie");
        assert_eq!(session.to_string(), "madang=abc");
        assert!(!format!("{session:?}").contains("abc"));
        for wrong in ["", "madang", "a=b\r\nx: y"] {
            assert!(wrong.parse::<Session>().is_err(), "{wrong:?}");
        }
    }
}
