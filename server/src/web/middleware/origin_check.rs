//! Origin check: requests from pages of other origins are refused (CSRF).

use crate::{
    config::Config,
    net::{
        limits::{Address, Peer},
        origin::{self, Foreign, host::PublicUrl},
    },
    state::AppState,
    web::{
        refused::{Text, refused},
        target, upgrade,
    },
};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

/// Refuses requests that could do harm if a foreign page made them: posts, and all that goes to the Socket.IO server or
/// asks for a WebSocket, whose answers a foreign page could read.
pub(crate) async fn origin_check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let to_hub = target::is_hub(&request);
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let harmless = only_reads && !to_hub && !upgrade::is_asked_for(request.headers());
    if !harmless {
        let config = &state.config;
        let allowed = config.allow_origin.iter().chain(config.public_url.iter().map(PublicUrl::origin));
        if let Err(foreign) = origin::check(request.headers(), request.uri(), allowed) {
            return refuse(&foreign, &request, config);
        }
    }
    next.run(request).await
}

/// For whom a request is, as the log has it.
pub(crate) fn client(request: &Request, config: &Config) -> Option<String> {
    let Peer(peer) = request.extensions().get::<Peer>()?;
    Some(Address::of_request(*peer, request.headers(), &config.trust_proxy).to_string())
}

fn refuse(foreign: &Foreign, request: &Request, config: &Config) -> Response {
    let client = client(request, config);
    let paragraphs = match foreign {
        Foreign::OtherPort { origin, host } => {
            tracing::warn!(
                client,
                %origin,
                host,
                "refused a request whose Origin and Host differ in the port: let the proxy pass Host on as it came \
                 (nginx: proxy_set_header Host $http_host;), or set --public-url to the origin"
            );
            vec![
                Text {
                    en: format!("This page is of {origin}, but the request came to the server as one for {host}."),
                    ko: format!("이 페이지의 주소는 {origin}인데, 서버에는 {host}에 대한 요청으로 전달되었습니다."),
                },
                Text {
                    en: format!(
                        "If you run the server: let the proxy in front of it pass the header Host on as it came \
                         (nginx: proxy_set_header Host $http_host;), or start it with --public-url {origin}."
                    ),
                    ko: format!(
                        "서버를 운영하고 있다면 앞에 있는 프록시가 Host 헤더를 받은 그대로 넘기게 하거나(nginx: \
                         proxy_set_header Host $http_host;) --public-url {origin} 설정을 주고 서버를 시작하세요."
                    ),
                },
            ]
        }
        Foreign::Page(origin) => {
            tracing::warn!(
                client,
                %origin,
                "refused a request of a page of another origin: if it is this server's own address, set --public-url; \
                 if its pages are to talk to this server, set --allow-origin"
            );
            vec![
                Text {
                    en: format!("A page of {origin} may not talk to this server: its origin is not allowed."),
                    ko: format!("{origin}의 페이지는 이 서버와 통신할 수 없습니다. 허용되지 않은 출처입니다."),
                },
                Text {
                    en: "If you run the server and this is its own address, set --public-url; if it is another page \
                         that you trust, set --allow-origin."
                        .to_owned(),
                    ko: "서버를 운영하고 있고 그 주소가 이 서버의 주소라면 --public-url을, 신뢰하는 다른 페이지라면 \
                         --allow-origin을 설정하세요."
                        .to_owned(),
                },
            ]
        }
        Foreign::Nameless => vec![Text {
            en: "This page may not talk to this server: its origin is not allowed.".to_owned(),
            ko: "이 페이지는 이 서버와 통신할 수 없습니다. 허용되지 않은 출처입니다.".to_owned(),
        }],
    };
    refused(StatusCode::FORBIDDEN, request.headers(), &paragraphs)
}
