// The recording of the call that is shown: what is remembered of it outlives a read that failed, and nothing sounds of
// a call that is not there or was never chosen.
#include <QFile>

#include "tests/audio/soundfixture.h"
#include "tests/detail/desk.h"
#include "ui/detail/callheader.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/recordingdesk.h"
#include "ui/detail/rememberedplaces.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int kSqliteInputOutput = 10;
constexpr int kSeconds = 60;

QByteArray minute() {
    return fixture::wav(fixture::noise(kSeconds * 8000, 1), 8000, 1);
}

/// A call with a recording on the server.
CallKey putRecorded(Desk& desk, const QString& id) {
    Call call = Desk::call(id);
    call.hasRecording = true;
    call.recordingUrl = desk.server.url(u"/sound/%1.wav"_s.arg(id)).toString();
    desk.server.on(u"/sound/%1.wav"_s.arg(id).toUtf8(), Reply::bytes(minute(), "audio/wav"));
    return desk.put(call) ? call.key : CallKey();
}

std::optional<ListeningProgress> remembered(Desk& desk, const CallKey& key) {
    std::optional<ListeningProgress> found;
    bool answered = false;
    desk.store->loadListening(key, &desk, [&](const Result<std::optional<ListeningProgress>>& answer) {
        found = answer ? *answer : std::nullopt;
        answered = true;
    });
    static_cast<void>(QTest::qWaitFor([&] { return answered; }, 20'000));
    return found;
}

bool remember(Desk& desk, const CallKey& key, const ListeningProgress& progress) {
    bool done = false;
    desk.store->saveListening(key, progress, &desk, [&](const Done& saved) { done = saved.has_value(); });
    return QTest::qWaitFor([&] { return done; }, 20'000);
}

/// Whoever was told something by the store meanwhile has had his turn.
void settleStore(Desk& desk) {
    for (int turn = 0; turn < 5; ++turn) {
        bool answered = false;
        desk.store->loadDrafts(&desk, [&](const Result<std::vector<Draft>>&) { answered = true; });
        static_cast<void>(QTest::qWaitFor([&] { return answered; }, 20'000));
        static_cast<void>(desk.stored({u"main"_s, u"nobody"_s}));
    }
}

}  // namespace

class RecordingDeskTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aFailedReadLosesNothing_data();
    void aFailedReadLosesNothing();
    void nothingOpensWhenNothingIsChosen();
    void aRemovedCallFallsSilent();
    void playIsHeardAlsoBeforeTheRecordIsRead();
};

void RecordingDeskTest::aFailedReadLosesNothing_data() {
    QTest::addColumn<bool>("comesBack");
    QTest::newRow("read again while it is open") << false;
    QTest::newRow("read again when the call is shown again") << true;
}

void RecordingDeskTest::aFailedReadLosesNothing() {
    QFETCH(bool, comesBack);
    Desk desk;
    QVERIFY(desk.open());
    const CallKey key = putRecorded(desk, u"a"_s);
    const ListeningProgress before{30s, 25s, {{5s, 30s}}};
    QVERIFY(remember(desk, key, before));
    const QString file = desk.folder.filePath(u"a.wav"_s);
    QVERIFY(fixture::writeFile(file, minute()));
    RememberedPlaces places(desk.store.get(), desk.player.get());

    desk.gate->failPlaces = kSqliteInputOutput;
    std::optional<milliseconds> from;
    places.ask(key, &desk, [&](milliseconds place) { from = place; });
    QTRY_VERIFY(from.has_value());
    QCOMPARE(*from, 0ms);
    desk.player->open(key, file, *from);
    desk.player->play();
    QTRY_VERIFY(desk.player->state() == PlayerState::Playing && desk.player->position() > 200ms);
    desk.player->pause();  // kept here, if it may be
    settleStore(desk);
    const milliseconds stopped = desk.player->position();
    if (comesBack) {
        places.leave();
        desk.player->close();
        settleStore(desk);
        desk.gate->failPlaces = 0;
        QVERIFY(remembered(desk, key) == before);
        from.reset();
        places.ask(key, &desk, [&](milliseconds place) { from = place; });
        QTRY_VERIFY(from.has_value());
        QCOMPARE(*from, stopped);  // newer than what is stored
    } else {
        desk.gate->failPlaces = 0;
        QVERIFY(remembered(desk, key) == before);
        places.leave();
        desk.player->close();
    }
    QTRY_VERIFY(remembered(desk, key) != before);
    const ListeningProgress now = *remembered(desk, key);
    QCOMPARE(now.place, stopped);
    QVERIFY(now.heard >= before.heard);
    QCOMPARE(now.played.size(), size_t(2));
    QCOMPARE(now.played.front().begin, 0ms);
    QCOMPARE(now.played.back(), before.played.back());
}

void RecordingDeskTest::nothingOpensWhenNothingIsChosen() {
    Desk desk;
    QVERIFY(desk.open());
    const CallKey key = putRecorded(desk, u"a"_s);
    DetailPane pane(desk.services());
    pane.show();
    const auto* recording = pane.findChild<RecordingDesk*>();
    QVERIFY(recording != nullptr);
    pane.showCall(key);
    pane.showCall(std::nullopt);  // before the store answered
    settleStore(desk);
    QVERIFY(!recording->call());
    QVERIFY(!pane.findChild<CallHeader*>()->isVisible());
}

void RecordingDeskTest::aRemovedCallFallsSilent() {
    Desk desk;
    QVERIFY(desk.open());
    const CallKey key = putRecorded(desk, u"a"_s);
    DetailPane pane(desk.services());
    pane.show();
    pane.showCall(key);
    QTRY_VERIFY(desk.player->call() == key);
    desk.player->play();
    desk.store->removeAccount(u"main"_s, &desk, {});
    QTRY_VERIFY(!pane.findChild<CallHeader*>()->isVisible());
    QVERIFY(!desk.player->call());
    QVERIFY(!pane.findChild<RecordingDesk*>()->call());
}

void RecordingDeskTest::playIsHeardAlsoBeforeTheRecordIsRead() {
    Desk desk;
    QVERIFY(desk.open());
    const CallKey key = putRecorded(desk, u"a"_s);
    QString file;
    desk.recordings->fetch(
        key, &desk, [&](const Result<FetchedRecording>& fetched) { file = fetched ? fetched->file : QString(); });
    QTRY_VERIFY(!file.isEmpty());
    QFile copy(file);
    QVERIFY(copy.open(QIODevice::Append) && copy.write("more") == 4);
    copy.close();

    RecordingDesk recording(desk.services());
    desk.recordings->setAccounts({});  // a whole one cannot be fetched
    recording.expectCall(key, Provider::Yotel);
    QTRY_COMPARE(int(recording.state()), int(RecordingState::Failed));
    Account account;
    account.name = u"main"_s;
    account.baseUrl = desk.server.url(u"/api/v1"_s);
    desk.recordings->setAccounts({account});
    recording.play();
    QVERIFY(recording.wantsToPlay());
    recording.setCall(desk.stored(key));
    QTRY_VERIFY(desk.player->call() == key);
    QVERIFY(!recording.wantsToPlay());
    QTRY_COMPARE(int(desk.player->state()), int(PlayerState::Playing));
}

QTEST_MAIN(RecordingDeskTest)

#include "tst_recordingdesk.moc"
