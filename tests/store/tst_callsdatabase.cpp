// calls.db: upserts, honest counts, what is joined, what is read again, faults at every step.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/callsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;
using sample::wholeCall;

namespace {

std::unique_ptr<CallsDatabase> opened(const QString& file,
                                      CallsDatabase::Access access = CallsDatabase::Access::ReadWrite,
                                      SqlFaultSeam seam = {}) {
    auto database = CallsDatabase::open(file, access, std::move(seam));
    if (!database) {
        qWarning("open failed: %s | %s", qPrintable(database.error().message), qPrintable(database.error().detail));
        return nullptr;
    }
    return std::move(*database);
}

std::vector<IndexRow> allRows(CallsDatabase& database) {
    std::vector<IndexRow> rows;
    const auto done = database.forEachIndexRow([&](IndexRow&& row) {
        rows.push_back(std::move(row));
        return true;
    });
    return done ? rows : std::vector<IndexRow>();
}

PullCursor cursor(int nextPage) {
    PullCursor at;
    at.account = u"main"_s;
    at.campaignId = u"camp-0"_s;
    at.nextPage = nextPage;
    at.lastTotal = 77;
    at.problem = u""_s;
    return at;
}

}  // namespace

class TestCallsDatabase : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void keepsEveryField();
    void keepsNullZeroAndEmptyApart();
    void keepsOddText();
    void countsHonestly();
    void signatureAloneIsNoChange();
    void rowIdsAreStableAndNeverReused();
    void absenceIsNotDeletion();
    void notFoundIsMarkedAndCleared();
    void unlistedIsMarkedAndCleared();
    void campaignNamesAreJoined();
    void indexRowsOfAPageEqualThoseReadBack();
    void cursorTravelsWithThePage();
    void rereadsWhatMayHaveChanged();
    void lateIsWhatTheProviderTellsLate();
    void askedOftenOldOnesAreLeftOut();
    void callsWithoutDetail();
    void countsDispositions();
    void keepsPositions();
    void takesOverPlacesOfBefore();
    void readsPlacesOfBeforeWhereNothingCanBeWritten();
    void removesAnAccountWhole();
    void readOnlyBesideTheWriter();
    void refusesForeignRows();
    void everyFailingStepIsRepairedByTheNextTry();

 private:
    void makeFileOfBefore(const CallKey& key);
    [[nodiscard]] QString file() const { return m_folder->filePath(u"calls.db"_s); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCallsDatabase::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestCallsDatabase::keepsEveryField() {
    auto database = opened(file());
    QVERIFY(database);
    const Call call = wholeCall(7);
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    database = opened(file());  // a second look, from the disk
    QVERIFY(database);
    const auto read = database->call(call.key);
    QVERIFY(read && *read);
    QVERIFY(sample::sameCall((*read)->call, call));
    QCOMPARE(toMs(*(*read)->refreshedAt), toMs(kNow));
    QVERIFY(!(*read)->notFoundSince);
    QVERIFY((*read)->callRow > 0);
    const auto byRow = database->callsByRow({(*read)->callRow});
    QVERIFY(byRow && byRow->size() == 1);
    QVERIFY(sample::sameCall(byRow->front().call, call));
    const auto texts = database->texts({(*read)->callRow, 4711});
    QVERIFY(texts);
    QCOMPARE(texts->size(), size_t(1));
    QVERIFY(texts->front().summary == call.summary);
    QVERIFY(texts->front().notes == call.notes);
    QVERIFY(texts->front().nextAction == call.nextAction);
    QVERIFY(!*database->call({u"main"_s, u"unknown"_s}));
    QVERIFY(!*database->call({u"other"_s, call.key.remoteId}));
    QCOMPARE(QFile::permissions(file()) & ~(QFile::ReadUser | QFile::WriteUser | QFile::ReadOwner | QFile::WriteOwner),
             QFile::Permissions());
    for (const auto& suffix : {"-wal"_L1, "-shm"_L1}) {
        QVERIFY(QFileInfo::exists(file() + suffix));
        QCOMPARE(QFile::permissions(file() + suffix) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }
}

void TestCallsDatabase::keepsNullZeroAndEmptyApart() {
    auto database = opened(file());
    QVERIFY(database);
    Call zero = sample::bareCall(1);
    zero.ringSeconds = 0;
    zero.notes = u""_s;
    zero.disposition = u""_s;
    zero.hasRecording = false;
    const Call null = sample::bareCall(2);
    QVERIFY(database->storePage({u"main"_s, {zero, null}, std::nullopt}, kNow));
    const auto first = database->call(zero.key);
    const auto second = database->call(null.key);
    QVERIFY(first && *first && second && *second);
    QVERIFY(sample::sameCall((*first)->call, zero));
    QVERIFY(sample::sameCall((*second)->call, null));
    QVERIFY((*first)->call.notes && !(*second)->call.notes);
    QVERIFY((*first)->call.ringSeconds && !(*second)->call.ringSeconds);
}

void TestCallsDatabase::keepsOddText() {
    auto database = opened(file());
    QVERIFY(database);
    Call call = sample::bareCall(1);
    call.key.remoteId = u"a/b%..\u202e"_s + QChar(0) + u"end"_s;
    call.notes = u"NUL "_s + QChar(0) + u" emoji \U0001F600 RTL \u05d0"_s;
    call.summary = QString(200'000, u'x');
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    const auto read = database->call(call.key);
    QVERIFY(read && *read);
    QVERIFY(sample::sameCall((*read)->call, call));
    // A lone surrogate is no character: it becomes the replacement character and takes nothing else with it.
    call.notes = QString(QChar(0xd83d)) + u"abc"_s;
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    QCOMPARE(*(*database->call(call.key))->call.notes, u"\ufffdabc"_s);
}

void TestCallsDatabase::countsHonestly() {
    auto database = opened(file());
    QVERIFY(database);
    PageToStore page{u"main"_s, {wholeCall(1), wholeCall(2), wholeCall(3)}, std::nullopt};
    auto outcome = database->storePage(page, kNow);
    QVERIFY(outcome);
    QCOMPARE(outcome->added, 3);
    QCOMPARE(outcome->rows.size(), size_t(3));
    page.calls[1].disposition = u"REFUSED"_s;
    page.calls.push_back(wholeCall(4));
    page.calls.push_back(wholeCall(4));  // the same row twice on a page, as moving lists do
    outcome = database->storePage(page, kNow + 1min);
    QVERIFY(outcome);
    QCOMPARE(outcome->added, 1);
    QCOMPARE(outcome->changed, 1);
    QCOMPARE(outcome->unchanged, 3);
    QCOMPARE(outcome->rows.size(), size_t(2));
    QVERIFY(outcome->rows.front().call.call.disposition == u"REFUSED"_s);
    // Only the raw object differs: a field that we do not read has changed, and that is a change too.
    page.calls[0].raw = "{\"new_field\":1}";
    outcome = database->storePage(page, kNow + 2min);
    QVERIFY(outcome);
    QCOMPARE(outcome->changed, 1);
    QCOMPARE((*database->call(wholeCall(1).key))->call.raw, QByteArray("{\"new_field\":1}"));
    QCOMPARE(toMs(*(*database->call(wholeCall(3).key))->refreshedAt), toMs(kNow + 2min));
    // Same content after another start of the program: the hash is the same.
    database = opened(file());
    outcome = database->storePage(page, kNow + 3min);
    QVERIFY(outcome);
    QCOMPARE(outcome->unchanged, 5);
}

void TestCallsDatabase::signatureAloneIsNoChange() {
    auto database = opened(file());
    QVERIFY(database);
    Call call = wholeCall(1);
    const QByteArray stored = call.raw;
    const QByteArray bare = call.recordingUrl->section(u'?', 0, 0).toUtf8();
    call.raw.replace(bare, call.recordingUrl->toUtf8());
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    call.recordingUrl = u"https://storage.test/rec/1.wav?X-Goog-Signature=new&X-Goog-Date=20260419"_s;
    // This time as some servers write it: the same address, but escaped.
    call.raw = stored;
    call.raw.replace(bare, call.recordingUrl->toUtf8().replace("&", "\\u0026"));
    auto outcome = database->storePage({u"main"_s, {call}, std::nullopt}, kNow);
    QVERIFY(outcome);
    QCOMPARE(outcome->unchanged, 1);
    const auto read = database->call(call.key);
    QVERIFY(read && *read);
    QVERIFY((*read)->call.recordingUrl == call.recordingUrl);
    QCOMPARE((*read)->call.raw, stored);
    // Another object behind the link is a change; so is a link that goes.
    call.recordingUrl = u"https://storage.test/rec/other.wav?X-Goog-Signature=new"_s;
    QCOMPARE(database->storePage({u"main"_s, {call}, std::nullopt}, kNow)->changed, 1);
    call.recordingUrl.reset();
    QCOMPARE(database->storePage({u"main"_s, {call}, std::nullopt}, kNow)->changed, 1);
    QVERIFY(!(*database->call(call.key))->call.recordingUrl);
}

void TestCallsDatabase::rowIdsAreStableAndNeverReused() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, std::nullopt}, kNow));
    const qint64 row = (*database->call(wholeCall(2).key))->callRow;
    Call changed = wholeCall(2);
    changed.notes = u"other"_s;
    QVERIFY(database->storePage({u"main"_s, {changed}, std::nullopt}, kNow));
    QCOMPARE((*database->call(changed.key))->callRow, row);
    QVERIFY(database->removeAccount(u"main"_s));
    database = opened(file());
    QVERIFY(database->storePage({u"main"_s, {wholeCall(3)}, std::nullopt}, kNow));
    QVERIFY((*database->call(wholeCall(3).key))->callRow > row);
}

void TestCallsDatabase::absenceIsNotDeletion() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, cursor(2)}, kNow));
    QVERIFY(database->storePage({u"main"_s, {}, cursor(1)}, kNow + 1h));
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1)}, cursor(2)}, kNow + 1h));
    QCOMPARE(allRows(*database).size(), size_t(2));
}

void TestCallsDatabase::notFoundIsMarkedAndCleared() {
    auto database = opened(file());
    QVERIFY(database);
    const Call call = wholeCall(1);
    QCOMPARE(database->markNotFound(call.key, kNow).error().kind, ErrorKind::NotFoundHere);
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    const auto marked = database->markNotFound(call.key, kNow + 1h);
    QVERIFY(marked);
    QCOMPARE(toMs(*marked->call.notFoundSince), toMs(kNow + 1h));
    QVERIFY(database->markNotFound(call.key, kNow + 2h));  // since the first time
    QCOMPARE(toMs(*(*database->call(call.key))->notFoundSince), toMs(kNow + 1h));
    const auto outcome = database->storePage({u"main"_s, {call}, std::nullopt}, kNow + 3h);
    QVERIFY(outcome);
    QCOMPARE(outcome->changed, 1);  // it is there again: the table has to show that
    QVERIFY(!outcome->rows.front().call.notFoundSince);
    QVERIFY(!(*database->call(call.key))->notFoundSince);
}

void TestCallsDatabase::unlistedIsMarkedAndCleared() {
    auto database = opened(file());
    QVERIFY(database);
    Call stays = wholeCall(3);  // camp-0
    Call goes = wholeCall(6);   // camp-0
    Call elsewhere = wholeCall(1);
    QVERIFY(database->storePage({u"main"_s, {stays, goes, elsewhere}, cursor(2)}, kNow));
    QVERIFY(database->storePage({u"main"_s, {stays}, cursor(2)}, kNow + 1h));
    // Read by itself during the pass, but on no page of it.
    QVERIFY(database->storePage({u"main"_s, {goes}, std::nullopt}, kNow + 1h));
    const auto marked = database->markUnlisted({u"main"_s, u"camp-0"_s}, kNow + 30min, kNow + 2h);
    QVERIFY(marked);
    QCOMPARE(marked->size(), size_t(1));
    QCOMPARE(marked->front().call.call.key, goes.key);
    QVERIFY((*database->call(goes.key))->unlistedSince);
    QVERIFY(!(*database->call(stays.key))->unlistedSince);
    QVERIFY(!(*database->call(elsewhere.key))->unlistedSince);
    QVERIFY(database->markUnlisted({u"main"_s, u"camp-0"_s}, kNow + 30min, kNow + 2h)->empty());
    // A single re-read does not put it back on the list, a page does.
    goes.notes = u"changed"_s;
    auto outcome = database->storePage({u"main"_s, {goes}, std::nullopt}, kNow + 3h);
    QVERIFY(outcome->rows.front().call.unlistedSince);
    QVERIFY((*database->call(goes.key))->unlistedSince);
    outcome = database->storePage({u"main"_s, {goes}, cursor(2)}, kNow + 4h);
    QCOMPARE(outcome->changed, 1);
    QVERIFY(!outcome->rows.front().call.unlistedSince);
    QVERIFY(!(*database->call(goes.key))->unlistedSince);
}

void TestCallsDatabase::campaignNamesAreJoined() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(0), wholeCall(1)}, std::nullopt}, kNow));
    QVERIFY(!(*database->call(wholeCall(0).key))->call.campaignName);
    QVERIFY(database->campaigns(u"main"_s)->empty());  // named by calls, not listed
    auto renamed =
        database->saveCampaigns(u"main"_s, {{u"main"_s, u"camp-0"_s, u"June renewals"_s, u"running"_s, "{\"a\":1}"},
                                            {u"main"_s, u"camp-9"_s, u"Winter"_s, std::nullopt, "{}"}});
    QVERIFY(renamed);
    QCOMPARE(*renamed, QStringList({u"camp-0"_s, u"camp-9"_s}));
    QCOMPARE(*(*database->call(wholeCall(0).key))->call.campaignName, u"June renewals"_s);
    QCOMPARE(database->indexRowsOfCampaign(u"main"_s, u"camp-0"_s)->size(), size_t(1));
    const auto campaigns = database->campaigns(u"main"_s);
    QVERIFY(campaigns);
    QCOMPARE(campaigns->size(), size_t(2));
    QCOMPARE(campaigns->front().name, u"June renewals"_s);
    QVERIFY(campaigns->front().status == u"running"_s);
    QCOMPARE(campaigns->front().raw, QByteArray("{\"a\":1}"));
    renamed = database->saveCampaigns(u"main"_s, {{u"main"_s, u"camp-0"_s, u"June renewals"_s, u"paused"_s, "{}"}});
    QVERIFY(renamed->isEmpty());
    QCOMPARE(database->campaigns(u"main"_s)->size(), size_t(2));  // absent from the list is not gone
    // A page stored afterwards shows the name at once.
    const auto outcome = database->storePage({u"main"_s, {wholeCall(30)}, std::nullopt}, kNow);
    QCOMPARE(*outcome->rows.front().call.call.campaignName, u"June renewals"_s);
}

void TestCallsDatabase::indexRowsOfAPageEqualThoseReadBack() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->saveCampaigns(u"main"_s, {{u"main"_s, u"camp-1"_s, u"One"_s, std::nullopt, "{}"}}));
    const auto outcome =
        database->storePage({u"main"_s, {wholeCall(1), wholeCall(2), sample::bareCall(3)}, cursor(2)}, kNow);
    QVERIFY(outcome);
    const auto rows = allRows(*database);
    QCOMPARE(rows.size(), outcome->rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        const IndexRow& told = outcome->rows[i];
        const IndexRow& read = rows[i];
        QVERIFY(sample::sameCall(told.call.call, read.call.call));
        QCOMPARE(told.call.callRow, read.call.callRow);
        QVERIFY(told.call.refreshedAt == read.call.refreshedAt);
        QCOMPARE(told.hasSummary, read.hasSummary);
        QCOMPARE(told.hasProviderNotes, read.hasProviderNotes);
        QCOMPARE(told.hasNextAction, read.hasNextAction);
        QCOMPARE(told.hasFieldErrors, read.hasFieldErrors);
        QVERIFY(!read.call.call.summary && !read.call.call.recordingUrl && read.call.call.raw.isEmpty());
    }
    QVERIFY(rows[0].hasSummary && rows[0].hasFieldErrors && !rows[2].hasSummary && !rows[2].hasFieldErrors);
    int seen = 0;
    QVERIFY(database->forEachIndexRow([&](IndexRow&&) { return ++seen < 2; }));
    QCOMPARE(seen, 2);
    std::vector<qint64> after;
    QVERIFY(database->forEachTexts(
        [&](CallTexts&& texts) {
            after.push_back(texts.callRow);
            return true;
        },
        rows[0].call.callRow));
    QCOMPARE(after, (std::vector<qint64>{rows[1].call.callRow, rows[2].call.callRow}));
}

void TestCallsDatabase::cursorTravelsWithThePage() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->cursors(u"main"_s)->empty());
    PullCursor at = cursor(4);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1)}, at}, kNow));
    database = opened(file());
    auto cursors = database->cursors(u"main"_s);
    QVERIFY(cursors);
    QCOMPARE(cursors->size(), size_t(1));
    QCOMPARE(cursors->front().nextPage, 4);
    QVERIFY(cursors->front().lastTotal == 77);
    QVERIFY(!cursors->front().complete && !cursors->front().completedAt);
    at.complete = true;
    at.completedAt = kNow;
    at.lastTotal.reset();
    at.problem = u"stopped"_s;
    QVERIFY(database->saveCursor(at));
    cursors = database->cursors(u"main"_s);
    QCOMPARE(cursors->size(), size_t(1));
    QVERIFY(cursors->front().complete && cursors->front().completedAt == kNow && !cursors->front().lastTotal);
    QCOMPARE(cursors->front().problem, u"stopped"_s);
    QVERIFY(database->cursors(u"other"_s)->empty());
}

void TestCallsDatabase::rereadsWhatMayHaveChanged() {
    auto database = opened(file());
    QVERIFY(database);
    std::vector<Call> calls;
    const auto add = [&](int number, auto change) {
        Call call = wholeCall(number);
        call.endTime = kNow - 5min;
        change(call);
        calls.push_back(call);
    };
    add(1, [](Call&) {});  // complete: not again
    add(2, [](Call& call) {
        call.status = CallStatus::Ringing;
        call.endTime.reset();
    });
    add(3, [](Call& call) { call.hasRecording = false; });
    add(4, [](Call& call) { call.hasRecording.reset(); });
    add(5, [](Call& call) { call.recordingUrl.reset(); });  // announced, no link yet
    add(6, [](Call& call) { call.summary.reset(); });
    add(7, [](Call& call) { call.sentiment.reset(); });
    add(8, [](Call& call) {
        call.hasRecording = false;
        call.endTime = kNow - 16min;
    });  // long enough ago
    add(9, [](Call& call) { call.status = CallStatus::Unknown; });
    add(10, [](Call& call) { call.status = CallStatus::InProgress; });  // marked not found below
    add(11, [](Call& call) {
        call.status = CallStatus::Failed;
        call.hasRecording = false;
        call.endTime.reset();
        call.agentConnectTime.reset();
        call.answerTime.reset();
        call.ringTime = kNow - 1min;
    });
    QVERIFY(database->storePage({u"main"_s, calls, std::nullopt}, kNow));
    Call foreign = wholeCall(12, u"other"_s);
    foreign.status = CallStatus::Ringing;
    QVERIFY(database->storePage({u"other"_s, {foreign}, std::nullopt}, kNow));
    QVERIFY(database->markNotFound(wholeCall(10).key, kNow));
    const auto keys = database->callsToReread(u"main"_s, Provider::Yotel, CallsToReread::All, kNow);
    QVERIFY(keys);
    QSet<QString> ids;
    for (const CallKey& key : *keys) {
        QCOMPARE(key.account, u"main"_s);
        ids.insert(key.remoteId);
    }
    QSet<QString> expected;
    for (const int number : {2, 3, 4, 5, 6, 7, 9, 11}) {
        expected.insert(wholeCall(number).key.remoteId);
    }
    QCOMPARE(ids, expected);
    QVERIFY(database->callsToReread(u"nobody"_s, Provider::Yotel, CallsToReread::All, kNow)->empty());
}

void TestCallsDatabase::lateIsWhatTheProviderTellsLate() {
    for (int status = 0; status <= int(CallStatus::Cancelled); ++status) {
        QCOMPARE(hasEnded(CallStatus(status)), status >= 5);  // the numbers stand in the schema
    }
    auto database = opened(file());
    QVERIFY(database);
    Call call = wholeCall(1);
    call.endTime = kNow - 1min;
    call.hasRecording = true;
    call.recordingUrl = u"https://storage.example/a.wav"_s;
    call.summary = u"Said."_s;
    call.sentiment.reset();
    call.nextAction.reset();
    const auto isLate = [&](Provider provider) {
        return !database->callsToReread(u"main"_s, provider, CallsToReread::All, kNow)->empty();
    };
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    QVERIFY(isLate(Provider::Yotel));
    QVERIFY(!isLate(Provider::Atoms));  // has no sentiment of its own: nothing is waited for
    QVERIFY(!isLate(Provider::Vatel));
    QVERIFY(!isLate(Provider::Autocalls));
    call.hasRecording.reset();
    call.recordingUrl.reset();
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    QVERIFY(isLate(Provider::Atoms));
    QVERIFY(isLate(Provider::Autocalls));
    QVERIFY(!isLate(Provider::Vatel));  // never says by itself whether there is one
    call.summary.reset();
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    QVERIFY(isLate(Provider::Vatel));
}

void TestCallsDatabase::askedOftenOldOnesAreLeftOut() {
    auto database = opened(file());
    QVERIFY(database);
    Call call = wholeCall(1);
    call.status = CallStatus::InProgress;
    call.endTime.reset();
    call.agentConnectTime.reset();
    call.answerTime.reset();
    call.ringTime.reset();
    call.createdTime.reset();
    call.dialTime = kNow - 1h;
    QVERIFY(database->storePage({u"main"_s, {call}, std::nullopt}, kNow));
    const auto count = [&](CallsToReread which, Moment now) {
        return database->callsToReread(u"main"_s, Provider::Yotel, which, now)->size();
    };
    QCOMPARE(count(CallsToReread::All, kNow + 1min), size_t(1));
    QCOMPARE(count(CallsToReread::ByAge, kNow + 1min), size_t(0));
    QCOMPARE(count(CallsToReread::ByAge, kNow + 19min), size_t(0));
    QCOMPARE(count(CallsToReread::ByAge, kNow + 21min), size_t(1));
}

void TestCallsDatabase::callsWithoutDetail() {
    auto database = opened(file());
    QVERIFY(database);
    std::vector<Call> calls;
    for (const int number : {1, 2, 3, 4}) {
        calls.push_back(wholeCall(number));
        calls.back().endTime = kNow - number * 10min;
    }
    calls[1].status = CallStatus::InProgress;
    calls[2].rawDetail = "{}";
    calls[3].endTime = kNow - 30s;  // its transcript may not be whole yet
    QVERIFY(database->storePage({u"main"_s, calls, std::nullopt}, kNow));
    Call old = wholeCall(5);
    old.endTime = kNow - 72h;
    QVERIFY(database->storePage({u"main"_s, {old}, std::nullopt}, kNow));
    const auto young = database->callsWithoutDetail(u"main"_s, kNow - 24h, 10, kNow);
    QVERIFY2(young.has_value(), qPrintable(young ? QString() : young.error().detail));
    QCOMPARE(*young, (std::vector<CallKey>{wholeCall(1).key}));
    const auto all = database->callsWithoutDetail(u"main"_s, std::nullopt, 10, kNow);
    QCOMPARE(*all, (std::vector<CallKey>{wholeCall(1).key, old.key}));
    QCOMPARE(database->callsWithoutDetail(u"main"_s, std::nullopt, 1, kNow)->size(), size_t(1));
}

void TestCallsDatabase::countsDispositions() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->storePage(
        {u"main"_s, {wholeCall(1), wholeCall(2), wholeCall(3), sample::bareCall(1)}, std::nullopt}, kNow));
    const auto codes = database->dispositionCodes();
    QVERIFY(codes);
    QCOMPARE(codes->size(), size_t(2));
    QCOMPARE(codes->front().code, u"CALLBACK"_s);
    QCOMPARE(codes->front().calls, 2);
}

void TestCallsDatabase::keepsPositions() {
    auto database = opened(file());
    QVERIFY(database);
    const CallKey key = wholeCall(1).key;
    QCOMPARE(database->saveListening(key, {12s, 0s, {}}).error().kind, ErrorKind::NotFoundHere);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1)}, std::nullopt}, kNow));
    QVERIFY(!*database->listening(key));
    QVERIFY(database->saveListening(key, {12s, 0s, {}}));
    QVERIFY(**database->listening(key) == (ListeningProgress{12s, 0s, {}}));
    const ListeningProgress progress{1234ms, 61s, {{0ms, 700ms}, {900ms, 1234ms}}};
    QVERIFY(database->saveListening(key, progress));
    QVERIFY(**database->listening(key) == progress);
    ListeningProgress scattered;  // more parts than are worth a row
    for (int i = 0; i < 5'000; ++i) {
        scattered.played.push_back({i * 1s, i * 1s + 10ms});
    }
    QVERIFY(database->saveListening(key, scattered));
    QVERIFY((*database->listening(key))->played.size() <= kMostPlayedParts);
}

/// A file of the program that remembered the place alone: 43 s.
void TestCallsDatabase::makeFileOfBefore(const CallKey& key) {
    {
        auto database = opened(file());
        QVERIFY(database);
        QVERIFY(database->storePage({u"main"_s, {wholeCall(1)}, std::nullopt}, kNow));
        QVERIFY(database->saveListening(key, {43s, 60s, {{0s, 43s}}}));
    }
    {
        auto before = Connection::open(file(), Connection::Access::ReadWrite);
        QVERIFY(before);
        for (const char* column : {"heard_ms", "played"}) {
            QVERIFY((*before)->run("ALTER TABLE positions DROP COLUMN " + std::string(column)));
        }
        QVERIFY((*before)->runScript("PRAGMA user_version=3"));
        QCOMPARE((*before)->integer("PRAGMA wal_checkpoint(TRUNCATE)").value(), 0);
    }
}

void TestCallsDatabase::takesOverPlacesOfBefore() {
    const CallKey key = wholeCall(1).key;
    makeFileOfBefore(key);
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(**database->listening(key) == (ListeningProgress{43s, 0s, {}}));
    const ListeningProgress more{50s, 7s, {{43s, 50s}}};
    QVERIFY(database->saveListening(key, more));
    QVERIFY(**database->listening(key) == more);
}

void TestCallsDatabase::readsPlacesOfBeforeWhereNothingCanBeWritten() {
    const CallKey key = wholeCall(1).key;
    makeFileOfBefore(key);
    const QString copy = m_folder->filePath(u"read/calls.db"_s);
    QVERIFY(QDir().mkpath(m_folder->filePath(u"read"_s)) && QFile::copy(file(), copy));
    QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner));
    QVERIFY(QFile::setPermissions(m_folder->filePath(u"read"_s), QFile::ReadOwner | QFile::ExeOwner));
    const auto bytes = [&copy] {
        QFile disk(copy);
        return disk.open(QIODevice::ReadOnly) ? disk.readAll() : QByteArray();
    };
    const QByteArray before = bytes();
    {
        auto database = opened(copy, CallsDatabase::Access::ReadOnly);
        QVERIFY(database);
        const auto call = database->call(key);
        QVERIFY(call && *call);
        QCOMPARE(allRows(*database).size(), size_t(1));
        const auto progress = database->listening(key);
        QVERIFY(progress && *progress);
        QVERIFY(**progress == (ListeningProgress{43s, 0s, {}}));
        QCOMPARE(database->storePage({u"main"_s, {wholeCall(2)}, std::nullopt}, kNow).error().kind,
                 ErrorKind::ReadOnly);
    }
    QVERIFY(!before.isEmpty() && bytes() == before);
    QVERIFY(
        QFile::setPermissions(m_folder->filePath(u"read"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void TestCallsDatabase::removesAnAccountWhole() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1)}, cursor(2)}, kNow));
    QVERIFY(database->storePage({u"other"_s, {wholeCall(2, u"other"_s)}, std::nullopt}, kNow));
    QVERIFY(database->saveListening(wholeCall(1).key, {1s, 1s, {{0s, 1s}}}));
    QVERIFY(database->removeAccount(u"main"_s));
    QVERIFY(database->removeAccount(u"never-there"_s));
    QVERIFY(!*database->call(wholeCall(1).key));
    QVERIFY(*database->call(wholeCall(2, u"other"_s).key));
    QVERIFY(database->cursors(u"main"_s)->empty());
    QVERIFY(database->campaigns(u"main"_s)->empty());
    QCOMPARE(allRows(*database).size(), size_t(1));
    QVERIFY(database->checkpoint());
    QFile disk(file());
    QVERIFY(disk.open(QIODevice::ReadOnly));
    const QByteArray bytes = disk.readAll();
    QVERIFY(bytes.contains("Provider's note 2"));
    QVERIFY(!bytes.contains("Provider's note 1"));  // gone from the disk, not only from the tables
    QCOMPARE(QFileInfo(file() + "-wal"_L1).size(), 0);
    QVERIFY(database->check()->isEmpty());
}

void TestCallsDatabase::readOnlyBesideTheWriter() {
    QCOMPARE(CallsDatabase::open(file(), CallsDatabase::Access::ReadOnly).error().kind, ErrorKind::NotFoundHere);
    QVERIFY(!QFileInfo::exists(file()));
    auto writer = opened(file());
    QVERIFY(writer);
    auto reader = opened(file(), CallsDatabase::Access::ReadOnly);
    QVERIFY(reader);
    QVERIFY(writer->storePage({u"main"_s, {wholeCall(1)}, std::nullopt}, kNow));
    QVERIFY(*reader->call(wholeCall(1).key));
    QVERIFY(writer->saveCampaigns(u"main"_s, {{u"main"_s, u"camp-1"_s, u"One"_s, std::nullopt, "{}"}}));
    QVERIFY((*reader->call(wholeCall(1).key))->call.campaignName == u"One"_s);
    QCOMPARE(reader->storePage({u"main"_s, {wholeCall(2)}, std::nullopt}, kNow).error().kind, ErrorKind::ReadOnly);
    QVERIFY(!*writer->call(wholeCall(2).key));
}

void TestCallsDatabase::refusesForeignRows() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(!database->storePage({u"main"_s, {wholeCall(1), wholeCall(2, u"other"_s)}, std::nullopt}, kNow));
    QVERIFY(allRows(*database).empty());  // the page is accepted whole or not at all
}

void TestCallsDatabase::everyFailingStepIsRepairedByTheNextTry() {
    int fuse = -1;
    int asked = 0;
    auto database = opened(file(), CallsDatabase::Access::ReadWrite, [&](const char*) {
        ++asked;
        return fuse >= 0 && fuse-- == 0 ? 13 /* SQLITE_FULL */ : 0;
    });
    QVERIFY(database);
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, cursor(2)}, kNow));
    int failures = 0;
    for (int n = 0;; ++n) {
        QVERIFY(n < 200);
        // Per round: one changed, one unchanged, two new, a new campaign, a new cursor.
        Call changed = wholeCall(1);
        changed.notes = u"round %1"_s.arg(n);
        Call first = wholeCall(1000 + 2 * n);
        Call second = wholeCall(1001 + 2 * n);
        first.campaignId = u"new-camp-%1"_s.arg(n);
        const PageToStore page{u"main"_s, {changed, wholeCall(2), first, second}, cursor(10 + n)};
        const size_t before = allRows(*database).size();
        fuse = n;
        const auto failed = database->storePage(page, kNow);
        const bool done = failed.has_value();
        fuse = -1;
        if (!done) {
            ++failures;
            QCOMPARE(failed.error().kind, ErrorKind::DiskFull);
            QCOMPARE(allRows(*database).size(), before);
            QVERIFY(!*database->call(first.key));
            QVERIFY(database->cursors(u"main"_s)->front().nextPage != 10 + n);
            const auto again = database->storePage(page, kNow);
            QVERIFY2(again, qPrintable(u"step %1: %2"_s.arg(n).arg(again ? QString() : again.error().detail)));
            QCOMPARE(again->added, 2);
            QCOMPARE(again->changed, 1);
        }
        QCOMPARE(allRows(*database).size(), before + 2);
        QCOMPARE(database->cursors(u"main"_s)->front().nextPage, 10 + n);
        QVERIFY((*database->call(first.key))->call.campaignId == first.campaignId);
        if (done) {
            break;
        }
    }
    QVERIFY2(failures > 15, qPrintable(QString::number(failures)));
    QVERIFY(database->check()->isEmpty());
}

QTEST_GUILESS_MAIN(TestCallsDatabase)
#include "tst_callsdatabase.moc"
