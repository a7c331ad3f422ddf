#include "models/domain/listeningprogress.h"

#include <QStringList>
#include <algorithm>

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr qsizetype kLongestText = 64 * 1024;

}  // namespace

TimeSpans withSpan(const TimeSpans& spans, const TimeSpan& added, milliseconds gap) {
    TimeSpans all;
    all.reserve(spans.size() + 1);
    TimeSpan grown = added;
    size_t i = 0;
    for (; i < spans.size() && spans[i].end + gap < grown.begin; ++i) {
        all.push_back(spans[i]);
    }
    for (; i < spans.size() && spans[i].begin <= grown.end + gap; ++i) {
        grown = {std::min(grown.begin, spans[i].begin), std::max(grown.end, spans[i].end)};
    }
    all.push_back(grown);
    all.insert(all.end(), spans.begin() + std::ptrdiff_t(i), spans.end());
    return all;
}

TimeSpans fewerSpans(TimeSpans spans, size_t most) {
    if (spans.size() <= most || most == 0) {
        return spans;
    }
    std::vector<milliseconds> gaps;
    for (size_t i = 1; i < spans.size(); ++i) {
        gaps.push_back(spans[i].begin - spans[i - 1].end);
    }
    const size_t tooMany = spans.size() - most;
    std::nth_element(gaps.begin(), gaps.begin() + std::ptrdiff_t(tooMany - 1), gaps.end());
    const milliseconds longest = gaps[tooMany - 1];
    TimeSpans fewer;
    for (const TimeSpan& span : spans) {
        if (!fewer.empty() && span.begin - fewer.back().end <= longest) {
            fewer.back().end = span.end;
        } else {
            fewer.push_back(span);
        }
    }
    return fewer;
}

QString toText(const TimeSpans& spans) {
    QStringList parts;
    for (const TimeSpan& span : spans) {
        parts << u"%1-%2"_s.arg(span.begin.count()).arg(span.end.count());
    }
    return parts.join(u' ');
}

TimeSpans timeSpansFromText(QStringView text) {
    TimeSpans spans;
    const QList<QStringView> parts = text.left(kLongestText).split(u' ', Qt::SkipEmptyParts);
    for (const QStringView part : parts) {
        const qsizetype dash = part.indexOf(u'-');
        bool hasBegin = false;
        bool hasEnd = false;
        const int begin = part.left(std::max<qsizetype>(dash, 0)).toInt(&hasBegin);
        const int end = part.mid(dash + 1).toInt(&hasEnd);
        if (hasBegin && hasEnd && begin >= 0 && begin < end) {
            spans = withSpan(spans, {milliseconds(begin), milliseconds(end)});
        }
    }
    return spans;
}

}  // namespace earmark
