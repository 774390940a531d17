//! Hears what other db-routers did: LISTEN on one direct connection.

use std::sync::Arc;
use std::time::Duration;

use futures::future::poll_fn;
use store::{JobKind, WorkspaceId};
use tokio_postgres::{AsyncMessage, Config, NoTls};
use uuid::Uuid;

use crate::signals::Signals;
use crate::sql::Signal;

pub(super) const CHANNEL: &str = "pdf_compare";
/// How long to wait before connecting anew.
const AGAIN: Duration = Duration::from_secs(1);
/// PostgreSQL takes less than 8000 bytes.
const LONGEST: usize = 200;

/// Signals as one word each.
pub(super) fn encode(signals: &[Signal]) -> String {
    signals
        .iter()
        .take(LONGEST)
        .map(|signal| match signal {
            Signal::Queued(kind) => kind.name().to_owned(),
            Signal::Changed(workspace) => workspace.0.simple().to_string(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn decode(payload: &str) -> impl Iterator<Item = Signal> {
    payload.split(' ').filter_map(|word| {
        JobKind::ALL
            .into_iter()
            .find(|kind| kind.name() == word)
            .map(Signal::Queued)
            .or_else(|| {
                let workspace = word.parse::<Uuid>().ok()?;
                Some(Signal::Changed(WorkspaceId(workspace)))
            })
    })
}

/// Listens for ever. While it cannot, those who wait look again by
/// themselves.
pub(super) async fn listen(config: Config, signals: Arc<Signals>) {
    loop {
        if let Err(error) = session(&config, &signals).await {
            tracing::warn!(%error, "not listening for changes");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn session(config: &Config, signals: &Signals) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let listening = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        tracing::debug!("listening for changes");
        // What happened until now was not heard.
        signals.send_all();
        std::future::pending().await
    };
    let hearing = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(heard) = message? {
                decode(heard.payload()).for_each(|signal| signals.send(signal));
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = listening => ended,
        ended = hearing => ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_heard_as_they_were_sent() {
        let signals = [
            Signal::Queued(JobKind::Compare),
            Signal::Changed(WorkspaceId::random()),
        ];
        let heard: Vec<_> = decode(&encode(&signals)).collect();
        assert_eq!(heard, signals);
        assert_eq!(decode("x  y").count(), 0);
    }
}
