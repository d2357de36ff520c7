//! Which requests are for the Socket.IO server: every layer that treats them differently asks here.

use axum::{
    extract::Request,
    http::{Method, Uri},
};
use madang_common::route;

/// Whether a request goes to the Socket.IO server: its path and what is below it, but for the files that are served
/// there. A path that only begins with the same letters, such as `/socket.iox`, is not its own.
///
/// The Socket.IO server decides in the same way which requests it takes: `is_req_path` in engineioxide 0.17.9,
/// `src/service/mod.rs:198`. What it takes must never pass for anything else here, or no layer would look at it.
pub(crate) fn is_hub(request: &Request) -> bool {
    is_below_hub(request.uri()) && client_file(request).is_none()
}

/// As [`is_hub`], for those that see requests after the files have been answered.
pub(crate) fn is_below_hub(uri: &Uri) -> bool {
    below_hub(uri.path()).is_some()
}

/// The file of the Socket.IO client that a request asks for.
pub(crate) fn client_file(request: &Request) -> Option<&'static str> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let name = below_hub(request.uri().path())?.strip_prefix('/').filter(|_| is_read)?;
    CLIENT_FILES.into_iter().find(|file| *file == name)
}

/// The files of the Socket.IO client: scripts, each with its source map beside it.
pub(crate) const CLIENT_FILES: [&str; 8] = [
    "socket.io.js",
    "socket.io.js.map",
    "socket.io.min.js",
    "socket.io.min.js.map",
    "socket.io.esm.min.js",
    "socket.io.esm.min.js.map",
    "socket.io.msgpack.min.js",
    "socket.io.msgpack.min.js.map",
];

/// What follows the Socket.IO server's path.
fn below_hub(path: &str) -> Option<&str> {
    path.strip_prefix(route::SOCKET_IO).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(method: Method, uri: &'static str) -> Request {
        Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request")
    }

    #[test]
    fn the_hub_has_its_path_and_what_is_below() {
        for own in ["/socket.io", "/socket.io/", "/socket.io/?EIO=4", "/socket.io?EIO=4", "/socket.io/other.js"] {
            assert!(is_hub(&request(Method::GET, own)), "{own}");
        }
        for other in ["/socket.iox", "/socket.io.js", "/socket.ioevil/?EIO=4", "/", "//socket.io/", "/SOCKET.IO/"] {
            assert!(!is_hub(&request(Method::GET, other)), "{other}");
        }
    }

    #[test]
    fn the_clients_files_have_addresses() {
        let file = |uri| client_file(&request(Method::GET, uri));
        assert_eq!(file("/socket.io/socket.io.js"), Some("socket.io.js"));
        assert_eq!(file("/socket.io/socket.io.js?v=1"), Some("socket.io.js"));
        assert_eq!(file("/socket.io/socket.io.msgpack.min.js.map"), Some("socket.io.msgpack.min.js.map"));
        for other in ["/socket.io/", "/socket.io", "/socket.io/socket.io.js/", "/socket.io/../x", "/socket.io.js"] {
            assert_eq!(file(other), None, "{other}");
        }
        assert!(!is_hub(&request(Method::HEAD, "/socket.io/socket.io.js")));
        assert!(is_hub(&request(Method::POST, "/socket.io/socket.io.js")), "it is only read");
    }
}
