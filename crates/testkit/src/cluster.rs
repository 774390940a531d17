//! PostgreSQL servers for tests: real ones, in a temporary folder.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};

use tokio_postgres::NoTls;

/// A primary, replicas and a pooler in front of the primary. They end when the
/// test process does.
pub struct Cluster {
    /// Port of the primary.
    pub primary: u16,
    /// Ports of the replicas.
    pub replicas: Vec<u16>,
    /// Port of the pooler before the primary.
    pub pooler: u16,
    folder: String,
    _script: Child,
    _until: ChildStdin,
}

/// Ports that are free now, all different.
fn free_ports(count: usize) -> Vec<u16> {
    let sockets: Vec<_> = (0..count)
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    sockets
        .iter()
        .map(|socket| socket.local_addr().unwrap().port())
        .collect()
}

impl Cluster {
    /// Starts the servers; blocks until they answer.
    pub fn start(replicas: usize) -> Self {
        // A port that was free may be taken before a server has it.
        (0..3)
            .find_map(|_| Self::try_start(replicas))
            .expect("PostgreSQL did not start; are postgresql and pgbouncer installed?")
    }

    fn try_start(replicas: usize) -> Option<Self> {
        let ports = free_ports(2 + replicas);
        let mut script = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/start-cluster"))
            .args(ports.iter().map(u16::to_string))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let until = script.stdin.take().unwrap();
        let mut line = String::new();
        BufReader::new(script.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let Some(folder) = line
            .strip_prefix("ready ")
            .map(|rest| rest.trim().to_owned())
        else {
            // It has told why on standard error.
            script.wait().unwrap();
            return None;
        };
        Some(Self {
            folder,
            pooler: ports[0],
            primary: ports[1],
            replicas: ports[2..].to_vec(),
            _script: script,
            _until: until,
        })
    }

    /// Ends the primary as a power cut would.
    pub fn kill_primary(&self) {
        let pid = format!("{}/primary/postmaster.pid", self.folder);
        let pid = std::fs::read_to_string(pid).unwrap();
        let pid = pid.lines().next().unwrap();
        // SIGQUIT: at once, without a checkpoint and without telling replicas.
        let ended = Command::new("kill").args(["-QUIT", pid]).status().unwrap();
        assert!(ended.success());
    }

    /// The database that [`Cluster::entries`] lead to.
    pub const ROUTED: &str = "routed";

    /// Addresses of the nodes through the pooler, each named as its entry there: the
    /// primary's, then those of the replicas.
    pub fn entries(&self) -> Vec<String> {
        let replicas = (1..=self.replicas.len()).map(|n| format!("replica_{n}"));
        std::iter::once("primary".to_owned())
            .chain(replicas)
            .map(|entry| Self::url(self.pooler, &entry))
            .collect()
    }

    /// Address of a database at whichever node leads, without the pooler.
    pub fn leader(&self, database: &str) -> String {
        let hosts: Vec<_> = std::iter::once(&self.primary)
            .chain(&self.replicas)
            .map(|port| format!("127.0.0.1:{port}"))
            .collect();
        format!("postgresql://pdfuser@{}/{database}", hosts.join(","))
    }

    /// Makes an empty database.
    pub async fn create(&self, database: &str) {
        let sql = format!("CREATE DATABASE {database} OWNER pdfuser");
        administer(self.primary, "postgres", &sql).await;
    }

    /// Lets the replicas stand still: what is written from now on they do not show.
    pub async fn pause_replicas(&self) {
        for &replica in &self.replicas {
            administer(replica, "postgres", "SELECT pg_wal_replay_pause()").await;
        }
    }

    /// Lets the replicas catch up.
    pub async fn resume_replicas(&self) {
        for &replica in &self.replicas {
            administer(replica, "postgres", "SELECT pg_wal_replay_resume()").await;
        }
    }

    /// Address of a database at one of the ports.
    pub fn url(port: u16, database: &str) -> String {
        format!("postgresql://pdfuser@127.0.0.1:{port}/{database}")
    }
}

/// Runs SQL as the superuser.
pub async fn administer(port: u16, database: &str, sql: &str) {
    let url = format!("postgresql://postgres@127.0.0.1:{port}/{database}");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
}
