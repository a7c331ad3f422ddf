// The profile folder, its lock, the door of a running window, durable files and settings.
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "app/durablefile.h"
#include "app/profile.h"
#include "app/settings.h"
#include "app/windowdoor.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

int modeOf(const QString& path) {
    struct stat status = {};
    return stat(QFile::encodeName(path).constData(), &status) == 0 ? int(status.st_mode & 07777) : -1;
}

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

}  // namespace

class TestProfile : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void chooses() {
        qputenv("EARMARK_PROFILE", "/tmp/from-environment");
        QCOMPARE(Profile::choose(u"/tmp/x/../y"_s, false).folder(), u"/tmp/y"_s);
        QCOMPARE(Profile::choose(QString(), false).folder(), u"/tmp/from-environment"_s);
        // A demo never mixes its calls into real data.
        QVERIFY(Profile::choose(QString(), true).folder().endsWith(u"/earmark-demo"_s));
        QCOMPARE(Profile::choose(u"/tmp/z"_s, true).folder(), u"/tmp/z"_s);
        qunsetenv("EARMARK_PROFILE");
        QVERIFY(Profile::choose(QString(), false).isDefault());
    }

    void makesAPrivateFolder() {
        const Profile profile(m_folder->filePath(u"a/b"_s));
        QVERIFY(profile.prepare().has_value());
        QCOMPARE(modeOf(profile.folder()) & 0777, 0700);
        chmod(QFile::encodeName(profile.folder()).constData(), 0755);
        QVERIFY(profile.prepare().has_value());
        QCOMPARE(modeOf(profile.folder()) & 0777, 0700);
    }

    void leavesForeignFoldersAlone() {
        const Profile profile(m_folder->filePath(u"shared"_s));
        QVERIFY(QDir().mkpath(profile.folder()));
        put(profile.folder() + u"/letter.txt"_s, "x");
        chmod(QFile::encodeName(profile.folder()).constData(), 0755);
        QVERIFY(profile.prepare().has_value());
        QCOMPARE(modeOf(profile.folder()) & 0777, 0755);
    }

    void refusesAFileAsFolder() {
        const QString path = m_folder->filePath(u"file"_s);
        put(path, "x");
        QVERIFY(!Profile(path).prepare().has_value());
    }

    void oneHolderAtATime() {
        const Profile profile(m_folder->filePath(u"p"_s));
        auto first = ProfileLock::take(profile);
        QVERIFY(first.has_value());
        const auto second = ProfileLock::take(profile);
        QVERIFY(!second.has_value());
        QCOMPARE(second.error().kind, ErrorKind::HeldElsewhere);
        QVERIFY2(second.error().message.contains(QString::number(QCoreApplication::applicationPid())),
                 qPrintable(second.error().message));
        first->reset();
        QVERIFY(ProfileLock::take(profile).has_value());
    }

    void aDeadHolderDoesNotBlock_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("dead process") << QByteArray(R"({"pid":999999,"host":"elsewhere","program":"earmark"})");
        QTest::newRow("damaged") << QByteArray("\x00\xff garbage {", 12);
        QTest::newRow("empty") << QByteArray();
    }
    void aDeadHolderDoesNotBlock() {
        QFETCH(QByteArray, content);
        const Profile profile(m_folder->filePath(u"p"_s));
        QVERIFY(profile.prepare().has_value());
        put(profile.lockFile(), content);
        QVERIFY(ProfileLock::take(profile).has_value());
    }

    void aLinkIsNoLockFile() {
        const Profile profile(m_folder->filePath(u"p"_s));
        QVERIFY(profile.prepare().has_value());
        const QString victim = m_folder->filePath(u"victim"_s);
        put(victim, "precious");
        QVERIFY(QFile::link(victim, profile.lockFile()));
        QVERIFY(!ProfileLock::take(profile).has_value());
        QFile file(victim);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
    }

    void waitsForShortHoldersOnly() {
        const Profile profile(m_folder->filePath(u"p"_s));
        auto first = ProfileLock::take(profile);
        QVERIFY(first.has_value());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!ProfileLock::takePatiently(profile, std::chrono::milliseconds(250)).has_value());
        QVERIFY(timer.elapsed() >= 200);
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        timer.start();
        QVERIFY(!ProfileLock::takePatiently(profile, std::chrono::seconds(30)).has_value());
        QVERIFY(timer.elapsed() < 5000);
    }

    void theDoorUnderstandsTwoThings_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<int>("raises");
        QTest::addColumn<int>("opens");
        QTest::newRow("raise") << QByteArray("raise\n") << 1 << 0;
        QTest::newRow("open") << QByteArray("open earmark:call/main/1\n") << 0 << 1;
        QTest::newRow("open something else") << QByteArray("open file:///etc/passwd\n") << 0 << 0;
        QTest::newRow("open http") << QByteArray("open http://a.example/\n") << 0 << 0;
        QTest::newRow("unknown") << QByteArray("quit\n") << 0 << 0;
        QTest::newRow("upper case") << QByteArray("RAISE\n") << 0 << 0;
        QTest::newRow("two words") << QByteArray("raise now\n") << 0 << 0;
        QTest::newRow("binary") << QByteArray("\x00\x01\xff\xfe\n", 5) << 0 << 0;
        QTest::newRow("too long") << "open earmark:" + QByteArray(3000, 'a') + '\n' << 0 << 0;
        QTest::newRow("endless") << QByteArray(200000, 'a') << 0 << 0;
        QTest::newRow("second line is not read") << QByteArray("raise\nraise\n") << 1 << 0;
    }
    void theDoorUnderstandsTwoThings() {
        QFETCH(QByteArray, message);
        QFETCH(int, raises);
        QFETCH(int, opens);
        const Profile profile(m_folder->path());
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        QSignalSpy raised(&door, &WindowDoor::raiseRequested);
        QSignalSpy opened(&door, &WindowDoor::openRequested);
        QLocalSocket guest;
        guest.connectToServer(profile.socketFile());
        QTRY_COMPARE(guest.state(), QLocalSocket::ConnectedState);
        guest.write(message);
        QTRY_COMPARE_WITH_TIMEOUT(guest.state(), QLocalSocket::UnconnectedState, 5000);
        QCOMPARE(raised.size(), raises);
        QCOMPARE(opened.size(), opens);
        QCOMPARE(guest.readAll(), QByteArray(raises + opens > 0 ? "ok\n" : ""));
    }

    void silentGuestsAreShownOut() {
        const Profile profile(m_folder->path());
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        std::vector<std::unique_ptr<QLocalSocket>> guests;
        for (int i = 0; i < 40; ++i) {
            guests.push_back(std::make_unique<QLocalSocket>());
            guests.back()->connectToServer(profile.socketFile());
        }
        for (const auto& guest : guests) {
            QTRY_COMPARE_WITH_TIMEOUT(guest->state(), QLocalSocket::UnconnectedState, 8000);
        }
    }

    void theSocketIsPrivate() {
        const Profile profile(m_folder->path());
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        QCOMPARE(modeOf(profile.socketFile()) & 0777, 0600);
    }

    void longPathsHaveADoorToo() {
        const Profile profile(m_folder->filePath(QString(90, u'x') + u'/' + QString(90, u'y')));
        QVERIFY(profile.prepare().has_value());
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        QVERIFY(isWindowOpen(profile));
        QVERIFY(QFileInfo::exists(profile.socketFile()));
    }

    void aLeftSocketIsReplaced() {
        const Profile profile(m_folder->path());
        put(profile.socketFile(), "left behind");
        WindowDoor door;
        QVERIFY(door.open(profile).has_value());
        QVERIFY(isWindowOpen(profile));
    }

    void nobodyAtTheDoor() {
        const Profile profile(m_folder->path());
        QVERIFY(!isWindowOpen(profile));
        QVERIFY(!knock(profile, "raise", std::chrono::milliseconds(60)));
    }

    void durableFilesAreWholeAndPrivate() {
        const QString path = m_folder->filePath(u"f"_s);
        QVERIFY(writeDurably(path, "one").has_value());
        QVERIFY(writeDurably(path, "two").has_value());
        QCOMPARE(modeOf(path) & 0777, 0600);
        const QString copy = m_folder->filePath(u"copy"_s);
        QVERIFY(copyDurably(path, copy).has_value());
        QFile file(copy);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("two"));
        QVERIFY(!writeDurably(m_folder->filePath(u"none/f"_s), "x").has_value());
        QVERIFY(!copyDurably(m_folder->filePath(u"none"_s), copy).has_value());
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 2);  // nothing temporary is left
    }

    void settingsComeBack() {
        const QString path = m_folder->filePath(u"settings.json"_s);
        const QVariantMap nested{{u"width"_s, 120}, {u"on"_s, true}, {u"names"_s, QVariantList{u"a"_s, u"b"_s}}};
        {
            Settings settings(path);
            settings.setValue(u"text"_s, u"with \"quotes\" and é"_s);
            settings.setValue(u"number"_s, 2.5);
            settings.setValue(u"bytes"_s, QByteArray("\x00\xff\x01", 3));
            settings.setValue(u"map"_s, nested);
            settings.setValue(u"list"_s, QStringList{u"x"_s, u"y"_s});
        }
        const Settings settings(path);
        QCOMPARE(settings.value(u"text"_s).toString(), u"with \"quotes\" and é"_s);
        QCOMPARE(settings.value(u"number"_s).toDouble(), 2.5);
        QCOMPARE(settings.value(u"bytes"_s).toByteArray(), QByteArray("\x00\xff\x01", 3));
        QCOMPARE(settings.value(u"map"_s).toMap().value(u"width"_s).toInt(), 120);
        QVERIFY(settings.value(u"map"_s).toMap().value(u"on"_s).toBool());
        QCOMPARE(settings.value(u"list"_s).toStringList(), QStringList({u"x"_s, u"y"_s}));
        QCOMPARE(settings.value(u"absent"_s, 7).toInt(), 7);
        QCOMPARE(modeOf(path) & 0777, 0600);
    }

    void settingsAreWrittenSoon() {
        const QString path = m_folder->filePath(u"settings.json"_s);
        Settings settings(path);
        settings.setValue(u"a"_s, 1);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 5000);
        QVERIFY(QJsonDocument::fromJson([&] {
                    QFile file(path);
                    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
                }())
                    .isObject());
    }

    void damagedSettingsAreSetAside() {
        const QString path = m_folder->filePath(u"settings.json"_s);
        { Settings(path).setValue(u"volume"_s, 0.5); }
        QFile good(path);
        QVERIFY(good.open(QIODevice::ReadOnly));
        const QByteArray whole = good.readAll();
        QRandomGenerator random(4711);
        int damaged = 0;
        for (int round = 0; round < 200; ++round) {
            QByteArray bytes = whole;
            bytes[random.bounded(int(bytes.size()))] = char(random.bounded(256));
            if (round % 4 == 0) {
                bytes.truncate(random.bounded(int(bytes.size())));
            }
            const QString file = m_folder->filePath(u"d%1.json"_s.arg(round));
            put(file, bytes);
            bool wasDamaged = false;
            if (!QJsonDocument::fromJson(bytes).isObject()) {
                QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"set aside"_s));
                wasDamaged = true;
            }
            const Settings settings(file);
            QCOMPARE(!settings.problem().isEmpty(), wasDamaged);
            if (wasDamaged) {
                ++damaged;
                QVERIFY(!QFile::exists(file));
                QCOMPARE(QDir(m_folder->path()).entryList({u"d%1.json.damaged-*"_s.arg(round)}).size(), 1);
                QCOMPARE(settings.value(u"volume"_s, 1.0).toDouble(), 1.0);
            }
        }
        QVERIFY(damaged > 20);
    }

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestProfile)
#include "tst_profile.moc"
