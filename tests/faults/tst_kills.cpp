// kill -9 at random moments: the real program while it pulls and while it fetches a recording, and a migration of the
// schema. Whatever was stored stays, nothing is there twice or half, and the next start goes on. EARMARK_SEED repeats a
// run, EARMARK_KILLS makes it longer.
#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include "models/store/callsdatabase.h"
#include "models/store/databasefile.h"
#include "models/sync/recordingfile.h"
#include "tests/app/program.h"
#include "tests/support/seed.h"
#include "tests/support/yotelserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPageSize = 25;
constexpr int kCallsPerCampaign = 1'500;
constexpr int kMostRecordings = 4;  ///< per kill that is wanted
const QStringList kCampaigns{u"north"_s, u"south"_s};

struct Stored {
    int rows = 0;
    QHash<QString, int> perCampaign;
    QHash<QString, PullCursor> cursors;
};

/// Lives for `life` ms after `begun()`, then dies. False when it ended by itself before.
bool killWithin(QProcess& process, const std::function<bool()>& begun, int life) {
    if (!QTest::qWaitFor([&] { return begun() || process.state() == QProcess::NotRunning; }, 30'000)) {
        return false;
    }
    QElapsedTimer running;
    running.start();
    while (running.nsecsElapsed() < qint64(life) * 100'000 && process.state() != QProcess::NotRunning) {
        process.waitForFinished(0);
    }
    process.kill();
    process.waitForFinished();
    return process.exitStatus() == QProcess::CrashExit;
}

/// How long a victim may live, in tenths of a millisecond: shorter after one that ended by itself, longer after one
/// that died, so that about every second kill lands within the work on fast and slow machines alike.
class LifeSpan {
 public:
    LifeSpan(int first, QRandomGenerator& random) : m_most(first), m_random(random) {}
    [[nodiscard]] int next() { return m_random.bounded(std::max(m_most, 1)); }
    void learn(bool killed) { m_most = std::clamp(killed ? m_most * 6 / 5 + 1 : m_most * 4 / 5, 1, 50'000); }

 private:
    int m_most;
    QRandomGenerator& m_random;
};

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestKills : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void pulls();
    void recordings();
    void migrations();

 private:
    [[nodiscard]] static int rounds(int usual) {
        const int given = qEnvironmentVariableIntValue("EARMARK_KILLS");
        return given > 0 ? given : usual;
    }
    void addAccount(Program& program, const YotelServer& server) {
        program.setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
        QCOMPARE(program
                     .run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                           server.account().baseUrl.toString()})
                     .exitCode,
                 0);
    }
    [[nodiscard]] std::optional<Stored> stored(const Program& program) const;
    QRandomGenerator m_random;
};

void TestKills::initTestCase() {
    m_random.seed(testSeed());
}

/// nullopt when the database is not sound or holds a call twice.
std::optional<Stored> TestKills::stored(const Program& program) const {
    const QString file = program.profile() + u"/calls.db"_s;
    Stored stored;
    if (!QFile::exists(file)) {
        return stored;
    }
    const auto database = CallsDatabase::open(file, CallsDatabase::Access::ReadWrite);
    if (!database || !(*database)->notices().isEmpty() || !(*database)->check()->isEmpty()) {
        return std::nullopt;
    }
    QSet<QString> ids;
    const auto read = (*database)->forEachIndexRow([&](IndexRow&& row) {
        ids.insert(row.call.call.key.remoteId);
        ++stored.rows;
        ++stored.perCampaign[row.call.call.campaignId.value_or(QString())];
        return true;
    });
    const auto cursors = (*database)->cursors(u"main"_s);
    if (!read || !cursors || ids.size() != stored.rows) {
        return std::nullopt;
    }
    for (const PullCursor& cursor : *cursors) {
        stored.cursors.insert(cursor.campaignId, cursor);
    }
    return stored;
}

void TestKills::pulls() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    YotelServer server;
    for (const QString& campaign : kCampaigns) {
        server.addCampaign(campaign, campaign);
        server.addCalls(campaign, kCallsPerCampaign);
    }
    Program program;
    addAccount(program, server);
    int kills = 0;
    int resumed = 0;
    bool isWhole = false;
    const int wanted = rounds(40);
    while (kills < wanted) {
        const auto before = stored(program);
        QVERIFY(before);
        server.forgetRequests();
        // Whole: a new pass over everything is begun, which may be cut in its turn.
        const auto process = program.start(isWhole ? QStringList{u"pull"_s, u"--full"_s} : QStringList{u"pull"_s});
        const bool killed = killWithin(
            *process, [&] { return server.count() > 1; }, m_random.bounded(2'500));
        kills += killed ? 1 : 0;
        const auto now = stored(program);
        QVERIFY2(now, "after a kill calls.db is not sound or holds a call twice");
        QVERIFY(now->rows >= before->rows);  // a kill takes nothing away
        for (const QString& campaign : kCampaigns) {
            const int cursor = now->cursors.value(campaign).nextPage;
            const bool complete = now->cursors.value(campaign).complete;
            // The cursor never runs ahead of what is stored: page and cursor are one transaction.
            QVERIFY2(
                now->perCampaign.value(campaign) >= std::min((cursor - 1) * kPageSize, kCallsPerCampaign),
                qPrintable(u"%1: page %2, %3 calls"_s.arg(campaign).arg(cursor).arg(now->perCampaign.value(campaign))));
            const PullCursor former = before->cursors.value(campaign);
            const QList<int> asked = server.pagesAsked(campaign);
            if (!isWhole && !former.complete && former.nextPage > 2 && !asked.isEmpty() && !complete) {
                QCOMPARE(asked.first(), former.nextPage - 1);  // it went on where it was cut, from the page stored last
                ++resumed;
            }
        }
        isWhole = now->cursors.size() == kCampaigns.size() &&
                  std::all_of(now->cursors.begin(), now->cursors.end(), [](const PullCursor& c) { return c.complete; });
    }
    QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
    const auto whole = stored(program);
    QVERIFY(whole);
    QCOMPARE(whole->rows, int(kCampaigns.size()) * kCallsPerCampaign);
    qInfo("pull: %d kills, %d walks went on at their page, %d calls in the end, none lost, none twice", kills, resumed,
          whole->rows);
    QVERIFY(resumed > 0 || wanted < 20);
}

void TestKills::recordings() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    YotelServer server;
    LoopbackServer storage;
    QByteArray sound("OggS");
    for (int i = 0; sound.size() < 12'000'000; ++i) {
        sound += QByteArray(1'000, char('a' + i % 26));
    }
    storage.on("/r.ogg", Reply::bytes(sound, "audio/ogg"));
    const int wanted = rounds(40);
    server.addCampaign(u"c"_s, u"C"_s);
    for (int i = 0; i <= kMostRecordings * wanted; ++i) {
        server.addCall(
            yotelCall(u"r%1"_s.arg(i), u"c"_s,
                      {{u"has_recording"_s, true}, {u"recording_url"_s, storage.url(u"/r.ogg"_s).toString()}}));
    }
    Program program;
    addAccount(program, server);
    QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
    const QString folder = program.profile() + u"/recordings"_s;
    int kills = 0;
    int whole = 0;
    int parts = 0;
    int call = 0;
    LifeSpan span(1'200, m_random);
    for (; kills < wanted && call < kMostRecordings * wanted; ++call) {
        const QString id = u"r%1"_s.arg(call);
        storage.forgetRequests();
        const auto process = program.start({u"recording"_s, u"main/"_s + id});
        const bool killed = killWithin(
            *process, [&] { return storage.count() > 0; }, span.next());
        span.learn(killed);
        const QByteArray said = process->readAllStandardOutput();
        kills += killed ? 1 : 0;
        const auto cached = cachedRecording(folder, recordingStem(Provider::Yotel, {u"main"_s, id}));
        // All of it or nothing: what has its name in the cache is verified and whole.
        QVERIFY2(!cached || contents(cached->file) == sound, "half a recording in the cache");
        QVERIFY(said.isEmpty() || cached);
        whole += cached ? 1 : 0;
        parts += int(QDir(folder).entryList({u"*.part"_s}, QDir::Files | QDir::Hidden).size());
        if (cached) {
            QVERIFY(QFile::remove(cached->file));
        }
    }
    const Ran last = program.run({u"recording"_s, u"main/r%1"_s.arg(call)});
    QVERIFY2(last.exitCode == 0, last.err.constData());
    QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::Hidden).size(), 1);  // no .part of the dead
    qInfo("recordings: %d kills, %d were whole all the same, %d times a dead .part was there, 0 halves", kills, whole,
          parts);
    QVERIFY(kills >= wanted / 2 && (parts > 0 || wanted < 20));
}

void TestKills::migrations() {
    const QTemporaryDir folder;
    constexpr int kSteps = 4;
    constexpr int kRows = 8'000;  // a migration that takes long enough to be hit
    const auto stepsUpTo = [&](int count) {
        const QString path = folder.filePath(u"steps-%1"_s.arg(count));
        const QByteArray sql[kSteps] = {
            "CREATE TABLE edits (id INTEGER PRIMARY KEY, text TEXT);",
            "ALTER TABLE edits ADD COLUMN kind TEXT; UPDATE edits SET kind = 'edit';",
            "CREATE TABLE next (id INTEGER PRIMARY KEY, text TEXT, kind TEXT);"
            "INSERT INTO next SELECT id, text, kind FROM edits; DROP TABLE edits; ALTER TABLE next RENAME TO edits;",
            "CREATE INDEX by_text ON edits (text); CREATE TABLE more (x); INSERT INTO more SELECT text FROM edits;"};
        for (int i = 0; i < count; ++i) {
            QDir().mkpath(path);
            QFile step(path + u"/00%1_step.sql"_s.arg(i + 1));
            if (step.open(QIODevice::WriteOnly)) {
                step.write(sql[i]);
            }
        }
        return path;
    };
    const QString base = folder.filePath(u"base.db"_s);
    {
        const auto made =
            openDatabase(base, Connection::Access::ReadWrite, {stepsUpTo(1), Connection::Durability::Full, true});
        QVERIFY(made);
        for (int i = 1; i <= kRows; ++i) {
            QVERIFY((*made)->run("INSERT INTO edits VALUES (?1, 'edit ' || ?1 || hex(zeroblob(100)))", i));
        }
    }
    const QString steps = stepsUpTo(kSteps);
    QHash<qint64, int> versions;
    LifeSpan span(1'000, m_random);
    int kills = 0;
    const int wanted = rounds(60);
    for (int round = 0; kills < wanted; ++round) {
        QVERIFY(round < 10 * wanted);
        const QTemporaryDir place;
        const QString file = place.filePath(u"reviews.db"_s);
        QVERIFY(QFile::copy(base, file));
        QProcess process;
        process.start(QCoreApplication::applicationDirPath() + u"/../store/killedmigration"_s, {file, steps});
        const bool killed = killWithin(
            process, [&] { return process.bytesAvailable() > 0 || process.waitForReadyRead(1); }, span.next());
        span.learn(killed);
        kills += killed ? 1 : 0;
        const bool done = process.readAllStandardOutput().contains("done");
        auto look = Connection::open(file, Connection::Access::ReadWrite);
        QVERIFY(look);
        const qint64 version = (*look)->integer("PRAGMA user_version").value();
        ++versions[version];
        QVERIFY(version >= 1 && version <= kSteps && (!done || version == kSteps));
        QCOMPARE((*look)->integer("SELECT count(*) FROM edits WHERE text LIKE 'edit ' || id || '%'").value(), kRows);
        QCOMPARE((*look)->texts("PRAGMA integrity_check").value(), QStringList{u"ok"_s});
        *look = nullptr;
        const QStringList copies =
            QDir(place.filePath(u"backups"_s)).entryList({u"reviews.db.version-*"_s}, QDir::Files);
        QVERIFY(version == 1 || !copies.isEmpty());
        for (const QString& name : copies) {
            auto copy = Connection::open(place.filePath(u"backups/"_s + name), Connection::Access::ReadOnly);
            QVERIFY(copy);
            QCOMPARE((*copy)->integer("SELECT count(*) FROM edits").value(), kRows);
        }
        const auto again =
            openDatabase(file, Connection::Access::ReadWrite, {steps, Connection::Durability::Full, true});
        QVERIFY(again);
        QCOMPARE((*again)->integer("SELECT count(*) FROM more").value(), kRows);
    }
    qInfo("migration: %d kills, %lld found at the first version, %lld at the last, %d rows each time, 0 lost", kills,
          qint64(versions.value(1)), qint64(versions.value(kSteps)), kRows);
    QVERIFY(versions.value(1) > 0 || wanted < 20);
}

QTEST_GUILESS_MAIN(TestKills)
#include "tst_kills.moc"
