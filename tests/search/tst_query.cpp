// Queries against a second opinion: random calls, random filters as text, random sort keys.
#include <QElapsedTimer>
#include <QTest>
#include <thread>

#include "models/domain/textfold.h"
#include "models/search/query.h"
#include "tests/search/oracle.h"
#include "tests/search/randomcalls.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const Moment kNow = momentFromMs(1'774'700'000'000);  // 2026-03-28T12:13Z

QTimeZone zone() {
    return QTimeZone("Europe/Berlin");
}

struct World {
    std::vector<ReviewedCall> calls;
    CallIndexPtr index = CallIndex::empty();
};

/// Calls that came in random order, in pages, some of them twice and with reviews told later.
World randomWorld(quint32 seed, int size) {
    RandomCalls random(seed);
    World world;
    std::vector<qint64> callRows;
    for (int i = 0; i < size; ++i) {
        callRows.push_back(i + 1);
    }
    if (seed % 3 == 0) {
        std::shuffle(callRows.begin(), callRows.end(), random.random());
    }
    std::vector<IndexRow> page;
    const auto flush = [&] {
        world.index = world.index->with(page);
        page.clear();
    };
    for (int i = 0; i < size; ++i) {
        const qint64 callRow = callRows[static_cast<std::size_t>(i)];
        world.calls.push_back(random.call(i, callRow));
        if (i % 7 == 0) {
            // An older version came first.
            page.push_back(indexRow(random.call(i, callRow)));
            page.back().call.review = {};
        }
        page.push_back(indexRow(world.calls.back()));
        if (page.size() >= 50 + static_cast<std::size_t>(i % 400)) {
            flush();
        }
    }
    flush();
    for (ReviewedCall& call : world.calls) {
        if (call.callRow % 5 == 0) {
            call.review = random.review(call.call);
            world.index = world.index->withReview(call.call.key, call.review);
        }
    }
    return world;
}

TextMatches scanned(const Filter& filter, const World& world) {
    const TextScan scan(filter);
    if (scan.isNeeded()) {
        const auto take = scan.matcher();
        for (const ReviewedCall& call : world.calls) {
            (void)take(callTexts(call));
        }
    }
    return scan.matches();
}

std::vector<qint64> callRows(const CallIndex& index, const std::vector<RowNumber>& rows) {
    std::vector<qint64> result;
    for (const RowNumber row : rows) {
        result.push_back(index.callRow(row));
    }
    return result;
}

/// "" when both opinions agree.
QByteArray disagreement(const World& world, const Meaning& meaning, SortKey sort) {
    const auto filter = Filter::parse(meaning.text, {kNow, zone()});
    if (!filter) {
        return "refused: " + filterProblemText(filter.error()).toUtf8();
    }
    std::vector<const ReviewedCall*> matching;
    for (const ReviewedCall& call : world.calls) {
        if (meaning.matches(call)) {
            matching.push_back(&call);
        }
    }
    const std::vector<qint64> expected = Oracle::sorted(matching, sort.field, sort.descending);
    const auto rows = runQuery(*world.index, {*filter, sort, scanned(*filter, world)});
    if (!rows) {
        return "failed: " + rows.error().detail.toUtf8();
    }
    const std::vector<qint64> found = callRows(*world.index, *rows);
    if (found == expected) {
        return {};
    }
    QByteArray text = "sorted by " + QByteArray(info(sort.field).jsonName) + (sort.descending ? " down" : " up") +
                      ", expected " + QByteArray::number(expected.size()) + " rows, found " +
                      QByteArray::number(found.size());
    for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
        if (i >= found.size() || i >= expected.size() || found[i] != expected[i]) {
            const qint64 row = i < expected.size() ? expected[i] : found[i];
            return text + "; first difference at " + QByteArray::number(i) + ", row id " + QByteArray::number(row);
        }
    }
    return text;
}

QByteArray where(quint32 seed, int round, const Meaning& meaning, const QByteArray& problem) {
    return "seed " + QByteArray::number(seed) + ", round " + QByteArray::number(round) + ", filter " +
           meaning.text.toUtf8() + ": " + problem;
}

}  // namespace

class tst_Query : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void agreesWithTheOracle();
    void agreesWithTheOracleOverSegments();
    void valuesAreTheCallsOwn();
    void editsNeedNoNewScan();
    void refusesForeignTextMatches();
    void refusesToSortByTexts();
    void stopsWhenAsked();
    void countsByValue();
    void newestAnswerOfAScanCounts();
    void needlesStayWithinACall();
    void sortsLongAndHostileTexts();
    void manyReadersWhileTheIndexGrows();
};

void tst_Query::agreesWithTheOracle() {
    int matched = 0;
    for (quint32 seed = 1; seed <= 40; ++seed) {
        const World world = randomWorld(seed, 250);
        Oracle oracle(seed * 1000, kNow, zone());
        for (int round = 0; round < 120; ++round) {
            const Meaning meaning = oracle.randomFilter();
            const SortKey sort{oracle.randomSortField(), round % 2 == 0};
            const QByteArray problem = disagreement(world, meaning, sort);
            QVERIFY2(problem.isEmpty(), where(seed, round, meaning, problem).constData());
            const auto count = std::count_if(world.calls.begin(), world.calls.end(), meaning.matches);
            matched += count > 0 && count < static_cast<qsizetype>(world.calls.size()) ? 1 : 0;
        }
    }
    QVERIFY2(matched > 2'400, QByteArray::number(matched).constData());  // filters that tell calls apart
}

void tst_Query::agreesWithTheOracleOverSegments() {
    const int size = static_cast<int>(CallIndex::kSegmentRows) * 2 + 777;
    for (const quint32 seed : {100U, 102U}) {  // in order and shuffled
        const World world = randomWorld(seed, size);
        Oracle oracle(seed * 1000, kNow, zone());
        for (int round = 0; round < 40; ++round) {
            const Meaning meaning = oracle.randomFilter();
            const SortKey sort{oracle.randomSortField(), round % 2 == 0};
            const QByteArray problem = disagreement(world, meaning, sort);
            QVERIFY2(problem.isEmpty(), where(seed, round, meaning, problem).constData());
        }
    }
}

void tst_Query::valuesAreTheCallsOwn() {
    const World world = randomWorld(7, 500);
    for (const ReviewedCall& call : world.calls) {
        const auto row = world.index->find(call.call.key);
        QVERIFY(row);
        QCOMPARE(world.index->callRow(*row), call.callRow);
        QVERIFY(world.index->key(*row) == call.call.key);
        QVERIFY(world.index->review(*row) == call.review);
        QCOMPARE(world.index->provider(*row), call.call.provider);
        QCOMPARE(world.index->isNotFound(*row), call.notFoundSince.has_value());
        for (const FieldInfo& field : allFields()) {
            const FieldValue found = world.index->value(*row, field.field);
            if (field.field == Field::Notes && call.review.notes) {
                QVERIFY(found == value(call, Field::Notes));
            } else if (field.field == Field::Notes || !isSortable(field.field)) {
                QVERIFY2(std::holds_alternative<std::monostate>(found), field.jsonName);
            } else {
                QVERIFY2(found == value(call, field.field), field.jsonName);
            }
        }
    }
}

void tst_Query::editsNeedNoNewScan() {
    RandomCalls random(3);
    ReviewedCall call = random.call(1, 1);
    call.review = {};
    call.call.notes = u"wants a refund"_s;
    call.call.summary = u"short"_s;
    CallIndexPtr index = CallIndex::empty()->with({indexRow(call)});
    const auto filter = Filter::parse(u"notes:refund"_s, {kNow, zone()});
    const World world{{call}, index};
    const TextMatches matches = scanned(*filter, world);
    const auto count = [&](const CallIndexPtr& snapshot) {
        return runQuery(*snapshot, {*filter, {}, matches}).value().size();
    };
    QCOMPARE(count(index), 1U);
    LocalEdit edit;
    edit.value = u"nothing to pay"_s;
    index = index->withReview(call.call.key, {.disposition = {}, .notes = edit, .reviewedAt = {}, .flag = {}});
    QCOMPARE(count(index), 0U);
    edit.value = u"REFUNDED"_s;
    index = index->withReview(call.call.key, {.disposition = {}, .notes = edit, .reviewedAt = {}, .flag = {}});
    QCOMPARE(count(index), 1U);
    edit.value = std::nullopt;
    index = index->withReview(call.call.key, {.disposition = {}, .notes = edit, .reviewedAt = {}, .flag = {}});
    QCOMPARE(count(index), 0U);
    index = index->withReview(call.call.key, {});
    QCOMPARE(count(index), 1U);
}

void tst_Query::refusesForeignTextMatches() {
    const auto filter = Filter::parse(u"a b"_s, {kNow, zone()});
    const auto rows = runQuery(*CallIndex::empty(), {*filter, {}, TextMatches(1)});
    QVERIFY(!rows);
    QCOMPARE(rows.error().kind, ErrorKind::Internal);
}

void tst_Query::refusesToSortByTexts() {
    for (const Field field : {Field::Notes, Field::ProviderNotes, Field::Summary, Field::NextAction, Field::Count}) {
        QVERIFY(!isSortable(field));
        const auto rows = runQuery(*CallIndex::empty(), {{}, {field, false}, {}});
        QVERIFY(!rows);
        QCOMPARE(rows.error().kind, ErrorKind::InvalidInput);
        QVERIFY(!rows.error().message.isEmpty());
    }
}

void tst_Query::stopsWhenAsked() {
    const World world = randomWorld(5, 100);
    std::stop_source source;
    source.request_stop();
    const auto rows = runQuery(*world.index, {}, source.get_token());
    QVERIFY(!rows);
    QCOMPARE(rows.error().kind, ErrorKind::Cancelled);
}

void tst_Query::countsByValue() {
    const World world = randomWorld(11, 400);
    const auto all = runQuery(*world.index, {});
    QVERIFY(all);
    for (const Field field : {Field::Status, Field::Disposition, Field::Campaign, Field::Agent, Field::Edited,
                              Field::HasRecording, Field::TalkSeconds, Field::EditState, Field::Account}) {
        QHash<QString, qint64> expected;
        for (const ReviewedCall& call : world.calls) {
            const FieldValue found = value(call, field);
            QString name = u"none"_s;
            if (const auto* text = std::get_if<QString>(&found)) {
                name = *text;
            } else if (const auto* truth = std::get_if<bool>(&found)) {
                name = *truth ? u"true"_s : u"false"_s;
            } else if (const auto* number = std::get_if<double>(&found)) {
                name = QString::number(*number);
            }
            ++expected[name];
        }
        QVERIFY2(countBy(*world.index, *all, field) == expected, info(field).jsonName);
    }
    QVERIFY(countBy(*world.index, *all, Field::Summary).isEmpty());
    qint64 tags = 0;
    qint64 without = 0;
    for (const ReviewedCall& call : world.calls) {
        tags += call.call.tags.count(u"VOICEMAIL"_s);
        without += call.call.tags.isEmpty() ? 1 : 0;
    }
    const auto byTag = countBy(*world.index, *all, Field::Tags);
    QCOMPARE(byTag.value(u"VOICEMAIL"_s), tags);
    QVERIFY(byTag.value(u"none"_s) >= without);
}

void tst_Query::newestAnswerOfAScanCounts() {
    const auto filter = Filter::parse(u"summary:refund notes:refund"_s, {kNow, zone()});
    const TextScan scan(*filter);
    const auto take = scan.matcher();
    QVERIFY(take({5, u"refund"_s, u"refund"_s, {}}));
    QVERIFY(take({3, u"a refund"_s, {}, {}}));
    QVERIFY(!take({4, u"else"_s, {}, u"refund"_s}));
    QCOMPARE(scan.matches().size(), 2U);
    QCOMPARE(scan.matches()[0].inTexts, (std::vector<qint64>{3, 5}));
    QCOMPARE(scan.matches()[1].inProviderNotes, (std::vector<qint64>{5}));
    QVERIFY(!take({5, u"changed"_s, {}, {}}));
    QCOMPARE(scan.matches()[0].inTexts, (std::vector<qint64>{3}));
    QVERIFY(scan.matches()[1].inProviderNotes.empty());
}

void tst_Query::needlesStayWithinACall() {
    // The strings of a column lie end to end in memory; what lies across two calls is in neither.
    std::vector<IndexRow> rows;
    for (const QString& id : {u"xab"_s, u"cdy"_s, u"abcd"_s, u"b"_s, u"c"_s}) {
        rows.emplace_back().call.callRow = static_cast<qint64>(rows.size());
        rows.back().call.call.key = {u"main"_s, id};
        rows.back().call.call.leadName = id;
    }
    const CallIndexPtr index = CallIndex::empty()->with(rows);
    const auto found = [&](const QString& text) {
        const auto filter = Filter::parse(text, {kNow, zone()});
        const TextMatches nothing(static_cast<std::size_t>(filter->textLeafCount()));
        return runQuery(*index, {*filter, {Field::Id, false}, nothing}).value();
    };
    QCOMPARE(found(u"id:bc"_s), std::vector<RowNumber>{2});
    QCOMPARE(found(u"lead:bcd"_s), std::vector<RowNumber>{2});
    QCOMPARE(found(u"id:abc"_s), std::vector<RowNumber>{2});
    QCOMPARE(found(u"\"b c\""_s), std::vector<RowNumber>{});
    QCOMPARE(found(u"id:b"_s), (std::vector<RowNumber>{2, 3, 0}));
}

void tst_Query::sortsLongAndHostileTexts() {
    // Long common beginnings, one text being the beginning of another, NULs, equal texts.
    QRandomGenerator random(5);
    std::vector<IndexRow> rows;
    std::vector<std::pair<QByteArray, RowNumber>> expected;
    for (RowNumber i = 0; i < 6'000; ++i) {
        QString name(random.bounded(4) * 9, u'x');
        for (int length = random.bounded(5); length > 0; --length) {
            name += QStringView(u"ab\0\u00e9 ", 5)[random.bounded(5)];
        }
        rows.emplace_back().call.callRow = i + 1;
        rows.back().call.call.key = {u"main"_s, QString::number(i)};
        rows.back().call.call.leadName = name;
        expected.emplace_back(foldedText(name).toUtf8(), i);
    }
    rows.front().call.call.leadName = QString(50'000, u'x');
    expected.front().first = QByteArray(50'000, 'x');
    const CallIndexPtr index = CallIndex::empty()->with(rows);
    for (const bool descending : {false, true}) {
        std::stable_sort(expected.begin(), expected.end(), [&](const auto& left, const auto& right) {
            return left.first != right.first ? (left.first < right.first) != descending : left.second < right.second;
        });
        std::vector<RowNumber> wanted;
        std::transform(expected.begin(), expected.end(), std::back_inserter(wanted),
                       [](const auto& entry) { return entry.second; });
        QVERIFY(runQuery(*index, {{}, {Field::Lead, descending}, {}}).value() == wanted);
    }
}

void tst_Query::manyReadersWhileTheIndexGrows() {
    // Readers hold old snapshots while new ones are made from them; the sanitizers watch.
    const World world = randomWorld(21, 600);
    const auto filter = Filter::parse(u"talk:>0 OR agent:priya -disposition:none"_s, {kNow, zone()});
    const Query query{*filter, {Field::Campaign, false}, {}};
    const auto expected = runQuery(*world.index, query).value();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&, index = world.index] {
            for (int round = 0; round < 30; ++round) {
                wrong += runQuery(*index, query).value() == expected ? 0 : 1;
            }
        });
    }
    RandomCalls random(99);
    CallIndexPtr next = world.index;
    for (int round = 0; round < 60; ++round) {
        const int number = random.random().bounded(1200);
        next = next->with({indexRow(random.call(number, number + 1))});
    }
    for (std::thread& reader : readers) {
        reader.join();
    }
    QCOMPARE(wrong.load(), 0);
}

QTEST_GUILESS_MAIN(tst_Query)
#include "tst_query.moc"
