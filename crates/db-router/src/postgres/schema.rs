//! The schema, brought up to date over a direct connection.

use tokio_postgres::{Config, NoTls};

use crate::Error;

mod migrations {
    refinery::embed_migrations!("migrations/postgres");
}

/// One number for all db-routers: whoever has the lock migrates, the others
/// wait and find nothing left to do.
const LOCK: i64 = 0x7064_6663_6d70;

pub(super) async fn migrate(config: &Config) -> Result<(), Error> {
    let (mut client, connection) = config.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    client
        .batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
        .await?;
    let done = migrations::migrations::runner()
        .run_async(&mut client)
        .await;
    // Ends the session, and the lock with it.
    drop(client);
    let _ = driver.await;
    done?;
    Ok(())
}
