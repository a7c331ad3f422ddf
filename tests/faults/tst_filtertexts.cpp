// Naughty texts as filters through `list --filter`: what comes is what a plain look at the same calls finds, and the
// only lawful complaint is one about the filter's form.
#include "models/domain/textfold.h"
#include "models/store/store.h"
#include "tests/app/program.h"
#include "tests/faults/hostilecorpus.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestFilterTexts final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void quotedTextsFindWhatHoldsThem();
    void unquotedTextsAreAtMostMalformed();

 private:
    [[nodiscard]] Ran list(const QString& filter) const {
        return m_program.run({u"list"_s, u"--format"_s, u"json"_s, u"--filter="_s + filter});
    }
    Program m_program;
    QStringList m_texts;
};

void TestFilterTexts::initTestCase() {
    if (!Program::exists()) {
        QSKIP("the program is not built here");
    }
    for (const QString& text : naughtyTexts()) {
        if (text.size() < 4000) {
            m_texts.append(text);
        }
    }
    QVERIFY(QDir().mkpath(m_program.profile()));
    QObject context;
    Store store({m_program.profile(), std::make_shared<SystemClock>(), {}, false});
    QVERIFY(awaited<void>([&](auto done) { store.open(&context, done); }).has_value());
    PageToStore page;
    page.account = u"main"_s;
    for (int i = 0; i < m_texts.size(); ++i) {
        Call call;
        call.key = {u"main"_s, u"t%1"_s.arg(i)};
        call.leadId = m_texts[i];
        call.raw = "{}"_ba;
        page.calls.push_back(call);
    }
    QVERIFY(awaited<PageOutcome>([&](auto done) { store.storePage(page, &context, done); }).has_value());
}

void TestFilterTexts::quotedTextsFindWhatHoldsThem() {
    int found = 0;
    for (const QString& text : m_texts) {
        const Ran ran = list(u"lead_id:\""_s + QString(text).replace(u'"', u"\"\""_s) + u'"');
        if (foldedText(text).isEmpty()) {  // nothing in it that could be looked for, and it says so
            QVERIFY2(ran.exitCode != 0 && ran.err.contains("column "), ran.err.constData());
            continue;
        }
        QVERIFY2(!ran.crashed && ran.exitCode == 0, QByteArray(text.toUtf8() + ": " + ran.err).constData());
        QSet<QString> shown;
        for (const auto& call : ran.array()) {
            shown.insert(call.toObject().value(u"id"_s).toString());
        }
        QSet<QString> wanted;
        for (int i = 0; i < m_texts.size(); ++i) {
            if (foldedText(m_texts[i]).contains(foldedText(text))) {
                wanted.insert(u"t%1"_s.arg(i));
            }
        }
        QVERIFY2(
            shown == wanted,
            qPrintable(u"%1: %2 shown, %3 wanted"_s.arg(shownText(text, 80)).arg(shown.size()).arg(wanted.size())));
        found += int(shown.size());
    }
    QVERIFY(found >= m_texts.size());
}

void TestFilterTexts::unquotedTextsAreAtMostMalformed() {
    int malformed = 0;
    for (int i = 0; i < m_texts.size(); i += 3) {
        const QString& text = m_texts[i];
        const Ran ran = list(text);
        QVERIFY2(!ran.crashed, text.toUtf8().constData());
        if (ran.exitCode != 0) {
            ++malformed;
            QVERIFY2(ran.err.contains("column "), QByteArray(text.toUtf8() + ": " + ran.err).constData());
        }
    }
    QVERIFY2(malformed > 2 && malformed < m_texts.size() / 6, qPrintable(QString::number(malformed)));
    // and nothing was harmed
    QCOMPARE(list(QString()).array().size(), m_texts.size());
}

QTEST_GUILESS_MAIN(TestFilterTexts)
#include "tst_filtertexts.moc"
