//! The server, as an address: where it is and how it is spoken to.

use std::{fmt, io, str::FromStr, sync::Arc};

use hyper::Uri;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::Error;

/// The address of a server: `http://127.0.0.1:3000`, `https://chat.example.org`. Over `https` its certificate must come
/// from an authority that Mozilla trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    is_secure: bool,
    host: String,
    port: u16,
}

/// A stream of bytes, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl FromStr for Server {
    type Err = Error;

    fn from_str(address: &str) -> Result<Self, Error> {
        let error = |why: &str| Error::Address(format!("{address}: {why}"));
        let uri: Uri = address.parse().map_err(|_| error("this is no address"))?;
        let is_secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(error("it must begin with http:// or https://")),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(error("a server is named without a path"));
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| error("it names no host"))?.to_owned();
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(error("it may not hold a password"));
        }
        Ok(Self { is_secure, host, port: uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 }) })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_secure { "https" } else { "http" }, self.authority())
    }
}

impl Server {
    /// What the header `Host` says.
    pub(super) fn authority(&self) -> String {
        let is_usual = self.port == if self.is_secure { 443 } else { 80 };
        if is_usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The address of a WebSocket.
    pub(super) fn websocket(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.is_secure { "wss" } else { "ws" }, self.authority())
    }

    /// Opens a connection for bytes.
    pub(super) async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, self.port)).await?;
        // Small frames are to go out at once.
        stream.set_nodelay(true)?;
        if !self.is_secure {
            return Ok(Box::new(stream));
        }
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(bare.to_owned()).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_scheme_host_and_port() {
        let server = |address: &str| address.parse::<Server>().map(|server| server.websocket("/x")).ok();
        assert_eq!(server("http://127.0.0.1:3000").as_deref(), Some("ws://127.0.0.1:3000/x"));
        assert_eq!(server("https://chat.example.org/").as_deref(), Some("wss://chat.example.org/x"));
        assert_eq!(server("http://[::1]:80").as_deref(), Some("ws://[::1]/x"));
        for wrong in ["", "127.0.0.1:3000", "ftp://host", "http://", "http://host/path", "http://me:secret@host"] {
            assert_eq!(server(wrong), None, "{wrong}");
        }
    }
}
