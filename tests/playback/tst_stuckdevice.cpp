// A sound device that hangs for ever in the middle of a call: the window goes on, says so, the sound comes back from a
// fresh thread, the player can be closed at any time, and the process ends.
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/audio/soundfixture.h"
#include "tests/playback/fakesoundsystem.h"
#include "tests/playback/heldup.h"
#include "ui/playback/audiooutput.h"
#include "ui/playback/player.h"
#include "ui/playback/playerbar.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;
/// The player gives a thread 2 s to end; the rest is for a busy machine.
constexpr qint64 kMostToClose = 4000;
constexpr qint64 kLongestBeatMs = 700;
constexpr int kOwnCode = 7;
/// Three that hang, one that is asked, and the one in which the sound library lives.
constexpr int kMostThreads = 5;

SoundSystemMaker maker(const std::shared_ptr<SoundBench>& bench) {
    return [bench] { return std::make_unique<FakeSoundSystem>(bench); };
}

int audioThreads() {
    int count = 0;
    for (const QString& task : QDir(u"/proc/self/task"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(u"/proc/self/task/%1/comm"_s.arg(task));
        count += name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == "audio" ? 1 : 0;
    }
    return count;
}

std::shared_ptr<const PcmStore> emptyRecording() {
    auto samples = std::make_shared<PcmStore>(PcmFormat{8000, 1}, std::string());
    samples->finish();
    return samples;
}

/// As the sound library does it: at the process' end it waits for whoever is still inside of it.
struct Library {
    Library() = default;
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    ~Library() {
        while (bench && bench->held() > 0) {
            QThread::msleep(10);
        }
    }
    std::shared_ptr<SoundBench> bench;
};

Library& library() {
    static Library only;
    return only;
}

}  // namespace

class TestStuckDevice : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void playsWithoutAHang();
    void anotherThreadTakesOver_data();
    void anotherThreadTakesOver();
    void closesWhileItHangs_data();
    void closesWhileItHangs();
    void allHangAndComeBack();
    void fewHangAtOnce();
    void looksLessAndLessOften();
    void slowToOpen_data();
    void slowToOpen();
    void theProcessEnds();

 private:
    void open();
    [[nodiscard]] bool barSays(const QString& words) const;

    QTemporaryDir m_folder;
    std::shared_ptr<SoundBench> m_bench;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<PlayerBar> m_bar;
    QTimer m_heart;
    QElapsedTimer m_lastBeat;
    qint64 m_longest = 0;
    std::unique_ptr<HeldUp> m_heldUp;
};

void TestStuckDevice::initTestCase() {
    QVERIFY(
        fixture::writeFile(m_folder.filePath(u"noise.wav"_s), fixture::wav(fixture::noise(120 * 8000, 2), 8000, 2)));
    m_heart.setTimerType(Qt::PreciseTimer);
    connect(&m_heart, &QTimer::timeout, this, [this] { m_longest = std::max(m_longest, m_lastBeat.restart()); });
}

void TestStuckDevice::init() {
    m_bench = std::make_shared<SoundBench>();
    m_player = std::make_unique<Player>(maker(m_bench));
    m_bar = std::make_unique<PlayerBar>(m_player.get(), nullptr);
    m_longest = 0;
    m_heldUp = std::make_unique<HeldUp>();
    m_lastBeat.start();
    m_heart.start(10);
}

void TestStuckDevice::cleanup() {
    m_heart.stop();
    const qint64 longest = m_longest;
    m_bench->release();
    m_bar.reset();
    m_player.reset();
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->devices.load(), 0, kPatienceMs);  // who came back has given its device back
    const qint64 heldUp = m_heldUp->longest().count();
    QVERIFY2(longest < kLongestBeatMs + heldUp,
             qPrintable(u"the UI thread stood still for %1 ms, the machine for %2"_s.arg(longest).arg(heldUp)));
}

void TestStuckDevice::open() {
    m_player->open({u"a"_s, u"1"_s}, m_folder.filePath(u"noise.wav"_s));
    m_player->play();
}

bool TestStuckDevice::barSays(const QString& words) const {
    const auto labels = m_bar->findChildren<QWidget*>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QWidget* label) {
        return label->property("text").toString().contains(words) || label->accessibleName().contains(words);
    });
}

void TestStuckDevice::playsWithoutAHang() {
    open();
    QTRY_VERIFY(m_player->position() > 4s);  // longer than the patience with a thread
    QVERIFY(m_player->hasDevice() && m_player->soundAnswers());
    QCOMPARE(m_bench->devices.load(), 1);
    m_player->pause();
    QTRY_VERIFY(m_bench->rests);
    m_player->play();
    const auto from = m_player->position();
    QTRY_VERIFY(m_player->position() > from + 300ms);
}

void TestStuckDevice::anotherThreadTakesOver_data() {
    QTest::addColumn<HangAt>("where");
    QTest::newRow("asked which devices there are") << HangAt::Look;
    QTest::newRow("opened") << HangAt::Open;
    QTest::newRow("fed") << HangAt::Write;
    QTest::newRow("given back") << HangAt::Stop;
    QTest::newRow("woken") << HangAt::Resume;
}

void TestStuckDevice::anotherThreadTakesOver() {
    QFETCH(HangAt, where);
    QStringList said;
    connect(m_player.get(), &Player::deviceChanged, m_bar.get(), [this, &said] {
        said << (!m_player->soundAnswers()       ? barSays(u"does not answer"_s) ? u"hangs"_s : u"hangs, unsaid"_s
                 : !m_player->hasDevice()        ? u"none"_s
                 : barSays(u"does not answer"_s) ? u"said wrongly"_s
                                                 : u"plays"_s);
    });
    if (where == HangAt::Open) {
        m_bench->hang(where);
    }
    open();
    if (where != HangAt::Open) {
        QTRY_VERIFY(m_player->position() > 300ms);
    }
    const Qt::HANDLE first = m_bench->puller;
    if (where == HangAt::Resume) {
        m_player->pause();
        QTRY_VERIFY_WITH_TIMEOUT(m_bench->rests, kPatienceMs);
        m_bench->hang(where);
        m_player->play();
    } else if (where != HangAt::Open) {
        m_bench->hang(where);
        m_bench->isLost = where == HangAt::Stop;
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->held(), 1, kPatienceMs);
    m_bench->isLost = false;
    const auto held = m_player->position();
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(said.contains(u"hangs"_s) && said.last() == u"plays"_s, kPatienceMs);
    qInfo().noquote() << u"sound back after %1 ms: %2"_s.arg(clock.elapsed()).arg(said.join(u", "_s));
    QVERIFY(!said.contains(u"hangs, unsaid"_s) && !said.contains(u"said wrongly"_s));
    QCOMPARE(m_bench->held(), 1);
    QVERIFY(m_bench->puller != first && m_bench->puller != Qt::HANDLE{});
    QCOMPARE(m_player->state(), PlayerState::Playing);
    const auto back = m_player->position();
    QVERIFY2(back >= held - 60ms, "the position must not fall back");
    QTRY_VERIFY(m_player->position() > back + 500ms);
    QVERIFY(m_player->hasDevice());

    m_bench->release();  // it comes back, and must not sound beside the one that took over
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->held(), 0, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->devices.load(), 1, kPatienceMs);
    const auto later = m_player->position();
    QTRY_VERIFY(m_player->position() > later + 300ms);
    QVERIFY(m_player->hasDevice() && m_player->soundAnswers());
}

void TestStuckDevice::closesWhileItHangs_data() {
    QTest::addColumn<HangAt>("where");
    QTest::newRow("fed") << HangAt::Write;
    QTest::newRow("given back") << HangAt::Stop;
}

void TestStuckDevice::closesWhileItHangs() {
    QFETCH(HangAt, where);
    open();
    QTRY_VERIFY(m_player->position() > 200ms);
    m_bench->hang(where);
    if (where == HangAt::Write) {
        QTRY_COMPARE(m_bench->held(), 1);
    }
    m_heart.stop();  // the end is waited for, with a bound
    QElapsedTimer clock;
    clock.start();
    m_bar.reset();
    m_player.reset();
    qInfo().noquote() << u"closed after %1 ms"_s.arg(clock.elapsed());
    QVERIFY(clock.elapsed() < kMostToClose + m_heldUp->longest().count());
    QCOMPARE(m_bench->held(), 1);
}

/// They come back while nobody needs them, and the sound is there for the next recording.
void TestStuckDevice::allHangAndComeBack() {
    m_bench->hang(HangAt::Open, true);
    open();
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->held(), 3, kPatienceMs);
    QVERIFY(!m_player->hasDevice() && !m_player->soundAnswers());
    const auto position = m_player->position();
    QTRY_VERIFY(m_player->position() > position + 300ms);
    m_player->close();
    m_bench->release();
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->held(), 0, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_bench->devices <= 1, kPatienceMs);  // the last one was only slow, and keeps its own
    open();
    QTRY_VERIFY_WITH_TIMEOUT(m_player->hasDevice() && m_player->soundAnswers(), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->devices.load(), 1, kPatienceMs);
    const auto back = m_player->position();
    QTRY_VERIFY(m_player->position() > back + 300ms);
}

/// Threads are not left behind without end, and the first one that comes back brings the sound.
void TestStuckDevice::fewHangAtOnce() {
    QTRY_COMPARE_WITH_TIMEOUT(audioThreads(), 0, kPatienceMs);
    m_bench->hang(HangAt::Open, true);
    AudioOutput output(maker(m_bench), 100ms);
    bool found = false;
    int stuck = 0;
    connect(&output, &AudioOutput::stuck, &output, [&] { ++stuck; });
    connect(&output, &AudioOutput::deviceFound, &output, [&](bool isThere) { found = isThere; });
    output.setSamples(emptyRecording());
    output.play({});
    QTRY_COMPARE_WITH_TIMEOUT(stuck, 3, kPatienceMs);
    QVERIFY(!QTest::qWaitFor([&] { return stuck > 3; }, 1500));
    QCOMPARE(m_bench->held(), 3);
    QCOMPARE(audioThreads(), 3);
    m_bench->release();
    QTRY_VERIFY_WITH_TIMEOUT(found, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(audioThreads(), 1, kPatienceMs);
}

/// A server that went is soon looked for again, and less and less often when it stays away.
void TestStuckDevice::looksLessAndLessOften() {
    QVERIFY(lookForServerEvery(0s, false) < 1s && lookForServerEvery(5s, false) < 1s);
    QVERIFY(lookForServerEvery(20s, false) > 3s);
    QVERIFY(lookForServerEvery(29s, true) < 1s);
    QVERIFY(lookForServerEvery(45s, true) > 4s);
    QVERIFY(lookForServerEvery(24h, true) > 9s && lookForServerEvery(24h, true) < 10s);
}

void TestStuckDevice::slowToOpen_data() {
    QTest::addColumn<bool>("needsThread");
    QTest::newRow("threads that come back end") << false;
    QTest::newRow("the library's thread stays") << true;
}

/// Not every device that is slow hangs: it sounds in the end, and those who gave up on it are not kept.
void TestStuckDevice::slowToOpen() {
    QFETCH(bool, needsThread);
    constexpr auto kPatience = 400ms;
    QTRY_COMPARE_WITH_TIMEOUT(audioThreads(), 0, kPatienceMs);
    m_bench->needsThread = needsThread;
    m_bench->openTakes = 2 * kPatience + kPatience / 2;
    AudioOutput output(maker(m_bench), kPatience);
    bool found = false;
    int stuck = 0;
    int most = 0;
    connect(&output, &AudioOutput::stuck, &output, [&] { ++stuck; });
    connect(&output, &AudioOutput::deviceFound, &output, [&](bool isThere) { found = isThere; });
    QTimer count;
    connect(&count, &QTimer::timeout, &count, [&] { most = std::max(most, audioThreads()); });
    count.start(kPatience / 10);
    output.setSamples(emptyRecording());
    output.play({});
    QTRY_VERIFY_WITH_TIMEOUT(found, kPatienceMs);
    QVERIFY(stuck >= 2);
    QVERIFY2(most <= kMostThreads, qPrintable(QString::number(most)));
    QTRY_COMPARE_WITH_TIMEOUT(audioThreads(), needsThread ? 3 : 1, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_bench->devices.load(), 1, kPatienceMs);
    const std::int64_t pulled = m_bench->pulled;
    QTRY_VERIFY(m_bench->pulled > pulled + 24000);
    QVERIFY(found);
}

void TestStuckDevice::theProcessEnds() {
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {u"--end-stuck"_s, m_folder.filePath(u"noise.wav"_s)});
    const bool ended = process.waitForFinished(kPatienceMs);
    process.kill();
    process.waitForFinished();
    QVERIFY2(ended, "the process waits for a thread that hangs");
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), kOwnCode);
}

/// The rest of a process whose sound hangs when it is closed.
static int endStuck(const QString& file) {
    const auto bench = std::make_shared<SoundBench>();
    library().bench = bench;
    {
        Player player(maker(bench));
        player.open({u"a"_s, u"1"_s}, file);
        player.play();
        if (!QTest::qWaitFor([&] { return player.position() > 200ms; }, kPatienceMs)) {
            return 1;
        }
        bench->hang(HangAt::Write);
        if (!QTest::qWaitFor([&] { return bench->held() == 1; }, kPatienceMs)) {
            return 1;
        }
    }
    return kOwnCode;
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc == 3 && QByteArrayView(argv[1]) == "--end-stuck") {
        return endStuck(QFile::decodeName(argv[2]));
    }
    TestStuckDevice test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stuckdevice.moc"
