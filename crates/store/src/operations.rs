//! The list of operations, once: the [`Store`] trait, the HTTP client and the
//! server's table are made from it, so that none can lack one.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
// The list below names nearly all of them.
#[allow(clippy::wildcard_imports)]
use crate::types::*;

/// Whether an operation changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Answered by any node that is recent enough.
    Read,
    /// Answered by the leader: who is told of a change must find it.
    Latest,
    /// Goes to the leader.
    Write,
}

macro_rules! operations {
    ($( $(#[$doc:meta])* $access:ident $name:ident($request:ty) -> $response:ty; )*) => {
        /// What is kept, and everything that can be done with it.
        ///
        /// Implemented by SQLite and PostgreSQL in db-router, and by
        /// [`crate::Client`], which asks a db-router over HTTP. Every operation
        /// on something of a workspace takes that workspace and finds nothing
        /// of another: a wrong id and a foreign one are the same
        /// [`Error::NotFound`].
        #[async_trait]
        pub trait Store: Send + Sync + 'static {
            $( $(#[$doc])* async fn $name(&self, request: $request) -> Result<$response, Error>; )*
        }

        /// Name and access of every operation.
        pub const OPERATIONS: &[(&str, Access)] = &[
            $( (stringify!($name), operations!(@access $access)), )*
        ];

        /// Runs the operation called `name` on a JSON request; the server side
        /// of [`crate::Client`]. `None` where there is no such operation.
        pub async fn dispatch(
            store: &dyn Store,
            name: &str,
            request: &[u8],
        ) -> Option<Result<Vec<u8>, Error>> {
            match name {
                $( stringify!($name) => Some(match decode::<$request>(request) {
                    Ok(request) => match store.$name(request).await {
                        Ok(response) => encode(&response),
                        Err(error) => Err(error),
                    },
                    Err(error) => Err(error),
                }), )*
                _ => None,
            }
        }

        #[async_trait]
        impl Store for crate::Client {
            $( async fn $name(&self, request: $request) -> Result<$response, Error> {
                self.call(stringify!($name), operations!(@access $access), &request).await
            } )*
        }
    };
    (@access read) => { Access::Read };
    (@access latest) => { Access::Latest };
    (@access write) => { Access::Write };
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|e| Error::Invalid(e.to_string()))
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|e| Error::Broken(e.to_string()))
}

/// Gives the list of operations to the macro named: one
/// `access name(Request) -> Answer;` each. For whoever implements [`Store`] by
/// a rule instead of one method after the other.
#[macro_export]
macro_rules! for_each_operation {
    ($make:ident) => {
        $make! {
            // Sessions and tokens.

            /// Makes a workspace and the first session in it. The same session again
            /// answers the same workspace.
            write create_session(NewSession) -> Session;
            /// The live session with this hash; slides its expiry (at most once an
            /// hour, so that a read is seldom a write).
            write session(SessionKey) -> Session;
            /// Ends a session. Ending one that is not there is no error.
            write end_session(SessionKey) -> ();
            /// Deletes a workspace and everything in it.
            write delete_workspace(WorkspaceKey) -> ();
            /// Makes a token for scripts.
            write create_token(NewToken) -> Token;
            /// The tokens of a workspace, newest first.
            read tokens(WorkspaceKey) -> Vec<Token>;
            /// The token with this hash, of whatever workspace; notes its use.
            write token(TokenHash) -> Token;
            /// Revokes a token.
            write delete_token(TokenKey) -> ();
            /// What a workspace uses.
            read usage(WorkspaceKey) -> Usage;

            // Documents.

            /// Whether the limits of its workspace let a document in, before its bytes
            /// are kept: [`Error::Quota`] where not. Keeps nothing.
            latest admit_document(NewDocument) -> ();
            /// Records an uploaded document with its ingest job, in one transaction.
            /// The same bytes in the same workspace are the same document, unless it
            /// was deleted: then it comes back. Over the quota: [`Error::Quota`].
            write create_document(NewDocument) -> CreatedDocument;
            /// Keeps a document with its pages as they were read elsewhere, in one
            /// transaction. The same bytes again replace what was read of them.
            write put_document(ReadDocument) -> Document;
            /// A page of the documents of a workspace, newest first.
            read documents(ListDocuments) -> Listing<Document>;
            /// One document.
            read document(DocumentKey) -> Document;
            /// Renames a document or puts it into a series.
            write change_document(ChangeDocument) -> Document;
            /// Deletes a document, to be restored within the time for undoing, and
            /// cancels its jobs.
            write delete_document(DocumentKey) -> ();
            /// Takes a deletion back.
            write restore_document(DocumentKey) -> Document;
            /// Sizes of all pages of a document, in page order.
            read page_sizes(DocumentKey) -> Vec<PageSize>;
            /// Words of one page.
            read page_words(PageKey) -> PageWords;
            /// Pages that hold what is searched for, those with the very words first.
            read search(Search) -> Listing<Hit>;

            // Comparisons.

            /// Records a comparison with its job, in one transaction. The same two
            /// documents with the same options are the same comparison, which comes
            /// back if it was deleted.
            write create_comparison(NewComparison) -> CreatedComparison;
            /// A page of the comparisons of a workspace, newest first.
            read comparisons(ListComparisons) -> Listing<Comparison>;
            /// One comparison.
            read comparison(ComparisonKey) -> Comparison;
            /// Deletes a comparison, to be restored within the time for undoing, and
            /// cancels its job.
            write delete_comparison(ComparisonKey) -> ();
            /// Takes a deletion back.
            write restore_comparison(ComparisonKey) -> Comparison;
            /// What was said of one change.
            write set_review(SetReview) -> Review;
            /// What was said of the changes of a comparison.
            read reviews(ComparisonKey) -> Vec<Review>;

            // Shares.

            /// Makes a link that opens one comparison to others.
            write create_share(NewShare) -> Share;
            /// The links of a comparison, newest first.
            read shares(ComparisonKey) -> Vec<Share>;
            /// Revokes a link.
            write delete_share(ShareKey) -> ();
            /// The live link with this hash, of whatever workspace.
            read share(ShareHash) -> Share;

            // Idempotency.

            /// Claims an `Idempotency-Key`, or answers what was answered before.
            write claim_key(ClaimKey) -> KeyClaim;
            /// Keeps the answer to a claimed key.
            write settle_key(SettleKey) -> ();
            /// Gives a claimed key back where the request failed.
            write release_key(KeyId) -> ();

            // Jobs.

            /// Takes the next job under a lease; waits for one up to
            /// [`ClaimJob::wait_ms`]. `None` where none came.
            write claim_job(ClaimJob) -> Option<ClaimedJob>;
            /// Renews the lease and notes progress; says whether to stop.
            write renew_job(RenewJob) -> Lease;
            /// Keeps what an ingest found out before its pages: page count and sizes.
            write put_document_info(DocumentInfo) -> ();
            /// Keeps the words of some pages of a document.
            write put_pages(PutPages) -> ();
            /// Keeps the name of a report blob and its summary; `complete` false for
            /// the first pages of one still being made.
            write put_report(PutReport) -> ();
            /// Ends a job well, and with it what it was about.
            write finish_job(JobLease) -> ();
            /// Ends a try badly: the job is tried again later, or set aside after the
            /// last try or where another would end alike.
            write fail_job(FailJob) -> ();
            /// Hands a job back untried: the worker shuts down.
            write return_job(JobLease) -> ();
            /// Cancels a job of a workspace.
            write cancel_job(JobKey) -> Job;
            /// Tries a failed or cancelled job again from the start.
            write retry_job(JobKey) -> Job;
            /// One job.
            read job(JobKey) -> Job;
            /// Waits until something of a workspace changed after `after`, up to
            /// `wait_ms`; answers the jobs that changed. Without `after` it
            /// answers at once.
            latest watch(Watch) -> Changes;

            // Upkeep.

            /// Removes for good what was deleted or expired longer ago than given, in
            /// small steps; `more` says whether to come back at once.
            write purge(Purge) -> Purged;
            /// Which of these blobs are still wanted by anything.
            read wanted_blobs(BlobNames) -> BlobNames;
            /// Numbers for metrics.
            read statistics(()) -> Statistics;
        }
    };
}

for_each_operation!(operations);
