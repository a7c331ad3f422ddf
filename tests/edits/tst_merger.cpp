// Edits and what the provider says afterwards, over a real store: what fits is put together, what does not is kept with
// all its texts, and nothing is told twice.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include "models/edits/merger.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

using Text = std::optional<QString>;

constexpr int kFull = 13;  // SQLITE_FULL
const auto kAccount = u"main"_s;

CallKey keyOf(int number) {
    return {kAccount, u"call-%1"_s.arg(number)};
}

Call callOf(int number, const Text& disposition, const Text& notes, const QString& summary = {}) {
    Call call;
    call.key = keyOf(number);
    call.disposition = disposition;
    call.notes = notes;
    call.summary = summary;
    call.raw = "{}";
    return call;
}

EditToCommit editOf(int number, ReviewField field, const Text& base, const Text& value) {
    EditToCommit edit;
    edit.key = keyOf(number);
    edit.field = field;
    edit.base = base;
    edit.value = value;
    edit.origin = u"desk"_s;
    return edit;
}

}  // namespace

class TestMerger : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void cleanup();
    void differentFieldsAreBothKept();
    void differentLinesAreBothKept();
    void theSameFieldIsAConflict();
    void theSameTextIsNone();
    void aValueThatComesBackEndsTheConflict();
    void lateValuesAreQuiet();
    void aLateValueOverASentEdit();
    void aLateValueWhileItIsSent();
    void anEditMadeDuringTheMerge();
    void anEditMadeAfterTheValueCame();
    void longNotesAreComparedAside();
    void manyEditedCallsInOnePage();
    void whatAKilledProgramLeft();
    void aFullDiskIsNoReasonToWait();
    void nothingWhereTheStoreIsOnlyRead();

 private:
    void openStore(bool readOnly = false) {
        m_merger.reset();
        m_store.reset();
        m_store = std::make_unique<Store>(Store::Options{m_folder->filePath(u"profile"_s), nullptr,
                                                         [this](const char* sql) { return seam(sql); }, readOnly});
        QVERIFY(ask<void>([&](auto done) { m_store->open(m_store.get(), done); }).has_value());
        m_merger = std::make_unique<Merger>(m_store.get());
    }
    /// In the lanes' threads.
    int seam(const char* sql) {
        if (std::strstr(sql, "FROM conflicts WHERE account = ?1") != nullptr) {
            ++m_told;  // only noteProviderMerge() asks that
            if (m_broken) {
                return kFull;
            }
        }
        while (m_held && std::strstr(sql, "INTO edits") != nullptr) {
            std::this_thread::sleep_for(1ms);
        }
        return 0;
    }
    template <typename T, typename Ask>
    static Result<T> ask(const Ask& question) {
        std::optional<Result<T>> answer;
        question([&](Result<T> told) { answer = std::move(told); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 30'000)) {
            return failure(ErrorKind::Storage, {}, u"no answer"_s);
        }
        return std::move(*answer);
    }
    void commit(const EditToCommit& edit) {
        QVERIFY(ask<Review>([&](auto done) { m_store->commitEdit(edit, m_store.get(), done); }).has_value());
    }
    void storeCalls(const std::vector<Call>& calls) {
        PageToStore page;
        page.account = kAccount;
        page.calls = calls;
        QVERIFY(ask<PageOutcome>([&](auto done) { m_store->storePage(page, m_store.get(), done); }).has_value());
    }
    /// The provider says this now, and the merger has seen it.
    void providerSays(int number, const Text& disposition, const Text& notes) {
        storeCalls({callOf(number, disposition, notes)});
        settle();
    }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(m_merger->isIdle(), 30'000); }
    std::vector<ReviewConflict> conflicts(int number) {
        return ask<std::vector<ReviewConflict>>(
                   [&](auto done) { m_store->loadConflicts(keyOf(number), m_store.get(), done); })
            .value_or(std::vector<ReviewConflict>());
    }
    std::vector<HistoryEntry> history(int number) {
        return ask<std::vector<HistoryEntry>>(
                   [&](auto done) { m_store->loadHistory(keyOf(number), m_store.get(), done); })
            .value_or(std::vector<HistoryEntry>());
    }
    std::optional<LocalEdit> notes(int number) { return m_store->review(keyOf(number)).notes; }
    std::optional<LocalEdit> disposition(int number) { return m_store->review(keyOf(number)).disposition; }
    /// A call, an edit of its notes and one of its disposition.
    void begin(int number, const Text& base, const Text& mine) {
        storeCalls({callOf(number, u"SALE"_s, base)});
        m_merger->start();
        settle();
        commit(editOf(number, ReviewField::Notes, base, mine));
        settle();
    }
    Account accountWithTarget() {
        Account account;
        account.name = kAccount;
        account.provider = Provider::Yotel;
        account.baseUrl = QUrl(u"https://api.invalid"_s);
        account.target.kind = TargetKind::File;
        account.target.folder = m_folder->path();
        return account;
    }
    /// The call's edits are being sent from now on.
    QString take(const Account& account) {
        const auto due = ask<std::vector<Delivery>>(
            [&](auto done) { m_store->loadDueDeliveries(account, std::nullopt, 10, m_store.get(), done); });
        if (!due || due->size() != 1) {
            return {};
        }
        const auto taken = ask<bool>([&](auto done) {
            m_store->takeForSending(due->front(), u"sender"_s, SystemClock().now() + 1h, "body"_ba, u"there"_s,
                                    m_store.get(), done);
        });
        return taken && *taken ? due->front().id : QString();
    }
    void sent(const QString& delivery) {
        QVERIFY(ask<void>([&](auto done) {
                    m_store->settle(delivery, u"sender"_s, {EditState::Sent, false, {}, std::nullopt, {}},
                                    m_store.get(), done);
                }).has_value());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Merger> m_merger;
    std::atomic<int> m_told = 0;  ///< how often the store was told about a merge
    std::atomic<bool> m_broken = false;
    std::atomic<bool> m_held = false;
};

void TestMerger::init() {
    m_told = 0;
    m_broken = false;
    m_held = false;
    m_folder = std::make_unique<QTemporaryDir>();
    openStore();
}

void TestMerger::cleanup() {
    m_held = false;
    m_merger.reset();
    m_store.reset();
    m_folder.reset();
}

void TestMerger::differentFieldsAreBothKept() {
    begin(1, u"theirs"_s, u"mine"_s);
    providerSays(1, u"CALLBACK"_s, u"theirs"_s);  // the other field
    QVERIFY(notes(1)->value == u"mine"_s && notes(1)->state == EditState::Kept);
    QVERIFY(!disposition(1));
    QCOMPARE(history(1).size(), size_t(1));
    QVERIFY(conflicts(1).empty());
    QCOMPARE(m_told, 0);
}

void TestMerger::differentLinesAreBothKept() {
    begin(1, u"asked\nanswered\nclosed"_s, u"asked\nanswered\nclosed\nmine"_s);
    QSignalSpy idle(m_merger.get(), &Merger::idle);
    providerSays(1, u"SALE"_s, u"asked twice\nanswered\nclosed"_s);
    QCOMPARE(idle.size(), 1);
    QVERIFY(notes(1)->value == u"asked twice\nanswered\nclosed\nmine"_s);
    QVERIFY(notes(1)->base == u"asked twice\nanswered\nclosed"_s);
    const auto lines = history(1);
    QCOMPARE(lines.size(), size_t(2));
    QCOMPARE(lines.back().origin, u"merge"_s);
    QVERIFY(lines.back().from == u"asked\nanswered\nclosed\nmine"_s);
    QVERIFY(conflicts(1).empty());
    // Only they changed it: theirs is taken over, also where an edit once put it back to what it was.
    storeCalls({callOf(2, u"SALE"_s, std::nullopt)});
    commit(editOf(2, ReviewField::Disposition, u"SALE"_s, u"NO SALE"_s));
    commit(editOf(2, ReviewField::Disposition, u"SALE"_s, u"SALE"_s));
    providerSays(2, u"CALLBACK"_s, std::nullopt);
    QVERIFY(disposition(2)->value == u"CALLBACK"_s);
    QCOMPARE(history(2).size(), size_t(3));
}

void TestMerger::theSameFieldIsAConflict() {
    begin(1, u"theirs"_s, u"mine"_s);
    providerSays(1, u"SALE"_s, u"theirs, changed"_s);
    QVERIFY(notes(1)->state == EditState::Conflict);
    QVERIFY(notes(1)->value == u"mine"_s);  // goes on counting
    auto found = conflicts(1);
    QCOMPARE(found.size(), size_t(1));
    QVERIFY(found.front().isOpen && found.front().theirsKnown);
    QCOMPARE(found.front().foundWith, u"provider"_s);
    QVERIFY(found.front().base == u"theirs"_s && found.front().mine == u"mine"_s);
    QVERIFY(found.front().theirs == u"theirs, changed"_s);
    // Nothing is told twice while nothing changes.
    const int told = m_told;
    storeCalls({callOf(1, u"SALE"_s, u"theirs, changed"_s, u"a summary that came late"_s)});
    settle();
    QCOMPARE(m_told, told);
    // Another value is another text to keep.
    providerSays(1, u"SALE"_s, u"theirs, changed again"_s);
    found = conflicts(1);
    QCOMPARE(found.size(), size_t(2));
    QVERIFY(!found.front().isOpen && found.back().isOpen);
    QVERIFY(found.back().theirs == u"theirs, changed again"_s);
    // A choice ends it, and what was there stays readable.
    EditToCommit choice = editOf(1, ReviewField::Notes, u"theirs, changed again"_s, u"mine"_s);
    choice.origin = u"conflict"_s;
    choice.whenEqual = EditToCommit::WhenEqual::Commit;
    commit(choice);
    settle();
    QVERIFY(notes(1)->state == EditState::Kept);
    QCOMPARE(conflicts(1).size(), size_t(2));
    QVERIFY(!conflicts(1).back().isOpen);
    // The choice was made against that value: only a further one is a conflict again.
    storeCalls({callOf(1, u"SALE"_s, u"theirs, changed again"_s, u"another summary"_s)});
    settle();
    QVERIFY(notes(1)->state == EditState::Kept);
}

void TestMerger::theSameTextIsNone() {
    begin(1, u"theirs"_s, u"both of us"_s);
    providerSays(1, u"SALE"_s, u"both of us"_s);
    QVERIFY(notes(1)->state == EditState::Kept && notes(1)->value == u"both of us"_s);
    providerSays(1, u"SALE"_s, u"both of us\r\n"_s);  // the same lines
    QVERIFY(notes(1)->state == EditState::Kept && notes(1)->value == u"both of us"_s);
    QCOMPARE(history(1).size(), size_t(1));
    QVERIFY(conflicts(1).empty());
    QCOMPARE(m_told, 0);
}

void TestMerger::aValueThatComesBackEndsTheConflict() {
    begin(1, u"theirs"_s, u"mine"_s);
    providerSays(1, u"SALE"_s, u"changed"_s);
    QVERIFY(notes(1)->state == EditState::Conflict);
    providerSays(1, u"SALE"_s, u"theirs"_s);
    QVERIFY(notes(1)->state == EditState::Kept);
    QVERIFY(notes(1)->value == u"mine"_s);
    providerSays(1, u"SALE"_s, u"changed"_s);
    QVERIFY(notes(1)->state == EditState::Conflict);
    providerSays(1, u"SALE"_s, u"mine"_s);  // they came round
    QVERIFY(notes(1)->state == EditState::Kept);
    QCOMPARE(conflicts(1).size(), size_t(2));
    for (const ReviewConflict& conflict : conflicts(1)) {
        QVERIFY(!conflict.isOpen);
    }
    QCOMPARE(history(1).size(), size_t(1));
}

void TestMerger::lateValuesAreQuiet() {
    storeCalls({callOf(1, std::nullopt, std::nullopt)});
    m_merger->start();
    settle();
    commit(editOf(1, ReviewField::Disposition, std::nullopt, u"SALE"_s));
    commit(editOf(1, ReviewField::Notes, std::nullopt, u"wants two of them"_s));
    providerSays(1, u"SALE"_s, std::nullopt);  // the AI is of the same mind
    QVERIFY(disposition(1)->state == EditState::Kept);
    providerSays(1, u"CALLBACK"_s, u"says the AI"_s);
    QVERIFY(disposition(1)->state == EditState::Conflict && disposition(1)->value == u"SALE"_s);
    QVERIFY(notes(1)->state == EditState::Conflict && notes(1)->value == u"wants two of them"_s);
    QCOMPARE(conflicts(1).size(), size_t(2));
    QCOMPARE(m_told, 2);
    QVERIFY(conflicts(1).front().theirs != conflicts(1).back().theirs);
}

void TestMerger::aLateValueOverASentEdit() {
    const Account account = accountWithTarget();
    QVERIFY(ask<void>([&](auto done) { m_store->saveAccount(account, m_store.get(), done); }).has_value());
    begin(1, u"one\ntwo\nthree"_s, u"one\ntwo\nthree\nmine"_s);
    const QString delivery = take(account);
    QVERIFY(!delivery.isEmpty());
    sent(delivery);
    QVERIFY(notes(1)->state == EditState::Sent);
    // What fits is a new edit, which goes out as well.
    providerSays(1, u"SALE"_s, u"ONE\ntwo\nthree"_s);
    QVERIFY(notes(1)->value == u"ONE\ntwo\nthree\nmine"_s);
    QVERIFY(notes(1)->state == EditState::Waiting);
    QVERIFY(notes(1)->delivery != delivery);
    const QString second = take(account);
    sent(second);
    // What does not is a conflict, although it was accepted there.
    providerSays(1, u"SALE"_s, u"ONE\ntwo\nthree\nnot mine"_s);
    QVERIFY(notes(1)->state == EditState::Conflict);
    QCOMPARE(conflicts(1).size(), size_t(1));
    providerSays(1, u"SALE"_s, u"ONE\ntwo\nthree"_s);
    QVERIFY(notes(1)->state == EditState::Sent);
}

void TestMerger::aLateValueWhileItIsSent() {
    const Account account = accountWithTarget();
    QVERIFY(ask<void>([&](auto done) { m_store->saveAccount(account, m_store.get(), done); }).has_value());
    begin(1, u"one\ntwo"_s, u"one\ntwo\nmine"_s);
    const QString delivery = take(account);
    QVERIFY(!delivery.isEmpty());
    QVERIFY(notes(1)->state == EditState::Sending);
    providerSays(1, u"SALE"_s, u"ONE\ntwo"_s);
    QVERIFY(notes(1)->state == EditState::Sending);  // untouched
    QVERIFY(notes(1)->value == u"one\ntwo\nmine"_s);
    sent(delivery);
    QTRY_VERIFY(notes(1)->value == u"ONE\ntwo\nmine"_s);
    QCOMPARE(history(1).size(), size_t(2));
}

/// The store is held up, so that an edit is on its way when the merge is made with the one before it.
void TestMerger::anEditMadeDuringTheMerge() {
    begin(1, u"one\ntwo"_s, u"one\ntwo\nmine"_s);
    m_held = true;
    std::optional<Result<Review>> committed;
    m_store->commitEdit(editOf(1, ReviewField::Notes, u"one\ntwo"_s, u"one\ntwo\nmine\nand more"_s), m_store.get(),
                        [&](const Result<Review>& review) { committed = review; });
    storeCalls({callOf(1, u"SALE"_s, u"ONE\ntwo"_s)});
    // Time for the merger to read the call and to tell the store, which cannot answer.
    QTest::qWait(200);
    QVERIFY(!committed && !m_merger->isIdle());
    m_held = false;
    settle();
    QVERIFY(committed && *committed);
    QVERIFY(notes(1)->value == u"ONE\ntwo\nmine\nand more"_s);
    const auto lines = history(1);
    QCOMPARE(lines.size(), size_t(3));
    QVERIFY(lines[1].to == u"one\ntwo\nmine\nand more"_s);
    QCOMPARE(lines[2].origin, u"merge"_s);
}

/// Typing began with what the provider said before its refresh came.
void TestMerger::anEditMadeAfterTheValueCame() {
    begin(1, u"one\ntwo"_s, u"one\ntwo\nmine"_s);
    providerSays(1, u"SALE"_s, u"ONE\ntwo"_s);
    commit(editOf(1, ReviewField::Notes, u"one\ntwo"_s, u"one\ntwo\nanother"_s));
    settle();
    QVERIFY(notes(1)->value == u"ONE\ntwo\nanother"_s);
    // Several at once, as bulk work makes them.
    std::vector<EditToCommit> many;
    std::vector<Call> calls;
    for (int i = 10; i < 40; ++i) {
        calls.push_back(callOf(i, u"CALLBACK"_s, u"a"_s));
        many.push_back(editOf(i, ReviewField::Notes, std::nullopt, u"b"_s));
    }
    storeCalls(calls);
    settle();
    QVERIFY(
        ask<std::vector<CallReview>>([&](auto done) { m_store->commitEdits(many, m_store.get(), done); }).has_value());
    settle();
    for (int i = 10; i < 40; ++i) {
        QVERIFY(notes(i)->state == EditState::Conflict);
    }
}

void TestMerger::longNotesAreComparedAside() {
    QString base;
    for (int i = 0; i < 20'000; ++i) {
        base += u"line %1\n"_s.arg(i);
    }
    begin(1, base, base + u"mine\n"_s);
    providerSays(1, u"SALE"_s, u"theirs\n"_s + base);
    QVERIFY(notes(1)->value == u"theirs\n"_s + base + u"mine\n"_s);
    // The program may end while that goes on.
    storeCalls({callOf(1, u"SALE"_s, u"theirs\n"_s + base + u"and more\n"_s)});
    m_merger.reset();
    m_merger = std::make_unique<Merger>(m_store.get());
    m_merger->start();
    settle();
    QVERIFY(notes(1)->state == EditState::Conflict);
}

void TestMerger::manyEditedCallsInOnePage() {
    constexpr int kCalls = 5'000;
    constexpr int kOneIn = 25;
    std::vector<Call> calls;
    std::vector<Call> later;
    std::vector<EditToCommit> edits;
    for (int i = 0; i < kCalls; ++i) {
        calls.push_back(callOf(i, u"SALE"_s, u"one\ntwo"_s));
        edits.push_back(editOf(i, ReviewField::Notes, u"one\ntwo"_s, u"one\ntwo\nmine %1"_s.arg(i)));
        // Some fit, some do not, most are about something else.
        later.push_back(callOf(i, u"CALLBACK"_s,
                               i % kOneIn == 0   ? u"ONE\ntwo"_s
                               : i % kOneIn == 1 ? u"one\ntwo\ntheirs"_s
                                                 : u"one\ntwo"_s));
    }
    storeCalls(calls);
    QVERIFY(
        ask<std::vector<CallReview>>([&](auto done) { m_store->commitEdits(edits, m_store.get(), done); }).has_value());
    m_merger->start();
    settle();
    QCOMPARE(m_told, 0);
    storeCalls(later);
    QVERIFY(!m_merger->isIdle());
    // An edit in the middle of it is not kept waiting by all the others.
    commit(editOf(2, ReviewField::Disposition, u"CALLBACK"_s, u"meanwhile"_s));
    QVERIFY(!m_merger->isIdle());
    settle();
    for (int i = 0; i < kCalls; ++i) {
        const QString mine = u"one\ntwo\nmine %1"_s.arg(i);
        QCOMPARE(*notes(i)->value, i % kOneIn == 0 ? u"ONE\ntwo\nmine %1"_s.arg(i) : mine);
        QVERIFY(notes(i)->state == (i % kOneIn == 1 ? EditState::Conflict : EditState::Kept));
    }
    QCOMPARE(m_told, 2 * kCalls / kOneIn);
    QVERIFY(disposition(2)->value == u"meanwhile"_s);
}

void TestMerger::whatAKilledProgramLeft() {
    storeCalls({callOf(1, u"SALE"_s, u"one\ntwo"_s), callOf(2, u"SALE"_s, std::nullopt), callOf(3, u"SALE"_s, u"x"_s)});
    commit(editOf(1, ReviewField::Notes, u"one\ntwo"_s, u"one\ntwo\nmine"_s));
    commit(editOf(2, ReviewField::Disposition, u"SALE"_s, u"NO SALE"_s));
    commit(editOf(3, ReviewField::Notes, u"x"_s, u"y"_s));
    // Nobody merges: the program was killed right after the page.
    storeCalls({callOf(1, u"SALE"_s, u"ONE\ntwo"_s), callOf(2, u"CALLBACK"_s, std::nullopt)});
    openStore();
    QVERIFY(m_merger->isIdle());
    m_merger->start();
    QVERIFY(!m_merger->isIdle());
    settle();
    QVERIFY(notes(1)->value == u"ONE\ntwo\nmine"_s);
    QVERIFY(disposition(2)->state == EditState::Conflict);
    QVERIFY(notes(3)->state == EditState::Kept);
    QCOMPARE(m_told, 2);
    // At the next start all of it is known.
    openStore();
    m_merger->start();
    settle();
    QCOMPARE(m_told, 2);
    QCOMPARE(conflicts(2).size(), size_t(1));
    QVERIFY(conflicts(2).front().isOpen);
    // Also that it is over.
    providerSays(2, u"SALE"_s, std::nullopt);
    QVERIFY(disposition(2)->state == EditState::Kept);
}

void TestMerger::aFullDiskIsNoReasonToWait() {
    begin(1, u"theirs"_s, u"mine"_s);
    m_broken = true;
    providerSays(1, u"SALE"_s, u"changed"_s);
    QVERIFY(notes(1)->state == EditState::Kept);
    m_broken = false;
    // The next news of the call is an occasion, whatever it is about.
    storeCalls({callOf(1, u"SALE"_s, u"changed"_s, u"summary"_s)});
    settle();
    QVERIFY(notes(1)->state == EditState::Conflict);
}

void TestMerger::nothingWhereTheStoreIsOnlyRead() {
    storeCalls({callOf(1, u"SALE"_s, u"theirs"_s)});
    commit(editOf(1, ReviewField::Notes, u"before"_s, u"mine"_s));
    openStore(true);
    m_merger->start();
    QVERIFY(m_merger->isIdle());
    QTest::qWait(50);
    QVERIFY(notes(1)->state == EditState::Kept);
    QCOMPARE(m_told, 0);
}

QTEST_GUILESS_MAIN(TestMerger)
#include "tst_merger.moc"
