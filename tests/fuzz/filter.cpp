// The filter language: what the parser accepts is asked of a small index, and must obey the laws of its own grammar.
#include <algorithm>

#include "models/search/query.h"
#include "tests/fuzz/targets.h"
#include "tests/search/randomcalls.h"

namespace earmark::fuzz {

namespace {

struct Sample {
    CallIndexPtr index;
    std::vector<CallTexts> texts;
    FilterContext context;
};

const Sample& sample() {
    static const Sample made = [] {
        Sample sample;
        test::RandomCalls calls(7);
        std::vector<IndexRow> rows;
        for (int i = 0; i < 24; ++i) {
            const ReviewedCall call = calls.call(i, 100 + i);
            rows.push_back(test::indexRow(call));
            sample.texts.push_back(test::callTexts(call));
        }
        sample.index = CallIndex::empty()->with(rows);
        sample.context = {momentFromMs(1'774'900'000'000), QTimeZone("Europe/Berlin")};
        return sample;
    }();
    return made;
}

using Rows = std::vector<RowNumber>;

/// Sorted row numbers, or nothing for text that is no filter.
std::optional<Rows> found(const QString& text) {
    const auto filter = Filter::parse(text, sample().context);
    const QByteArray utf8 = text.toUtf8();
    if (!filter) {
        const FilterProblem& problem = filter.error();
        EARMARK_LAW(!problem.message.isEmpty(), utf8);
        EARMARK_LAW(problem.column >= 1 && problem.column <= text.size() + 1, utf8);
        EARMARK_LAW(problem.length >= 1, utf8);
        return std::nullopt;
    }
    const TextScan scan(*filter);
    if (scan.isNeeded()) {
        const auto matches = scan.matcher();
        for (const CallTexts& texts : sample().texts) {
            (void)matches(texts);
        }
    }
    auto rows = runQuery(*sample().index, Query{*filter, {}, scan.matches()});
    EARMARK_LAW(rows.has_value(), utf8);
    std::sort(rows->begin(), rows->end());
    EARMARK_LAW(std::adjacent_find(rows->begin(), rows->end()) == rows->end(), utf8);
    EARMARK_LAW(rows->empty() || rows->back() < sample().index->rowCount(), utf8);
    return *rows;
}

}  // namespace

void filter(const QByteArray& input) {
    if (input.size() > 400) {
        return;  // the parser caps its own length; long inputs only make the search slow
    }
    const QString text = QString::fromUtf8(input);
    const auto plain = found(text);
    if (plain && !text.trimmed().isEmpty()) {
        // Wrapping may pass a limit (depth, operands); then it must be refused, never answered differently.
        if (const auto grouped = found(u'(' + text + u')')) {
            EARMARK_LAW(*grouped == *plain, input);
        }
        if (const auto twice = found(u'(' + text + u") (" + text + u')')) {
            EARMARK_LAW(*twice == *plain, input);
        }
        if (const auto negated = found(u"-(" + text + u')')) {
            EARMARK_LAW(negated->size() + plain->size() == sample().index->liveCount(), input);
            Rows both;
            std::set_intersection(negated->begin(), negated->end(), plain->begin(), plain->end(),
                                  std::back_inserter(both));
            EARMARK_LAW(both.empty(), input);
        }
    }
    // Any value can be written so that it means itself.
    if (!text.isEmpty()) {
        const QString written = QStringLiteral("agent:") + quotedForFilter(text);
        EARMARK_LAW(found(written).has_value() || text.trimmed().isEmpty() || text.contains(QChar(0)), input);
    }
}

}  // namespace earmark::fuzz
