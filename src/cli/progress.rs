//! How far a run is: a bar on a terminal, a plain line every few seconds elsewhere, always on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::ingest::Progress;

/// How often a bar is drawn.
const BAR_EVERY: Duration = Duration::from_millis(200);
/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Draws until stopped.
pub(super) struct Meter {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Meter {
    pub(super) fn start(progress: Arc<Progress>) -> Self {
        let (stop, stopped) = channel();
        let terminal = std::io::stderr().is_terminal();
        let thread = std::thread::spawn(move || {
            let began = Instant::now();
            let bar = terminal.then(new_bar);
            let every = if terminal { BAR_EVERY } else { LINE_EVERY };
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let line = line(&progress, began.elapsed());
                match &bar {
                    Some(bar) => {
                        bar.set_length(progress.bytes_total.load(Relaxed).max(1));
                        bar.set_position(progress.bytes.load(Relaxed));
                        bar.set_message(line);
                    }
                    None => drop(writeln!(std::io::stderr(), "{line}")),
                }
            }
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
        });
        Self { stop, thread }
    }

    pub(super) fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::new(1);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}") {
        bar.set_style(style);
    }
    bar
}

/// `12,345,678 rows, 61,000 rows/s, file 3 of 128, 4 minutes left`.
fn line(progress: &Progress, elapsed: Duration) -> String {
    let rows = progress.rows.load(Relaxed);
    let (bytes, total) = (progress.bytes.load(Relaxed), progress.bytes_total.load(Relaxed));
    let per_second = (rows as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let left = match (bytes, total) {
        (0, _) | (_, 0) => String::new(),
        (bytes, total) if bytes >= total => ", finishing the index".to_owned(),
        (bytes, total) => {
            let seconds = elapsed.as_secs_f64() * (total - bytes) as f64 / bytes as f64;
            format!(", {} left", HumanDuration(Duration::from_secs_f64(seconds.clamp(0.0, 1e7))))
        }
    };
    let file = (progress.files.load(Relaxed) + 1).min(progress.files_total.load(Relaxed));
    format!("{rows} rows, {per_second} rows/s, file {file} of {}{left}", progress.files_total.load(Relaxed))
}
