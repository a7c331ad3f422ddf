// A target with a fixed list of codes: what has no mapping is refused here and never guessed; the recipe for a new
// target in models/README.md holds what it promises.
#include <QDir>
#include <QTest>

#include "tests/support/loopbackserver.h"
#include "tests/targets/answered.h"
#include "tests/targets/codelistdialect.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestCodeList final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void mapping_data();
    void mapping();
    void writesOnceAndReadsFirst();
    void statuses();
    void recipeIsShort();
};

void TestCodeList::mapping_data() {
    QTest::addColumn<Vocabulary::Kind>("kind");
    QTest::addColumn<bool>("onlyMapped");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("word");  // null = refused
    using enum Vocabulary::Kind;
    QTest::newRow("list, mapped") << FixedList << false << u"CALLBACK"_s << u"12"_s;
    QTest::newRow("list, unmapped") << FixedList << false << u"VOICEMAIL"_s << QString();
    QTest::newRow("list, other case") << FixedList << false << u"callback"_s << QString();
    QTest::newRow("list, a word of the list itself") << FixedList << false << u"11"_s << QString();
    QTest::newRow("free, mapped") << Free << false << u"CALLBACK"_s << u"12"_s;
    QTest::newRow("free, unmapped") << Free << false << u"VOICEMAIL"_s << u"VOICEMAIL"_s;
    QTest::newRow("free, only mapped ones") << Free << true << u"VOICEMAIL"_s << QString();
}

void TestCodeList::mapping() {
    QFETCH(Vocabulary::Kind, kind);
    QFETCH(bool, onlyMapped);
    QFETCH(QString, code);
    QFETCH(QString, word);
    TargetSettings settings;
    settings.mapping = {{u"CALLBACK"_s, u"12"_s}};
    settings.onlyMapped = onlyMapped;
    TargetCapabilities can = CodeListDialect(QUrl()).capabilities({});
    can.vocabulary.kind = kind;
    const auto mapped = mappedDisposition(settings, can, code);
    QCOMPARE(mapped.has_value(), !word.isNull());
    if (mapped) {
        QCOMPARE(*mapped, std::optional(word));
    } else {
        QCOMPARE(mapped.error().kind, ErrorKind::InvalidInput);
        QVERIFY(mapped.error().message.contains(code));
        QVERIFY(!mapped.error().next.isEmpty());
    }
    QVERIFY(!mappedDisposition(settings, can, std::nullopt).value());
}

void TestCodeList::writesOnceAndReadsFirst() {
    LoopbackServer server;
    QByteArray held = "{\"disposition_id\":null}"_ba;
    server.on("/calls/510001"_ba, [&held](const Request& request) {
        if (request.method == "PUT"_ba) {
            held = request.body;
            return Reply::broken(Fault::CloseBeforeAnswer);
        }
        return Reply::json(held);
    });
    const CodeListDialect dialect(server.url(u"/"_s));
    const OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"12"_s}});
    const QByteArray frozen = dialect.compose({}, review).value();
    QCOMPARE(carriedOut(*dialect.push({}, review, frozen, {}, false, kEditedAt)).end, PushEnd::Unclear);
    QCOMPARE(carriedOut(*dialect.push({}, review, frozen, {}, true, kEditedAt)).end, PushEnd::Accepted);
    QCOMPARE(held, "{\"disposition_id\":\"12\"}"_ba);
    QCOMPARE(server.targets(),
             (QList<QByteArray>{"GET /calls/510001"_ba, "PUT /calls/510001"_ba, "GET /calls/510001"_ba}));
    QVERIFY(!dialect.compose({}, reviewOf({{ReviewField::Notes, {}, u"n"_s}})));
}

void TestCodeList::statuses() {
    const CodeListDialect dialect(QUrl(u"https://list.example.com/"_s));
    const OutgoingReview review = reviewOf({{ReviewField::Disposition, {}, u"12"_s}});
    const auto endOf = [&](int status) {
        const auto steps = dialect.push({}, review, "{\"disposition_id\":\"12\"}"_ba, {}, false, kEditedAt);
        (void)steps->first();
        (void)steps->next(answered(200, "{}"_ba));
        return verdictOf(steps->next(answered(status, "{}"_ba))).end;
    };
    QCOMPARE(endOf(200), PushEnd::Accepted);
    QCOMPARE(endOf(422), PushEnd::Refused);
    QCOMPARE(endOf(429), PushEnd::Waiting);
    QCOMPARE(endOf(503), PushEnd::Unclear);
    const auto test = dialect.test({}, {}, kEditedAt);
    (void)test->first();
    QCOMPARE(verdictOf(test->next(answered(200, "[]"_ba))).end, PushEnd::Accepted);
}

void TestCodeList::recipeIsShort() {
    qsizetype lines = 0;
    for (const auto& name : {u"codelistdialect.h"_s, u"codelistdialect.cpp"_s}) {
        QFile file(QStringLiteral(EARMARK_SOURCE_DIR) + u"/tests/targets/"_s + name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        lines += file.readAll().count('\n');
    }
    QVERIFY2(lines <= 150, qPrintable(QString::number(lines)));
}

QTEST_GUILESS_MAIN(TestCodeList)
#include "tst_codelist.moc"
