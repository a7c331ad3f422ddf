#include "ui/detail/turnreader.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include "models/domain/jsontext.h"
#include "models/domain/textfold.h"
#include "models/tables/transcriptmodel.h"
#include "ui/common/theme.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostFormatted = 64 * 1024;  ///< more is shown as it came: the window may not wait for it
constexpr int kLines = 9;

QString readable(const QString& text) {
    const QString trimmed = text.trimmed();
    const bool isJson = trimmed.startsWith(u'{') || trimmed.startsWith(u'[');
    return isJson && trimmed.size() <= kMostFormatted ? QString::fromUtf8(formattedJson(trimmed.toUtf8())) : text;
}

QString tookText(const ToolUse& tool) {
    if (!tool.startedAt || !tool.endedAt || *tool.endedAt < *tool.startedAt) {
        return {};
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(*tool.endedAt - *tool.startedAt);
    return TurnReader::tr("took %1 ms").arg(QLocale().toString(qlonglong(took.count())));
}

}  // namespace

TurnReader::TurnReader(QWidget* parent)
    : QWidget(parent),
      m_title(makeHeading({})),
      m_text(new LongTextView),
      m_outputTitle(new PlainLabel(tr("Answer"))),
      m_output(new LongTextView) {
    auto* column = new QVBoxLayout(this);
    const int gap = theme::space();
    column->setContentsMargins(3 * gap / 2, gap, 3 * gap / 2, gap);
    column->setSpacing(gap / 2);
    auto* top = new QHBoxLayout;
    m_title->setWordWrap(true);
    top->addWidget(m_title, 1);
    auto* close = new QToolButton;
    close->setIcon(icon(u"cancel"_s));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close the turn"));
    close->setToolTip(tr("Close the turn (Esc in the transcript)"));
    top->addWidget(close, 0, Qt::AlignTop);
    column->addLayout(top);
    column->addWidget(m_text);
    column->addWidget(m_outputTitle);
    column->addWidget(m_output);
    m_outputTitle->setForegroundRole(QPalette::PlaceholderText);
    m_text->setMaximumLines(kLines);
    m_output->setMaximumLines(kLines);
    m_text->area()->setAccessibleName(tr("Text of the turn"));
    m_output->area()->setAccessibleName(tr("Answer of the tool"));
    connect(close, &QToolButton::clicked, this, &TurnReader::closeWanted);
}

void TurnReader::show(int number, const Turn& turn) {
    QStringList title{tr("Turn %1").arg(QLocale().toString(number)), speakerText(turn)};
    if (const QString time = timeText(turn); !time.isEmpty()) {
        title << (turn.offset && turn.isEstimated ? tr("%1, computed here").arg(time) : time);
    }
    QString text = turn.text;
    QString output;
    if (turn.tool) {
        title << shownText(turn.tool->name, 80) << tookText(*turn.tool);
        output = readable(turn.tool->output);
        text = turn.tool->arguments.isEmpty() && output.isEmpty() ? turn.text : readable(turn.tool->arguments);
    }
    title.removeAll(QString());
    m_title->setText(title.join(u" · "_s));
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_output->setText(output);
    m_output->setVisible(!output.isEmpty());
    m_outputTitle->setVisible(!output.isEmpty() && !text.isEmpty());
    setVisible(true);
}

}  // namespace earmark
