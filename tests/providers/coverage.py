#!/usr/bin/env python3
"""Reads the table models/providers/COVERAGE.md and says where it promises what is not there, or leaves something out.

coverage.py ROOT [DOCUMENT] | --self-test
Every name that the dialects' tables read has its line, and so has every name of the document of what the providers
offer (DOCUMENT; left out where there is none). JSON names, columns, filter terms and query names are looked up in the
sources."""
import pathlib
import re
import sys
import tempfile

PROVIDERS = ("yotel", "atoms", "vatel", "autocalls")
KINDS = {"call", "query", "paging", "batch", "errors"}
PLACES = {"header", "timings", "recording", "AI block", "metrics", "variables", "evaluation", "tags", "feedback",
          "transcript", "latency", "webhook answer", "costs", "end reason", "all fields", "other values", "raw JSON"}
CELLS = ("JSON", "pane", "column", "filter", "server filter", "remark")
ROW = re.compile(r'^\| *(yotel|atoms|vatel|autocalls) *\|(.*)\|\s*$')
QUOTED = re.compile(r'`([^`]+)`')
TABLE_NAMES = re.compile(r'CallField\{"(\w+)"')
PLAIN_NAMES = re.compile(r'constexpr std::array k(?:PlacedNames|Structures)\{(.*?)\};', re.S)


def text_of(root, *parts):
    found = ""
    for part in parts:
        for file in sorted(root.glob(part)):
            found += file.read_text(encoding="utf-8")
    return found


def known(root):
    """Everything that a cell may name, from the sources."""
    fields = text_of(root, "models/domain/fields.cpp")
    shapes = text_of(root, "app/commandline/*.cpp")
    return {
        "JSON": set(re.findall(r'FieldKind::\w+,\s*"(\w+)"', fields)) | set(re.findall(r'key\(u"(\w+)"', shapes)) |
                set(re.findall(r'writeList\(json, u"(\w+)"', shapes)),
        "column": set(re.findall(r'"([a-z_]+)",\s*\d+,\s*(?:true|false)',
                                 text_of(root, "models/tables/callcolumns.cpp"))),
        "filter": set(re.findall(r'TermLine\{\s*"([a-z-]+)"', text_of(root, "models/search/filterterms.cpp"))),
    }


def read_names(root, provider):
    """The names that the provider's dialect reads by its tables."""
    source = re.sub(r'//[^\n]*', '', text_of(root, f"models/providers/{provider}fields.cpp"))
    names = set(TABLE_NAMES.findall(source))
    for block in PLAIN_NAMES.findall(source):
        names |= set(re.findall(r'"(\w+)"', block))
    return names


def unfolded(text):
    """a b[c d{e}] -> a, b, b.c, b.d, b.d.e"""
    names, prefix, last = [], [], ""
    for token in re.findall(r'[\w.]+|[\[\]{}]', text):
        if token in "[{":
            prefix.append(last)
        elif token in "]}":
            last = prefix.pop() if prefix else ""
        else:
            last = ".".join(prefix[-1:] + [token.strip(".")])
            names.append(last)
    return names


def document_names(document):
    """(provider, kind, name) of the document of what is offered."""
    kinds = {"query": "query", "pagination": "paging", "errors": "errors"}
    names = []
    for line in document.splitlines():
        parts = re.split(r'\*\*([^*]+):\*\*', line)
        if len(parts) < 3 or parts[1].split()[0].lower() not in PROVIDERS:
            continue
        provider = parts[1].split()[0].lower()
        for head, body in zip(parts[1::2], parts[2::2]):
            kind = "call" if head == parts[1] else kinds.get(head.lower())
            body = re.sub(r'\([^)]*\)', '', body)
            if kind == "errors":
                names += [(provider, kind, code) for code in re.findall(r'\b[45]\d\d\b', body)]
            elif kind:
                names += [(provider, kind, name) for name in unfolded(body) if name]
    return names


def check_cells(cells, lists, queries, where):
    problems = []
    for name in QUOTED.findall(cells["JSON"]):
        problems += [f"{where}: there is no JSON name {name}" for part in name.split(".") if part not in lists["JSON"]]
    for kind in ("column", "filter"):
        problems += [f"{where}: there is no {kind} {name}" for name in QUOTED.findall(cells[kind])
                     if name not in lists[kind]]
    problems += [f"{where}: there is no place {place}" for place in filter(None, map(str.strip, cells["pane"].split(",")))
                 if place not in PLACES]
    problems += [f"{where}: the dialect does not ask with {name}" for name in QUOTED.findall(cells["server filter"])
                 if f'QStringLiteral("{name}")' not in queries]
    for kind in ("JSON", "column", "filter", "server filter"):
        if QUOTED.sub("", cells[kind]).strip(" ,"):
            problems.append(f"{where}: {kind} is no list of `names`")
    if not any(cells[kind] for kind in CELLS):
        problems.append(f"{where}: neither a place nor a reason")
    return problems


def check(root, document=None):
    problems, seen = [], {}
    lists = known(root)
    queries = {provider: text_of(root, f"models/providers/{provider}*.cpp") for provider in PROVIDERS}
    table = root / "models/providers/COVERAGE.md"
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        row = ROW.match(line)
        if not row:
            continue
        cells = [cell.strip() for cell in row.group(2).split("|")]
        where = f"line {number}"
        if len(cells) != 2 + len(CELLS):
            problems.append(f"{where}: {len(cells) + 1} cells instead of {3 + len(CELLS)}")
            continue
        name = (row.group(1), cells[0], cells[1].strip("`"))
        where += ", " + " ".join(name)
        if name[1] not in KINDS:
            problems.append(f"{where}: there is no kind {name[1]}")
        if name in seen:
            problems.append(f"{where}: stands in line {seen[name]} already")
        seen[name] = number
        problems += check_cells(dict(zip(CELLS, cells[2:])), lists, queries[row.group(1)], where)
    for provider in PROVIDERS:
        read = read_names(root, provider)
        if not read:
            problems.append(f"no names are read for {provider}")
        problems += [f"{provider}: {name} is read but has no line" for name in sorted(read)
                     if (provider, "call", name) not in seen
                     and not any(other[:2] == (provider, "call") and other[2].startswith(name + ".") for other in seen)]
    if document is not None:
        offered = document_names(document)
        if {provider for provider, _, _ in offered} != set(PROVIDERS):
            problems.append("the document of what is offered was not understood")
        problems += [f"{' '.join(name)} is offered but has no line" for name in offered if name not in seen]
    return problems


GOOD = """| yotel | call | `id` | `id` | header | `id` | `id` | | |
| yotel | query | `page` | | | | | `page` | |
| atoms | call | `id` | `id`, `transcript.text` | header, raw JSON | | | | |
| vatel | call | `id` | `id` | header | | | | |
| vatel | call | `list` | | | | | | kept apart |
| vatel | call | `list.a` | | | | | | kept as well |
| vatel | errors | `404` | | | | | | said |
| autocalls | call | `id` | `id` | header | | | | |
"""
DOCUMENT = """**Yotel call:** id. **Query:** page (1-200).
**Atoms:** id. **Batch:** read several at once.
**Vatel:** id list[a]. **Errors:** 404 not found.
**Autocalls:** id
"""


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in {
                "models/domain/fields.cpp": 'FieldKind::Code, "id", EARMARK_LABEL',
                "app/commandline/shapes.cpp": 'writeList(json, u"transcript", x); json.key(u"text");',
                "models/tables/callcolumns.cpp": '"id", 36, false',
                "models/search/filterterms.cpp": 'TermLine{"id", {',
                "models/providers/yotelfields.cpp": 'CallField{"id", Id}  // "not_a_name"',
                "models/providers/yoteldialect.cpp": 'QStringLiteral("page")',
                "models/providers/atomsfields.cpp": 'CallField{"id", Id}',
                "models/providers/vatelfields.cpp": 'constexpr std::array kPlacedNames{"id", "list"};',
                "models/providers/autocallsfields.cpp": 'CallField{"id", Id}'}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)

        def problems(table, document=DOCUMENT):
            (root / "models/providers/COVERAGE.md").write_text(table)
            return check(root, document)

        failed = [f"sound table: {problem}" for problem in problems(GOOD)]
        planted = {
            "a name that is read": GOOD.replace("| vatel | call | `list", "| vatel | call | `other"),
            "a name within another": GOOD.replace("`list.a`", "`list.b`"),
            "a name that is offered": GOOD.replace("| vatel | errors | `404`", "| vatel | errors | `405`"),
            "a JSON name": GOOD.replace("`transcript.text`", "`transcript.texts`"),
            "a column": GOOD.replace("| `id` | `id` | | |", "| `ids` | `id` | | |"),
            "a filter term": GOOD.replace("| `id` | `id` | | |", "| `id` | `ids` | | |"),
            "a place": GOOD.replace("raw JSON", "cellar"),
            "a query": GOOD.replace("| `page` | |\n", "| `pages` | |\n"),
            "a line twice": GOOD + GOOD.splitlines()[0] + "\n",
            "a line without anything": GOOD.replace("kept apart", ""),
            "a cell too many": GOOD.replace("kept apart", "kept | apart"),
            "a kind": GOOD.replace("| vatel | errors", "| vatel | error"),
            "names without marks": GOOD.replace("| yotel | call | `id` | `id` |", "| yotel | call | `id` | id |"),
        }
        for what, table in planted.items():
            if not problems(table):
                failed.append(f"not noticed: {what}")
        if not problems(GOOD, "nothing of this kind"):
            failed.append("not noticed: a document that is none")
        return failed


def main():
    if sys.argv[1:] == ["--self-test"]:
        problems = self_test()
    else:
        document = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
        text = document.read_text(encoding="utf-8") if document and document.is_file() else None
        if document and text is None:
            print(f"{document} is not there: only the sources are held against the table")
        problems = check(pathlib.Path(sys.argv[1]), text)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
