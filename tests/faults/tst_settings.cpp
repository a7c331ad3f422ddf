// Settings that were damaged in 200 ways, and lawful ones that hold nonsense: the desk starts with its defaults, and
// what was there is kept aside.
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "app/settings.h"
#include "tests/gui/testdesk.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray damaged(const QByteArray& whole, int kind) {
    QRandomGenerator random(quint32(kind) + 1);
    QByteArray bytes = whole;
    const auto anywhere = [&] { return random.bounded(int(bytes.size())); };
    switch (kind % 10) {
        case 0:
            return bytes.first(anywhere());  // cut, down to nothing
        case 1:
            return QByteArray(anywhere() + 1, '\0');  // what a power cut leaves on some disks
        case 2:
            for (int i = 0; i < 1 + kind / 10; ++i) {
                const int at = anywhere();
                bytes[at] = char(bytes[at] ^ (1 << random.bounded(8)));
            }
            return bytes;
        case 3:
            return bytes.insert(anywhere(), QByteArray("\xff\xfe\x00{", 4));
        case 4:
            return bytes.mid(anywhere());
        case 5:
            return QByteArray(4 * 1024 * 1024 + 1 + kind, ' ') + bytes;  // larger than is read
        case 6:
            return QByteArray(2000 + kind, '[');
        case 7:
            return kind < 100 ? QByteArray("[1, 2, 3]") : QByteArray("\"text\"");  // lawful, but no settings
        case 8:
            return bytes + bytes;
        default:
            for (int i = 0; i < 40; ++i) {
                bytes[anywhere()] = char(random.bounded(256));
            }
            return bytes;
    }
}

}  // namespace

class TestSettings : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void twoHundredKindsOfDamage();
    void whatIsNoFile_data();
    void whatIsNoFile();
    void nonsenseInEachValue();
};

void TestSettings::twoHundredKindsOfDamage() {
    const QByteArray whole =
        QJsonDocument(QJsonObject{{u"filter/text"_s, u"talk:>60"_s},
                                  {u"volume"_s, 0.5},
                                  {u"window/geometry"_s, QJsonObject{{u"$bytes"_s, u"AdnQyw=="_s}}},
                                  {u"table/columns"_s, QJsonObject{{u"width"_s, 120}}}})
            .toJson();
    int setAside = 0;
    for (int kind = 0; kind < 200; ++kind) {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"settings.json"_s);
        const QByteArray bytes = damaged(whole, kind);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QString problem;
        {
            Settings settings(path);
            problem = settings.problem();
            if (!problem.isEmpty()) {
                QCOMPARE(settings.value(u"volume"_s, 0.7).toDouble(), 0.7);  // nothing half-read
            }
            settings.setValue(u"volume"_s, 0.25);
        }
        // Never lost: read as it is, or set aside byte for byte.
        const QStringList aside = QDir(folder.path()).entryList({u"settings.json.damaged-*"_s});
        QCOMPARE(aside.size(), problem.isEmpty() ? 0 : 1);
        if (!problem.isEmpty()) {
            ++setAside;
            QFile kept(folder.filePath(aside.first()));
            QVERIFY(kept.open(QIODevice::ReadOnly) && kept.readAll() == bytes);
        } else {
            QVERIFY2(QJsonDocument::fromJson(bytes).isObject(), qPrintable(QString::number(kind)));
        }
        QCOMPARE(Settings(path).value(u"volume"_s).toDouble(), 0.25);  // and the desk can remember again
    }
    QVERIFY2(setAside >= 150, qPrintable(QString::number(setAside)));
}

void TestSettings::whatIsNoFile_data() {
    QTest::addColumn<QString>("kind");
    QTest::newRow("folder") << u"folder"_s;
    QTest::newRow("fifo") << u"fifo"_s;
    QTest::newRow("link to nothing") << u"link"_s;
    QTest::newRow("endless device") << u"device"_s;
}
void TestSettings::whatIsNoFile() {
    QFETCH(QString, kind);
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"settings.json"_s);
    if (kind == u"folder"_s) {
        QVERIFY(QDir().mkpath(path + u"/inside"_s));
    } else if (kind == u"fifo"_s) {
        QCOMPARE(mkfifo(QFile::encodeName(path).constData(), 0600), 0);
    } else {
        QVERIFY(QFile::link(kind == u"link"_s ? folder.filePath(u"nothing"_s) : u"/dev/zero"_s, path));
    }
    QElapsedTimer timer;
    timer.start();
    Settings settings(path);  // a fifo without a writer must not hold up the start for ever
    QCOMPARE(settings.value(u"volume"_s, 0.7).toDouble(), 0.7);
    QVERIFY(timer.elapsed() < 2000);
}

void TestSettings::nonsenseInEachValue() {
    // What a desk writes when it is used: these are the values that it reads.
    const auto asked = std::make_shared<MemorySettings>();
    const QTemporaryDir folder;
    QStringList keys;
    {
        TestDesk desk(folder.path(), asked);
        QVERIFY(desk.start());
        desk.window->close();
    }
    keys = asked->keys();
    QVERIFY2(keys.size() >= 3, qPrintable(keys.join(u' ')));
    const QVariantList nonsense{-1,
                                1e300,
                                QString(100'000, u'x'),
                                u"%1 %n {} \u202e"_s,
                                QByteArray(5000, '\xff'),
                                QVariantMap{{u"a"_s, QVariantList{1, u"b"_s, QVariant()}}, {u"width"_s, -5}},
                                QVariantList{QVariantMap(), -7, u"id"_s, u"id"_s},
                                QVariant()};
    for (const QVariant& value : nonsense) {
        const auto settings = std::make_shared<MemorySettings>();
        for (const QString& key : keys) {
            settings->setValue(key, value);
        }
        const QTemporaryDir place;
        TestDesk desk(place.path(), settings);
        QVERIFY(desk.start());
        QVERIFY(desk.window->isVisible() && desk.window->width() > 200 && desk.window->width() < 10'000);
        desk.window->close();
    }
}

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
