#include "ui/detail/transcriptview.h"

#include <QGuiApplication>
#include <QVBoxLayout>

#include "ui/common/theme.h"
#include "ui/detail/findline.h"
#include "ui/detail/turnfollower.h"
#include "ui/detail/turnreader.h"

namespace earmark {

using namespace Qt::StringLiterals;

TranscriptView::TranscriptView(QWidget* parent)
    : QWidget(parent),
      m_model(new TranscriptModel(this)),
      m_list(new TurnsList(m_model)),
      m_find(new FindLine(m_model, m_list)),
      m_reader(new TurnReader),
      m_follower(new TurnFollower(m_list, m_model)),
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
    connectList();
    connect(m_find, &FindLine::opened, this, [this] { m_list->setTakesEscape(true); });
    connect(m_find, &FindLine::closed, this, [this] { m_list->setTakesEscape(m_opened >= 0); });
    connect(m_reader, &TurnReader::closeWanted, this, [this] { closeTurn(); });
    tell();
}

void TranscriptView::connectList() {
    const auto read = [this](int row) { row == m_opened ? closeTurn() : openTurn(row); };
    connect(m_list, &TextRowsView::rowReadWanted, this, read);
    connect(m_list, &TextRowsView::rowOpened, this, [this, read](int row) {
        // A tool has more to read than to hear; a turn that cannot be played can still be read.
        if (m_model->turn(row).tool || !playFrom(row)) {
            read(row);
        }
    });
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
            return;
        }
        if (m_opened >= 0) {
            openTurn(index.row());  // the reader follows what is chosen
        }
        // Shift and Ctrl select several, to copy them.
        if ((QGuiApplication::keyboardModifiers() & (Qt::ShiftModifier | Qt::ControlModifier)) == Qt::NoModifier) {
            static_cast<void>(playFrom(index.row()));
        }
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (m_opened >= 0 && now.isValid()) {
            openTurn(now.row());
        }
    });
}

bool TranscriptView::playFrom(int row) {
    const auto at = m_steps.beginOf(row);
    if (at) {
        m_follower->resume();
        Q_EMIT playFromWanted(*at);
    }
    return at.has_value();
}

void TranscriptView::setPlaces(const std::vector<TurnPlace>& places) {
    m_steps = TurnSteps(places);
    std::vector<std::optional<std::chrono::milliseconds>> begins(size_t(m_model->rows()));
    for (const TurnPlace& place : places) {
        if (place.turn >= 0 && place.turn < m_model->rows() && !m_model->turn(place.turn).offset) {
            begins[size_t(place.turn)] = place.span.begin;
        }
    }
    if (m_model->setEstimated(std::move(begins))) {
        m_list->measureTimes();
    }
    m_follower->setSteps(m_steps);
    tell();
}

void TranscriptView::setPosition(std::optional<std::chrono::milliseconds> at) {
    m_follower->setPosition(at);
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
        m_steps = {};
        m_follower->setSteps(m_steps);
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
    m_note->setText(m_model->isEstimatedFromSound()
                        ? tr("Times marked ≈ are estimated here from the sound; %1 does not tell them.").arg(provider)
                    : m_model->hasEstimates()
                        ? tr("Times marked ≈ are computed here; %1 does not tell them.").arg(provider)
                        : QString());
    m_note->setVisible(has && m_model->hasEstimates());
    if (!has && !m_find->isHidden()) {
        m_find->hide();
    }
}

void TranscriptView::openTurn(int row) {
    m_opened = row;
    m_reader->show(row + 1, m_model->timedTurn(row));
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
