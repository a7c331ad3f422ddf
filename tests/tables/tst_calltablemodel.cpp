// The calls table over a real store: rows arrive and move lawfully, the newest question wins, edits and texts follow.
#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <memory>

#include "models/tables/calltablemodel.h"
#include "models/tables/celltext.h"
#include "models/tables/textwindow.h"
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

Call numbered(int number) {
    Call call = sample::wholeCall(number);
    call.recordingUrl.reset();
    return call;
}

Filter filterOf(const QString& text) {
    auto parsed = Filter::parse(text, FilterContext{sample::kNow, QTimeZone::utc()});
    if (!parsed) {
        qFatal("%s: %s", qPrintable(text), qPrintable(filterProblemText(parsed.error())));
    }
    return *parsed;
}

QStringList ids(const CallTableModel& model) {
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row) {
        found << model.keyAt(row)->remoteId;
    }
    return found;
}

CallKey keyOf(int number) {
    return numbered(number).key;
}

QString cell(const CallTableModel& model, int row, CallColumn column, int role = Qt::DisplayRole) {
    return model.index(row, int(column)).data(role).toString();
}

}  // namespace

class CallTableModelTest final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<const Clock> m_clock = std::make_shared<StillClock>();
    std::unique_ptr<Store> m_store;
    std::unique_ptr<CallTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::shared_ptr<std::atomic<bool>> m_readsFail = std::make_shared<std::atomic<bool>>(false);

    void storeCalls(const std::vector<Call>& calls) {
        bool stored = false;
        m_store->storePage({u"main"_s, calls, std::nullopt}, this, [&](const Result<PageOutcome>& done) {
            QVERIFY2(done, done ? "" : qPrintable(done.error().message));
            stored = true;
        });
        QTRY_VERIFY(stored);
    }
    void commit(const CallKey& key, ReviewField field, const QString& value) {
        bool done = false;
        m_store->commitEdit({key, field, std::nullopt, value, u"desk"_s}, this, [&](const Result<Review>& review) {
            QVERIFY(review.has_value());
            done = true;
        });
        QTRY_VERIFY(done);
    }
    void loadModel() {
        m_model = std::make_unique<CallTableModel>(m_store.get(), m_clock);
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                              QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy loaded(m_model.get(), &CallTableModel::loaded);
        m_model->load();
        QTRY_COMPARE(loaded.size(), 1);
        QVERIFY(m_model->isLoaded());
    }
    void apply(const QString& filter) {
        m_model->setFilter(filterOf(filter));
        QVERIFY(m_model->isQueryRunning());
        QTRY_VERIFY(!m_model->isQueryRunning());
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        *m_readsFail = false;
        const auto seam = [fails = m_readsFail](const char* sql) {
            return *fails && QByteArrayView(sql).contains("SELECT") ? 10 /* SQLITE_IOERR */ : 0;
        };
        m_store = std::make_unique<Store>(Store::Options{m_folder->path(), m_clock, seam, false});
        bool open = false;
        m_store->open(this, [&](const Done& done) {
            QVERIFY(done.has_value());
            open = true;
        });
        QTRY_VERIFY(open);
        Account account;
        account.name = u"main"_s;
        bool saved = false;
        m_store->saveAccount(account, this, [&](const Done&) { saved = true; });
        QTRY_VERIFY(saved);
    }
    void cleanup() {
        m_tester.reset();
        m_model.reset();
        m_store.reset();
        m_folder.reset();
    }

    void anEmptyProfileLoadsToo() {
        loadModel();
        QCOMPARE(m_model->rowCount(), 0);
        QCOMPARE(m_model->totalCalls(), 0);
        QVERIFY(!m_model->keyAt(0));
        QVERIFY(!m_model->isQueryRunning());
    }

    void reviewsOfManyCallsAreOneQuestion() {
        std::vector<Call> calls;
        for (int i = 0; i < 500; ++i) {
            calls.push_back(numbered(i));
        }
        storeCalls(calls);
        loadModel();
        apply(u"is:flagged"_s);
        QCOMPARE(m_model->rowCount(), 0);
        QSignalSpy asked(m_model.get(), &CallTableModel::queryStarted);
        std::vector<CallReview> reviews;
        for (int i = 0; i < 400; ++i) {
            reviews.push_back({keyOf(i), {}});
            reviews.back().review.flag = u"coach"_s;
        }
        Q_EMIT m_store->reviewsChanged(std::make_shared<const std::vector<CallReview>>(std::move(reviews)));
        QTRY_COMPARE(m_model->rowCount(), 400);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(m_model->reviewOf(keyOf(7)).flag, u"coach"_s);
    }

    void rowsAreNewestFirst() {
        storeCalls({numbered(1), numbered(3), numbered(2)});
        loadModel();
        QCOMPARE(ids(*m_model), (QStringList{keyOf(3).remoteId, keyOf(2).remoteId, keyOf(1).remoteId}));
        QCOMPARE(m_model->totalCalls(), 3);
        QCOMPARE(m_model->rowOf(keyOf(1)), 2);
        QCOMPARE(m_model->rowOf({u"main"_s, u"nobody"_s}), -1);
        QCOMPARE(cell(*m_model, 0, CallColumn::Lead), u"Lead Ünal 3"_s);
        QCOMPARE(cell(*m_model, 0, CallColumn::Talk), u"1:32"_s);
        QCOMPARE(cell(*m_model, 0, CallColumn::Id, CallTableModel::KeyRole), toText(keyOf(3)));
        QVERIFY(cell(*m_model, 0, CallColumn::Start, Qt::AccessibleTextRole).contains(u"Lead Ünal 3"_s));
        QVERIFY(!m_model->headerData(0, Qt::Horizontal).toString().isEmpty());
    }

    void pagesAppearWhileTheyAreStored() {
        storeCalls({numbered(1), numbered(2)});
        loadModel();
        const QPersistentModelIndex followed = m_model->index(m_model->rowOf(keyOf(1)), 3);
        QSignalSpy totals(m_model.get(), &CallTableModel::totalChanged);
        storeCalls({numbered(5), numbered(0)});
        QTRY_COMPARE(m_model->rowCount(), 4);
        QCOMPARE(ids(*m_model),
                 (QStringList{keyOf(5).remoteId, keyOf(2).remoteId, keyOf(1).remoteId, keyOf(0).remoteId}));
        QCOMPARE(totals.last().first().toLongLong(), 4);
        QCOMPARE(followed.row(), m_model->rowOf(keyOf(1)));
        QCOMPARE(followed.column(), 3);
    }

    void aChangedCallChangesItsCellsOnly() {
        storeCalls({numbered(1), numbered(2)});
        loadModel();
        QSignalSpy layout(m_model.get(), &QAbstractItemModel::layoutChanged);
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        Call call = numbered(1);
        call.agentName = u"Somebody else"_s;
        storeCalls({call});
        QTRY_COMPARE(cell(*m_model, 1, CallColumn::Agent), u"Somebody else"_s);
        QVERIFY(!changed.isEmpty());
        QCOMPARE(layout.size() + reset.size(), 0);
    }

    void filtersAndBack() {
        std::vector<Call> calls;
        for (int i = 0; i < 40; ++i) {
            calls.push_back(numbered(i));
        }
        storeCalls(calls);
        loadModel();
        const QPersistentModelIndex stays = m_model->index(m_model->rowOf(keyOf(7)), 0);
        const QPersistentModelIndex goes = m_model->index(m_model->rowOf(keyOf(8)), 0);
        apply(u"disposition:CALLBACK"_s);  // the odd ones
        QCOMPARE(m_model->rowCount(), 20);
        QCOMPARE(m_model->totalCalls(), 40);
        QCOMPARE(m_model->rowOf(keyOf(8)), -1);
        QVERIFY(!goes.isValid());
        QCOMPARE(stays.row(), m_model->rowOf(keyOf(7)));
        apply(u"disposition:NOBODY"_s);
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(!stays.isValid());
        apply({});
        QCOMPARE(m_model->rowCount(), 40);
    }

    void theNewestFilterWins() {
        std::vector<Call> calls;
        for (int i = 0; i < 60; ++i) {
            calls.push_back(numbered(i));
        }
        storeCalls(calls);
        loadModel();
        QSignalSpy finished(m_model.get(), &CallTableModel::queryFinished);
        m_model->setFilter(filterOf(u"disposition:CALLBACK"_s));
        m_model->setFilter(filterOf(u"summary:\"plan 4\""_s));
        m_model->setFilter(filterOf(u"id:call-00001"_s));
        QVERIFY(m_model->isQueryRunning());
        QTRY_VERIFY(!m_model->isQueryRunning());
        QCOMPARE(m_model->rowCount(), 10);
        QCOMPARE(finished.last().first().toInt(), 10);
        // While a newer question waits, no answer may claim to be its answer.
        m_model->setFilter(filterOf({}));
        m_model->setFilter(filterOf(u"id:call-000002"_s));
        QTRY_VERIFY(!m_model->isQueryRunning());
        QCOMPARE(ids(*m_model), QStringList{keyOf(2).remoteId});
    }

    void sortsByColumnAndKeepsRowsInHand() {
        storeCalls({numbered(1), numbered(2), numbered(3)});
        loadModel();
        const QPersistentModelIndex followed = m_model->index(0, 2);  // call 3
        m_model->sort(int(CallColumn::Id), Qt::AscendingOrder);
        QVERIFY(m_model->isQueryRunning());
        QTRY_VERIFY(!m_model->isQueryRunning());
        QCOMPARE(ids(*m_model), (QStringList{keyOf(1).remoteId, keyOf(2).remoteId, keyOf(3).remoteId}));
        QCOMPARE(followed.row(), 2);
        // The long texts are not in memory: asking to sort by them changes nothing.
        m_model->sort(int(CallColumn::Summary), Qt::AscendingOrder);
        QCOMPARE(m_model->sortKey().field, Field::Id);
        QVERIFY(!m_model->isQueryRunning());
    }

    void anEditMarksItsRow() {
        storeCalls({numbered(1), numbered(2)});
        loadModel();
        QVERIFY(!m_model->index(1, 0).data(CallTableModel::EditStateRole).isValid());
        commit(keyOf(1), ReviewField::Disposition, u"REFUND"_s);
        QTRY_COMPARE(cell(*m_model, 1, CallColumn::Disposition), u"REFUND"_s);
        QCOMPARE(m_model->index(1, 0).data(CallTableModel::EditStateRole).toInt(), int(EditState::Kept));
        QCOMPARE(cell(*m_model, 1, CallColumn::Edited), editMarkText(EditState::Kept));
        QVERIFY(m_model->reviewOf(keyOf(1)).disposition.has_value());
        // A pull brings the provider's value again; the edit still counts.
        storeCalls({numbered(1)});
        QCOMPARE(cell(*m_model, 1, CallColumn::Disposition), u"REFUND"_s);
    }

    void theCallInHandStaysUntilTheNextFilter() {
        storeCalls({numbered(1), numbered(2), numbered(3)});
        loadModel();
        apply(u"disposition:CALLBACK"_s);
        QCOMPARE(ids(*m_model), (QStringList{keyOf(3).remoteId, keyOf(1).remoteId}));
        m_model->keepCall(keyOf(3));
        QSignalSpy finished(m_model.get(), &CallTableModel::queryFinished);
        commit(keyOf(3), ReviewField::Disposition, u"SALE"_s);
        commit(keyOf(1), ReviewField::Disposition, u"SALE"_s);
        QTRY_COMPARE(m_model->rowCount(), 1);
        QCOMPARE(ids(*m_model), QStringList{keyOf(3).remoteId});
        apply(u"disposition:CALLBACK "_s);
        QCOMPARE(m_model->rowCount(), 0);
    }

    void textFiltersFollowChangedTexts() {
        storeCalls({numbered(1), numbered(2), numbered(3)});
        loadModel();
        apply(u"summary:\"plan 2\""_s);
        QCOMPARE(ids(*m_model), QStringList{keyOf(2).remoteId});
        Call call = numbered(3);
        call.summary = u"Now it is about plan 2 as well."_s;
        storeCalls({call});
        QTRY_COMPARE(m_model->rowCount(), 2);
        call = numbered(2);
        call.summary = u"Nothing."_s;
        storeCalls({call});
        QTRY_COMPARE(ids(*m_model), QStringList{keyOf(3).remoteId});
        // A local note counts at once, without a new scan.
        apply(u"notes:umbrella"_s);
        QCOMPARE(m_model->rowCount(), 0);
        commit(keyOf(1), ReviewField::Notes, u"Wants an umbrella."_s);
        QTRY_COMPARE(ids(*m_model), QStringList{keyOf(1).remoteId});
    }

    void aFailedScanIsSaidAndLeavesTheRows() {
        storeCalls({numbered(1), numbered(2)});
        loadModel();
        QSignalSpy failed(m_model.get(), &CallTableModel::queryFailed);
        *m_readsFail = true;
        m_model->setFilter(filterOf(u"summary:plan"_s));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!m_model->isQueryRunning());  // nobody waits for ever
        QCOMPARE(m_model->rowCount(), 2);
        *m_readsFail = false;
        apply(u"summary:\"plan 1\""_s);
        QCOMPARE(m_model->rowCount(), 1);
    }

    void longTextsComeForWhatIsSeen() {
        std::vector<Call> calls;
        for (int i = 0; i < 30; ++i) {
            calls.push_back(numbered(i));
        }
        calls[29].summary.reset();
        calls[28].notes = u"line one\nline two"_s;
        storeCalls(calls);
        loadModel();
        const auto state = [this](int row, CallColumn column) {
            return CallTableModel::TextState(
                m_model->index(row, int(column)).data(CallTableModel::TextStateRole).toInt());
        };
        QCOMPARE(state(0, CallColumn::Summary), CallTableModel::TextState::None);
        QCOMPARE(cell(*m_model, 0, CallColumn::Summary), noValueSign());
        QCOMPARE(state(1, CallColumn::Summary), CallTableModel::TextState::Loading);
        m_model->setVisibleRows(0, 4);
        QTRY_COMPARE(state(1, CallColumn::Summary), CallTableModel::TextState::Ready);
        QVERIFY(cell(*m_model, 1, CallColumn::Summary).contains(u"plan 28"_s));
        QCOMPARE(cell(*m_model, 1, CallColumn::Notes), u"line one line two"_s);
        QCOMPARE(state(9, CallColumn::Summary), CallTableModel::TextState::Ready);     // one page around
        QCOMPARE(state(20, CallColumn::Summary), CallTableModel::TextState::Loading);  // not asked for
        // A call that changes is read again.
        calls[28].summary = u"Changed."_s;
        storeCalls({calls[28]});
        QTRY_COMPARE(cell(*m_model, 1, CallColumn::Summary), u"Changed."_s);
        // The local note counts where there is one.
        commit(keyOf(28), ReviewField::Notes, u"Mine."_s);
        QTRY_COMPARE(cell(*m_model, 1, CallColumn::Notes), u"Mine."_s);
    }

    void textsThatCannotBeReadSaySo() {
        storeCalls({numbered(1)});
        loadModel();
        *m_readsFail = true;
        m_model->setVisibleRows(0, 0);
        QTRY_COMPARE(m_model->index(0, int(CallColumn::Summary)).data(CallTableModel::TextStateRole).toInt(),
                     int(CallTableModel::TextState::Unavailable));
        *m_readsFail = false;
        m_model->setVisibleRows(0, 0);
        QTRY_COMPARE(m_model->index(0, int(CallColumn::Summary)).data(CallTableModel::TextStateRole).toInt(),
                     int(CallTableModel::TextState::Ready));
    }

    void aRemovedAccountTakesItsRows() {
        storeCalls({numbered(1), numbered(2)});
        loadModel();
        bool removed = false;
        m_store->removeAccount(u"main"_s, this, [&](const Done&) { removed = true; });
        QTRY_VERIFY(removed);
        QTRY_COMPARE(m_model->rowCount(), 0);
        QCOMPARE(m_model->totalCalls(), 0);
    }

    void aFailedLoadIsSaid() {
        storeCalls({numbered(1)});
        CallTableModel model(m_store.get(), m_clock);
        QSignalSpy failed(&model, &CallTableModel::loadFailed);
        *m_readsFail = true;
        model.load();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(!model.isLoaded());
        *m_readsFail = false;
        QSignalSpy loaded(&model, &CallTableModel::loaded);
        model.load();
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(model.rowCount(), 1);
    }

    void aRememberedWordFilterWaitsForTheStore() {
        storeCalls({numbered(1), numbered(2)});
        m_store.reset();
        Store later(Store::Options{m_folder->path(), m_clock, {}, false});
        CallTableModel model(&later, m_clock);
        QSignalSpy failed(&model, &CallTableModel::queryFailed);
        QSignalSpy loaded(&model, &CallTableModel::loaded);
        model.setFilter(filterOf(u"id:%1 summary:plan"_s.arg(keyOf(2).remoteId)));  // before the store is open
        QVERIFY(model.isQueryRunning());
        bool open = false;
        later.open(this, [&](const Done& done) {
            QVERIFY(done.has_value());
            open = true;
        });
        QTRY_VERIFY(open);
        model.load();
        QTRY_COMPARE(loaded.size(), 1);
        QTRY_VERIFY(!model.isQueryRunning());
        QCOMPARE(failed.size(), 0);
        QCOMPARE(ids(model), QStringList{keyOf(2).remoteId});
    }

    void dyingInTheMiddleIsFine() {
        std::vector<Call> calls;
        for (int i = 0; i < 500; ++i) {
            calls.push_back(numbered(i));
        }
        storeCalls(calls);
        for (int round = 0; round < 20; ++round) {
            auto model = std::make_unique<CallTableModel>(m_store.get(), m_clock);
            QSignalSpy chunk(model.get(), &CallTableModel::queryStarted);
            model->load();
            model->setFilter(filterOf(u"summary:plan"_s));
            if (round % 2 == 1) {
                QTRY_VERIFY(!chunk.isEmpty());
            }
            model.reset();
        }
        loadModel();
        QCOMPARE(m_model->rowCount(), 500);
    }
};

QTEST_GUILESS_MAIN(CallTableModelTest)
#include "tst_calltablemodel.moc"
