#include "tests/support/pagemodes.h"

#include <algorithm>
#include <memory>
#include <random>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

PageAnswer slice(PagedList& list, const PageAsk& ask, int size) {
    PageAnswer answer;
    answer.page = ask.page;
    answer.size = size;
    answer.total = QByteArray::number(list.count());
    const int from = std::min((ask.page - 1) * size, list.count());
    const int to = std::min(from + size, list.count());
    for (int i = from; i < to; ++i)
        answer.rows.append(list.row(i));
    answer.hasNext = to < list.count();
    return answer;
}

PageMode totalSays(const char* text) {
    return [text](PagedList& list, const PageAsk& ask) {
        PageAnswer answer = honestPage(list, ask);
        answer.total = text;
        return answer;
    };
}

PageMode sized(int size, bool admitsIt) {
    return [size, admitsIt](PagedList& list, const PageAsk& ask) {
        PageAnswer answer = slice(list, ask, size);
        if (!admitsIt)
            answer.size = ask.size;
        return answer;
    };
}

/// The first page again and again, each with the promise of more.
PageAnswer repeating(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = honestPage(list, {1, ask.size});
    answer.page = ask.page;
    answer.hasNext = true;
    answer.total = "1000000";
    return answer;
}

PageAnswer foreverNext(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = honestPage(list, ask);
    answer.hasNext = true;
    answer.total = "null";
    return answer;
}

/// One page more than needed is promised, and it is empty.
PageAnswer lastEmpty(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = honestPage(list, ask);
    answer.total = QByteArray::number(list.count() + ask.size);
    answer.hasNext = !answer.rows.isEmpty();
    return answer;
}

PageAnswer beyondIs404(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = lastEmpty(list, ask);
    if (answer.rows.isEmpty())
        answer.status = 404;
    return answer;
}

PageAnswer beyondIsFirst(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = lastEmpty(list, ask);
    if (answer.rows.isEmpty())
        answer.rows = honestPage(list, {1, ask.size}).rows;
    answer.hasNext = true;
    return answer;
}

/// The order changes with every page that is asked for, for the first `pages` of them.
PageMode shuffled() {
    return [asked = std::make_shared<int>(0)](PagedList& list, const PageAsk& ask) {
        const int turn = ++*asked;
        if (turn > 4)
            return honestPage(list, ask);
        PageAnswer answer = slice(list, ask, ask.size);
        const int moved = list.count() / 3 * turn;
        answer.rows.clear();
        for (int i = (ask.page - 1) * ask.size; i < std::min(ask.page * ask.size, list.count()); ++i)
            answer.rows.append(list.row((i + moved) % list.count()));
        return answer;
    };
}

PageMode changing(const std::function<void(PagedList&, int turn)>& change, int turns) {
    return [change, turns, asked = std::make_shared<int>(0)](PagedList& list, const PageAsk& ask) {
        PageAnswer answer = honestPage(list, ask);
        if (const int turn = ++*asked; turn <= turns)
            change(list, turn);
        return answer;
    };
}

PageAnswer fewerThanBefore(PagedList& list, const PageAsk& ask) {
    PageAnswer answer = honestPage(list, ask);
    const int shown = list.count() / 2;
    const int from = (ask.page - 1) * ask.size;
    answer.rows = answer.rows.mid(0, std::max(0, shown - from));
    answer.total = QByteArray::number(shown);
    answer.hasNext = from + ask.size < shown;
    return answer;
}

/// As if the key had become another organisation's.
PageAnswer strangersOnly(PagedList& list, const PageAsk& ask) {
    PageAnswer answer{{}, "5"_ba, ask.page, ask.size, false, 200};
    for (int i = 0; i < 5 && ask.page == 1; ++i)
        answer.rows.append(list.strangersRow(i));
    return answer;
}

PageAnswer nothingAtAll(PagedList&, const PageAsk& ask) {
    return {{}, "0"_ba, ask.page, ask.size, false, 200};
}

using Promise = NamedPageMode::Promise;

constexpr NamedPageMode kModes[] = {
    {"honest", [] { return PageMode(honestPage); }, Promise::All},
    {"total missing", [] { return totalSays("null"); }, Promise::All},
    {"total negative", [] { return totalSays("-1"); }, Promise::All},
    {"total as text", [] { return totalSays("\"60\""); }, Promise::All},
    {"total 2^63", [] { return totalSays("9223372036854775808"); }, Promise::All},
    {"total 1e308", [] { return totalSays("1e308"); }, Promise::All},
    {"total zero", [] { return totalSays("0"); }, Promise::All},
    {"total too small", [] { return totalSays("1"); }, Promise::All},
    {"total far too large", [] { return totalSays("100000"); }, Promise::All},
    {"total an object", [] { return totalSays("{\"count\": 60}"); }, Promise::All},
    {"repeats the first page", [] { return PageMode(repeating); }, Promise::AllShown},
    {"always one more page", [] { return PageMode(foreverNext); }, Promise::All},
    {"smaller pages than asked for", [] { return sized(7, true); }, Promise::All},
    {"smaller pages than it says", [] { return sized(7, false); }, Promise::All},
    {"everything on one page", [] { return sized(10'000, false); }, Promise::All},
    {"last page empty", [] { return PageMode(lastEmpty); }, Promise::All},
    {"beyond the end 404", [] { return PageMode(beyondIs404); }, Promise::All},
    {"beyond the end the first page", [] { return PageMode(beyondIsFirst); }, Promise::All},
    {"order changes between pages", shuffled, Promise::AllNextTime},
    {"rows inserted at the top",
     [] { return changing([](PagedList& list, int turn) { list.insertAtTop(u"new-%1"_s.arg(turn)); }, 3); },
     Promise::AllNextTime},
    {"rows removed", [] { return changing([](PagedList& list, int) { list.removeAt(0); }, 3); }, Promise::AllNextTime},
    {"rows removed and inserted",
     [] {
         return changing(
             [](PagedList& list, int turn) {
                 turn % 2 == 0 ? list.insertAtTop(u"new-%1"_s.arg(turn)) : list.removeAt(list.count() / 2);
             },
             4);
     },
     Promise::AllNextTime},
    {"fewer rows than before", [] { return PageMode(fewerThanBefore); }, Promise::AllShown},
    {"another tenant's rows", [] { return PageMode(strangersOnly); }, Promise::AllShown},
    {"no rows any more", [] { return PageMode(nothingAtAll); }, Promise::AllShown},
};

}  // namespace

PageAnswer honestPage(PagedList& list, const PageAsk& ask) {
    return slice(list, ask, ask.size);
}

std::span<const NamedPageMode> pageModes() {
    return kModes;
}

}  // namespace earmark::test
