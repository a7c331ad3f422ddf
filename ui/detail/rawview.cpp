#include "ui/detail/rawview.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/common/theme.h"
#include "ui/detail/findline.h"

namespace earmark {

using namespace Qt::StringLiterals;

LinesList::LinesList(TextLinesModel* lines, QWidget* parent) : TextRowsView(lines, parent) {
    setAccessibleName(tr("The provider's object"));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(font().pointSizeF());
    setTextFont(fixed);
}

RowFrame LinesList::frameOf(int) const {
    RowFrame frame;
    frame.textColor = palette().color(QPalette::Text);
    frame.isContentDirected = false;
    return frame;
}

RawView::RawView(QWidget* parent)
    : QWidget(parent),
      m_model(new TextLinesModel(this)),
      m_list(new LinesList(m_model)),
      m_find(new FindLine(m_model, m_list)),
      m_about(new ToneLabel(Tone::Quiet)),
      m_copy(new QPushButton(tr("Copy all"))) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    const int edge = theme::space() * 3 / 2;
    top->setContentsMargins(edge, edge / 2, edge, edge / 2);
    top->addWidget(m_about, 1);
    auto* find = new QPushButton(tr("Find"));
    find->setIcon(icon(u"search"_s));
    find->setToolTip(tr("Find (Ctrl+F in the text)"));
    m_copy->setIcon(icon(u"copy"_s));
    top->addWidget(find, 0, Qt::AlignTop);
    top->addWidget(m_copy, 0, Qt::AlignTop);
    column->addLayout(top);
    column->addWidget(m_find);
    column->addWidget(m_list, 1);
    connect(find, &QPushButton::clicked, m_find, &FindLine::open);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_model->wholeText()); });
    connect(m_find, &FindLine::opened, this, [this] { m_list->setTakesEscape(true); });
    connect(m_find, &FindLine::closed, this, [this] { m_list->setTakesEscape(false); });
    connect(m_list, &TextRowsView::escaped, m_find, &FindLine::close);
    clear();
}

void RawView::setText(const QString& text, Provider provider, bool isMerged) {
    const bool nothing = text.isEmpty() || text == "null"_L1;
    m_about->setText(nothing    ? tr("The answer of %1 is not kept.").arg(providerName(provider))
                     : isMerged ? tr("As %1 answered: list and single call in one. Signatures of links are left out.")
                                      .arg(providerName(provider))
                                : tr("As %1 answered. Signatures of links are left out.").arg(providerName(provider)));
    m_copy->setEnabled(!nothing);
    if (text == m_text && m_model->rows() > 0) {
        return;  // a refresh that brought nothing new leaves the reader where he is
    }
    m_text = text;
    const quint64 mine = ++m_asked;
    using Cut = std::shared_ptr<const CutText>;
    m_workers.run<Cut>([text = nothing ? QString() : text] { return cutIntoRows(text); }, this,
                       [this, mine](const Cut& cut) {
                           if (mine == m_asked) {
                               m_model->setText(cut);
                               m_list->setCurrentIndex(m_model->index(0));
                           }
                       });
}

void RawView::clear() {
    ++m_asked;
    m_text.clear();
    m_model->setText(nullptr);
    m_about->setText({});
    m_copy->setEnabled(false);
}

void RawView::focusLines() {
    m_list->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace earmark
