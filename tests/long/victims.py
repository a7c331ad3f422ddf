"""What the long tests attack: processes that write, each with a way to look for what it acknowledged. A victim knows
how to prepare a folder once, what to run over a copy of it, and how to judge what is found there afterwards."""
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

KEY = "yt_test_long"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and mounts go with the script


class Lost(Exception):
    """Something acknowledged is gone, something is half there, or the next start does not mend it."""


def scratch():
    """Where thousands of databases are made: memory, because not the disk is attacked here."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def environment(profile, build):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("EARMARK_", "XDG_", "DBUS_")) and name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return dict(kept, HOME=str(profile), EARMARK_PROFILE=str(profile), EARMARK_KEY_DEMO=KEY, TZ="UTC",
                LC_ALL="C.UTF-8", TMPDIR=str(profile.parent), EARMARK_PROGRAM=f"{build}/app/earmark")


def rows(file, sql, *values):
    connection = sqlite3.connect(file)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def sound(file):
    if rows(file, "PRAGMA integrity_check") != [("ok",)]:
        raise Lost(f"{file.name} is not sound")


def run(command, env, timeout=120):
    return subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, timeout=timeout,
                          check=False)


class DemoProvider:
    """The program's own demo server, as the provider of the victims that need one."""

    def __init__(self, build):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="earmark-demo-"))
        self.process = subprocess.Popen([f"{build}/app/earmark", "demo-server"], env=environment(self.home, build),
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = json.loads(self.process.stdout.readline())["yotel"]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class Victim:
    name = ""

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.program = self.build / "app/earmark"
        self.writer = self.build / "tests/store/killedwriter"

    def prepare(self, folder):
        pass

    def command(self, folder):
        raise NotImplementedError

    def env(self, folder):
        return environment(folder, self.build)

    def judge(self, folder, output):
        """Answers how much was acknowledged; raises Lost."""
        raise NotImplementedError


class Edit(Victim):
    """The process that edits, restores and keeps drafts, a line before and after each step."""
    name = "edit"
    steps = 14

    def prepare(self, folder):
        done = run([self.writer, folder / "reviews.db", 7, 1, 40], self.env(folder))
        if done.returncode != 0:
            raise RuntimeError("the writer does not work: " + done.stderr)

    def command(self, folder):
        return [self.writer, folder / "reviews.db", 11, 1001, self.steps]

    def judge(self, folder, output):
        file = folder / "reviews.db"
        opened = run([self.writer, file, 1, 1, 0], self.env(folder))
        if opened.returncode != 0:
            raise Lost(f"reviews.db does not open, or had to be mended: {opened.returncode} {opened.stderr}")
        return judge_edits(file, output)


class Several(Edit):
    """The same process at what writes several rows in one go: a portion of bulk work, sending, a merge, undo."""
    steps = 4
    kind, portion = "", 1

    def command(self, folder):
        return [self.writer, folder / "reviews.db", 11, 1001, self.steps, self.kind]

    def judge(self, folder, output):
        acknowledged = super().judge(folder, output)
        for line in output.splitlines():
            words = line.split(" ")
            if len(words) == 5 and words[0] == "a":
                held = rows(folder / "reviews.db", "SELECT count(*) FROM history WHERE after GLOB ?", words[1] + "x*")[0][0]
                if held < self.portion:
                    raise Lost(f"{self.kind} {words[1]}: {held} lines instead of {self.portion}")
                acknowledged += 1
        return acknowledged


class Bulk(Several):
    name, kind, portion = "bulk", "bulk", 12


class Push(Several):
    name, kind, portion = "push", "push", 2

    def judge(self, folder, output):
        acknowledged = super().judge(folder, output)
        for line in output.splitlines():
            words = line.split(" ")
            if len(words) == 5 and words[0] == "a":
                states = rows(folder / "reviews.db", "SELECT DISTINCT state FROM outbox WHERE value GLOB ?", words[1] + "x*")
                if states != [("sent",)]:
                    raise Lost(f"push {words[1]} was said to be sent: {states}")
        return acknowledged


class Merge(Several):
    name, kind = "merge", "merge"


class Mark(Several):
    """A mark with words and without, and one that is removed again; marks have no history."""
    name, kind, portion = "mark", "mark", 0

    def judge(self, folder, output):
        acknowledged = super().judge(folder, output)
        for line in output.splitlines():
            words = line.split(" ")
            if len(words) == 5 and words[0] == "a":
                held = rows(folder / "reviews.db", "SELECT count(*) FROM marks WHERE text GLOB ?", words[1] + "x*")[0][0]
                if held != 1:
                    raise Lost(f"mark {words[1]}: {held} rows")
        return acknowledged


class Undo(Several):
    name, kind, portion = "undo", "undo", 12


def judge_edits(file, output, late=""):
    """`late`: what was said after the power had gone; it was begun, and not acknowledged."""
    sound(file)
    known, edits, acknowledged = {}, [], 0
    lines = [(line, True) for line in output.splitlines()] + [(line, False) for line in late.splitlines()]
    for line, in_time in lines:
        words = line.split(" ")
        if len(words) != 5 or words[0] not in "BA" or (words[0] == "A" and not in_time):
            continue
        number, field = int(words[1]), (words[2], words[3])
        outcome = 0 if words[4] == "restore" else number
        slots = [(field, "draft")] if words[4] == "draft" else [(field, "counts"), (field, "draft")]
        for place, slot in enumerate(slots):
            value = outcome if place == 0 else 0
            if words[0] == "B":
                known.setdefault(slot, (None, set()))[1].add(value)
            else:
                known[slot] = (value, set())
        if words[0] == "A":
            acknowledged += 1
            edits += [number] if words[4] == "edit" else []
    counts = [rows(file, f"SELECT count(*) FROM {table}")[0][0] for table in ("edits", "outbox", "history", "history_chain")]
    if len(set(counts)) != 1:
        raise Lost(f"edits, outbox, history and its chain do not agree: {counts}")
    held = {int(re.match(r"\d*", text).group() or 0)
            for (text,) in rows(file, "SELECT after FROM history WHERE after IS NOT NULL AND origin <> 'restore'")}
    missing = [number for number in edits if number not in held]
    if missing:
        raise Lost(f"edits {missing} are lost")
    for ((call, field), kind), (sure, maybe) in known.items():
        if sure is None:
            continue
        found = rows(file, "SELECT text FROM drafts WHERE remote_id = ? AND field = ?", call, field) if kind == "draft" \
            else rows(file, "SELECT value FROM outbox WHERE remote_id = ? AND field = ? AND kind = 'edit'"
                            " AND superseded_by IS NULL", call, field)
        number = int(re.match(r"\d*", found[0][0] or "").group() or 0) if found else 0
        if number != sure and number not in maybe:
            raise Lost(f"{kind} of {field} of call {call}: acknowledged {sure}, found {number}")
    return acknowledged


class Migration(Victim):
    """A reviews.db-like file brought up by three steps, with the copy that is made before."""
    name = "migration"
    rows = 200
    steps = ["CREATE TABLE edits (id INTEGER PRIMARY KEY, text TEXT);",
             "ALTER TABLE edits ADD COLUMN kind TEXT; UPDATE edits SET kind = 'edit';",
             "CREATE TABLE next (id INTEGER PRIMARY KEY, text TEXT, kind TEXT);"
             "INSERT INTO next SELECT id, text, kind FROM edits; DROP TABLE edits; ALTER TABLE next RENAME TO edits;",
             "CREATE INDEX by_text ON edits (text); CREATE TABLE more (x); INSERT INTO more SELECT text FROM edits;"]

    def _steps(self, folder, count):
        path = folder / f"steps-{count}"
        path.mkdir(exist_ok=True)
        for number, sql in enumerate(self.steps[:count], 1):
            (path / f"{number:03}_step.sql").write_text(sql)
        return path

    def prepare(self, folder):
        self._steps(folder, len(self.steps))
        made = run([self.build / "tests/store/killedmigration", folder / "reviews.db", self._steps(folder, 1)],
                   self.env(folder))
        if made.returncode != 0:
            raise RuntimeError("the migration does not work")
        connection = sqlite3.connect(folder / "reviews.db")
        connection.executemany("INSERT INTO edits VALUES (?, ?)",
                               [(i, f"edit {i} " + "x" * 100) for i in range(self.rows)])
        connection.commit()
        connection.close()

    def command(self, folder):
        return [self.build / "tests/store/killedmigration", folder / "reviews.db", folder / f"steps-{len(self.steps)}"]

    def judge(self, folder, output):
        file = folder / "reviews.db"
        sound(file)
        version = rows(file, "PRAGMA user_version")[0][0]
        if rows(file, "SELECT count(*) FROM edits WHERE text LIKE 'edit ' || id || ' x%'")[0][0] != self.rows:
            raise Lost(f"rows are lost at version {version}")
        if "done" in output and version != len(self.steps):
            raise Lost(f"said to be done at version {version}")
        copies = list((folder / "backups").glob("reviews.db.version-*"))
        if version > 1 and not copies:
            raise Lost("no copy of the old one")
        for copy in copies:
            if rows(copy, "SELECT count(*) FROM edits")[0][0] != self.rows:
                raise Lost(f"{copy.name} is no copy")
        again = run(self.command(folder), self.env(folder))
        if again.returncode != 0 or rows(file, "PRAGMA user_version")[0][0] != len(self.steps):
            raise Lost("the next try does not migrate")
        return self.rows


class ProgramVictim(Victim):
    """The real program, over a profile with the demo's calls."""

    def __init__(self, build, provider):
        super().__init__(build)
        self.provider = provider
        self.ids = set()
        self.call = ""

    def earmark(self, folder, *words):
        return run([self.program, *words], self.env(folder))

    def add_account(self, folder):
        done = self.earmark(folder, "account", "add", "demo", "--provider", "yotel", "--base-url", self.provider.base)
        if done.returncode != 0:
            raise RuntimeError("no account: " + done.stderr)

    def pull(self, folder):
        done = self.earmark(folder, "pull")
        if done.returncode != 0:
            raise Lost("the next pull fails: " + done.stderr)

    def listed(self, folder):
        done = self.earmark(folder, "list", "--format", "json")
        if done.returncode != 0:
            raise Lost("list fails: " + done.stderr)
        return json.loads(done.stdout)

    def prepare(self, folder):
        self.add_account(folder)
        self.pull(folder)
        calls = self.listed(folder)
        self.ids = {call["key"] for call in calls}
        self.call = next(call["key"] for call in calls if call["has_recording"] and call["end_time"] and call["summary"])


class ProgramEdit(ProgramVictim):
    """`earmark edit` of two fields over edits that are there."""
    name = "earmark edit"

    def prepare(self, folder):
        super().prepare(folder)
        for number in range(5):
            self.earmark(folder, "edit", self.call, "--disposition", f"OLD_{number}")

    def command(self, folder):
        return [self.program, "edit", self.call, "--disposition", "NEW", "--notes", "new notes"]

    def judge(self, folder, output):
        shown = self.earmark(folder, "show", self.call, "--format", "json")
        if shown.returncode != 0:
            raise Lost("show fails: " + shown.stderr)
        call = json.loads(shown.stdout)
        said = [word for word in ("NEW", "new notes") if word in output]
        if call["disposition"] not in ("NEW", "OLD_4") or ("NEW" in said and call["disposition"] != "NEW"):
            raise Lost(f"disposition {call['disposition']}")
        if "new notes" in said and call["notes"] != "new notes":
            raise Lost(f"notes {call['notes']}")
        again = self.earmark(folder, *self.command(folder)[1:])
        if again.returncode != 0:
            raise Lost("the next try fails: " + again.stderr)
        sound(folder / "reviews.db")
        return len(said)


class Pull(ProgramVictim):
    """`earmark pull` into a profile that has only the account."""
    name = "pull"

    def prepare(self, folder):
        other = pathlib.Path(tempfile.mkdtemp(prefix="earmark-pulled-"))
        super().prepare(other)
        shutil.rmtree(other)
        self.add_account(folder)

    def command(self, folder):
        return [self.program, "pull"]

    def judge(self, folder, output):
        del output
        file = folder / "calls.db"
        stored = 0
        if file.exists() and file.stat().st_size > 0 and rows(file, "PRAGMA user_version")[0][0] > 0:
            sound(file)
            stored = rows(file, "SELECT count(*) FROM calls")[0][0]
        self.pull(folder)
        calls = self.listed(folder)
        keys = [call["key"] for call in calls]
        if len(keys) != len(set(keys)) or not self.ids <= set(keys):
            raise Lost(f"{len(keys)} calls instead of {len(self.ids)}")
        return stored


class Recording(ProgramVictim):
    """`earmark recording` into an empty cache."""
    name = "recording"

    def prepare(self, folder):
        super().prepare(folder)
        fetched = self.earmark(folder, "recording", self.call)
        cached = pathlib.Path(fetched.stdout.strip())
        self.bytes = cached.read_bytes()
        shutil.rmtree(cached.parent)

    def command(self, folder):
        return [self.program, "recording", self.call]

    def judge(self, folder, output):
        for file in (folder / "recordings").glob("*.*"):
            if file.suffix != ".part" and file.read_bytes() != self.bytes:
                raise Lost(f"{file.name} is no whole recording")
        whole = [file for file in (folder / "recordings").glob("*.*") if file.suffix != ".part"]
        if "recordings/" in output and not whole:
            raise Lost("it was said to be there")
        again = self.earmark(folder, "recording", self.call)
        if again.returncode != 0:
            raise Lost("the next try fails: " + again.stderr)
        if list((folder / "recordings").glob("*.part")):
            raise Lost("a part of the dead was left")
        return len(whole)


class Rescue(ProgramVictim):
    """The start over a damaged reviews.db whose edits stand half in the file, half in the log."""
    name = "rescue"
    edits = 6

    def prepare(self, folder):
        super().prepare(folder)
        file = folder / "reviews.db"
        for number in range(self.edits):
            self.earmark(folder, "edit", sorted(self.ids)[number], "--notes", f"kept {number}")
        held = sqlite3.connect(file)  # whoever closes last would write the log back
        held.execute("SELECT count(*) FROM edits").fetchall()
        self.earmark(folder, "edit", sorted(self.ids)[0], "--disposition", "IN_LOG")
        log = (folder / "reviews.db-wal").read_bytes()
        held.close()
        file.write_bytes(b"x" * 100 + file.read_bytes()[100:])
        (folder / "reviews.db-wal").write_bytes(log)

    def command(self, folder):
        return [self.program, "edit", sorted(self.ids)[1], "--disposition", "NEW"]

    def judge(self, folder, output):
        del output
        again = self.earmark(folder, *self.command(folder)[1:])
        if again.returncode != 0:
            raise Lost("the next start fails: " + again.stderr)
        pending = json.loads(self.earmark(folder, "pending", "--json").stdout)
        notes = {edit["to"] for edit in pending if edit["field"] == "notes"}
        codes = {edit["to"] for edit in pending if edit["field"] == "disposition"}
        if notes != {f"kept {number}" for number in range(self.edits)} or codes != {"IN_LOG", "NEW"}:
            raise Lost(f"what was rescued is {sorted(notes)} and {sorted(codes)}")
        if not list(folder.glob("reviews.db.damaged-*")):
            raise Lost("the damaged file was not kept")
        sound(folder / "reviews.db")
        return self.edits + 1


class Attack:
    """Runs a victim over copies of its prepared folder."""

    def __init__(self, victim):
        self.victim = victim
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="earmark-base-", dir=scratch()))
        victim.prepare(self.base)
        self.points = self.acknowledged = 0

    def once(self, call, what):
        """One run with `what` injected at `call`, judged. The folder is gone afterwards, unless something was lost."""
        place = pathlib.Path(tempfile.mkdtemp(prefix="earmark-hit-", dir=scratch())) / "profile"
        shutil.copytree(self.base, place, symlinks=True)
        os.chmod(place, 0o700)
        try:
            log = place.parent / "trace"
            ended = run(["strace", "-f", "-o", log, "-e", f"trace={call}", "-e", f"inject={call}:{what}",
                         *self.victim.command(place)], self.victim.env(place))
            ended.was_hit = "INJECTED" in log.read_text(errors="replace") or ended.returncode < 0
        except subprocess.TimeoutExpired as late:
            raise Lost(f"it hangs (left in {place})") from late
        try:
            acknowledged = self.victim.judge(place, ended.stdout)
        except (Lost, sqlite3.Error, ValueError) as problem:
            raise Lost(f"{problem} (left in {place}; it said: {ended.stdout[-300:]} {ended.stderr[-300:]})") from problem
        shutil.rmtree(place.parent)
        self.acknowledged += acknowledged
        return ended

    def close(self):
        shutil.rmtree(self.base, ignore_errors=True)


def need_strace():
    """Leaves with a reason where processes may not be traced."""
    try:
        works = run(["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true"],
                    os.environ)
    except FileNotFoundError:
        print("skipped: strace is not installed")
        sys.exit(0)
    if works.returncode != 0:
        print("skipped: this machine does not allow processes to be traced: " + works.stderr.strip()[:200])
        sys.exit(0)

