#!/usr/bin/env python3
"""Reads every include line, and some words, of the sources and says where the plan of the house is broken.

architecture.py ROOT | --self-test
The plan itself is in models/README.md and ui/README.md."""
import pathlib
import re
import sys
import tempfile

TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "app", "ui", "models", "resources", "tests",
             "installer"}
NOT_OURS = {"build"}

# room -> rooms it may include beside itself
MAY_INCLUDE = {
    "models/domain": set(),
    "models/net": {"models/domain"},
    "models/providers": {"models/domain"},
    "models/targets": {"models/domain"},
    "models/containers": {"models/domain"},
    "models/audio": {"models/domain", "models/containers"},
    "models/store": {"models/domain"},
    "models/edits": {"models/domain", "models/store"},
    "models/search": {"models/domain"},
    "models/sync": {"models/domain", "models/containers", "models/net", "models/providers", "models/targets",
                    "models/store", "models/edits"},
    "models/tables": {"models/domain", "models/search", "models/store", "models/edits", "models/sync"},
    "models/exchange": {"models/domain", "models/search", "models/store", "models/providers", "models/edits"},
    "models/privacy": {"models/domain", "models/store", "models/edits", "models/sync"},
}
UI_MODELS = {"models/domain", "models/tables", "models/audio", "models/edits", "models/search", "models/sync",
             "models/exchange", "models/privacy"}
# The desk hands the store, the key source and the HTTP client through to widgets; only these headers of those rooms.
UI_EXTRA_HEADERS = {"models/store/store.h", "models/net/keysource.h", "models/net/httpclient.h"}

SCREEN = re.compile(r'[<"](Qt(Widgets|Gui|Multimedia|Svg|SvgWidgets|OpenGL)/|Q(Widget|MainWindow|Label|TableView|Dialog|'
                    r'MediaPlayer|AudioSink|AudioOutput|MediaDevices|Icon|Pixmap|Painter|Color|Font|GuiApplication|Application)\b)')
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])')

# (pattern, where it is lawful, what to say)
WORDS = [
    (re.compile(r'\bQNetworkAccessManager\b'), ("models/net/", "tests/"),
     "only models/net may touch QNetworkAccessManager"),
    (re.compile(r'\bignoreSslErrors\b'), (), "certificate errors are never ignored"),
    (re.compile(r'\bprocessEvents\b'), ("tests/",), "no processEvents"),
    (re.compile(r'\bQEventLoop\b'), ("tests/",), "no nested event loops"),
    (re.compile(r'[.>]exec\(\)'), ("tests/", "app/main.cpp", "app/commandline/"), "no nested event loops (exec)"),
    (re.compile(r'\bQSortFilterProxyModel\b'), ("tests/",), "the calls are never shown through QSortFilterProxyModel"),
    (re.compile(r'\bQMediaPlayer\b'), (), "no QMediaPlayer: sound goes libav -> PCM -> QAudioSink"),
    (re.compile(r'\bQSqlDatabase\b|\bQSqlQuery\b'), (), "SQLite is reached by its C API only"),
    (re.compile(r'\bsqlite3_\w+\s*\('), ("models/store/", "tests/"), "only models/store speaks to SQLite"),
    (re.compile(r'\bav(format|codec)_\w+\s*\('), ("models/audio/", "tests/"), "only models/audio speaks to libav"),
    (re.compile(r'\bwaitFor(Finished|Done|ReadyRead|Connected|BytesWritten)\b'),
     # The table model's destructor waits for its own (stopped) jobs at the end of the program.
     ("tests/", "app/", "models/store/", "models/audio/", "ui/playback/", "models/tables/calltablemodel.cpp"),
     "the main thread never waits"),
]


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("models", "ui") and len(parts) > 2 else parts[0]


def allowed(room, header):
    target = room_of(header)
    if target == room or room in ("tests", "app"):
        return True
    if room.startswith("models/"):
        return target in MAY_INCLUDE.get(room, set())
    if room.startswith("ui"):
        return target.startswith("ui") or target in UI_MODELS or header in UI_EXTRA_HEADERS
    return target == room


def check(root):
    problems = []
    names = {p.name for p in root.iterdir() if not p.name.startswith(".")} - NOT_OURS
    for extra in sorted(names - TOP_LEVEL):
        problems.append(f"{extra}: does not belong at the top level")
    for missing in sorted(TOP_LEVEL - names):
        problems.append(f"{missing}: missing at the top level")

    uses = {}
    sources = [p for folder in ("app", "models", "ui", "tests") for ending in ("*.h", "*.cpp")
               for p in (root / folder).rglob(ending)]
    for source in sorted(sources):
        path = source.relative_to(root).as_posix()
        room = room_of(path)
        if room.startswith("models/") and room not in MAY_INCLUDE:
            problems.append(f"{path}: {room} is not a room of the plan")
        if path.endswith(".h") and "#pragma once" not in source.read_text(encoding="utf-8"):
            problems.append(f"{path}: no #pragma once")
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path}:{number}"
            match = INCLUDE.match(line)
            if match:
                name = match.group(1)
                if "../" in name:
                    problems.append(f"{where}: include with ../ ({name})")
                if re.match(r'[<"]Qt[A-Z]\w*/', name):
                    problems.append(f"{where}: prefixed Qt include {name}; write the class header alone")
                if path.startswith("models/") and SCREEN.search(name):
                    problems.append(f"{where}: models/ includes something of the screen ({name})")
                header = name[1:-1]
                if header.split("/")[0] in ("models", "ui", "app", "tests"):
                    if not (root / header).exists():
                        problems.append(f"{where}: no such file {header}")
                    if not allowed(room, header):
                        problems.append(f"{where}: {room} may not include {header}")
                    if room.startswith("models/") and room_of(header) != room:
                        uses.setdefault(room, set()).add(room_of(header))
                continue
            code = line.split("//")[0]
            for pattern, lawful, text in WORDS:
                if pattern.search(code) and not path.startswith(tuple(lawful)):
                    problems.append(f"{where}: {text}")
    problems += cycles(uses)
    return problems


def cycles(uses):
    found = []

    def walk(room, trail):
        if room in trail:
            found.append("cycle: " + " -> ".join(trail[trail.index(room):] + [room]))
            return
        for other in sorted(uses.get(room, ())):
            walk(other, trail + [room])

    for room in sorted(uses):
        walk(room, [])
    return sorted(set(found))


def self_test():
    """Plants one break of each sort and demands that it is seen: a check that cannot fail proves nothing."""
    planted = {
        "models/domain/a.h": ('#pragma once\n#include <QWidget>\n', "something of the screen"),
        "models/domain/b.h": ('#pragma once\n#include <QtWidgets/QLabel>\n', "prefixed Qt include"),
        "models/search/c.cpp": ('#include "models/store/store.h"\n', "may not include"),
        "models/store/store.h": ('#pragma once\n#include "../x.h"\n', "include with ../"),
        "models/attic/d.h": ('#pragma once\n', "not a room of the plan"),
        "ui/filter/e.cpp": ('QNetworkAccessManager manager;\n', "QNetworkAccessManager"),
        "ui/filter/f.cpp": ('dialog.exec();\n', "nested event loops"),
        "models/net/g.h": ('int x;\n', "no #pragma once"),
        "app/h.cpp": ('#include "models/nowhere.h"\n', "no such file"),
        "misc/readme.txt": ('', "does not belong at the top level"),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, (text, _) in planted.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        problems = "\n".join(check(root))
    unseen = [f"{name}: '{expected}' was not noticed" for name, (_, expected) in planted.items() if expected not in problems]
    if cycles({"a": {"b"}, "b": {"a"}}) == []:
        unseen.append("a cycle was not noticed")
    return unseen


def main():
    problems = self_test() if sys.argv[1:] == ["--self-test"] else check(pathlib.Path(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
