//! A real terminal (a pseudo-terminal) with a program in it, and its screen as a person sees it.

use std::{
    io::{self, Read as _, Write},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

pub use portable_pty::CommandBuilder;
use portable_pty::{Child, MasterPty, PtySize, native_pty_system};

/// What does not come within this time never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal, and the program that runs in it. The program ends with it.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Screen>,
}

struct Screen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: vt100::Parser,
    raw: Vec<u8>,
    closed: bool,
}

impl Terminal {
    /// Starts a program in a terminal of this size.
    ///
    /// # Errors
    ///
    /// There is no terminal to be had, or no such program.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> io::Result<Self> {
        let pair = native_pty_system()
            .openpty(size(columns, rows))
            .map_err(io::Error::other)?;
        let child = pair
            .slave
            .spawn_command(command)
            .map_err(io::Error::other)?;
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().map_err(io::Error::other)?;
        let keys = pair.master.take_writer().map_err(io::Error::other)?;
        let screen = Arc::new(Screen {
            state: Mutex::new(State {
                parser: vt100::Parser::new(rows, columns, 0),
                raw: Vec::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let watcher = Arc::clone(&screen);
        // A thread of its own, since nothing can wait for a pseudo-terminal with a time limit everywhere.
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // On Linux the end of the program is an error here, and elsewhere the end of the output.
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                let mut state = watcher.lock();
                state.parser.process(&bytes[..read]);
                state.raw.extend_from_slice(&bytes[..read]);
                watcher.changed.notify_all();
            }
            watcher.lock().closed = true;
            watcher.changed.notify_all();
        });
        Ok(Self {
            master: pair.master,
            child,
            keys,
            screen,
        })
    }

    /// Types these characters.
    ///
    /// # Panics
    ///
    /// The terminal takes none any more.
    pub fn type_keys(&mut self, keys: &str) {
        self.keys
            .write_all(keys.as_bytes())
            .and_then(|()| self.keys.flush())
            .expect("the terminal takes keys");
    }

    /// What is on the screen.
    #[must_use]
    pub fn text(&self) -> String {
        self.screen.lock().parser.screen().contents()
    }

    /// Waits until the screen says this, and returns the whole of it.
    ///
    /// # Panics
    ///
    /// It never does.
    #[track_caller]
    pub fn wait_for(&self, words: &str) -> String {
        self.wait_until(&format!("says `{words}`"), |screen| {
            screen.contents().contains(words)
        })
    }

    /// Waits until the screen no longer says this, and returns the whole of it.
    ///
    /// # Panics
    ///
    /// It always does.
    #[track_caller]
    pub fn wait_until_gone(&self, words: &str) -> String {
        self.wait_until(&format!("no longer says `{words}`"), |screen| {
            !screen.contents().contains(words)
        })
    }

    /// Waits until the screen is as asked for, and returns what it says.
    ///
    /// # Panics
    ///
    /// It never is.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.screen.lock();
        loop {
            let screen = state.parser.screen();
            if is(screen) {
                return screen.contents();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !state.closed,
                "the screen never {what}. It says:\n{}",
                screen.contents()
            );
            let waited = self.screen.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// All bytes that the program wrote so far.
    #[must_use]
    pub fn raw(&self) -> Vec<u8> {
        self.screen.lock().raw.clone()
    }

    /// Whether the program has the terminal: a screen of its own, or keys one by one, or no cursor.
    ///
    /// # Panics
    ///
    /// The system does not say how the terminal is set.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        let state = self.screen.lock();
        let screen = state.parser.screen();
        screen.alternate_screen() || screen.hide_cursor() || self.is_raw()
    }

    #[cfg(unix)]
    fn is_raw(&self) -> bool {
        use rustix::termios::{LocalModes, tcgetattr};
        let name = self.master.tty_name().expect("it has a name");
        let terminal = std::fs::File::open(name).expect("it is open here");
        let modes = tcgetattr(terminal).expect("it is a terminal").local_modes;
        !modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    #[cfg(not(unix))]
    fn is_raw(&self) -> bool {
        false
    }

    /// Gives the terminal another size.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.screen
            .lock()
            .parser
            .screen_mut()
            .set_size(rows, columns);
        self.master
            .resize(size(columns, rows))
            .expect("it can have any size");
    }

    /// The number of the program's process.
    ///
    /// # Panics
    ///
    /// It has none.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.process_id().expect("it was started")
    }

    /// Waits until the program ends, and returns its exit status.
    ///
    /// # Panics
    ///
    /// It never does.
    #[track_caller]
    pub fn wait(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it was started") {
                break status;
            }
            assert!(
                Instant::now() < deadline,
                "it never ends. The screen says:\n{}",
                self.text()
            );
            thread::park_timeout(Duration::from_millis(2));
        };
        status.exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // If it has ended already, there is nothing left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Screen {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A command in this folder, with nothing of the environment that would change what it shows.
#[must_use]
pub fn command(program: &str, folder: &std::path::Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.cwd(folder);
    command.env("TERM", "xterm-256color");
    for name in [
        "BROWSER",
        "CARGO_MANIFEST_DIR",
        "CI",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "DISPLAY",
        "EDITOR",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "NO_COLOR",
        "RUST_BACKTRACE",
        "TERM_PROGRAM",
        "TMUX",
        "VISUAL",
        "WAYLAND_DISPLAY",
        "WORKBOOK_TIME_LIMIT",
        "WSL_DISTRO_NAME",
    ] {
        command.env_remove(name);
    }
    command
}

/// The `workbook` program beside this one, as cargo builds it.
///
/// # Errors
///
/// This program stands in no target folder.
pub fn workbook_program() -> io::Result<PathBuf> {
    let name = format!("workbook{}", std::env::consts::EXE_SUFFIX);
    Ok(crate::scratch::target_dir()?.join("debug").join(name))
}
