// Every kept input of every fuzz target, in the ordinary suite: found crashes stay mended, and the targets cannot rot.
#include <QDir>
#include <QFile>
#include <QTest>

#include "tests/fuzz/targets.h"

using namespace earmark;
using namespace Qt::StringLiterals;

class TestFuzzCorpus : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void replays_data();
    void replays();
};

void TestFuzzCorpus::replays_data() {
    QTest::addColumn<int>("target");
    for (size_t i = 0; i < fuzz::targets().size(); ++i) {
        QTest::newRow(fuzz::targets()[i].name) << int(i);
    }
}

void TestFuzzCorpus::replays() {
    QFETCH(int, target);
    const fuzz::Target& each = fuzz::targets()[size_t(target)];
    const QDir folder(QStringLiteral(EARMARK_SOURCE_DIR) + u"/tests/fuzz/corpus/"_s + QLatin1StringView(each.name));
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    QVERIFY2(names.size() >= 3, "a target without seeds");
    for (const QString& name : names) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        // Should this end the process: the name of the input is the last thing printed.
        qInfo("%s/%s", each.name, qPrintable(name));
        each.run(whole);
        // Every beginning of a seed is an input too: the cut answer is the most common of all damages.
        for (qsizetype size = std::min<qsizetype>(whole.size(), 400); size > 0; size -= 1 + size / 40) {
            each.run(whole.first(size));
        }
        each.run({});
    }
}

QTEST_GUILESS_MAIN(TestFuzzCorpus)
#include "tst_fuzzcorpus.moc"
