#include "ui/detail/turnslist.h"

#include <algorithm>

#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// A sign and a word for each speaker: the colour is only a third hint.
QString signOf(const Turn& turn) {
    switch (turn.kind) {
        case TurnKind::ToolCall:
        case TurnKind::ToolOutput:
            return u"settings"_s;
        case TurnKind::Interruption:
            return u"pause"_s;
        case TurnKind::Message:
            break;
    }
    switch (turn.speaker) {
        case Speaker::Agent:
            return u"sparkle"_s;
        case Speaker::Customer:
            return u"account"_s;
        case Speaker::Tool:
            return u"settings"_s;
        case Speaker::System:
        case Speaker::Unknown:
            break;
    }
    return u"info"_s;
}

}  // namespace

TurnsList::TurnsList(TranscriptModel* turns, QWidget* parent) : TextRowsView(turns, parent), m_turns(turns) {
    setAccessibleName(tr("Transcript"));
}

void TurnsList::measureTimes() {
    m_timesWidth = 0;
    if (m_turns->hasTimes()) {
        // The last turn has the longest time; a first one may have a time of day.
        const QFontMetrics metrics(theme::tabularFont(font()));
        for (const int row : {0, m_turns->rows() - 1}) {
            m_timesWidth = std::max(m_timesWidth, metrics.horizontalAdvance(timeText(m_turns->timedTurn(row))));
        }
        m_timesWidth =
            std::max(m_timesWidth, metrics.horizontalAdvance(m_turns->hasEstimates() ? u"≈ 0:00"_s : u"0:00"_s));
    }
    doItemsLayout();
}

RowFrame TurnsList::frameOf(int row) const {
    const Turn turn = m_turns->timedTurn(row);
    RowFrame frame;
    frame.time = timeText(turn);
    frame.name = speakerText(turn);
    frame.icon = signOf(turn);
    const bool quiet = isQuiet(turn);
    frame.nameColor = quiet                            ? theme::secondaryText()
                      : turn.speaker == Speaker::Agent ? theme::accent()
                                                       : palette().color(QPalette::Text);
    frame.textColor = quiet ? theme::secondaryText() : palette().color(QPalette::Text);
    if (m_turns->isCut(row)) {
        frame.below = tr("This turn is longer. O shows all of it.");
    }
    return frame;
}

}  // namespace earmark
