// The index as a sequence of snapshots: what a new one shows, and that the old ones never change.
#include <QTest>

#include "models/search/callindex.h"
#include "models/search/query.h"
#include "tests/search/randomcalls.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

IndexRow row(qint64 callRow, const QString& id, const QString& account = u"main"_s) {
    IndexRow result;
    result.call.callRow = callRow;
    result.call.call.key = {account, id};
    return result;
}

Review flagged(const QString& flag) {
    Review review;
    review.flag = flag;
    return review;
}

Review withDisposition(const std::optional<QString>& code) {
    Review review;
    review.disposition = LocalEdit();
    review.disposition->value = code;
    return review;
}

/// Everything that a snapshot says, for comparing it with itself later.
QStringList picture(const CallIndex& index) {
    QStringList lines;
    for (RowNumber number = 0; number < index.rowCount(); ++number) {
        QString line = QString::number(index.callRow(number)) + (index.isGone(number) ? u" gone"_s : QString());
        for (const FieldInfo& field : allFields()) {
            const FieldValue value = index.value(number, field.field);
            line += u' ' + QString::number(value.index());
            if (const auto* text = std::get_if<QString>(&value)) {
                line += *text;
            } else if (const auto* amount = std::get_if<double>(&value)) {
                line += QString::number(*amount);
            } else if (const auto* moment = std::get_if<Moment>(&value)) {
                line += toIsoText(*moment);
            } else if (const auto* truth = std::get_if<bool>(&value)) {
                line += *truth ? u"+"_s : u"-"_s;
            } else if (const auto* list = std::get_if<QStringList>(&value)) {
                line += list->join(u'/');
            }
        }
        lines += line;
    }
    return lines;
}

}  // namespace

class tst_CallIndex : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void startsEmpty();
    void findsAndReplaces();
    void oldSnapshotsNeverChange();
    void branchesDoNotMeet();
    void keepsReviewsOverPages();
    void manyReviewsAreOneSnapshot();
    void unknownCallKeepsTheSnapshot();
    void removesAnAccount();
    void removedCallsComeBack();
    void renamesACampaignEverywhere();
    void knowsWhichTextsExist();
    void holdsManyValuesAndSegments();
    void keepsHostileStrings();
    void ignoresNumbersThatAreNone();
};

void tst_CallIndex::startsEmpty() {
    const CallIndexPtr index = CallIndex::empty();
    QCOMPARE(index->rowCount(), 0U);
    QCOMPARE(index->liveCount(), 0U);
    QVERIFY(!index->find({u"main"_s, u"a"_s}));
    QVERIFY(!index->findCallRow(1));
    QVERIFY(runQuery(*index, {}).value().empty());
    QCOMPARE(index->with({})->rowCount(), 0U);
}

void tst_CallIndex::findsAndReplaces() {
    IndexRow first = row(10, u"a"_s);
    first.call.call.talkSeconds = 5;
    CallIndexPtr index = CallIndex::empty()->with({first, row(11, u"b"_s), row(7, u"c"_s)});
    QCOMPARE(index->rowCount(), 3U);
    QCOMPARE(index->find({u"main"_s, u"c"_s}), std::optional<RowNumber>(2));
    QCOMPARE(index->findCallRow(11), std::optional<RowNumber>(1));
    QVERIFY(!index->find({u"other"_s, u"a"_s}));
    QVERIFY(!index->findCallRow(12));
    first.call.call.talkSeconds = 0;
    first.call.call.agentName = u"Sam"_s;
    index = index->with({first});
    QCOMPARE(index->rowCount(), 3U);
    QVERIFY(index->value(0, Field::TalkSeconds) == FieldValue(0.0));
    QVERIFY(index->value(0, Field::Agent) == FieldValue(u"Sam"_s));
    first.call.call.talkSeconds.reset();
    index = index->with({first});
    QVERIFY(index->value(0, Field::TalkSeconds) == FieldValue());
}

void tst_CallIndex::oldSnapshotsNeverChange() {
    RandomCalls random(17);
    std::vector<CallIndexPtr> snapshots{CallIndex::empty()};
    std::vector<QStringList> pictures{picture(*snapshots.back())};
    for (int step = 0; step < 60; ++step) {
        std::vector<IndexRow> page;
        for (int i = 0; i < 20; ++i) {
            const int number = random.random().bounded(400);
            page.push_back(indexRow(random.call(number, number + 1)));
        }
        CallIndexPtr next = snapshots.back()->with(page);
        if (step % 3 == 0) {
            next = next->withReview(page.front().call.call.key, random.review(page.front().call.call));
        }
        if (step % 20 == 19) {
            next = next->withoutAccount(u"z"_s);
        }
        snapshots.push_back(next);
        pictures.push_back(picture(*next));
    }
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
        QVERIFY2(picture(*snapshots[i]) == pictures[i], QByteArray::number(static_cast<int>(i)).constData());
    }
}

void tst_CallIndex::branchesDoNotMeet() {
    const CallIndexPtr stem = CallIndex::empty()->with({row(1, u"a"_s)});
    IndexRow left = row(2, u"left"_s);
    left.call.call.agentName = u"Left"_s;
    IndexRow right = row(3, u"right"_s);
    right.call.call.agentName = u"Right"_s;
    const CallIndexPtr leftIndex = stem->with({left});
    const CallIndexPtr rightIndex = stem->with({right});
    QVERIFY(leftIndex->value(1, Field::Agent) == FieldValue(u"Left"_s));
    QVERIFY(rightIndex->value(1, Field::Agent) == FieldValue(u"Right"_s));
    QVERIFY(!leftIndex->find({u"main"_s, u"right"_s}));
    QVERIFY(!rightIndex->findCallRow(2));
    QCOMPARE(stem->rowCount(), 1U);
}

void tst_CallIndex::keepsReviewsOverPages() {
    const CallKey key{u"main"_s, u"a"_s};
    IndexRow provider = row(1, u"a"_s);
    provider.call.call.disposition = u"BUSY"_s;
    CallIndexPtr index = CallIndex::empty()->with({provider});
    index = index->withReview(key, withDisposition(u"SALE"_s));
    QVERIFY(index->value(0, Field::Disposition) == FieldValue(u"SALE"_s));
    QVERIFY(index->value(0, Field::ProviderDisposition) == FieldValue(u"BUSY"_s));

    provider.call.call.disposition = u"FAILED"_s;
    index = index->with({provider});
    QVERIFY2(index->value(0, Field::Disposition) == FieldValue(u"SALE"_s), "a page brings no reviews");
    QVERIFY(index->value(0, Field::ProviderDisposition) == FieldValue(u"FAILED"_s));

    provider.call.review = withDisposition(u"OLD"_s);
    index = index->with({provider});
    QVERIFY2(index->value(0, Field::Disposition) == FieldValue(u"SALE"_s), "a told review is newer than any page");

    index = index->withReview(key, {});
    QVERIFY(index->value(0, Field::Disposition) == FieldValue(u"FAILED"_s));
    QVERIFY(index->value(0, Field::Edited) == FieldValue(false));
    index = index->with({provider});
    QVERIFY2(index->value(0, Field::Disposition) == FieldValue(u"FAILED"_s), "restored stays restored");

    IndexRow loaded = row(2, u"b"_s);
    index = index->with({loaded});
    loaded.call.review = withDisposition(std::nullopt);
    index = index->with({loaded});
    QVERIFY2(index->value(1, Field::Edited) == FieldValue(true),
             "loading brings the review of a call known without one");
    QVERIFY(index->value(1, Field::Disposition) == FieldValue());
}

void tst_CallIndex::manyReviewsAreOneSnapshot() {
    std::vector<IndexRow> rows;
    for (int i = 0; i < 10'000; ++i) {  // several segments
        rows.push_back(row(i + 1, QString::number(i)));
    }
    const CallIndexPtr before = CallIndex::empty()->with(rows);
    const QStringList told = picture(*before);
    std::vector<CallReview> reviews;
    CallIndexPtr oneByOne = before;
    for (int i = 0; i < 10'000; i += 1'111) {
        reviews.push_back({{u"main"_s, QString::number(i)}, flagged(u"early"_s)});
        reviews.push_back({{u"main"_s, QString::number(i)}, flagged(QString::number(i))});  // the later one counts
        reviews.push_back({{u"elsewhere"_s, QString::number(i)}, flagged(u"nobody"_s)});
        oneByOne = oneByOne->withReview(reviews[reviews.size() - 2].key, reviews[reviews.size() - 2].review);
    }
    const CallIndexPtr after = before->withReviews(reviews);
    QCOMPARE(picture(*after), picture(*oneByOne));
    QVERIFY(picture(*after) != told);
    QCOMPARE(picture(*before), told);
    QCOMPARE(before->withReviews({}), before);
}

void tst_CallIndex::unknownCallKeepsTheSnapshot() {
    const CallIndexPtr index = CallIndex::empty()->with({row(1, u"a"_s)});
    QCOMPARE(index->withReview({u"main"_s, u"zz"_s}, flagged(u"x"_s)), index);
}

void tst_CallIndex::removesAnAccount() {
    const CallIndexPtr before = CallIndex::empty()->with({row(1, u"a"_s), row(2, u"a"_s, u"other"_s), row(3, u"b"_s)});
    const CallIndexPtr after = before->withoutAccount(u"main"_s);
    QCOMPARE(before->liveCount(), 3U);
    QCOMPARE(after->rowCount(), 3U);
    QCOMPARE(after->liveCount(), 1U);
    QVERIFY(after->isGone(0));
    QVERIFY(!after->find({u"main"_s, u"a"_s}));
    QVERIFY(!after->findCallRow(1));
    QVERIFY(after->find({u"other"_s, u"a"_s}));
    QCOMPARE(runQuery(*after, {}).value(), std::vector<RowNumber>{1});
    const auto negated = Filter::parse(u"-talk:>5"_s, {momentFromMs(0), QTimeZone::utc()});
    QCOMPARE(runQuery(*after, {*negated, {}, {}}).value(), std::vector<RowNumber>{1});
    QCOMPARE(before->withoutAccount(u"never"_s)->liveCount(), 3U);
}

void tst_CallIndex::removedCallsComeBack() {
    CallIndexPtr index = CallIndex::empty()->with({row(1, u"a"_s), row(2, u"b"_s)});
    index = index->withReview({u"main"_s, u"a"_s}, flagged(u"x"_s))->withoutAccount(u"main"_s);
    // SQLite gives the row ids again, to other calls.
    index = index->with({row(1, u"b"_s), row(5, u"a"_s)});
    QCOMPARE(index->liveCount(), 2U);
    QCOMPARE(index->find({u"main"_s, u"b"_s}), std::optional<RowNumber>(0));
    QCOMPARE(index->find({u"main"_s, u"a"_s}), std::optional<RowNumber>(2));
    QVERIFY2(index->review(0) == Review(), "the review belonged to another call");
    // The same call under a new row id stands once.
    index = index->with({row(9, u"a"_s)});
    QCOMPARE(index->liveCount(), 2U);
    QCOMPARE(index->find({u"main"_s, u"a"_s}), std::optional<RowNumber>(3));
    // ... also when both come in one page.
    index = index->with({row(20, u"n"_s), row(21, u"n"_s)});
    QCOMPARE(index->liveCount(), 3U);
    QCOMPARE(index->callRow(*index->find({u"main"_s, u"n"_s})), 21);
}

void tst_CallIndex::renamesACampaignEverywhere() {
    IndexRow first = row(1, u"a"_s);
    first.call.call.campaignId = u"c1"_s;
    IndexRow second = row(2, u"b"_s);
    second.call.call.campaignId = u"c1"_s;
    second.call.call.campaignName = u"June"_s;
    IndexRow foreign = row(3, u"c"_s, u"other"_s);
    foreign.call.call.campaignId = u"c1"_s;
    const CallIndexPtr before = CallIndex::empty()->with({first, second, foreign});
    QVERIFY(before->value(0, Field::Campaign) == FieldValue(u"June"_s));
    QVERIFY2(before->value(2, Field::Campaign) == FieldValue(), "another account's campaign of the same id");
    second.call.call.campaignName = u"July"_s;
    const CallIndexPtr after = before->with({second});
    QVERIFY(after->value(0, Field::Campaign) == FieldValue(u"July"_s));
    QVERIFY(before->value(0, Field::Campaign) == FieldValue(u"June"_s));
}

void tst_CallIndex::knowsWhichTextsExist() {
    IndexRow full = row(1, u"a"_s);
    full.hasSummary = full.hasNextAction = full.hasProviderNotes = full.hasFieldErrors = true;
    CallIndexPtr index = CallIndex::empty()->with({full, row(2, u"b"_s)});
    for (const Field field : {Field::Summary, Field::NextAction, Field::ProviderNotes, Field::Notes}) {
        QVERIFY(index->hasText(0, field));
        QVERIFY(!index->hasText(1, field));
    }
    QVERIFY(index->hasFieldErrors(0));
    Review review;
    review.notes = LocalEdit();
    index = index->withReview({u"main"_s, u"a"_s}, review);
    QVERIFY2(!index->hasText(0, Field::Notes), "cleared by the supervisor");
    QVERIFY(index->hasText(0, Field::ProviderNotes));
    review.notes->value = u"mine"_s;
    index = index->withReview({u"main"_s, u"b"_s}, review);
    QVERIFY(index->hasText(1, Field::Notes));
    QVERIFY(index->value(1, Field::Notes) == FieldValue(u"mine"_s));
}

void tst_CallIndex::holdsManyValuesAndSegments() {
    const auto size = static_cast<qint64>(CallIndex::kSegmentRows) * 3 + 5;
    CallIndexPtr index = CallIndex::empty();
    std::vector<IndexRow> page;
    for (qint64 i = 0; i < size; ++i) {
        IndexRow next = row(i + 1, u"call-%1"_s.arg(i));
        next.call.call.hangupCause = u"cause %1"_s.arg(i % 5000);
        next.call.call.talkSeconds = static_cast<double>(i);
        page.push_back(next);
        if (page.size() == 1000 || i + 1 == size) {
            index = index->with(page);
            page.clear();
        }
    }
    QCOMPARE(index->liveCount(), static_cast<RowNumber>(size));
    for (qint64 i = 0; i < size; i += 37) {
        const auto number = index->find({u"main"_s, u"call-%1"_s.arg(i)});
        QCOMPARE(number, std::optional(static_cast<RowNumber>(i)));
        QCOMPARE(index->findCallRow(i + 1), number);
        QVERIFY(index->value(*number, Field::HangupCause) == FieldValue(u"cause %1"_s.arg(i % 5000)));
    }
    const auto filter = Filter::parse(u"hangup:\"cause 77\" talk:>=4000"_s, {momentFromMs(0), QTimeZone::utc()});
    QCOMPARE(runQuery(*index, {*filter, {Field::TalkSeconds, true}, {}}).value(),
             (std::vector<RowNumber>{10077, 5077}));
}

void tst_CallIndex::keepsHostileStrings() {
    const QStringList strings{QString(u"a\0b"_s), u""_s,      u"😀"_s,     u"\u202egnp.exe"_s, QString(70'000, u'x'),
                              u"' OR 1=1 --"_s,   u"%2F/%"_s, u"\n\r\t"_s};
    std::vector<IndexRow> rows;
    for (qsizetype i = 0; i < strings.size(); ++i) {
        IndexRow next = row(i + 1, u"id"_s + strings[i]);
        next.call.call.leadName = strings[i];
        next.call.call.agentName = strings[i];
        rows.push_back(next);
    }
    CallIndexPtr index = CallIndex::empty()->with(rows);
    // Replaced by longer and shorter ones in the middle of the column.
    rows[2].call.call.leadName = u"longer than before"_s;
    rows[4].call.call.leadName.reset();
    index = index->with({rows[2], rows[4]});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto number = index->find(rows[i].call.call.key);
        QCOMPARE(number, std::optional(static_cast<RowNumber>(i)));
        for (const Field field : {Field::Id, Field::Key, Field::Lead, Field::Agent}) {
            QVERIFY(index->value(*number, field) == value(rows[i].call, field));
        }
    }
}

void tst_CallIndex::ignoresNumbersThatAreNone() {
    IndexRow odd = row(1, u"a"_s);
    odd.call.call.talkSeconds = std::numeric_limits<double>::quiet_NaN();
    odd.call.call.cost = std::numeric_limits<double>::infinity();
    odd.call.call.ringSeconds = -0.0;
    IndexRow zero = row(2, u"b"_s);
    zero.call.call.ringSeconds = 0.0;
    const CallIndexPtr index = CallIndex::empty()->with({odd, zero});
    QVERIFY(index->value(0, Field::TalkSeconds) == FieldValue());
    QVERIFY(index->value(0, Field::Cost) == FieldValue());
    QCOMPARE(runQuery(*index, {{}, {Field::RingSeconds, true}, {}}).value(), (std::vector<RowNumber>{0, 1}));
}

QTEST_GUILESS_MAIN(tst_CallIndex)
#include "tst_callindex.moc"
