//! A connection to PostgreSQL that is lost in the moment of a commit.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Where a connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears of the commit.
    Before,
    /// The server has committed and said so; nobody hears it.
    After,
    /// The server is told to commit, and that nobody listens any more, in one breath.
    During,
}

/// Passes everything on, until it is told to cut.
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    shared: Arc<Shared>,
    closed: watch::Sender<bool>,
}

struct Shared {
    server: u16,
    next: Mutex<Option<Cut>>,
    /// Whether the whole way is closed with the next cut.
    for_good: Mutex<bool>,
    cuts: AtomicUsize,
}

impl Proxy {
    /// Starts it before the server at a port.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (closed, closing) = watch::channel(false);
        let shared = Arc::new(Shared {
            server,
            next: Mutex::default(),
            for_good: Mutex::default(),
            cuts: AtomicUsize::new(0),
        });
        let (state, close) = (Arc::clone(&shared), closed.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (state, close) = (Arc::clone(&state), close.clone());
                let mut closing = closing.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        // A connection that ends badly is what this is for.
                        _ = relay(client, &state, &close) => {}
                        _ = closing.wait_for(|closed| *closed) => {}
                    }
                });
            }
        });
        Self {
            port,
            shared,
            closed,
        }
    }

    /// Cuts at the next commit, and passes on what comes after.
    pub fn cut(&self, cut: Cut) {
        *self.shared.next.lock().unwrap() = Some(cut);
    }

    /// Cuts at the next commit, and lets nothing through afterwards.
    pub fn cut_for_good(&self, cut: Cut) {
        *self.shared.for_good.lock().unwrap() = true;
        self.cut(cut);
    }

    /// How often it has cut.
    pub fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::SeqCst)
    }

    pub fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }
}

async fn relay(
    mut client: TcpStream,
    shared: &Shared,
    close: &watch::Sender<bool>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", shared.server)).await?;
    let (mut up, mut down) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            sent = client.read(&mut up) => {
                let sent = &up[..sent?];
                if sent.is_empty() {
                    return Ok(());
                }
                let commits = sent.windows(7).any(|part| part == b"COMMIT;");
                let cut = commits.then(|| shared.next.lock().unwrap().take()).flatten();
                if cut != Some(Cut::Before) {
                    server.write_all(sent).await?;
                }
                if cut == Some(Cut::After) {
                    // It has done so when it answers.
                    let answer = server.read(&mut down).await?;
                    assert!(answer > 0);
                }
                if cut.is_some() {
                    shared.cuts.fetch_add(1, Ordering::SeqCst);
                    if *shared.for_good.lock().unwrap() {
                        close.send_replace(true);
                    }
                    return Ok(());
                }
            }
            answered = server.read(&mut down) => {
                let answered = &down[..answered?];
                if answered.is_empty() {
                    return Ok(());
                }
                client.write_all(answered).await?;
            }
        }
    }
}
