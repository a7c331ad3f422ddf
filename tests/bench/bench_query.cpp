// Figures for filter, sort and change of the call index at 100,000 and 1,000,000 calls, beside what a plain vector of
// structs needs for the same question in the same run. Not a test: it prints, it does not judge.
#include <QRandomGenerator>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <numeric>

#include "models/search/query.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

const Moment kNow = momentFromMs(1'776'500'000'000);

IndexRow syntheticRow(QRandomGenerator& random, int number) {
    static const QStringList kFirst{u"Priya"_s, u"Anna"_s, u"José"_s, u"Sean"_s, u"Wei"_s, u"Olga"_s, u"Ravi"_s};
    static const QStringList kLast{u"Nair"_s, u"Groß"_s, u"Álvarez"_s, u"O'Brien"_s, u"Li"_s, u"Sharma"_s};
    static const QStringList kCodes{u"CALLBACK"_s, u"NO_ANSWER"_s, u"SALE"_s, u"VOICEMAIL"_s, u"BUSY"_s};
    static const QStringList kSentiments{u"positive"_s, u"neutral"_s, u"negative"_s};
    const auto hex = [&](int digits) {
        return u"%1"_s.arg(random.generate64() >> (64 - 4 * digits), digits, 16, QChar(u'0'));
    };
    IndexRow row;
    row.call.callRow = number + 1;
    Call& call = row.call.call;
    call.key = {u"main"_s, hex(8) + u'-' + hex(4) + u'-' + hex(4) + u'-' + hex(12)};
    call.statusRaw = u"completed"_s;
    call.status = static_cast<CallStatus>(random.bounded(10));
    call.direction = static_cast<Direction>(random.bounded(4));
    const int campaign = random.bounded(40);
    call.campaignId = u"camp_%1"_s.arg(campaign);
    call.campaignName = u"Campaign %1"_s.arg(campaign);
    call.leadId = hex(8) + u"-lead"_s;
    call.leadName = kFirst[random.bounded(7)] + u' ' + kLast[random.bounded(6)] + u' ' + QString::number(number % 977);
    call.agentId = u"va_%1"_s.arg(random.bounded(60));
    call.switchId = hex(12);
    const qint64 start = toMs(kNow) - random.bounded(qint64(90) * 86'400'000);
    call.dialTime = momentFromMs(start);
    if (random.bounded(3) != 0) {
        call.answerTime = momentFromMs(start + 9'000);
        call.talkSeconds = random.bounded(600);
        call.sentiment = kSentiments[random.bounded(3)];
        call.hasRecording = true;
    }
    call.ringSeconds = random.bounded(40);
    call.totalSeconds = random.bounded(700);
    call.hangupCause = kCodes[random.bounded(5)];
    if (random.bounded(4) != 0) {
        call.disposition = kCodes[random.bounded(5)];
    }
    return row;
}

/// Time of this thread's own work, so that a busy machine does not blur the figures.
double threadMilliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds(const std::function<void()>& work, int rounds = 5) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const double begin = threadMilliseconds();
        work();
        times.push_back(threadMilliseconds() - begin);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void line(const char* name, double index, double naive, std::size_t rows) {
    std::printf("  %-46s %9.2f ms %9.2f ms  %zu rows\n", name, index, naive, rows);
    std::fflush(stdout);
}

using Naive = std::vector<Call>;

class Bench final {
 public:
    explicit Bench(int size) {
        QRandomGenerator random(42);
        m_calls.reserve(static_cast<std::size_t>(size));
        double building = 0;
        std::vector<IndexRow> page;
        for (int i = 0; i < size; ++i) {
            page.push_back(syntheticRow(random, i));
            m_calls.push_back(page.back().call.call);
            if (page.size() == 5'000 || i + 1 == size) {
                building += milliseconds([&] { m_next = m_index->with(page); }, 1);
                m_index = m_next;
                page.clear();
            }
        }
        std::printf("%d calls\n  %-46s %9.2f ms\n", size, "load in chunks of 5,000", building);
    }

    void filter(const char* text, const std::function<bool(const Call&)>& naive) {
        const auto parsed = Filter::parse(QString::fromUtf8(text), {kNow, QTimeZone::utc()});
        const Query query{*parsed, {Field::Key, false}, TextMatches(static_cast<std::size_t>(parsed->textLeafCount()))};
        // Sorting has lines of its own: a stopped sort is not possible, so the filter is counted, not ordered.
        const Query counted{query.filter, {Field::CarrierCost, false}, query.textMatches};
        std::size_t rows = 0;
        const double fast = milliseconds([&] { rows = runQuery(*m_index, counted)->size(); });
        std::size_t naiveRows = 0;
        const double slow = milliseconds(
            [&] {
                std::vector<quint32> found;
                for (std::size_t i = 0; i < m_calls.size(); ++i) {
                    if (naive(m_calls[i])) {
                        found.push_back(static_cast<quint32>(i));
                    }
                }
                naiveRows = found.size();
            },
            3);
        line(text, fast, slow, rows);
        if (naiveRows != rows) {
            std::printf("  !! the baseline found %zu rows\n", naiveRows);
        }
    }

    void sort(Field field, const std::function<bool(const Call&, const Call&)>& less) {
        const Query query{{}, {field, false}, {}};
        std::size_t rows = 0;
        const double fast = milliseconds([&] { rows = runQuery(*m_index, query)->size(); });
        const double slow = milliseconds(
            [&] {
                std::vector<quint32> order(m_calls.size());
                std::iota(order.begin(), order.end(), 0U);
                std::stable_sort(order.begin(), order.end(),
                                 [&](quint32 a, quint32 b) { return less(m_calls[a], m_calls[b]); });
            },
            1);
        line(qPrintable(u"sort by "_s + QLatin1StringView(info(field).jsonName)), fast, slow, rows);
    }

    void changes() {
        QRandomGenerator random(7);
        std::vector<IndexRow> appended;
        std::vector<IndexRow> replaced;
        for (int i = 0; i < 200; ++i) {
            appended.push_back(syntheticRow(random, static_cast<int>(m_calls.size()) + i));
            const int old = random.bounded(static_cast<int>(m_calls.size()));
            replaced.push_back(syntheticRow(random, old));
            replaced.back().call.call.key = m_calls[static_cast<std::size_t>(old)].key;
        }
        Review review;
        review.flag = u"x"_s;
        const double append = milliseconds([&] { m_next = m_index->with(appended); }, 15);
        const double replace = milliseconds([&] { m_next = m_index->with(replaced); }, 15);
        const double edit = milliseconds([&] { m_next = m_index->withReview(m_calls.front().key, review); }, 15);
        std::vector<RowNumber> rows = runQuery(*m_index, {}).value();
        const double count = milliseconds([&] { (void)countBy(*m_index, rows, Field::Disposition); });
        std::printf("  %-46s %9.2f ms\n", "new snapshot: page of 200 appended", append);
        std::printf("  %-46s %9.2f ms\n", "new snapshot: page of 200 scattered old calls", replace);
        std::printf("  %-46s %9.2f ms\n", "new snapshot: one edit", edit);
        std::printf("  %-46s %9.2f ms\n", "count by disposition", count);
    }

 private:
    CallIndexPtr m_index = CallIndex::empty();
    CallIndexPtr m_next;
    Naive m_calls;
};

bool has(const std::optional<QString>& text, QStringView needle) {
    return text && text->contains(needle, Qt::CaseInsensitive);
}

void textScan() {
    // The plain scan's own cost, without the database under it.
    const QString summary =
        u"The customer asked about the invoice of last month and wanted to know whether the refund had been sent. "
        u"The agent explained the steps and promised a call back within two working days."_s;
    const auto filter = Filter::parse(u"refund -\"promised nothing\""_s, {kNow, QTimeZone::utc()});
    const int size = 100'000;
    const double time = milliseconds(
        [&] {
            const TextScan scan(*filter);
            const auto take = scan.matcher();
            for (int i = 0; i < size; ++i) {
                (void)take({i, summary, {}, u"Call back on Monday"_s});
            }
        },
        3);
    std::printf("text scan of %d calls, two leaves, 200 characters each: %.1f ms\n", size, time);
}

void run(int size) {
    Bench bench(size);
    bench.changes();
    std::printf("  %-46s %12s %12s\n", "", "index", "vector");
    const qint64 day = 86'400'000;
    const qint64 today = toMs(kNow) - toMs(kNow) % day;
    bench.filter("talk:>60", [](const Call& call) { return call.talkSeconds && *call.talkSeconds > 60; });
    bench.filter("status:completed,failed",
                 [](const Call& call) { return word(call.status) == u"completed" || word(call.status) == u"failed"; });
    bench.filter("disposition:CALLBACK,none",
                 [](const Call& call) { return !call.disposition || *call.disposition == u"CALLBACK"; });
    bench.filter("date:7d", [=](const Call& call) {
        return call.dialTime && toMs(*call.dialTime) >= today - 6 * day && toMs(*call.dialTime) < today + day;
    });
    bench.filter("campaign:\"campaign 17\"", [](const Call& call) {
        return has(call.campaignName, u"campaign 17") || has(call.campaignId, u"campaign 17");
    });
    bench.filter("id:3c90", [](const Call& call) { return has(call.key.remoteId, u"3c90"); });
    bench.filter("lead:sharma",
                 [](const Call& call) { return has(call.leadName, u"sharma") || has(call.leadId, u"sharma"); });
    bench.filter("talk:>60 sentiment:negative -disposition:none", [](const Call& call) {
        return call.talkSeconds && *call.talkSeconds > 60 && call.sentiment &&
               call.sentiment->trimmed().toLower() == u"negative" && call.disposition.has_value();
    });
    bench.filter("olga", [](const Call& call) {
        const auto begins = [](const std::optional<QString>& text) {
            return text && QString(u' ' + *text).contains(u" olga"_s, Qt::CaseInsensitive);
        };
        return begins(call.leadName) || begins(call.leadId) || begins(call.key.remoteId) || begins(call.campaignName) ||
               begins(call.campaignId) || begins(call.agentId) || begins(call.switchId);
    });
    bench.sort(Field::DialTime, [](const Call& a, const Call& b) { return a.dialTime < b.dialTime; });
    bench.sort(Field::TalkSeconds, [](const Call& a, const Call& b) { return a.talkSeconds < b.talkSeconds; });
    bench.sort(Field::Campaign, [](const Call& a, const Call& b) {
        return a.campaignName->compare(*b.campaignName, Qt::CaseInsensitive) < 0;
    });
    bench.sort(Field::Status, [](const Call& a, const Call& b) { return word(a.status) < word(b.status); });
    bench.sort(Field::Lead,
               [](const Call& a, const Call& b) { return a.leadName->compare(*b.leadName, Qt::CaseInsensitive) < 0; });
    bench.sort(Field::Id, [](const Call& a, const Call& b) {
        return a.key.remoteId.compare(b.key.remoteId, Qt::CaseInsensitive) < 0;
    });
}

}  // namespace

int main(int argc, char** argv) {
    textScan();
    if (argc > 1) {
        run(std::atoi(argv[1]));
        return 0;
    }
    run(100'000);
    run(1'000'000);
    return 0;
}
