// What smallest.ai Atoms answers beside its rows, by every mutation: the detail of a call and the envelope of a page.
// Rows are in tst_mutations.
#include <QFile>
#include <QTest>
#include <algorithm>

#include "models/providers/readdialect.h"
#include "tests/providers/mutations.h"

using namespace earmark;
using namespace earmark::test;

namespace {

QByteArray fixture(const char* name) {
    QFile file(QStringLiteral(EARMARK_SOURCE_DIR "/tests/providers/fixtures/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<QByteArray> namesIn(const QByteArray& object) {
    QList<QByteArray> names;
    const auto members = objectMembers(object);
    for (const JsonMember& member : *members) {
        names += member.name.toUtf8();
    }
    return names;
}

QByteArray under(const QByteArray& object, const char* name) {
    const auto text = memberText(object, QString::fromLatin1(name));
    return text ? text->toByteArray() : QByteArray();
}

void addRows(const QList<QByteArray>& names) {
    QTest::addColumn<QByteArray>("victim");
    QTest::addColumn<std::size_t>("mutation");
    for (const QByteArray& name : names) {
        for (std::size_t mutation = 0; mutation < std::size(kMutations); ++mutation) {
            QTest::addRow("%s %s", name.constData(), kMutations[mutation].name) << name << mutation;
        }
    }
}

}  // namespace

class TestAtomsMutations : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_atoms = readDialectFor(Provider::Atoms);
    Account m_account;
    QByteArray m_detail = under(fixture("atoms_call.json"), "data");
    QByteArray m_page = fixture("atoms_page.json");
    CallDetails m_known;

    Result<Call> read(const QByteArray& detail) const {
        return m_atoms->parseCall(m_account, "{\"status\":true,\"data\":" + detail + '}');
    }

 private Q_SLOTS:
    void initTestCase() {
        m_account.name = QStringLiteral("main");
        m_account.provider = Provider::Atoms;
        const auto call = read(m_detail);
        QVERIFY(call.has_value() && call->fieldErrors.empty());
        m_known = m_atoms->details(m_account, *call);
        QVERIFY(m_known.transcript.size() == 5 && m_known.variables.size() == 5 && m_known.metrics.size() == 1);
        QVERIFY(m_known.latency.size() == 3);
    }

    void aDetail_data() { addRows(namesIn(m_detail)); }
    void aDetail() {
        QFETCH(QByteArray, victim);
        QFETCH(std::size_t, mutation);
        const char* written = kMutations[mutation].written;
        const auto call = read(mutated(m_detail, QString::fromUtf8(victim), written));
        if (!call) {
            QCOMPARE(victim, QByteArray("callId"));
            QVERIFY(call.error().kind == ErrorKind::BadAnswer);
            return;
        }
        QVERIFY(call->part == CallPart::Detail && call->raw.isEmpty() && !call->rawDetail.isEmpty());
        QVERIFY(call->fieldErrors.size() <= 1);
        for (const FieldError& error : call->fieldErrors) {
            QCOMPARE(error.path.section(u'.', 0, 0).toUtf8(), victim);
            QVERIFY(!error.problem.isEmpty() && error.problem.size() <= 200);
        }
        QVERIFY(victim == "status" || call->status == CallStatus::Completed);
        QVERIFY(victim == "duration" || call->talkSeconds == 183.25);
        QVERIFY(victim == "agent" || call->agentName == u"Renewal desk");
        QVERIFY(victim == "postCallAnalytics" || call->summary == u"Asked for the price.");
        const CallDetails details = m_atoms->details(m_account, *call);
        const bool isOfTurns = victim == "transcript" || victim == "events";
        QVERIFY(isOfTurns || details.transcript == m_known.transcript);
        QVERIFY(victim == "variables" || details.variables == m_known.variables);
        QVERIFY(victim == "postCallAnalytics" || details.metrics == m_known.metrics);
        QVERIFY(victim.startsWith("average_") || details.latency == m_known.latency);
        QVERIFY(call->transcriptText.has_value() == !details.transcript.empty());
    }

    void theEnvelope_data() { addRows({"status", "data", "logs", "pagination"}); }
    void theEnvelope() {
        QFETCH(QByteArray, victim);
        QFETCH(std::size_t, mutation);
        const char* written = kMutations[mutation].written;
        const bool isOuter = victim == "status" || victim == "data";
        const QByteArray data = under(m_page, "data");
        const QByteArray inner = isOuter ? data : mutated(data, QString::fromUtf8(victim), written);
        const QByteArray whole = "{\"status\":true,\"data\":" + inner + '}';
        const auto page =
            m_atoms->parsePage(m_account, isOuter ? mutated(whole, QString::fromUtf8(victim), written) : whole);
        const bool isDenied = victim == "status" && written != nullptr && QByteArray(written) == "false";
        if (isDenied) {
            QVERIFY(!page && page.error().kind == ErrorKind::Refused);
        } else if (victim == "data" || victim == "logs") {
            const bool isEmptyList = victim == "logs" && written != nullptr && QByteArray(written) == "[]";
            const bool isTextList = victim == "logs" && written != nullptr && QByteArray(written) == "[\"completed\"]";
            QCOMPARE(page.has_value(), isEmptyList || isTextList);
            QVERIFY(!page || (page->calls.empty() && page->rejectedRows == (isTextList ? 1 : 0)));
        } else {
            QVERIFY(page.has_value());
            QCOMPARE(page->calls.size(), std::size_t{3});
            QVERIFY(victim == "status" || (!page->total && !page->hasMore));
        }
    }

    void thePaging_data() { addRows(namesIn(under(under(m_page, "data"), "pagination"))); }
    void thePaging() {
        QFETCH(QByteArray, victim);
        QFETCH(std::size_t, mutation);
        const QByteArray data = under(m_page, "data");
        const QByteArray paging =
            mutated(under(data, "pagination"), QString::fromUtf8(victim), kMutations[mutation].written);
        const QByteArray whole =
            "{\"status\":true,\"data\":" + mutated(data, QStringLiteral("pagination"), paging.constData()) + '}';
        const auto page = m_atoms->parsePage(m_account, whole);
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QVERIFY(victim == "total" || page->total == 94);
        QVERIFY(victim == "page" || page->page == 1);
        QVERIFY(victim == "limit" || page->pageSize == 3);
        const bool isLawful = victim != "hasMore" || QByteArray(kMutations[mutation].written) == "false";
        // A wish that is no flag gives way to page and totalPages.
        QVERIFY(page->hasMore == !(victim == "hasMore" && isLawful));
        QVERIFY(!page->total || *page->total >= 0);
    }
};

QTEST_GUILESS_MAIN(TestAtomsMutations)
#include "tst_atomsmutations.moc"
