//! The query with which a Socket.IO 1.x or 2.x client connects to a namespace, as in `io("/chat", {query: {token: "a"}})`.

use std::{convert::Infallible, sync::Arc};

use socketioxide::{
    ProtocolVersion,
    adapter::LocalAdapter,
    extract::SocketRef,
    handler::{FromConnectParts, Value},
    socket::Socket,
};

/// The query, encoded as it came; none of who gives none. Later clients have other ways to say such things.
pub(crate) struct ConnectQuery(Option<String>);

impl FromConnectParts<LocalAdapter> for ConnectQuery {
    type Error = Infallible;

    fn from_connect_parts(socket: &Arc<Socket>, data: &Option<Value>) -> Result<Self, Infallible> {
        Ok(Self(match data {
            Some(Value::Str(data, _)) if socket.protocol() == ProtocolVersion::V4 => query(data),
            _ => None,
        }))
    }
}

impl ConnectQuery {
    /// Notes that there is one. What it says may be a secret.
    pub(crate) fn log(&self, socket: &SocketRef) {
        if let Some(query) = &self.0 {
            tracing::debug!(socket = %socket.id, namespace = socket.ns(), bytes = query.len(), "joining with a query");
        }
    }
}

/// The query in a connect packet's data, where `crate::net::engineio` puts it.
fn query(data: &str) -> Option<String> {
    // Clients of 2.x end the namespace's name, to which the query belongs for them, with a comma.
    let query = data.strip_suffix(',').unwrap_or(data);
    (!query.is_empty()).then(|| query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_ends_where_the_name_did() {
        assert_eq!(query("token=a&b=c,").as_deref(), Some("token=a&b=c"));
        assert_eq!(query("token=a").as_deref(), Some("token=a"));
        assert_eq!(query(",").or(query("")), None);
    }
}
