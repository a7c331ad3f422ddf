// Turns and lines as rows: what is told of each, and what is copied.
#include <QTest>

#include "models/tables/textlinesmodel.h"
#include "models/tables/transcriptmodel.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

Turn said(Speaker speaker, const QString& text, std::optional<int> ms = std::nullopt, bool isEstimated = false) {
    Turn turn;
    turn.speaker = speaker;
    turn.text = text;
    if (ms) {
        turn.offset = std::chrono::milliseconds(*ms);
    }
    turn.isEstimated = isEstimated;
    return turn;
}

std::shared_ptr<const CallDetails> sample() {
    auto details = std::make_shared<CallDetails>();
    details->transcript = {said(Speaker::Agent, u"Hello <unk>"_s, 1'500),
                           said(Speaker::Customer, u"Hi\nthere \u202e"_s, 65'000, true),
                           said(Speaker::Unknown, u"?"_s)};
    Turn tool;
    tool.kind = TurnKind::ToolCall;
    tool.speaker = Speaker::Agent;
    tool.text = u"look_up {\"a\":1}"_s;
    tool.tool = ToolUse{u"look_up"_s, u"{\"a\":\n1}"_s, {}};
    details->transcript.push_back(tool);
    details->transcript[2].speakerRaw = u"narrator"_s;
    details->transcript[2].at = momentFromMs(1'776'523'022'000);
    return details;
}

}  // namespace

class TranscriptModelTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void turnsAreRows() {
        TranscriptModel model;
        QCOMPARE(model.rowCount(), 0);
        model.setDetails(sample());
        QCOMPARE(model.rowCount(), 4);
        QVERIFY(model.hasTimes() && model.hasEstimates());
        const auto at = [&](int row, int role) { return model.index(row).data(role); };
        QCOMPARE(at(0, Qt::DisplayRole).toString(), u"Hello <unk>"_s);
        QCOMPARE(at(1, Qt::DisplayRole).toString(), u"Hi\nthere <U+202E>"_s);
        QCOMPARE(at(0, TranscriptModel::SpeakerRole).toString(), u"agent"_s);
        QCOMPARE(at(0, TranscriptModel::OffsetRole).toLongLong(), 1'500);
        QVERIFY(!at(2, TranscriptModel::OffsetRole).isValid());
        QVERIFY(!at(0, TranscriptModel::EstimatedRole).toBool());
        QCOMPARE(at(0, Qt::AccessibleTextRole).toString(), u"Agent, 0:01: Hello <unk>"_s);
        QCOMPARE(at(1, Qt::AccessibleTextRole).toString(), u"Customer, 1:05, estimated: Hi there <U+202E>"_s);
        QVERIFY(at(2, Qt::AccessibleTextRole).toString().startsWith(u"narrator, "_s));
        QCOMPARE(at(3, TranscriptModel::ToolRole).toString(), u"look_up"_s);
        QCOMPARE(at(3, Qt::DisplayRole).toString(), u"look_up  {\"a\": 1}"_s);
    }

    void copiesWhatWasSaid() {
        TranscriptModel model;
        model.setDetails(sample());
        QCOMPARE(model.copiedText(0, 1), u"Agent (0:01): Hello <unk>\nCustomer (≈ 1:05): Hi\nthere \u202e"_s);
        QCOMPARE(model.copiedText(3, 9), u"Tool called: look_up {\"a\":\n1}"_s);
    }

    void hugeTurnsAreCutButWholeToReaders() {
        auto details = std::make_shared<CallDetails>();
        details->transcript = {said(Speaker::Agent, QString(50'000, u'x') + u"end"_s),
                               said(Speaker::Agent, u"short"_s)};
        TranscriptModel model;
        model.setDetails(details);
        QCOMPARE(model.shownRow(0).size(), TextRowsModel::kMostShown);
        QVERIFY(model.isCut(0) && !model.isCut(1));
        const auto read = model.textReader();
        model.setDetails(nullptr);
        details.reset();
        QVERIFY(read(0).endsWith(u"end"_s));  // what it reads stays alive
    }

    void linesAreRows() {
        TextLinesModel model;
        const QString longLine = u"word "_s.repeated(600);
        const QString text = u"{\n  \"a\": 1\n\n"_s + longLine + u"\n}"_s;
        model.setText(cutIntoRows(text));
        QVERIFY(model.rowCount() > 6);
        QCOMPARE(model.shownRow(0), u"{"_s);
        QCOMPARE(model.shownRow(1), u"  \"a\": 1"_s);
        QCOMPARE(model.shownRow(2), QString());
        QCOMPARE(model.copiedText(0, model.rowCount() - 1), text);  // pieces of a line are one again
        QCOMPARE(model.copiedText(1, 1), u"  \"a\": 1"_s);
        QString joined;
        for (int row = 3; row < model.rowCount() - 1; ++row) {
            QVERIFY(model.shownRow(row).size() <= 1'000);
            joined += model.shownRow(row);
        }
        QCOMPARE(joined, longLine);
    }

    void emptyTextHasNoRows() {
        QCOMPARE(cutIntoRows({})->begins.size(), size_t(1));
        TextLinesModel model;
        model.setText(cutIntoRows({}));
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.copiedText(0, 0), QString());
    }
};

QTEST_GUILESS_MAIN(TranscriptModelTest)
#include "tst_transcriptmodel.moc"
