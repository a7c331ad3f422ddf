#!/usr/bin/env python3
"""Reads the table of faults in README.md beside this file and says where it promises what is not there.

faultrows.py ROOT | --self-test
Every one of the 145 rows stands there once, with a proof. A proof is a test function, a program of tests/long, a fuzz
target, a benchmark, the test of the package, or the feature with which it will come ("later: ...")."""
import pathlib
import re
import sys
import tempfile

SECTIONS = {"N": 30, "D": 28, "S": 19, "P": 15, "M": 13, "X": 16, "V": 12, "C": 12}
ROW = re.compile(r'^\| *([A-Z]\d\d) *\|(.*)\|\s*$')
TEST = re.compile(r'`(tst_\w+|architecture|faultrows)(?:::(\w+))?`')
PACKAGE = re.compile(r'`installer/smoke-test`')
OTHER = re.compile(r'`(long|fuzz|bench): ?([\w-]+)`')
LATER = re.compile(r'\blater: \w+')


def sources(root):
    """Test program -> its text."""
    found = {}
    for file in (root / "tests").rglob("tst_*.cpp"):
        found[file.stem] = file.read_text(encoding="utf-8")
    return found


def check(root):
    problems = []
    programs = sources(root)
    seen = {}
    table = root / "tests/faults/README.md"
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        row = ROW.match(line)
        if not row:
            continue
        name, cells = row.group(1), row.group(2).split("|")
        where = f"line {number}, {name}"
        if name in seen:
            problems.append(f"{where}: stands in line {seen[name]} already")
        seen[name] = number
        if len(cells) != 3:
            problems.append(f"{where}: {len(cells) + 1} cells instead of 4")
            continue
        proof = cells[1]
        proofs = len(PACKAGE.findall(proof))
        for program, function in TEST.findall(proof):
            proofs += 1
            if program in ("architecture", "faultrows"):
                continue
            if program not in programs:
                problems.append(f"{where}: there is no {program}")
            elif function and not re.search(rf'\bvoid (\w+::)?{function}\(', programs[program]):
                problems.append(f"{where}: {program} has no {function}")
        for kind, program in OTHER.findall(proof):
            proofs += 1
            file = {"long": f"tests/long/{program}", "fuzz": f"tests/fuzz/{program}.cpp",
                    "bench": f"tests/bench/{program}.cpp"}[kind]
            if not (root / file).is_file():
                problems.append(f"{where}: there is no {file}")
        if not proofs and not LATER.search(proof):
            problems.append(f"{where}: neither a proof nor a word when it comes")
    for letter, count in SECTIONS.items():
        for number in range(1, count + 1):
            if f"{letter}{number:02}" not in seen:
                problems.append(f"{letter}{number:02} is missing")
            seen.pop(f"{letter}{number:02}", None)
    problems += [f"{name}: no such row is known" for name in seen]
    return problems


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tests/faults").mkdir(parents=True)
        (root / "tests/faults/tst_a.cpp").write_text("    void holds();\n")
        rows = [f"{letter}{number:02}" for letter, count in SECTIONS.items() for number in range(1, count + 1)]
        good = {name: f"| {name} | what | `tst_a::holds` | |" for name in rows}

        def problems(changes):
            (root / "tests/faults/README.md").write_text("\n".join(filter(None, {**good, **changes}.values())) + "\n")
            return len(check(root))
        cases = [({}, 0), ({"N01": None}, 1), ({"N01": "| N01 | what | `tst_a::gone` | |"}, 1),
                 ({"N01": "| N01 | what | `tst_b::holds` | |"}, 1), ({"N01": "| N01 | what | trust me | |"}, 1),
                 ({"N01": "| N01 | what | later: push | |"}, 0), ({"N01": "| N01 | what | `long: none` | |"}, 1),
                 ({"N01": "| N02 | what | `tst_a` | |"}, 2), ({"N01": "| N01 | what | |"}, 1),
                 ({"extra": "| N31 | what | `tst_a` | |"}, 1)]
        failed = [changes for changes, expected in cases if problems(changes) != expected]
        return [f"not judged as it should be: {changes}" for changes in failed]


if __name__ == "__main__":
    found = self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1]))
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)
