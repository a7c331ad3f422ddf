#include "ui/detail/transcriptview.h"

#include <QVBoxLayout>
#include <algorithm>

#include "ui/common/theme.h"
#include "ui/detail/findline.h"
#include "ui/detail/turnreader.h"

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
            m_timesWidth = std::max(m_timesWidth, metrics.horizontalAdvance(timeText(m_turns->turn(row))));
        }
        m_timesWidth =
            std::max(m_timesWidth, metrics.horizontalAdvance(m_turns->hasEstimates() ? u"≈ 0:00"_s : u"0:00"_s));
    }
    doItemsLayout();
}

RowFrame TurnsList::frameOf(int row) const {
    const Turn& turn = m_turns->turn(row);
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
        frame.below = tr("This turn is longer. Enter shows all of it.");
    }
    return frame;
}

TranscriptView::TranscriptView(QWidget* parent)
    : QWidget(parent),
      m_model(new TranscriptModel(this)),
      m_list(new TurnsList(m_model)),
      m_find(new FindLine(m_model, m_list)),
      m_reader(new TurnReader),
      m_note(new ToneLabel(Tone::Quiet)),
      m_absent(new ToneLabel(Tone::Quiet)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_find);
    column->addWidget(m_note);
    column->addWidget(m_absent, 1);
    column->addWidget(m_list, 1);
    column->addWidget(new Rule);
    column->addWidget(m_reader);
    const int edge = theme::space() * 3 / 2;
    m_note->setContentsMargins(edge, edge / 2, edge, edge / 2);
    m_absent->setContentsMargins(2 * edge, edge, 2 * edge, edge);
    m_absent->setAlignment(Qt::AlignCenter);
    m_absent->setFocusPolicy(Qt::StrongFocus);
    m_reader->hide();
    connect(m_list, &TextRowsView::rowOpened, this, [this](int row) { row == m_opened ? closeTurn() : openTurn(row); });
    connect(m_list, &TextRowsView::escaped, this, [this] {
        if (m_opened >= 0) {
            closeTurn();
        } else {
            m_find->close();
        }
    });
    connect(m_list, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
        if (m_model->turn(index.row()).tool) {
            openTurn(index.row());
        } else if (m_opened >= 0) {
            openTurn(index.row());  // the reader follows what is chosen
        }
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (m_opened >= 0 && now.isValid()) {
            openTurn(now.row());
        }
    });
    connect(m_find, &FindLine::opened, this, [this] { m_list->setTakesEscape(true); });
    connect(m_find, &FindLine::closed, this, [this] { m_list->setTakesEscape(m_opened >= 0); });
    connect(m_reader, &TurnReader::closeWanted, this, [this] { closeTurn(); });
    tell();
}

void TranscriptView::setCall(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing) {
    m_provider = call.provider;
    m_status = call.status;
    m_isReading = details == nullptr;
    m_areMissing = areMissing;
    if (details != m_details) {
        m_details = details;
        closeTurn();
        m_model->setDetails(details);
        m_list->measureTimes();
        if (m_model->rows() > 0) {
            m_list->setCurrentIndex(m_model->index(0));  // always a current row, for keys and screen readers
        }
    }
    tell();
}

void TranscriptView::setFetching(bool isFetching) {
    m_isFetching = isFetching;
    tell();
}

void TranscriptView::setFetchProblem(const QString& problem) {
    m_problem = problem;
    tell();
}

void TranscriptView::tell() {
    const bool has = m_model->rows() > 0;
    const QString provider = providerName(m_provider);
    QString absent;
    if (!has && !offers(m_provider, DetailPart::Transcript)) {
        absent = tr("%1 does not offer transcripts.").arg(provider);
    } else if (!has && m_isReading) {
        absent = tr("Reading the transcript");
    } else if (!has && m_areMissing) {
        absent = m_isFetching          ? tr("The transcript is being fetched from %1.").arg(provider)
                 : m_problem.isEmpty() ? tr("The transcript was not fetched yet.")
                                       : tr("The transcript was not fetched yet. %1").arg(m_problem);
    } else if (!has) {
        absent = m_status != CallStatus::Unknown && !hasEnded(m_status)
                     ? tr("No transcript yet; the call has not ended.")
                     : tr("%1 stored no transcript of this call.").arg(provider);
    }
    m_absent->setText(absent);
    m_absent->setVisible(!has);
    m_list->setVisible(has);
    m_note->setText(m_model->hasEstimates()
                        ? tr("Times marked ≈ are computed here; %1 does not tell them.").arg(provider)
                        : QString());
    m_note->setVisible(has && m_model->hasEstimates());
    if (!has && !m_find->isHidden()) {
        m_find->hide();
    }
}

void TranscriptView::openTurn(int row) {
    m_opened = row;
    m_reader->show(row + 1, m_model->turn(row));
    m_list->setTakesEscape(true);
}

void TranscriptView::closeTurn() {
    m_opened = -1;
    m_reader->hide();
    m_list->setTakesEscape(!m_find->isHidden());
}

void TranscriptView::focusTurns() {
    if (m_model->rows() > 0) {
        m_list->setFocus(Qt::ShortcutFocusReason);
    } else {
        m_absent->setFocus(Qt::ShortcutFocusReason);
    }
}

QString TranscriptView::absenceText() const {
    return m_absent->isHidden() ? QString() : m_absent->text();
}

}  // namespace earmark
