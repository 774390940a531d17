//! The Linux part: Landlock for files and the network, seccomp for the rest.

use std::collections::BTreeMap;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, Scope};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter_all_threads,
};

/// Closes what the kernel lets us close. Errors are not fatal: see the module
/// above.
pub(super) fn close_everything() {
    let _ = close_files();
    let _ = close_calls();
}

/// No file may be opened, no port bound or reached, no process signalled.
fn close_files() -> Result<(), RulesetError> {
    let abi = ABI::V6;
    Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()?;
    Ok(())
}

type Failure = Box<dyn std::error::Error>;

/// Only computing, memory, threads and the open pipes are left. Everything else
/// fails with “not permitted”, which library code survives, rather than killing
/// the worker for a harmless question.
fn close_calls() -> Result<(), Failure> {
    let arch = std::env::consts::ARCH.try_into()?;
    let allowed = SeccompFilter::new(
        allowed_calls()?,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        arch,
    )?;
    // clone3 hides its flags from the filter; told that it does not exist, the
    // C library falls back to clone, whose flags can be checked.
    let no_clone3 = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        arch,
    )?;
    for filter in [no_clone3, allowed] {
        let program: BpfProgram = filter.try_into()?;
        apply_filter_all_threads(&program)?;
    }
    Ok(())
}

fn allowed_calls() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Failure> {
    let mut calls: BTreeMap<i64, Vec<SeccompRule>> = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_ppoll,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_membarrier,
        libc::SYS_rseq,
        libc::SYS_set_robust_list,
        libc::SYS_set_tid_address,
        libc::SYS_gettid,
        libc::SYS_getpid,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_getrandom,
        libc::SYS_getrlimit,
        libc::SYS_exit,
        libc::SYS_exit_group,
        // Answered by the other filter.
        libc::SYS_clone3,
    ]
    .into_iter()
    .map(|call| (call, Vec::new()))
    .collect();
    #[cfg(target_arch = "x86_64")]
    calls.insert(libc::SYS_poll, Vec::new());

    let thread = libc::CLONE_THREAD as u64;
    let exec = libc::PROT_EXEC as u64;
    let conditional = [
        // Threads, not processes.
        (libc::SYS_clone, 0, SeccompCmpOp::MaskedEq(thread), thread),
        // Memory that can never be run as code.
        (libc::SYS_mmap, 2, SeccompCmpOp::MaskedEq(exec), 0),
        (libc::SYS_mprotect, 2, SeccompCmpOp::MaskedEq(exec), 0),
        // Limits may be read, not set.
        (libc::SYS_prlimit64, 2, SeccompCmpOp::Eq, 0),
        // A thread may be named.
        (
            libc::SYS_prctl,
            0,
            SeccompCmpOp::Eq,
            libc::PR_SET_NAME as u64,
        ),
        // Aborting is a signal to oneself.
        (
            libc::SYS_tgkill,
            0,
            SeccompCmpOp::Eq,
            u64::from(std::process::id()),
        ),
    ];
    for (call, argument, operator, value) in conditional {
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Qword, operator, value)?;
        calls.insert(call, vec![SeccompRule::new(vec![condition])?]);
    }
    Ok(calls)
}
