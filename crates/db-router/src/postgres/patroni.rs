//! Patroni's word on who leads: its REST API answers `/primary` with 200 on
//! the host that holds the leader lock.

use std::time::Duration;

use serde::Deserialize;

use super::topology::Lock;
use crate::Error;

const DEADLINE: Duration = Duration::from_millis(800);

/// The hosts to ask; none where there is no Patroni.
pub(super) struct Patroni {
    http: reqwest::Client,
    addresses: Vec<String>,
}

#[derive(Deserialize)]
struct Primary {
    timeline: Option<u32>,
}

impl Patroni {
    pub(super) fn new(addresses: &[String]) -> Result<Self, Error> {
        let http = service::client::plain()
            .no_proxy()
            .tls_certs_only([])
            .timeout(DEADLINE)
            .build()
            .map_err(|error| Error::Setting(error.to_string()))?;
        Ok(Self {
            http,
            addresses: addresses.to_vec(),
        })
    }

    /// Who holds the lock; nothing where nobody says so.
    pub(super) async fn leader(&self) -> Lock {
        let asked = self.addresses.iter().map(|address| self.ask(address));
        futures::future::join_all(asked)
            .await
            .into_iter()
            .flatten()
            .max_by_key(|lock| lock.timeline)
            .unwrap_or_default()
    }

    async fn ask(&self, address: &str) -> Option<Lock> {
        let url = format!("http://{address}/primary");
        let response = self.http.get(url).send().await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let primary: Primary = response.json().await.ok()?;
        let addresses = tokio::net::lookup_host(address)
            .await
            .ok()?
            .map(|socket| socket.ip().to_string())
            .collect();
        Some(Lock {
            addresses,
            timeline: primary.timeline,
        })
    }
}
