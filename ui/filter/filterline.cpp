#include "ui/filter/filterline.h"

#include <QAccessible>
#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>

#include "models/tables/calltablemodel.h"
#include "ui/common/desksettings.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/filter/filteredit.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kSetting = u"filter/text"_s;
constexpr int kHintIcon = 16;
constexpr int kLongestSleepMs = 60'000;  ///< timers stand still while the computer sleeps

}  // namespace

FilterLine::FilterLine(CallTableModel* model, DeskSettings* settings, std::shared_ptr<const Clock> clock,
                       QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_settings(settings),
      m_clock(std::move(clock)),
      m_history(settings),
      m_edit(new FilterEdit(&m_history, this)),
      m_count(new PlainLabel(this)),
      m_hintIcon(new PlainLabel(this)),
      m_hint(new PlainLabel(this)) {
    setAccessibleName(tr("Filter"));
    m_count->setFont(theme::tabularFont(font()));
    m_count->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    m_count->setObjectName(u"callCount"_s);
    m_hint->setObjectName(u"filterHint"_s);
    m_hintIcon->setFixedSize(kHintIcon, kHintIcon);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.92);
    m_hint->setFont(small);

    auto* top = new QHBoxLayout;
    top->setSpacing(2 * theme::space());
    top->addWidget(m_edit, 1);
    top->addWidget(m_count);
    auto* below = new QHBoxLayout;
    below->setContentsMargins(theme::space(), 0, 0, 0);
    below->setSpacing(6);
    below->addWidget(m_hintIcon);
    below->addWidget(m_hint, 1);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(theme::space() / 2);
    all->addLayout(top);
    all->addLayout(below);
    setFocusProxy(m_edit);

    m_applySoon.setSingleShot(true);
    m_applySoon.setInterval(80ms);
    connect(&m_applySoon, &QTimer::timeout, this, &FilterLine::apply);
    m_slow.setSingleShot(true);
    m_slow.setInterval(250ms);
    connect(&m_slow, &QTimer::timeout, this, &FilterLine::showCount);

    m_midnight.setSingleShot(true);
    connect(&m_midnight, &QTimer::timeout, this, &FilterLine::watchTheDay);
    watchTheDay();

    connect(m_edit, &QLineEdit::textChanged, this, &FilterLine::textChanged);
    connect(m_edit, &QLineEdit::cursorPositionChanged, this, &FilterLine::showHint);
    connect(m_edit, &FilterEdit::entered, this, &FilterLine::enter);
    connect(m_edit, &FilterEdit::escaped, this, &FilterLine::escape);
    connect(m_edit, &FilterEdit::leftDownwards, this, &FilterLine::leaveRequested);
    connect(model, &CallTableModel::queryFinished, this, &FilterLine::answered);
    connect(model, &CallTableModel::queryFailed, this, [this] { m_enterWaits = false; });
    connect(model, &CallTableModel::totalChanged, this, &FilterLine::showCount);
    connect(model, &CallTableModel::loaded, this, &FilterLine::showCount);
    m_edit->installEventFilter(this);

    if (const QString before = settings->value(kSetting).toString(); !before.isEmpty()) {
        setText(before);
    }
    showHint();
    showCount();
}

FilterLine::~FilterLine() = default;

QString FilterLine::text() const {
    return m_edit->text();
}

void FilterLine::setText(const QString& text) {
    m_edit->setText(text);
    apply();
}

void FilterLine::clear() {
    setText({});
}

void FilterLine::takeFocus() {
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

void FilterLine::setValues(const QString& prefix, const QStringList& values) {
    m_edit->setValues(prefix, values);
}

void FilterLine::textChanged() {
    m_enterWaits = false;  // Enter was meant for another text
    auto parsed = Filter::parse(text(), FilterContext{m_clock->now(), QTimeZone::systemTimeZone()});
    if (parsed) {
        m_parsed = *parsed;
        m_problem.reset();
        m_applySoon.start();
    } else {
        m_problem = parsed.error();
        m_applySoon.stop();
    }
    m_edit->markProblem(m_problem);
    showHint();
}

void FilterLine::apply() {
    m_applySoon.stop();
    if (m_problem || m_applied == text()) {
        return;
    }
    m_applied = text();
    m_settings->setValue(kSetting, m_applied);
    m_slow.start();
    m_model->setFilter(m_parsed);
}

/// "today" and "7d" move on at midnight, also when the computer slept through it.
void FilterLine::watchTheDay() {
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(toMs(m_clock->now()), QTimeZone::systemTimeZone());
    const qint64 left = now.msecsTo(QDateTime(now.date().addDays(1), QTime(0, 0), now.timeZone()));
    m_midnight.start(int(std::clamp<qint64>(left + 20, 20, kLongestSleepMs)));
    const bool isAnother = m_day.isValid() && now.date() != m_day;
    m_day = now.date();
    if (!isAnother || m_applied.isEmpty()) {
        return;
    }
    if (const auto parsed = Filter::parse(m_applied, FilterContext{m_clock->now(), QTimeZone::systemTimeZone()})) {
        if (m_applied == text()) {
            m_parsed = *parsed;
        }
        m_model->setFilter(*parsed);
    }
}

void FilterLine::enter() {
    if (m_problem) {
        m_edit->setCursorPosition(m_problem->column - 1);
        return;
    }
    apply();
    m_history.add(text());
    m_enterWaits = true;
    if (!m_model->isQueryRunning()) {
        answered();
    }
}

void FilterLine::answered() {
    showCount();
    if (!m_model->isQueryRunning()) {
        m_slow.stop();
        if (m_enterWaits) {
            m_enterWaits = false;
            if (m_model->rowCount() > 0) {
                Q_EMIT firstRowRequested();
            }
        }
    }
}

void FilterLine::escape() {
    if (text().isEmpty()) {
        Q_EMIT leaveRequested();
        return;
    }
    m_history.add(m_problem ? m_applied : text());  // Up brings it back
    clear();
}

void FilterLine::remember() {
    if (!m_problem) {
        m_history.add(text());
    }
}

bool FilterLine::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) {
        remember();
    }
    return QWidget::eventFilter(watched, event);
}

void FilterLine::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_showingHint) {
        showHint();  // its colours are pixels already
    }
}

void FilterLine::showHint() {
    m_showingHint = true;
    QString sentence;
    QString sign;
    QColor color = theme::secondaryText();
    if (m_problem) {
        const QString problem = filterProblemText(*m_problem);
        const bool closed = problem.endsWith(u'.') || problem.endsWith(u'?');
        sentence = tr("Not valid, %1 The rows below still follow the last valid filter.")
                       .arg(closed ? problem : problem + u'.');
        sign = u"warning"_s;
        color = theme::bad();
    } else if (const int term = termAt(text(), m_edit->cursorPosition(), m_edit->terms()); term >= 0) {
        const FilterTerm& known = m_edit->terms()[size_t(term)];
        sentence = known.prefix + u"  "_s + known.explanation;
        sign = u"info"_s;
    } else if (text().isEmpty()) {
        sentence =
            tr("Words are joined by AND; OR, parentheses and -not work too. Ctrl+Space lists the terms, Up the filters "
               "used before.");
        sign = u"info"_s;
    } else {
        sentence = tr("Enter goes to the first call, Esc clears.");
        sign = u"info"_s;
    }
    m_hint->setSentence(sentence);
    QPalette palette = m_hint->palette();
    palette.setColor(QPalette::WindowText, color);
    m_hint->setPalette(palette);
    m_hintIcon->setPixmap(iconPixmap(sign, color, kHintIcon, devicePixelRatioF()));
    if (m_edit->accessibleDescription() != sentence) {
        m_edit->setAccessibleDescription(sentence);  // readers hear it with the line
    }
    m_showingHint = false;
}

void FilterLine::showCount() {
    const QLocale locale;
    const QString total = locale.toString(m_model->totalCalls());
    const QString shown = locale.toString(m_model->rowCount());
    if (!m_model->isLoaded()) {
        m_count->setText(m_model->totalCalls() == 0 ? tr("Loading\u2026") : tr("Loading\u2026 %1 calls").arg(total));
    } else if (m_model->isQueryRunning() && !m_slow.isActive()) {
        m_count->setText(tr("Filtering\u2026"));
    } else if (m_applied.trimmed().isEmpty()) {
        m_count->setText(m_model->totalCalls() == 1 ? tr("1 call") : tr("%1 calls").arg(total));
    } else {
        m_count->setText(tr("%1 of %2 calls").arg(shown, total));
    }
    // The widest it has been: the line must not change its length while one types.
    m_count->setMinimumWidth(qMax(m_count->minimumWidth(),
                                  m_count->fontMetrics().horizontalAdvance(tr("%1 of %2 calls").arg(total, total))));
}

}  // namespace earmark
