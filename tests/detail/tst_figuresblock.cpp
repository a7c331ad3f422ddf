// The figures of a conversation in words: whose column is whose, and what cannot be measured is said so.
#include <QTest>

#include "ui/common/plainlabel.h"
#include "ui/detail/figuresblock.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class FiguresBlockTest final : public QObject {
    Q_OBJECT

    static QStringList texts(const FiguresBlock& block) {
        QStringList said;
        for (const auto* label : block.findChildren<PlainLabel*>()) {
            if (!label->text().isEmpty()) {
                said << label->text();
            }
        }
        return said;
    }
    static CallFigures stereo() {
        CallFigures figures;
        figures.duration = 180s;
        figures.silence = 45s;
        figures.voices = CallFigures::Voices{{VoiceFigures{100s, 0.8, 62s, 2}, VoiceFigures{25s, 0.2, 9s, 0}}, 4s};
        return figures;
    }

 private Q_SLOTS:
    void nothingIsSaidWithoutSound() {
        FiguresBlock block;
        block.setFigures(std::nullopt, ChannelOrder::AgentFirst);
        QVERIFY(block.isHidden());
    }

    void eachVoiceHasItsColumn() {
        FiguresBlock block;
        block.setFigures(stereo(), ChannelOrder::AgentFirst);
        QVERIFY(!block.isHidden());
        const QStringList agentFirst = texts(block);
        QVERIFY(agentFirst.indexOf(u"1:40 (80 %)"_s) >= 0);
        QVERIFY(agentFirst.indexOf(u"1:40 (80 %)"_s) < agentFirst.indexOf(u"0:25 (20 %)"_s));
        QVERIFY(agentFirst.indexOf(u"2 times"_s) < agentFirst.indexOf(u"never"_s));
        QVERIFY(agentFirst.contains(u"Nobody speaks for 0:45 of 3:00. Both at once for 0:04."_s));
        block.setFigures(stereo(), ChannelOrder::CustomerFirst);
        const QStringList swapped = texts(block);
        QVERIFY(swapped.indexOf(u"1:40 (80 %)"_s) > swapped.indexOf(u"0:25 (20 %)"_s));
    }

    void oneChannelIsNotMeasurable() {
        CallFigures figures = stereo();
        figures.voices.reset();
        FiguresBlock block;
        block.setFigures(figures, ChannelOrder::AgentFirst);
        const QStringList said = texts(block);
        QCOMPARE(said.count(u"not measurable"_s), 6);
        QVERIFY(said.last().contains(u"one channel"_s));
    }
};

QTEST_MAIN(FiguresBlockTest)
#include "tst_figuresblock.moc"
