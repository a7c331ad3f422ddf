// The outbox over a real store: every edited field has its line with its words, the counts hold without reading the
// lines, and however much happens at once, little is asked.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/tables/calltablemodel.h"
#include "models/tables/celltext.h"
#include "models/tables/outboxmodel.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

class StillClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override { return sample::kNow; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
};

constexpr int kMany = 20'000;
constexpr int kPortion = 200;

CallKey keyOf(int number) {
    return sample::wholeCall(number).key;
}

EditToCommit edit(int number, ReviewField field, const std::optional<QString>& value) {
    return {keyOf(number), field, u"CALLBACK"_s, value, u"desk"_s};
}

Settlement ended(EditState state) {
    Settlement made;
    made.state = state;
    return made;
}

PendingEdit line(qint64 sequence, EditState state) {
    PendingEdit made;
    made.sequence = sequence;
    made.key = keyOf(int(sequence));
    made.state = state;
    made.target = u"webhook"_s;
    return made;
}

}  // namespace

class OutboxModelTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<StillClock> m_clock = std::make_shared<StillClock>();
    std::unique_ptr<Store> m_store;
    std::unique_ptr<CallTableModel> m_calls;
    std::unique_ptr<OutboxModel> m_model;

    template <typename T>
    Result<T> awaited(const std::function<void(std::function<void(Result<T>)>)>& ask) {
        const auto answer = std::make_shared<std::optional<Result<T>>>();
        ask([answer](Result<T> brought) { *answer = std::move(brought); });
        if (!QTest::qWaitFor([&answer] { return answer->has_value(); }, 60'000)) {
            return failure(ErrorKind::Internal, u"no answer"_s);
        }
        return std::move(**answer);
    }
    [[nodiscard]] bool commit(std::vector<EditToCommit> edits) {
        return awaited<std::vector<CallReview>>([&](auto done) { m_store->commitEdits(std::move(edits), this, done); })
            .has_value();
    }
    [[nodiscard]] bool setTarget(const TargetSettings& target, WhatWaits what) {
        Account account;
        account.name = u"main"_s;
        account.baseUrl = QUrl(u"https://api.example.test"_s);
        account.target = target;
        return awaited<void>([&](auto done) { m_store->changeTarget(account, what, this, done); }).has_value();
    }
    [[nodiscard]] static TargetSettings webhook() {
        TargetSettings target;
        target.kind = TargetKind::Webhook;
        target.url = QUrl(u"https://hooks.example.test/reviews?token=CANARY"_s);
        return target;
    }
    [[nodiscard]] std::vector<Delivery> due() {
        Account account;
        account.name = u"main"_s;
        account.baseUrl = QUrl(u"https://api.example.test"_s);
        account.target = webhook();
        return awaited<std::vector<Delivery>>(
                   [&](auto done) { m_store->loadDueDeliveries(account, std::nullopt, 50, this, done); })
            .value_or(std::vector<Delivery>());
    }
    /// Sends one as the target answers it.
    [[nodiscard]] bool settle(const Delivery& delivery, const Settlement& settlement) {
        const auto taken = awaited<bool>([&](auto done) {
            m_store->takeForSending(delivery, u"test"_s, sample::kNow + std::chrono::hours(1), "{}",
                                    u"hooks.example.test/reviews"_s, this, done);
        });
        return taken && *taken && awaited<void>([&](auto done) {
                                      m_store->settle(delivery.id, u"test"_s, settlement, this, done);
                                  }).has_value();
    }
    [[nodiscard]] QString cell(int row, OutboxColumn column, int role = Qt::DisplayRole) const {
        return m_model->index(row, int(column)).data(role).toString();
    }
    [[nodiscard]] QStringList column(OutboxColumn which) const {
        QStringList all;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            all << cell(row, which);
        }
        return all;
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<Store>(Store::Options{m_folder->path(), m_clock, {}});
        QVERIFY(awaited<void>([this](auto done) { m_store->open(this, done); }).has_value());
        Account account;
        account.name = u"main"_s;
        account.baseUrl = QUrl(u"https://api.example.test"_s);
        QVERIFY(awaited<void>([&](auto done) { m_store->saveAccount(account, this, done); }).has_value());
        m_calls = std::make_unique<CallTableModel>(m_store.get(), m_clock);
        m_model = std::make_unique<OutboxModel>(m_store.get(), m_calls.get());
        new QAbstractItemModelTester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest,
                                     m_model.get());
    }
    void cleanup() {
        m_model.reset();
        m_calls.reset();
        m_store.reset();
        m_folder.reset();
    }

    void countsWithoutReadingTheLines() {
        QVERIFY(!m_model->isCounted());
        m_model->refresh();
        QTRY_VERIFY(m_model->isCounted());
        QCOMPARE(m_model->counts(), OutboxCounts());
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s), edit(1, ReviewField::Notes, u"mine"_s),
                        edit(2, ReviewField::Disposition, u"LOST"_s)}));
        QTRY_COMPARE(m_model->counts().kept, 3);
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(!m_model->isLoaded());
    }

    void everyEditedFieldHasALineNewestFirst() {
        m_model->setWatched(true);
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(commit({edit(2, ReviewField::Notes, u"line one\nline two \u202E<b>"_s)}));
        QTRY_COMPARE(m_model->rowCount(), 2);
        QCOMPARE(column(OutboxColumn::Field), QStringList({u"Notes"_s, u"Disposition"_s}));
        QCOMPARE(cell(1, OutboxColumn::From), u"CALLBACK"_s);
        QCOMPARE(cell(1, OutboxColumn::To), u"SALE"_s);
        QVERIFY(!cell(0, OutboxColumn::To).contains(u'\n'));
        QVERIFY(!cell(0, OutboxColumn::To).contains(QChar(0x202E)));
        QVERIFY(cell(0, OutboxColumn::Why, Qt::ToolTipRole).contains(u"&lt;b&gt;"_s));
        QCOMPARE(column(OutboxColumn::State), QStringList({u"Kept here"_s, u"Kept here"_s}));
        QCOMPARE(cell(0, OutboxColumn::Where), u"this computer"_s);
        // Edited again: it is one line still, and the newest.
        QVERIFY(commit({edit(1, ReviewField::Disposition, std::nullopt)}));
        QTRY_COMPARE(column(OutboxColumn::Field), QStringList({u"Disposition"_s, u"Notes"_s}));
        QCOMPARE(cell(0, OutboxColumn::To), u"(nothing)"_s);
        QCOMPARE(m_model->rowOf(keyOf(2), ReviewField::Notes), 1);
        QCOMPARE(m_model->rowOf(keyOf(2), ReviewField::Disposition), -1);
    }

    void namesTheCallWhereItIsKnown() {
        m_model->setWatched(true);
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        QTRY_COMPARE(m_model->rowCount(), 1);
        QCOMPARE(cell(0, OutboxColumn::Call), u"call-000001 \u00b7 main"_s);
        m_calls->load();
        QVERIFY(
            awaited<PageOutcome>([&](auto done) { m_store->storeCall(sample::wholeCall(1), this, done); }).has_value());
        QTRY_VERIFY(m_calls->rowOf(keyOf(1)) >= 0);
        QVERIFY2(cell(0, OutboxColumn::Call).startsWith(u"Lead Ünal 1 \u00b7 "_s),
                 qPrintable(cell(0, OutboxColumn::Call)));
        QVERIFY(cell(0, OutboxColumn::Call).endsWith(u"Priya 1 \u00b7 main"_s));
    }

    void everyFateHasItsWordsAndFilter() {
        QVERIFY(setTarget(webhook(), WhatWaits::Send));
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(commit({edit(2, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(commit({edit(3, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(commit({edit(4, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(commit({edit(5, ReviewField::Disposition, u"SALE"_s)}));
        const std::vector<Delivery> deliveries = due();
        QCOMPARE(deliveries.size(), size_t(5));
        m_model->setWatched(true);
        Settlement sent = ended(EditState::Sent);
        Settlement refused = ended(EditState::Refused);
        refused.reason = u"The webhook says: no such <code>."_s;
        Settlement conflict = ended(EditState::Conflict);
        conflict.theirs = {{ReviewField::Disposition, u"LOST"_s}};
        Settlement later = ended(EditState::Waiting);
        later.reason = u"It is down."_s;
        later.nextTry = sample::kNow + std::chrono::seconds(20);
        QVERIFY(settle(deliveries[0], sent) && settle(deliveries[1], refused) && settle(deliveries[2], conflict) &&
                settle(deliveries[3], later));
        QTRY_COMPARE(m_model->counts(), (OutboxCounts{0, 2, 1, 1, 1}));
        QTRY_COMPARE(column(OutboxColumn::State),
                     QStringList({u"Waiting"_s, u"Waiting"_s, u"Conflict"_s, u"Refused"_s, u"Sent"_s}));
        QCOMPARE(cell(3, OutboxColumn::Why), refused.reason);
        QVERIFY(cell(1, OutboxColumn::Why).startsWith(u"It is down. Next try at "_s));
        QVERIFY(cell(1, OutboxColumn::Why).contains(cellTime(*later.nextTry)));
        QCOMPARE(cell(4, OutboxColumn::SentAt), cellTime(sample::kNow));
        QCOMPARE(cell(4, OutboxColumn::Where), u"hooks.example.test/reviews"_s);
        for (int row = 0; row < m_model->rowCount(); ++row) {
            for (int at = 0; at < m_model->columnCount(); ++at) {
                QVERIFY(!cell(row, OutboxColumn(at)).contains(u"CANARY"_s));
            }
        }
        const auto count = [this](OutboxFilter filter) {
            m_model->setFilter(filter);
            return m_model->rowCount();
        };
        QCOMPARE(count(OutboxFilter::NeedsYou), 2);
        QCOMPARE(count(OutboxFilter::Waiting), 2);
        QCOMPARE(count(OutboxFilter::Sent), 1);
        QCOMPARE(count(OutboxFilter::Kept), 0);
        QCOMPARE(count(OutboxFilter::All), 5);
    }

    /// A change of state alone leaves every row where it is: nothing is reset under the hands of who reads it.
    void aNewFateMovesNoRow() {
        QVERIFY(setTarget(webhook(), WhatWaits::Send));
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s), edit(2, ReviewField::Disposition, u"SALE"_s)}));
        m_model->setWatched(true);
        QTRY_COMPARE(m_model->rowCount(), 2);
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QVERIFY(settle(due().front(), ended(EditState::Sent)));
        QTRY_COMPARE(column(OutboxColumn::State), QStringList({u"Waiting"_s, u"Sent"_s}));
        QCOMPARE(reset.size(), 0);
        m_model->setFilter(OutboxFilter::Waiting);
        QCOMPARE(m_model->rowCount(), 1);
        QVERIFY(settle(due().front(), ended(EditState::Sent)));
        QTRY_COMPARE(m_model->rowCount(), 0);
    }

    /// The end of an edit that the target was told of travels too, although nothing is edited here any more.
    void aRestoreOnItsWayIsALineAndIsCounted() {
        QVERIFY(setTarget(webhook(), WhatWaits::Send));
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        QVERIFY(settle(due().front(), ended(EditState::Sent)));
        QTRY_COMPARE(m_model->counts(), (OutboxCounts{0, 0, 1, 0, 0}));
        QVERIFY(awaited<Review>([this](auto done) {
                    m_store->restoreField(keyOf(1), ReviewField::Disposition, this, done);
                }).has_value());
        QTRY_COMPARE(m_model->counts(), (OutboxCounts{0, 1, 0, 0, 0}));  // counted without the lines
        m_model->setWatched(true);
        QTRY_COMPARE(column(OutboxColumn::State), QStringList({u"Waiting"_s}));
        QCOMPARE(m_model->counts(), (OutboxCounts{0, 1, 0, 0, 0}));  // and with them
        QCOMPARE(cell(0, OutboxColumn::To), u"CALLBACK"_s);
    }

    void aFilterChosenWhileLinesAreReadCounts() {
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        m_model->setWatched(true);
        m_model->setFilter(OutboxFilter::Sent);
        QSignalSpy changed(m_model.get(), &OutboxModel::rowsChanged);
        QTRY_VERIFY(m_model->isLoaded());
        QCOMPARE(m_model->rowCount(), 0);
        m_model->setFilter(OutboxFilter::Kept);
        QCOMPARE(m_model->rowCount(), 1);
    }

    void countsFollowAnAccountThatGoesWithItsEdits() {
        QVERIFY(commit({edit(1, ReviewField::Disposition, u"SALE"_s)}));
        QTRY_COMPARE(m_model->counts().kept, 1);
        QVERIFY(
            awaited<void>([&](auto done) { m_store->removeAccountWithReviews(u"main"_s, this, done); }).has_value());
        QTRY_COMPARE(m_model->counts().kept, 0);
    }

    /// The store tells of each of 100 portions; what is asked follows the answers, not the changes.
    void aBulkEditOfManyAsksLittle() {
        m_model->setWatched(true);
        QTRY_VERIFY(m_model->isLoaded());
        int told = 0;
        connect(m_store.get(), &Store::outboxChanged, this, [&told] { ++told; });
        const quint64 before = m_model->questions();
        int answered = 0;
        const std::function<void()> next = [&] {
            std::vector<EditToCommit> edits;
            edits.reserve(kPortion);
            for (int number = answered * kPortion; number < (answered + 1) * kPortion; ++number) {
                EditToCommit one = edit(number, ReviewField::Disposition, u"SALE"_s);
                one.origin = u"bulk"_s;
                one.step = u"step"_s;
                edits.push_back(std::move(one));
            }
            m_store->commitEdits(std::move(edits), this, [&](const Result<std::vector<CallReview>>& done) {
                answered += done ? 1 : 0;
                if (done && answered < kMany / kPortion) {
                    next();
                }
            });
        };
        next();
        QTRY_COMPARE_WITH_TIMEOUT(answered, kMany / kPortion, 120'000);
        QCOMPARE(told, kMany / kPortion);
        QTRY_COMPARE_WITH_TIMEOUT(m_model->rowCount(), kMany, 120'000);
        QCOMPARE(m_model->counts().kept, qint64(kMany));
        const quint64 asked = m_model->questions() - before;
        qInfo("%d changes told, %llu questions asked", told, asked);
        QVERIFY2(asked <= quint64(told) / 4, qPrintable(QString::number(asked)));
        // The lines are there at once under another filter, and one more change is one more line.
        m_model->setFilter(OutboxFilter::NeedsYou);
        QCOMPARE(m_model->rowCount(), 0);
        m_model->setFilter(OutboxFilter::All);
        QCOMPARE(m_model->rowCount(), kMany);
    }

    void aHundredThousandLinesAreOneSnapshot() {
        constexpr qint64 kLines = 100'000;
        std::vector<PendingEdit> edits;
        for (qint64 sequence = 1; sequence <= kLines; ++sequence) {
            edits.push_back(line(sequence, sequence % 10 == 0 ? EditState::Refused : EditState::Sent));
        }
        const auto lines = outboxLines(std::move(edits));
        QCOMPARE(lines->counts, (OutboxCounts{0, 0, 90'000, 10'000, 0}));
        const auto all = outboxView(lines, OutboxFilter::All, nullptr);
        QCOMPARE(all->rows.value({keyOf(int(kLines)), int(ReviewField::Disposition)}, -1), 0);
        QCOMPARE(all->rows.value({keyOf(1), int(ReviewField::Disposition)}, -1), int(kLines) - 1);
        const auto refused = outboxView(lines, OutboxFilter::NeedsYou, all);
        QCOMPARE(refused->shown.size(), size_t(10'000));
        QVERIFY(!refused->hasSameRows);
        QVERIFY(outboxView(lines, OutboxFilter::NeedsYou, refused)->hasSameRows);
    }

    void aSnapshotKnowsWhetherRowsAreTheSame() {
        const auto view = [](std::vector<PendingEdit> edits, const std::shared_ptr<const OutboxView>& before) {
            return outboxView(outboxLines(std::move(edits)), OutboxFilter::All, before);
        };
        const auto first = view({line(1, EditState::Waiting), line(2, EditState::Waiting)}, nullptr);
        QVERIFY(!first->hasSameRows);
        QCOMPARE(first->lines->edits[size_t(first->shown.front())].sequence, 2);
        QVERIFY(view({line(2, EditState::Sent), line(1, EditState::Waiting)}, first)->hasSameRows);
        QVERIFY(!view({line(2, EditState::Sent)}, first)->hasSameRows);
        QVERIFY(!view({line(3, EditState::Sent), line(1, EditState::Waiting)}, first)->hasSameRows);
    }
};

QTEST_GUILESS_MAIN(OutboxModelTest)
#include "tst_outboxmodel.moc"
