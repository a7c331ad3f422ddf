// Parts of a call laid over what is known of it: what a part says counts, what it is silent about stays.
#include <QTest>

#include "models/domain/call.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

const QString kCreated = u"created_time"_s;

Call known() {
    Call call;
    call.key = {u"main"_s, u"1"_s};
    call.provider = Provider::Atoms;
    call.statusRaw = u"active"_s;
    call.status = CallStatus::InProgress;
    call.agentName = u"Desk"_s;
    call.createdTime = momentFromMs(1000);
    call.transcriptText = u"hello"_s;
    call.hasTranscript = true;
    call.fieldErrors = {{u"duration"_s, u"negative"_s}, {u"agent._id"_s, u"a list"_s}};
    call.raw = R"({"duration":-1})";
    call.rawDetail = R"({"agent":{"_id":[]}})";
    return call;
}

Call part(CallPart which) {
    Call call;
    call.key = {u"main"_s, u"1"_s};
    call.provider = Provider::Atoms;
    call.statusRaw = u"completed"_s;
    call.status = CallStatus::Completed;
    call.part = which;
    (which == CallPart::Detail ? call.rawDetail : call.raw) = R"({"status":"completed"})";
    return call;
}

QStringList paths(const Call& call) {
    QStringList paths;
    for (const FieldError& error : call.fieldErrors) {
        paths += error.path;
    }
    return paths;
}

}  // namespace

class TestMergedCall : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void aWholeCallReplaces() {
        const Call merged = mergedCall(known(), part(CallPart::Whole));
        QVERIFY(!merged.agentName && !merged.createdTime && merged.rawDetail.isEmpty());
    }

    void aPartSpeaksForItselfOnly_data() {
        QTest::addColumn<CallPart>("which");
        QTest::newRow("row") << CallPart::Row;
        QTest::newRow("detail") << CallPart::Detail;
        QTest::newRow("excerpt") << CallPart::Excerpt;
    }
    void aPartSpeaksForItselfOnly() {
        QFETCH(CallPart, which);
        const Call merged = mergedCall(known(), part(which));
        QVERIFY(merged.status == CallStatus::Completed && merged.statusRaw == u"completed");
        QVERIFY(merged.agentName == u"Desk" && merged.transcriptText == u"hello" && merged.hasTranscript == true);
        QCOMPARE(merged.raw, which == CallPart::Row ? part(which).raw : known().raw);
        QCOMPARE(merged.rawDetail, which == CallPart::Detail ? part(which).rawDetail : known().rawDetail);
        QCOMPARE(paths(merged), (QStringList{u"duration"_s, u"agent._id"_s}));  // not judged anew
    }

    void anErrorIsJudgedAnewWhereTheFieldIsSaid() {
        Call row = part(CallPart::Row);
        row.raw = R"({"duration":3,"status":"completed"})";
        QCOMPARE(paths(mergedCall(known(), row)), QStringList{u"agent._id"_s});
    }

    void anExcerptOfAnUnknownCallIsItsRow() {
        QCOMPARE(mergedCall(Call{}, part(CallPart::Excerpt)).raw, part(CallPart::Excerpt).raw);
    }

    void aSaidCreationOutlivesAComputedOne() {
        Call detail = part(CallPart::Detail);
        detail.createdTime = momentFromMs(2000);
        detail.computed = QStringList{kCreated};
        const Call merged = mergedCall(known(), detail);
        QVERIFY(merged.createdTime == momentFromMs(1000) && merged.computed.isEmpty());

        Call row = part(CallPart::Row);
        row.createdTime = momentFromMs(3000);
        const Call other = mergedCall(detail, row);
        QVERIFY(other.createdTime == momentFromMs(3000) && other.computed.isEmpty());

        Call silent = part(CallPart::Row);
        const Call kept = mergedCall(detail, silent);
        QVERIFY(kept.createdTime == momentFromMs(2000));
        QCOMPARE(kept.computed, QStringList{kCreated});
    }

    void aWordThatIsNewIsNotExplainedByTheOldOne() {
        Call row = part(CallPart::Row);
        row.statusRaw = u"brand_new"_s;
        row.status = CallStatus::Unknown;
        QVERIFY(mergedCall(known(), row).status == CallStatus::Unknown);
        row.statusRaw.reset();
        QVERIFY(mergedCall(known(), row).status == CallStatus::InProgress);
    }
};

QTEST_GUILESS_MAIN(TestMergedCall)
#include "tst_mergedcall.moc"
