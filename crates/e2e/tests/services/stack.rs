//! All services together.

use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use testkit::{Cluster, Collector};

use crate::browser::{Browser, LONG};
use crate::process::Process;

/// Opens the operators' routes.
pub const OPERATOR: &str = "fedcba9876543210fedcba9876543210";

/// Started together, ended together.
pub struct Stack {
    pub cluster: Cluster,
    pub collector: Collector,
    pub router: Process,
    pub ingest: Process,
    pub ui: Process,
    /// Two that know nothing of each other.
    pub gateways: [Process; 2],
    _folder: TempDir,
}

impl Stack {
    /// Starts it; blocks for seconds.
    pub async fn start() -> Self {
        let cluster = tokio::task::block_in_place(|| Cluster::start(2));
        cluster.create(Cluster::ROUTED).await;
        let collector = Collector::start();
        let folder = tempfile::tempdir().unwrap();
        let traced = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint.clone()),
            ("OTEL_BSP_SCHEDULE_DELAY", "200".to_owned()),
        ];
        let start = |name: &str, settings: &[(&'static str, String)]| {
            let settings = [&traced[..], settings].concat();
            tokio::task::block_in_place(|| Process::start(name, &settings))
        };

        let [primary, first, second] = &cluster.entries()[..] else {
            panic!("three nodes")
        };
        let router = start(
            "db-router",
            &[
                ("DATABASE_URL", primary.clone()),
                ("DATABASE_READ_URL_1", first.clone()),
                ("DATABASE_READ_URL_2", second.clone()),
                ("DATABASE_LISTEN_URL", cluster.leader(Cluster::ROUTED)),
                // A replica that stands still for a test is read from all the same.
                ("DATABASE_MAX_LAG_MS", "3600000".to_owned()),
            ],
        );
        let kept = [
            ("STORE_URL", router.url.clone()),
            (
                "BLOB_URL",
                format!("file://{}/blobs", folder.path().display()),
            ),
        ];
        let ingest = start("ingest", &kept);
        let ui = start("compare-ui", &kept);
        let gateway = || {
            let own = [
                ("INGEST_URL", ingest.url.clone()),
                (
                    "SESSION_SECRET",
                    "0123456789abcdef0123456789abcdef".to_owned(),
                ),
                ("OPERATOR_TOKEN", OPERATOR.to_owned()),
            ];
            start("gateway", &[&kept[..], &own].concat())
        };
        let gateways = [gateway(), gateway()];
        Self {
            cluster,
            collector,
            router,
            ingest,
            ui,
            gateways,
            _folder: folder,
        }
    }

    /// The services by the names that Prometheus knows them by.
    pub fn services(&self) -> [(&'static str, &Process); 5] {
        [
            ("db-router", &self.router),
            ("ingest", &self.ingest),
            ("pdf-compare-ui", &self.ui),
            ("gateway", &self.gateways[0]),
            ("gateway", &self.gateways[1]),
        ]
    }

    /// What the db-router says of its nodes.
    async fn topology(&self) -> Vec<Value> {
        let answer = reqwest::get(format!("{}/topology", self.router.url)).await;
        answer.unwrap().json().await.unwrap()
    }

    /// Waits until both replicas have all there is.
    pub async fn settle(&self) {
        let deadline = Instant::now() + LONG;
        loop {
            let nodes = self.topology().await;
            let replicas = nodes.iter().filter(|node| node["role"] == "replica");
            if replicas.clone().count() == 2 && replicas.clone().all(|r| r["lag"]["bytes"] == 0) {
                return;
            }
            assert!(Instant::now() < deadline, "{nodes:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Reads sent to the nodes of a role.
    pub async fn reads(&self, role: &str) -> u64 {
        let nodes = self.topology().await;
        let of_role = nodes.iter().filter(|node| node["role"] == role);
        of_role.map(|node| node["reads"].as_u64().unwrap()).sum()
    }

    /// A browser with a session, at the first gateway.
    pub async fn browser(&self) -> Browser {
        Browser::open(&self.gateways[0].url).await
    }
}
