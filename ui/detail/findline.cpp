#include "ui/detail/findline.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>

#include "models/domain/textfold.h"
#include "models/tables/textrowsmodel.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

struct FindLine::Found {
    std::vector<FoundText> places;
    bool isMore = false;
};

FindLine::FindLine(TextRowsModel* rows, TextRowsView* view, QWidget* parent)
    : QWidget(parent), m_rows(rows), m_view(view), m_input(new QLineEdit), m_count(new PlainLabel) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space(), theme::space() / 2, theme::space(), theme::space() / 2);
    row->setSpacing(theme::space() / 2);
    m_input->setPlaceholderText(tr("Find in this text"));
    m_input->setAccessibleName(tr("Find in this text"));
    m_input->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    m_input->setMinimumWidth(80);
    m_input->installEventFilter(this);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_input, 1);
    row->addWidget(m_count);
    const auto button = [&](const QString& sign, const QString& name, auto run) {
        auto* made = new QToolButton;
        made->setIcon(icon(sign));
        made->setAutoRaise(true);
        made->setAccessibleName(name);
        made->setToolTip(name);
        row->addWidget(made);
        connect(made, &QToolButton::clicked, this, run);
        return made;
    };
    m_previous = button(u"chevron-up"_s, tr("Previous (Shift+F3)"), [this] { step(false); });
    m_next = button(u"chevron-down"_s, tr("Next (F3)"), [this] { step(true); });
    button(u"cancel"_s, tr("Close the search (Esc)"), [this] { close(); });

    m_soon.setSingleShot(true);
    m_soon.setInterval(80ms);
    connect(&m_soon, &QTimer::timeout, this, &FindLine::search);
    connect(m_input, &QLineEdit::textChanged, this, [this] { m_soon.start(); });
    connect(rows, &QAbstractItemModel::modelReset, this, [this] {
        if (!isHidden()) {
            m_soon.start();  // the same question to the other text
        }
    });
    connect(view, &TextRowsView::findWanted, this, &FindLine::open);
    connect(view, &TextRowsView::findNextWanted, this, [this](bool forward) {
        if (isHidden()) {
            open();
        } else {
            step(forward);
        }
    });
    hide();
}

FindLine::~FindLine() {
    if (m_stop) {
        *m_stop = true;  // the pool waits for what has begun
    }
}

void FindLine::open() {
    show();
    m_input->setFocus(Qt::ShortcutFocusReason);
    m_input->selectAll();
    search();
    Q_EMIT opened();
}

void FindLine::close() {
    hide();
    m_soon.stop();
    ++m_asked;
    m_view->setFound({});
    m_view->setFocus();
    Q_EMIT closed();
}

void FindLine::search() {
    if (m_stop) {
        *m_stop = true;
    }
    const quint64 mine = ++m_asked;
    const QString wanted = foldedText(m_input->text());
    m_found = 0;
    m_isMore = false;
    m_current = -1;
    m_isSearching = !wanted.isEmpty() && m_rows->rows() > 0;
    if (!m_isSearching) {
        m_view->setFound({});
        tell();
        return;
    }
    tell();
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_workers.run<std::shared_ptr<Found>>(
        [read = m_rows->textReader(), rows = m_rows->rows(), wanted, stop = m_stop] {
            auto found = std::make_shared<Found>();
            for (int row = 0; row < rows && !*stop && !found->isMore; ++row) {
                for (const TextMatch& match : matchesIn(read(row), wanted)) {
                    found->places.push_back({row, match});
                }
                found->isMore = found->places.size() > kMostFound;
            }
            found->places.resize(std::min(found->places.size(), kMostFound));
            return found;
        },
        this,
        [this, mine](const std::shared_ptr<Found>& found) {
            if (mine == m_asked) {
                take(*found);
            }
        });
}

void FindLine::take(const Found& found) {
    m_isSearching = false;
    m_found = found.places.size();
    m_isMore = found.isMore;
    // From where the reader is, so that typing on does not throw him back to the beginning.
    const int here = std::max(0, m_view->indexAt({0, 0}).row());
    const auto first = std::lower_bound(found.places.begin(), found.places.end(), here,
                                        [](const FoundText& place, int row) { return place.row < row; });
    m_current = m_found == 0 ? -1 : first == found.places.end() ? 0 : int(first - found.places.begin());
    m_view->setFound(found.places);
    m_view->showFound(m_current);
    tell();
}

void FindLine::step(bool forward) {
    if (m_found == 0) {
        return;
    }
    const auto count = int(m_found);
    m_current = (m_current + (forward ? 1 : count - 1)) % count;
    m_view->showFound(m_current);
    tell();
}

QString FindLine::countText() const {
    return m_count->text();
}

void FindLine::tell() {
    const QLocale locale;
    QString text;
    if (m_isSearching) {
        text = tr("Searching");
    } else if (m_found > 0) {
        text = (m_isMore ? tr("%1 of more than %2") : tr("%1 of %2"))
                   .arg(locale.toString(m_current + 1), locale.toString(qulonglong(m_found)));
    } else if (!m_input->text().isEmpty()) {
        text = tr("Not found");
    }
    m_count->setText(text);
    m_previous->setEnabled(m_found > 0);
    m_next->setEnabled(m_found > 0);
}

bool FindLine::eventFilter(QObject* watched, QEvent* event) {
    const bool asks = event->type() == QEvent::ShortcutOverride;
    if (!asks && event->type() != QEvent::KeyPress) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const int code = key->key();
    const bool enter = code == Qt::Key_Return || code == Qt::Key_Enter;
    const bool leaves = code == Qt::Key_Escape || code == Qt::Key_Down;
    const bool plain = (key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    const bool again = key->matches(QKeySequence::Find);
    if (!again && (!plain || !(enter || leaves || code == Qt::Key_F3))) {
        return QWidget::eventFilter(watched, event);
    }
    event->accept();
    if (asks) {
        return true;
    }
    if (code == Qt::Key_Escape) {
        close();
    } else if (code == Qt::Key_Down) {
        m_view->setFocus();
    } else if (again) {
        m_input->selectAll();
    } else {
        step(!key->modifiers().testFlag(Qt::ShiftModifier));
    }
    return true;
}

}  // namespace earmark
