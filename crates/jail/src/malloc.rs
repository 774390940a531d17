//! Settings of the C library's allocator for large drawings. A page is a few vectors of
//! megabytes that grow, are sent and freed; by default each is mapped anew and its memory
//! faulted in 4 KiB at a time, which is a fifth of the time such a page takes. Kept on the
//! heap, they are not.

/// The variable that glibc reads them from, at the start of a process only; other C
/// libraries ignore it.
pub const VARIABLE: &str = "GLIBC_TUNABLES";

/// What has up to 64 MiB is on the heap, of which up to 128 MiB are kept.
pub const KEEP: &str = "glibc.malloc.mmap_threshold=67108864:glibc.malloc.trim_threshold=134217728";

/// For a worker besides: large pages where the system offers them, and one heap, because
/// it reads one page at a time.
pub const ONE_HEAP: &str = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1";

/// For who compares besides: a heap for every two of so many threads. By default each has
/// its own, and touches anew what another has just freed.
pub fn shared_heaps(threads: usize) -> String {
    format!("glibc.malloc.arena_max={}", (threads / 2).max(1))
}
