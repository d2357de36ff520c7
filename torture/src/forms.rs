//! What is done through plain HTML forms: joining Madang, and making noise in a room of its own.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use madang_client::driver::Session;
use reqwest::{Client, header, redirect::Policy};

/// A session.
pub(crate) struct Account {
    pub(crate) session: Session,
    /// Where it stands.
    pub(crate) server: SocketAddr,
    http: Client,
}

impl Account {
    /// Joins Madang under a name of letters, digits and hyphens.
    pub(crate) async fn new(server: SocketAddr, name: &str) -> Result<Self> {
        let http = Client::builder().redirect(Policy::none()).build()?;
        let session = Session::join(&format!("http://{server}").parse()?, name).await?;
        Ok(Self { session, server, http })
    }

    /// Reads a page.
    pub(crate) async fn get(&self, path: &str) -> Result<String> {
        let request =
            self.http.get(format!("http://{}{path}", self.server)).header(header::COOKIE, self.session.to_string());
        let answer = request.send().await.with_context(|| format!("reading {path}"))?;
        if !answer.status().is_success() {
            bail!("{path} answered {}", answer.status());
        }
        Ok(answer.text().await?)
    }

    /// Posts a form, whose values need no escaping.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<()> {
        let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self
            .http
            .post(format!("http://{}{path}", self.server))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, self.session.to_string())
            .body(form.join("&"))
            .send()
            .await
            .with_context(|| format!("posting to {path}"))?;
        let location = answer.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        if !answer.status().is_redirection() || location.is_some_and(|location| location.contains("refused")) {
            bail!("{path} answered {} to {form:?}", answer.status());
        }
        Ok(())
    }
}
