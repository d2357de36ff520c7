//! Host check: requests for another host name are refused, whatever they ask for (DNS rebinding).

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::origin_check::client;
use crate::{
    net::origin::host::Target,
    state::AppState,
    web::refused::{Text, refused},
};

/// Lets requests through that are for this server. `Host` counts as the proxy passes it on; what a client can add by
/// itself, such as `X-Forwarded-Host`, does not.
pub(crate) async fn host_check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let host = match Target::of(request.headers(), request.uri(), &state.config.public_url) {
        Target::Own => return next.run(request).await,
        Target::Foreign(host) => host,
        Target::Malformed => return (StatusCode::BAD_REQUEST, "The header Host is no host.\n").into_response(),
    };
    tracing::warn!(
        client = client(&request, &state.config),
        host,
        "refused a request for a name that is not this server's; if people reach it by that name, set --public-url"
    );
    let paragraphs = [
        Text {
            en: format!("This Madang server does not answer to the name {host}."),
            ko: format!("이 마당 서버는 {host} 주소로는 응답하지 않습니다."),
        },
        Text {
            en: format!(
                "If you run it and people are to reach it by that name, start it with --public-url http://{host} \
                 (or https://; the variable is MADANG_PUBLIC_URL)."
            ),
            ko: format!(
                "서버를 운영하고 있고 이 주소로 접속하게 하려면 --public-url http://{host} 설정(https를 쓰면 https://, 환경 \
                 변수는 MADANG_PUBLIC_URL)을 주고 서버를 시작하세요."
            ),
        },
        Text {
            en: "Otherwise please use the address that you were given.".to_owned(),
            ko: "그렇지 않다면 안내받은 주소로 접속해 주세요.".to_owned(),
        },
    ];
    refused(StatusCode::MISDIRECTED_REQUEST, request.headers(), &paragraphs)
}
