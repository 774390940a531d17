//! What every service shares: settings, telemetry, health, problems, shutdown.
