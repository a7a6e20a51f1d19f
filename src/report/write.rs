//! Files that are whole or not there: written beside the target under another name, then renamed.

use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written; what was there before is untouched.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct WriteError {
    pub path: PathBuf,
    pub source: io::Error,
}

/// Writes what `fill` writes, or nothing.
///
/// # Errors
/// Whatever `fill` or the file system says.
pub fn atomically(
    path: &Path,
    fill: impl FnOnce(&mut io::BufWriter<&mut std::fs::File>) -> io::Result<()>,
) -> Result<(), WriteError> {
    let attempt = || -> io::Result<()> {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".samcheck-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The umask applies: the same rights as any new file, not those of a secret.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(directory)?;
        let mut buffer = io::BufWriter::new(file.as_file_mut());
        fill(&mut buffer)?;
        buffer.flush()?;
        drop(buffer);
        file.as_file().sync_all()?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    };
    attempt().map_err(|source| WriteError { path: path.to_owned(), source })
}

/// Writes a text.
///
/// # Errors
/// See [`atomically`].
pub fn text(path: &Path, content: &str) -> Result<(), WriteError> {
    atomically(path, |out| out.write_all(content.as_bytes()))
}

/// Indented JSON with a newline at the end.
///
/// # Errors
/// See [`atomically`].
pub fn json<T: Serialize>(path: &Path, value: &T) -> Result<(), WriteError> {
    atomically(path, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

/// Creates the directory of a run.
///
/// # Errors
/// What the file system says.
pub fn directory(path: &Path) -> Result<(), WriteError> {
    std::fs::create_dir_all(path).map_err(|source| WriteError { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(dir: &Path) -> Vec<String> {
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.json");
        json(&path, &["old"]).unwrap();
        let half = |out: &mut io::BufWriter<&mut fs::File>| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        };
        let error = atomically(&path, half).unwrap_err().to_string();
        assert!(error.contains("a.json") && error.contains("disk full"), "{error}");
        assert_eq!(names(dir.path()), ["a.json"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "[\n  \"old\"\n]\n");
    }

    #[test]
    fn a_target_that_is_a_directory_is_an_error_without_debris() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("taken");
        fs::create_dir(&path).unwrap();
        assert!(text(&path, "x").is_err());
        assert_eq!(names(dir.path()), ["taken"]);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = text(&dir.path().join("no/such.json"), "x").unwrap_err().to_string();
        assert!(error.contains("no/such.json"), "{error}");
        assert!(names(dir.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn others_can_read_what_they_could_read_of_an_ordinary_file() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (ours, plain) = (dir.path().join("ours"), dir.path().join("plain"));
        text(&ours, "x").unwrap();
        fs::write(&plain, "x").unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
