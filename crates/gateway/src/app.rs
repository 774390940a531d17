//! What every request of the gateway needs.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, web};
use moka::sync::Cache;
use service::blobs::Blobs;
use service::client::Client;
use store::{Hash, Store, WorkspaceId};

use crate::access::{Keys, Rates};
use crate::engine::Engine;
use crate::events::Streams;
use crate::{Error, Settings};

/// A session that ended at another instance may serve this much longer here.
const SESSION_MEMORY: Duration = Duration::from_secs(5);
/// Sessions remembered at a time.
const SESSIONS: u64 = 10_000;

/// The gateway: what it works on, shared by all its threads.
#[derive(Clone)]
pub struct App {
    /// Everything but files.
    pub(crate) store: Arc<dyn Store>,
    /// Files.
    pub(crate) blobs: Blobs,
    /// Pictures and exports.
    pub(crate) engine: Arc<dyn Engine>,
    /// What it was told.
    pub(crate) settings: Arc<Settings>,
    /// The db-router, where the store is behind one.
    router: Option<Client>,
    state: Arc<State>,
}

struct State {
    keys: Keys,
    rates: Rates,
    sessions: Cache<Hash, WorkspaceId>,
    streams: Streams,
}

impl App {
    /// Made once for all threads: rates are counted and sessions remembered
    /// in it.
    pub fn new(
        store: Arc<dyn Store>,
        blobs: Blobs,
        engine: Arc<dyn Engine>,
        settings: Settings,
    ) -> Result<Self, Error> {
        let state = State {
            keys: Keys::new(&settings.session_secret)?,
            rates: Rates::new(&settings.limits),
            sessions: Cache::builder()
                .max_capacity(SESSIONS)
                .time_to_live(SESSION_MEMORY)
                .build(),
            streams: Streams::new(settings.limits.streams),
        };
        Ok(Self {
            store,
            blobs,
            engine,
            settings: Arc::new(settings),
            router: None,
            state: Arc::new(state),
        })
    }

    /// Lets operators see what this db-router sees.
    #[must_use]
    pub fn with_router(mut self, router: Client) -> Self {
        self.router = Some(router);
        self
    }

    /// That of a request.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Self, Error> {
        request
            .app_data::<web::Data<Self>>()
            .map(web::Data::get_ref)
            .ok_or_else(|| Error::Broken("the application has no state".to_owned()))
    }

    pub(crate) fn router(&self) -> Option<&Client> {
        self.router.as_ref()
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.state.keys
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.state.rates
    }

    /// Sessions seen lately.
    pub(crate) fn sessions(&self) -> &Cache<Hash, WorkspaceId> {
        &self.state.sessions
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.state.streams
    }
}
