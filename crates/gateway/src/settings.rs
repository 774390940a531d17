//! What the gateway can be told.

use service::settings::{Bytes, ChosenSecret, Optional};
use store::Quota;
use url::Url;

/// The gateway's settings, beside those every service has.
#[derive(Clone, Debug, clap::Args)]
pub struct Settings {
    /// Secret that signs session cookies, the same for all instances
    #[arg(long, env = "SESSION_SECRET", hide_env_values = true)]
    pub session_secret: ChosenSecret,
    /// Token that opens operators' routes; none, or an empty one, closes them
    #[arg(
        long,
        env = "OPERATOR_TOKEN",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub operator_token: Optional<ChosenSecret>,
    /// Address under which users reach the service, such as `https://pdf.example.org`
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<Url>,
    /// Believe the `X-Real-IP` header: only behind a proxy that sets it
    #[arg(long, env = "TRUST_PROXY", default_value_t = false, action = clap::ArgAction::Set)]
    pub trust_proxy: bool,
    /// Limits of workspaces and rates.
    #[command(flatten)]
    pub limits: Limits,
}

impl Settings {
    /// With every default.
    pub fn new(session_secret: ChosenSecret) -> Self {
        Self {
            session_secret,
            operator_token: Optional::default(),
            public_url: None,
            trust_proxy: false,
            limits: Limits::default(),
        }
    }

    /// Whether users come by HTTPS.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https")
    }
}

/// What a workspace and an address may use. A rate of 0 is no limit.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Limits {
    /// Largest file accepted
    #[arg(long = "max-upload", env = "MAX_UPLOAD_BYTES", default_value_t = Self::default().upload, value_parser = size)]
    pub upload: Bytes,
    /// Most files in one upload
    #[arg(long = "max-upload-files", env = "MAX_UPLOAD_FILES", default_value_t = Self::default().upload_files)]
    pub upload_files: usize,
    /// Bytes of all documents of a workspace
    #[arg(long = "max-workspace", env = "MAX_WORKSPACE_BYTES", default_value_t = Self::default().workspace, value_parser = size)]
    pub workspace: Bytes,
    /// Documents of a workspace
    #[arg(long = "max-documents", env = "MAX_WORKSPACE_DOCUMENTS", default_value_t = Self::default().documents)]
    pub documents: u32,
    /// Jobs of a workspace that wait or run
    #[arg(long = "max-jobs", env = "MAX_WORKSPACE_JOBS", default_value_t = Self::default().jobs)]
    pub jobs: u32,
    /// Event streams of a workspace at one instance
    #[arg(long = "max-streams", env = "MAX_WORKSPACE_STREAMS", default_value_t = Self::default().streams)]
    pub streams: usize,
    /// Requests of a session or token in a minute
    #[arg(long = "rate-requests", env = "RATE_REQUESTS", default_value_t = Self::default().requests)]
    pub requests: u32,
    /// Requests of an address in a minute
    #[arg(long = "rate-address-requests", env = "RATE_ADDRESS_REQUESTS", default_value_t = Self::default().address_requests)]
    pub address_requests: u32,
    /// Uploads of a session or token in a minute
    #[arg(long = "rate-uploads", env = "RATE_UPLOADS", default_value_t = Self::default().uploads)]
    pub uploads: u32,
    /// Uploads of an address in a minute
    #[arg(long = "rate-address-uploads", env = "RATE_ADDRESS_UPLOADS", default_value_t = Self::default().address_uploads)]
    pub address_uploads: u32,
    /// New sessions of an address in a minute
    #[arg(long = "rate-address-sessions", env = "RATE_ADDRESS_SESSIONS", default_value_t = Self::default().address_sessions)]
    pub address_sessions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload: Bytes(100 << 20),
            upload_files: 20,
            workspace: Bytes(5 << 30),
            documents: 1_000,
            jobs: 500,
            streams: 16,
            requests: 3_000,
            address_requests: 12_000,
            uploads: 300,
            address_uploads: 600,
            address_sessions: 120,
        }
    }
}

impl Limits {
    /// What the store holds a workspace to.
    pub fn quota(&self) -> Quota {
        Quota {
            bytes: self.workspace.0,
            documents: self.documents,
            jobs: self.jobs,
        }
    }
}

fn size(text: &str) -> Result<Bytes, service::Error> {
    text.parse()
}
