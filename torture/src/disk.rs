//! Disks that can be filled, and disks that take no writes: for one process alone, without any rights.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// How large the small disk is.
const SIZE: &str = "24m";

/// What the server's data folder lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    /// Whatever the machine has.
    Usual,
    /// A small one of its own, in a mount namespace of the server's.
    Small,
    /// Whatever the machine has; writes fail instead of ending the process when they are forbidden.
    Guarded,
}

impl Disk {
    /// A small disk, where this machine lets one be mounted; otherwise a guarded one.
    pub(crate) fn small() -> Self {
        let folder = std::env::temp_dir();
        let mounted = Self::Small.command(Path::new("true"), &folder).stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) { Self::Small } else { Self::Guarded }
    }

    /// The command that runs `program` with `folder` on this disk.
    pub(crate) fn command(self, program: &Path, folder: &Path) -> Command {
        // A process that writes beyond its limit is killed by SIGXFSZ, unless it ignores that (setrlimit(2)); what is
        // ignored stays so across `exec`.
        const IGNORING: &str = r#"trap "" XFSZ; exec "$@""#;
        let mounting = format!(r#"mount -t tmpfs -o size={SIZE} madang "$1" && shift && {IGNORING}"#);
        let mut command = match self {
            Self::Usual => return Command::new(program),
            Self::Guarded => Command::new("sh"),
            Self::Small => Command::new("unshare"),
        };
        match self {
            Self::Small => {
                command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &mounting, "sh"]).arg(folder)
            }
            Self::Usual | Self::Guarded => command.args(["-c", IGNORING, "sh"]),
        };
        command.arg(program);
        command
    }
}

/// The disk of a running process.
pub(crate) struct Mounted {
    pid: u32,
    /// A file that takes all the space there is.
    filler: PathBuf,
}

impl Mounted {
    /// What `folder` lies on, as the process sees it (proc(5), `root`).
    pub(crate) fn of(pid: u32, folder: &Path) -> Self {
        let folder = folder.strip_prefix("/").unwrap_or(folder);
        Self { pid, filler: PathBuf::from(format!("/proc/{pid}/root")).join(folder).join("filler") }
    }

    /// Leaves no space. To be called on a small disk only.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut file = File::create(&self.filler).context("the filler")?;
        // A large piece first, then what is left.
        for piece in [64 * 1024, 1] {
            let zeros = vec![0; piece];
            loop {
                match file.write(&zeros) {
                    Ok(0) => bail!("the disk takes nothing, and says nothing"),
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("filling the disk"),
                }
            }
        }
        Ok(())
    }

    /// Gives the space back.
    pub(crate) fn free(&self) -> Result<()> {
        fs::remove_file(&self.filler).context("the filler")
    }

    /// Lets no file of the process be written any more, as on a disk that has become read-only.
    pub(crate) fn forbid(&self) -> Result<()> {
        self.limit("0:unlimited")
    }

    /// Lets them be written again.
    pub(crate) fn permit(&self) -> Result<()> {
        self.limit("unlimited:unlimited")
    }

    fn limit(&self, size: &str) -> Result<()> {
        let pid = self.pid.to_string();
        let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={size}")]).status();
        if !set.context("prlimit does not run")?.success() {
            bail!("the limit on file sizes could not be set");
        }
        Ok(())
    }
}
