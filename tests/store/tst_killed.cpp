// A process that edits is killed again and again: nothing acknowledged is lost, edits = outbox = history.
#include <sqlite3.h>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <optional>

#include "models/store/reviewsdatabase.h"
#include "tests/support/seed.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

/// What was said about one field of one call or its draft: the number of the edit that counts, 0 = none.
struct Known {
    qint64 acknowledged = 0;
    std::optional<qint64> begun;  ///< under way when the process was killed: may have happened or not
};

/// What is looked at after each kill grows with the edits; a fresh database now and then keeps that short.
constexpr int kKillsPerDatabase = 40;
constexpr int kPortion = 12;  ///< as in killedwriter.cpp

qint64 rawNumber(const QString& file, const char* sql) {
    sqlite3* handle = nullptr;
    sqlite3_open_v2(QFile::encodeName(file).constData(), &handle, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* statement = nullptr;
    qint64 number = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return number;
}

qint64 numberOf(const std::optional<QString>& value) {
    if (!value) {
        return 0;
    }
    qsizetype digits = 0;
    while (digits < value->size() && value->at(digits).isDigit()) {
        ++digits;
    }
    return value->left(digits).toLongLong();
}

/// What was acknowledged in one go is there in whole: every line in the history, what was sent called sent, what was
/// taken back taken back. "" = nothing is missing.
QString lostOfSeveral(ReviewsDatabase& database, const QHash<QString, QList<qint64>>& acknowledged) {
    const auto linesOf = [&](const CallKey& key) {
        const auto history = database.history(key);
        return history ? *history : std::vector<HistoryEntry>();
    };
    const auto holds = [](const std::vector<HistoryEntry>& lines, qint64 number, const QString& origin) {
        return std::any_of(lines.begin(), lines.end(), [&](const HistoryEntry& line) {
            return numberOf(line.to) == number && (origin.isEmpty() || line.origin == origin);
        });
    };
    for (const auto& [kind, account] : {std::pair(u"bulk"_s, u"bulk"_s), std::pair(u"undo"_s, u"undone"_s)}) {
        for (int i = 0; i < kPortion && acknowledged.contains(kind); ++i) {
            const CallKey key{account, u"b%1"_s.arg(i)};
            const auto lines = linesOf(key);
            for (const qint64 number : acknowledged[kind]) {
                if (!holds(lines, number, {})) {
                    return u"%1 %2 is lost in call %3"_s.arg(kind).arg(number).arg(i);
                }
            }
            const auto review = database.review(key);
            // The last one undone does not count any more; one that was begun and cut off may.
            if (kind == "undo"_L1 && review && review->notes &&
                numberOf(review->notes->value) == acknowledged[kind].last()) {
                return u"undo of %1 did not last"_s.arg(acknowledged[kind].last());
            }
        }
    }
    const auto marks = database.marks({u"marked"_s, {}});
    for (const qint64 number : acknowledged.value(u"mark"_s)) {
        if (!marks || std::none_of(marks->begin(), marks->end(),
                                   [&](const CallMark& mark) { return numberOf(mark.text) == number; })) {
            return u"mark %1 is lost"_s.arg(number);
        }
    }
    for (int digit = 1; digit <= 9; ++digit) {
        const auto sending = linesOf({u"sending"_s, u"s%1"_s.arg(digit)});
        const auto merged = linesOf({u"merged"_s, u"m%1"_s.arg(digit)});
        for (const qint64 number : acknowledged.value(u"push"_s)) {
            if (QString::number(number).startsWith(QString::number(digit)) && !holds(sending, number, {})) {
                return u"push %1 is lost"_s.arg(number);
            }
        }
        for (const qint64 number : acknowledged.value(u"merge"_s)) {
            if (QString::number(number).startsWith(QString::number(digit)) && !holds(merged, number, {})) {
                return u"merge %1 is lost"_s.arg(number);
            }
        }
    }
    return {};
}

}  // namespace

class TestKilled : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void nothingAcknowledgedIsLost();
};

void TestKilled::nothingAcknowledgedIsLost() {
    const quint32 seed = test::testSeed();
    QRandomGenerator random(seed);
    const int given = qEnvironmentVariableIntValue("EARMARK_KILLS");
    const int rounds = given > 0 ? given : 360;
    std::unique_ptr<QTemporaryDir> folder;
    QString file;

    QHash<QString, Known> fields;  // "call field" and "call field draft"
    QList<qint64> acknowledgedEdits;
    QHash<QString, QList<qint64>> acknowledgedSeveral;  // by kind
    qint64 next = 1;
    qint64 acknowledged = 0;
    for (int round = 0; round < rounds; ++round) {
        if (round % kKillsPerDatabase == 0) {
            folder = std::make_unique<QTemporaryDir>();
            QVERIFY(folder->isValid());
            file = folder->filePath(u"reviews.db"_s);
            fields.clear();
            acknowledgedEdits.clear();
            acknowledgedSeveral.clear();
        }
        QProcess writer;
        writer.setProgram(QCoreApplication::applicationDirPath() + u"/killedwriter"_s);
        writer.setArguments({file, QString::number(random.generate()), QString::number(next)});
        writer.start(QIODevice::ReadOnly);
        QVERIFY(writer.waitForStarted());
        QVERIFY2(writer.waitForReadyRead(30'000), "the writer does not write");
        QElapsedTimer running;
        running.start();
        const int life = random.bounded(50);
        while (running.elapsed() < life) {
            writer.waitForReadyRead(1);  // keep the pipe empty, so that the writer never waits for us
        }
        writer.kill();
        QVERIFY(writer.waitForFinished());
        QCOMPARE(writer.exitStatus(), QProcess::CrashExit);

        const QList<QByteArray> lines = writer.readAllStandardOutput().split('\n');
        for (const QByteArray& line : lines) {
            const QList<QByteArray> words = line.split(' ');
            if (words.size() != 5) {
                continue;  // nothing, or cut by the kill
            }
            const qint64 number = words[1].toLongLong();
            next = std::max(next, number + 1);
            if (words[0] == "b" || words[0] == "a") {
                if (words[0] == "a") {
                    acknowledgedSeveral[QString::fromLatin1(words[4])] += number;
                    ++acknowledged;
                }
                continue;
            }
            const QString field = QString::fromUtf8(words[2] + ' ' + words[3]);
            const bool isDraft = words[4] == "draft";
            Known& known = fields[isDraft ? field + u" draft"_s : field];
            Known& draft = fields[field + u" draft"_s];
            const qint64 outcome = words[4] == "restore" ? 0 : number;
            if (words[0] == "B") {
                known.begun = outcome;
                if (!isDraft) {
                    draft.begun = 0;  // an edit or a restore takes the draft with it
                }
                next = number + 1;
            } else {
                known = {outcome, std::nullopt};
                if (!isDraft) {
                    draft = {0, std::nullopt};
                }
                if (words[4] == "edit") {
                    acknowledgedEdits += number;
                }
                ++acknowledged;
            }
        }

        auto database = ReviewsDatabase::open(file, ReviewsDatabase::Access::ReadWrite);
        QVERIFY(database);
        QVERIFY2((*database)->notices().isEmpty(), qPrintable((*database)->notices().join(u' ')));
        const auto findings = (*database)->check();
        QVERIFY2(findings && findings->isEmpty(), qPrintable(findings ? findings->join(u' ') : u"check failed"_s));
        const qint64 edits = rawNumber(file, "SELECT count(*) FROM edits");
        QCOMPARE(rawNumber(file, "SELECT count(*) FROM outbox"), edits);
        QCOMPARE(rawNumber(file, "SELECT count(*) FROM history"), edits);
        QCOMPARE(rawNumber(file, "SELECT count(*) FROM history_chain"), edits);
        if (const QString lost = lostOfSeveral(**database, acknowledgedSeveral); !lost.isEmpty()) {
            QFAIL(qPrintable(lost));
        }
        QVERIFY(edits >= acknowledgedEdits.size());
        // Every acknowledged edit is in the history, whatever came after it.
        QHash<qint64, bool> inHistory;
        QHash<QString, qint64> now;
        for (int call = 0; call < 8; ++call) {
            const CallKey key{u"main"_s, QString::number(call)};
            const auto history = (*database)->history(key);
            for (const HistoryEntry& entry : *history) {
                if (entry.origin != u"restore"_s) {
                    inHistory[numberOf(entry.to)] = true;
                }
            }
            const auto review = (*database)->review(key);
            now[u"%1 notes"_s.arg(call)] = review->notes ? numberOf(review->notes->value) : 0;
            now[u"%1 disposition"_s.arg(call)] = review->disposition ? numberOf(review->disposition->value) : 0;
        }
        for (const qint64 number : acknowledgedEdits) {
            QVERIFY2(inHistory.contains(number), qPrintable(u"edit %1 is lost (round %2)"_s.arg(number).arg(round)));
        }
        const auto drafts = (*database)->drafts();
        for (const Draft& draft : *drafts) {
            now[draft.key.remoteId + u' ' + word(draft.field) + u" draft"_s] = numberOf(draft.text);
        }
        for (auto it = fields.begin(); it != fields.end(); ++it) {
            const qint64 found = now.value(it.key());
            QVERIFY2(found == it->acknowledged || (it->begun && found == *it->begun),
                     qPrintable(u"%1: acknowledged %2, found %3 (round %4)"_s.arg(it.key())
                                    .arg(it->acknowledged)
                                    .arg(found)
                                    .arg(round)));
            *it = {found, std::nullopt};
        }
    }
    qInfo("%d kills, %lld steps acknowledged, none lost", rounds, acknowledged);
    QVERIFY(acknowledged > rounds);
}

QTEST_GUILESS_MAIN(TestKilled)
#include "tst_killed.moc"
