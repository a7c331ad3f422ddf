// The desktop's media control over a bus of the test's own: what it may do, what it is told, and what it never learns.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <map>

#include "tests/support/patience.h"
#include "ui/common/desksettings.h"
#include "ui/playback/mpris.h"
#include "ui/playback/player.h"
#include "ui/playback/sessionbus.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QString kService = u"org.mpris.MediaPlayer2.earmark"_s;
const QString kPath = u"/org/mpris/MediaPlayer2"_s;
const QString kPlayer = u"org.mpris.MediaPlayer2.Player"_s;
constexpr int kNoWaitMs = 1000;  // a bus that says nothing is waited for twice as long, elsewhere

class MapSettings final : public DeskSettings {
 public:
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { m_values.insert(key, value); }

 private:
    QVariantMap m_values;
};

bool writeWav(const QString& path, int seconds) {
    QByteArray bytes(
        "RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
        "data....",
        44);
    bytes.append(qsizetype(seconds) * 16'000, '\0');
    qToLittleEndian(quint32(bytes.size() - 8), bytes.data() + 4);
    qToLittleEndian(quint32(bytes.size() - 44), bytes.data() + 40);
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

}  // namespace

/// Hears what goes out on the bus.
class Listener final : public QObject {
    Q_OBJECT

 public:
    QVariantMap changed;
    QList<qlonglong> sought;

 public Q_SLOTS:
    void propertiesChanged(const QString& interface, const QVariantMap& values, const QStringList&) {
        if (interface == kPlayer) {
            changed.insert(values);
        }
    }
    void seeked(qlonglong position) { sought << position; }
};

class TestMpris final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void transport();
    void nothingIsThere();
    void tellsWhatChanges();
    void theTitleHoldsNothingPrivate();
    void seeking();
    void aSecondOneHasAnotherName();
    void noBus_data();
    void noBus();
    void aBusThatNeverAnswers();

 private:
    void open(int seconds = 83);
    [[nodiscard]] QVariant call(const QString& method, const QVariantList& arguments = {},
                                const QString& interface = kPlayer);
    [[nodiscard]] QVariant get(const QString& name) {
        return call(u"Get"_s, {kPlayer, name}, u"org.freedesktop.DBus.Properties"_s).value<QDBusVariant>().variant();
    }
    void set(const QString& name, const QVariant& value) {
        (void)call(u"Set"_s, {kPlayer, name, QVariant::fromValue(QDBusVariant(value))},
                   u"org.freedesktop.DBus.Properties"_s);
    }
    [[nodiscard]] QVariantMap metadata() { return qdbus_cast<QVariantMap>(get(u"Metadata"_s)); }

    QTemporaryDir m_folder;
    QProcess m_daemon;
    QByteArray m_address;
    std::unique_ptr<QDBusConnection> m_bus;
    MapSettings m_settings;
    std::unique_ptr<Player> m_playing;
    std::unique_ptr<Mpris> m_mpris;
    QList<int> m_steps;
    int m_raised = 0;
};

void TestMpris::initTestCase() {
    const QString daemon = QStandardPaths::findExecutable(u"dbus-daemon"_s);
    if (daemon.isEmpty()) {
        QSKIP("There is no dbus-daemon (package dbus).");
    }
    m_daemon.start(daemon, {u"--session"_s, u"--nofork"_s, u"--nosyslog"_s, u"--print-address"_s,
                            u"--address=unix:path="_s + m_folder.filePath(u"bus"_s)});
    QVERIFY(m_daemon.waitForReadyRead(test::kLivenessMs));
    m_address = m_daemon.readAllStandardOutput().trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address);
    m_bus = std::make_unique<QDBusConnection>(
        QDBusConnection::connectToBus(QString::fromLatin1(m_address), u"the desktop"_s));
    QVERIFY(m_bus->isConnected());
}

void TestMpris::cleanupTestCase() {
    m_bus.reset();
    m_daemon.terminate();
    m_daemon.waitForFinished(5000);
}

void TestMpris::cleanup() {
    m_mpris.reset();
    m_playing.reset();
    QDBusConnection::disconnectFromBus(u"earmark-session"_s);
    m_steps.clear();
    m_raised = 0;
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address);
}

void TestMpris::open(int seconds) {
    const QString file = m_folder.filePath(u"%1.wav"_s.arg(seconds));
    QVERIFY(writeWav(file, seconds));
    m_playing = std::make_unique<Player>();
    m_mpris = std::make_unique<Mpris>(
        m_playing.get(), &m_settings,
        Mpris::Controls{[this] { m_playing->togglePlaying(); }, [this](int by) { m_steps << by; },
                        [](int by) { return by > 0; }, [this] { ++m_raised; },
                        [] { return u"Asha Verma, 0044 20 7946 0000"_s; }});
    QSignalSpy onBus(m_mpris.get(), &Mpris::onBus);
    m_mpris->start();
    QVERIFY(onBus.wait(test::kLivenessMs));
    m_playing->open({u"main"_s, u"secret-id"_s}, file);
    QTRY_COMPARE(m_playing->state(), PlayerState::Paused);
    QTRY_COMPARE(m_playing->duration(), std::chrono::milliseconds(seconds * 1000));
}

/// Answers come through this process's own event loop, so that nothing may block here.
QVariant TestMpris::call(const QString& method, const QVariantList& arguments, const QString& interface) {
    QDBusMessage message = QDBusMessage::createMethodCall(kService, kPath, interface, method);
    message.setArguments(arguments);
    const QDBusPendingCallWatcher watcher(m_bus->asyncCall(message));
    if (!QTest::qWaitFor([&watcher] { return watcher.isFinished(); }, test::kLivenessMs) || watcher.isError()) {
        qWarning("%ls: %ls", qUtf16Printable(method), qUtf16Printable(watcher.error().message()));
        return {};
    }
    return watcher.reply().arguments().value(0);
}

void TestMpris::transport() {
    open();
    QCOMPARE(get(u"PlaybackStatus"_s).toString(), u"Paused"_s);
    (void)call(u"PlayPause"_s);
    QTRY_COMPARE(get(u"PlaybackStatus"_s).toString(), u"Playing"_s);
    (void)call(u"Play"_s);  // plays on
    QCOMPARE(m_playing->state(), PlayerState::Playing);
    (void)call(u"Pause"_s);
    (void)call(u"Pause"_s);
    QTRY_COMPARE(m_playing->state(), PlayerState::Paused);
    (void)call(u"Play"_s);
    QTRY_COMPARE(m_playing->state(), PlayerState::Playing);
    (void)call(u"Stop"_s);
    QTRY_COMPARE(m_playing->state(), PlayerState::Paused);
    QCOMPARE(m_playing->position(), 0ms);
    QTRY_COMPARE(get(u"PlaybackStatus"_s).toString(), u"Stopped"_s);
    (void)call(u"Play"_s);
    QTRY_COMPARE(get(u"PlaybackStatus"_s).toString(), u"Playing"_s);
    (void)call(u"Pause"_s);
    QTRY_COMPARE(get(u"PlaybackStatus"_s).toString(), u"Paused"_s);
    for (const QString& can : {u"CanPlay"_s, u"CanPause"_s, u"CanSeek"_s}) {
        QCOMPARE(get(can).toBool(), true);
    }
    (void)call(u"Next"_s);
    (void)call(u"Previous"_s);
    QCOMPARE(m_steps, (QList<int>{1, -1}));
    QCOMPARE(get(u"CanGoNext"_s).toBool(), true);
    QCOMPARE(get(u"CanGoPrevious"_s).toBool(), false);
    QCOMPARE(get(u"CanControl"_s).toBool(), true);
    QCOMPARE(get(u"MinimumRate"_s).toDouble(), 0.5);
    QCOMPARE(get(u"MaximumRate"_s).toDouble(), 3.0);
    set(u"Rate"_s, 1.5);
    QCOMPARE(m_playing->tempo(), 1.5);
    set(u"Rate"_s, 99.0);
    QCOMPARE(m_playing->tempo(), 3.0);
    set(u"Rate"_s, qQNaN());
    QCOMPARE(m_playing->tempo(), 3.0);
    set(u"Volume"_s, 0.25);
    QCOMPARE(m_playing->volume(), 0.25);
    set(u"Volume"_s, -7.0);
    QCOMPARE(m_playing->volume(), 0.0);
    (void)call(u"Raise"_s, {}, u"org.mpris.MediaPlayer2"_s);
    QCOMPARE(m_raised, 1);
}

void TestMpris::nothingIsThere() {
    open();
    m_mpris.reset();
    QDBusConnection::disconnectFromBus(u"earmark-session"_s);
    m_playing->close();
    bool isThere = false;
    m_mpris = std::make_unique<Mpris>(
        m_playing.get(), &m_settings,
        Mpris::Controls{[] {}, [](int) {}, [&isThere](int) { return isThere; }, [] {}, [] { return QString(); }});
    QSignalSpy onBus(m_mpris.get(), &Mpris::onBus);
    m_mpris->start();
    QVERIFY(onBus.wait(test::kLivenessMs));
    Listener listener;
    QVERIFY(m_bus->connect(kService, kPath, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s, &listener,
                           SLOT(propertiesChanged(QString, QVariantMap, QStringList))));
    QCOMPARE(get(u"PlaybackStatus"_s).toString(), u"Stopped"_s);
    for (const QString& can : {u"CanPlay"_s, u"CanPause"_s, u"CanSeek"_s, u"CanGoNext"_s, u"CanGoPrevious"_s}) {
        QCOMPARE(get(can).toBool(), false);
    }
    isThere = true;  // calls came
    m_mpris->lookAgain();
    QTRY_COMPARE(listener.changed.value(u"CanPlay"_s).toBool(), true);
    QCOMPARE(listener.changed.value(u"CanGoNext"_s).toBool(), true);
}

void TestMpris::tellsWhatChanges() {
    open();
    Listener listener;
    QVERIFY(m_bus->connect(kService, kPath, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s, &listener,
                           SLOT(propertiesChanged(QString, QVariantMap, QStringList))));
    QVERIFY(m_bus->connect(kService, kPath, kPlayer, u"Seeked"_s, &listener, SLOT(seeked(qlonglong))));
    (void)get(u"Volume"_s);  // the subscription is with the bus by now
    m_playing->play();
    QTRY_COMPARE(listener.changed.value(u"PlaybackStatus"_s).toString(), u"Playing"_s);
    QVERIFY(!listener.changed.contains(u"Volume"_s));  // only what changed
    m_playing->setTempo(2.0);
    QTRY_COMPARE(listener.changed.value(u"Rate"_s).toDouble(), 2.0);
    m_playing->setMuted(true);
    QTRY_COMPARE(listener.changed.value(u"Volume"_s, -1).toDouble(), 0.0);
    QTest::qWait(300);
    QVERIFY(listener.sought.isEmpty());  // it only ran
    m_playing->seek(40s);
    QTRY_VERIFY(!listener.sought.isEmpty());
    QVERIFY(listener.sought.first() >= 40'000'000 && listener.sought.first() < 41'000'000);
    m_playing->close();
    QTRY_COMPARE(listener.changed.value(u"PlaybackStatus"_s).toString(), u"Stopped"_s);
}

void TestMpris::theTitleHoldsNothingPrivate() {
    open();
    QTRY_COMPARE(metadata().value(u"xesam:title"_s).toString(), u"Call 1:23"_s);
    QCOMPARE(metadata().value(u"mpris:length"_s).toLongLong(), 83'000'000LL);
    QString all;
    QDebug(&all) << metadata();
    for (const QString& secret : {u"Asha"_s, u"7946"_s, u"secret-id"_s, u"main"_s}) {
        QVERIFY2(!all.contains(secret), qPrintable(all));
    }
    QVERIFY(all.contains(u"Call 1:23"_s));
    m_settings.setValue(u"mpris/showNames"_s, true);
    QCOMPARE(metadata().value(u"xesam:title"_s).toString(), u"Asha Verma, 0044 20 7946 0000"_s);
    m_settings.setValue(u"mpris/showNames"_s, false);
}

void TestMpris::seeking() {
    open();
    const QVariant track = metadata().value(u"mpris:trackid"_s);
    (void)call(u"SetPosition"_s, {track, qlonglong(30'000'000)});
    QTRY_COMPARE(m_playing->position(), 30s);
    QCOMPARE(get(u"Position"_s).toLongLong(), 30'000'000LL);
    (void)call(u"SetPosition"_s,
               {QVariant::fromValue(QDBusObjectPath(u"/org/earmark/recording/999"_s)), qlonglong(50'000'000)});
    (void)call(u"SetPosition"_s, {track, qlonglong(-1)});
    (void)call(u"SetPosition"_s, {track, qlonglong(84'000'000)});
    QCOMPARE(m_playing->position(), 30s);
    (void)call(u"Seek"_s, {qlonglong(-10'000'000)});
    QCOMPARE(m_playing->position(), 20s);
    (void)call(u"Seek"_s, {std::numeric_limits<qlonglong>::min()});
    QCOMPARE(m_playing->position(), 0ms);
    (void)call(u"Seek"_s, {std::numeric_limits<qlonglong>::max()});
    QCOMPARE(m_playing->position(), 83s);
    QVERIFY(m_steps.isEmpty());
}

void TestMpris::aSecondOneHasAnotherName() {
    QVERIFY(m_bus->registerService(kService));
    open();
    QVERIFY(m_mpris->isOnBus());
    const QStringList names = m_bus->interface()->registeredServiceNames().value();
    QVERIFY2(names.contains(kService + u".instance%1"_s.arg(::getpid())), qPrintable(names.join(u' ')));
    QVERIFY(m_bus->unregisterService(kService));
}

void TestMpris::noBus_data() {
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("nobody there") << "unix:path=/nonexistent/bus"_ba;
    QTest::newRow("another kind") << "tcp:host=127.0.0.1,port=1"_ba;
    QTest::newRow("junk") << "junk;;unix:;unix:path="_ba;
}

void TestMpris::noBus() {
    QFETCH(QByteArray, address);
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
    qputenv("XDG_RUNTIME_DIR", m_folder.path().toUtf8() + "/nothing");
    m_playing = std::make_unique<Player>();
    m_mpris = std::make_unique<Mpris>(m_playing.get(), &m_settings,
                                      Mpris::Controls{[] {}, [](int) {}, [](int) { return false; }, [] {}, {}});
    QElapsedTimer timer;
    timer.start();
    m_mpris->start();
    QVERIFY(timer.elapsed() < kNoWaitMs);
    QTest::qWait(100);
    QVERIFY(!m_mpris->isOnBus());
    m_playing->setVolume(0.5);  // nobody is told, nothing happens
    runtime.isEmpty() ? qunsetenv("XDG_RUNTIME_DIR") : qputenv("XDG_RUNTIME_DIR", runtime);
}

/// The socket takes the connection and says nothing.
void TestMpris::aBusThatNeverAnswers() {
    const QByteArray path = QFile::encodeName(m_folder.filePath(u"mute"_s));
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    QCOMPARE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    QCOMPARE(::listen(listener, 4), 0);
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + path);
    m_playing = std::make_unique<Player>();
    m_mpris = std::make_unique<Mpris>(m_playing.get(), &m_settings,
                                      Mpris::Controls{[] {}, [](int) {}, [](int) { return false; }, [] {}, {}});
    QElapsedTimer timer;
    timer.start();
    m_mpris->start();
    QVERIFY(timer.elapsed() < kNoWaitMs);
    QTest::qWait(50);
    timer.start();
    m_mpris.reset();  // nor does the end of it wait
    QVERIFY(timer.elapsed() < kNoWaitMs);
    timer.start();
    QVERIFY(!SessionBus::answers(QFile::decodeName(path)));
    QVERIFY(timer.elapsed() >= 1900 && timer.elapsed() < 15'000);  // the bus's own patience is 25 s
    ::close(listener);
}

QTEST_GUILESS_MAIN(TestMpris)
#include "tst_mpris.moc"
