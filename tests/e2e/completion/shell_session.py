# SPDX-License-Identifier: Apache-2.0
"""Shells on a pseudo-terminal: keys go in, and what a person would see comes out.

Two questions are asked of a shell: what TAB makes of the line, and what it lists. After each, a key that
prints the line as it stands tells that all of the answer is there, so that nobody has to sleep.
"""
import codecs
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import termios
import time
from fcntl import ioctl

from e2e import Failure, check, require

PATIENCE = 30  # seconds
COMPLETIONS = pathlib.Path(__file__).resolve().parents[3] / "completions"
TOOLS = ("shm-capture", "shm-inspect", "shm-mjpeg", "shm-record", "shm-bench")
# What colours and moves, and keys of ours that are echoed while the shell is busy.
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07]*\x07|\x1bk.*?\x1b\\|"
                     r"[\x07\x0f]|\^X[a-z]")
LINE = re.compile(r"<<<(.*?)>>>", re.DOTALL)
TAB = "\t"
# Keys of ours, none of which a terminal would take for itself while the shell is busy.
SHOW_LINE, KILL_LINE, LIST = "\x18s", "\x18k", "\x18l"


class Shell:
    """An interactive shell in a test's scratch folder, without anybody's configuration."""

    program = ""
    arguments = ()

    def __init__(self, place, **environment):
        require(self.program)
        self._output = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        env = {"HOME": place.scratch, "PATH": os.environ["SHMVIDEO_BIN"] + ":/usr/bin:/bin", "TERM": "xterm",
               "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": place.scratch, "XDG_DATA_HOME": place.scratch,
               "SHM_VIDEO_DIR": place.directory, **environment}
        program = shutil.which(self.program)
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(place.scratch)
            os.execve(program, [self.program, *self.arguments], env)
        ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 120, 0, 0))  # nothing is paged

    def __enter__(self):
        try:
            self.set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        os.close(self._terminal)  # it is hung up on, as when a window is closed
        deadline = time.monotonic() + PATIENCE
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self._pid, 9)
            time.sleep(0.02)

    def set_up(self):
        """Loads the completions of all tools and binds the key that shows the line."""
        raise NotImplementedError

    def type(self, keys):
        os.write(self._terminal, keys.encode())

    def _read(self, pattern, what):
        """The output up to the first match of the pattern, and the match."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self._output, re.DOTALL)
            if found:
                before, self._output = self._output[:found.start()], self._output[found.end():]
                return before, found
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._terminal], [], [], left)[0]:
                raise Failure(f"{self.program}: waited in vain for {what}; on the screen: {self._output!r}")
            try:
                text = self._decoder.decode(os.read(self._terminal, 65536))
            except OSError:
                raise Failure(f"{self.program} ended; its last words: {self._output!r}") from None
            self._output = ESCAPES.sub("", self._output + text)

    def do(self, command):
        """Runs a command, and gives what it printed."""
        self.type(f"{command}\necho rea''dy\n")
        return self._read(r"ready\r?\n", f"the end of {command!r}")[0]

    def _ask(self, *keys):
        """Types the keys and shows the line each time: what was printed before the last, and that line."""
        printed = ""
        for part in keys:
            self.type(part + SHOW_LINE)
            printed, found = self._read(LINE.pattern, f"the line after {part!r}")
        self.type(KILL_LINE + SHOW_LINE)
        self._read(r"<<<>>>", "an empty line")
        return printed, found.group(1)

    def completed(self, line):
        """What one TAB makes of the line."""
        return self._ask(line, TAB)[1]

    def listed(self, line):
        """The lines that are listed for this line, without changing it."""
        printed, after = self._ask(line, LIST)
        check(after == line, f"{self.program}: listing changed {line!r} to {after!r}")
        rows = [row.strip() for row in printed.replace("\r", "\n").split("\n")]
        return [row for row in rows if row and not row.startswith("$") and row != line.strip()]

    def words_listed(self, line):
        """The same without what they mean; short words stand side by side."""
        meaning = re.compile(r"\t.*|  +(\(|-- ).*")
        return [word for row in self.listed(line) for word in re.split(r"\s{2,}", meaning.sub("", row))]


class Bash(Shell):
    program = "bash"
    arguments = ("--norc", "-i")

    def set_up(self):
        self.prepare()
        self.do("PS1='$ '")
        self.do("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'")
        self.do(r"""show() { printf '\n<<<%s>>>\n' "$READLINE_LINE"; }; bind -x '"\C-xs": show'""")
        self.do(r"""bind '"\C-xk": kill-whole-line'; bind '"\C-xl": possible-completions'""")

    def prepare(self):
        for tool in TOOLS:
            self.do(f"source {COMPLETIONS}/bash/{tool}")


class BashWithPackage(Bash):
    """With the package bash-completion, which loads a tool's file at its first TAB."""
    package = "/usr/share/bash-completion/bash_completion"

    def prepare(self):
        self.do(f"export BASH_COMPLETION_USER_DIR=$HOME; ln -sfn {COMPLETIONS}/bash $HOME/completions")
        self.do(f"source {self.package}")


class Zsh(Shell):
    program = "zsh"
    arguments = ("-f", "-i")

    def set_up(self):
        self.do("PS1='$ '; stty -echo; unsetopt beep; unset zle_bracketed_paste; bindkey -e")
        self.do(f"fpath=({COMPLETIONS}/zsh $fpath); autoload -Uz compinit; compinit -u -D")
        self.do(r"""show() { zle -I; printf '\n<<<%s>>>\n' "$BUFFER" }; zle -N show; bindkey '^Xs' show""")
        self.do("bindkey '^Xk' kill-whole-line; bindkey '^Xl' list-choices")


class Fish(Shell):
    program = "fish"
    arguments = ("--no-config", "--interactive")

    def set_up(self):
        self.do("stty -echo; function fish_prompt; echo '$ '; end; set -g fish_autosuggestion_enabled 0")
        self.do(f"set -g fish_complete_path {COMPLETIONS}/fish $fish_complete_path")
        self.do(r"""bind \cxs 'printf "\n<<<%s>>>\n" (commandline | string collect); commandline -f repaint'""")
        self.do(r"bind \cxk kill-whole-line")

    def listed(self, line):
        """What fish itself says it would list: the word, a tab, what it means."""
        quoted = line.replace("\\", "\\\\").replace("'", "\\'")
        self.type(f"echo '[''[['; complete -C '{quoted}'; echo ']'']]'\n")
        found = self._read(r"\[\[\[\r?\n(.*?)\]\]\]\r?\n", f"what is offered for {line!r}")[1]
        return found.group(1).replace("\r", "").splitlines()
