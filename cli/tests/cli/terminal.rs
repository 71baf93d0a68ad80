//! A terminal that a program runs on.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::program::Done;

pub(crate) struct Terminal {
    /// What shows and types.
    screen: File,
    /// What the program has.
    program: File,
}

impl Terminal {
    pub(crate) fn open(columns: u16) -> Self {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&screen).and_then(|()| unlockpt(&screen)).expect("its other end");
        let name = ptsname(&screen, Vec::new()).expect("its name").into_string().expect("text");
        let program = OpenOptions::new().read(true).write(true).open(name).expect("its other end opens");
        tcsetwinsize(&program, Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).expect("it has a size");
        Self { screen: File::from(screen), program }
    }

    pub(crate) fn end(&self) -> Stdio {
        Stdio::from(self.program.try_clone().expect("another handle"))
    }

    /// Types, and reads all that is shown until the program hangs up.
    pub(crate) fn attend(self, mut child: Child, typed: &str) -> Done {
        let Self { mut screen, program } = self;
        drop(program);
        screen.write_all(typed.as_bytes()).expect("somebody types");
        let mut shown = Vec::new();
        let mut buffer = [0; 4096];
        // Linux tells of the hang-up by an error.
        while let Ok(read) = screen.read(&mut buffer) {
            shown.extend_from_slice(&buffer[..read]);
        }
        let code = child.wait().expect("the binary ends").code().expect("an exit code");
        Done { code, stdout: String::from_utf8(shown).expect("text").replace("\r\n", "\n"), stderr: String::new() }
    }
}
