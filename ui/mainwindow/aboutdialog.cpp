#include "ui/mainwindow/aboutdialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("About Earmark"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* sign = new PlainLabel(this);
    sign->setPixmap(icon(u"earmark"_s).pixmap(QSize(64, 64), devicePixelRatioF()));
    sign->setAlignment(Qt::AlignTop);

    auto* title = new PlainLabel(tr("Earmark %1").arg(u"" EARMARK_VERSION ""_s), this);
    title->setFont(theme::headingFont(font()));
    auto* words = new PlainLabel(this);
    words->setWordWrap(true);
    words->setText(tr("A desk for reviewing campaign calls: find them, hear them, correct their disposition and notes. "
                      "Edits are kept "
                      "on this computer.\n\nCopyright 2026 the Earmark authors. Free software under the GNU General "
                      "Public License, "
                      "version 3 or later; it comes without any warranty.\n\nMade with Qt %1, SQLite, FFmpeg and SoundTouch.")
                       .arg(QString::fromLatin1(qVersion())));
    words->setMinimumWidth(fontMetrics().averageCharWidth() * 60);

    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);

    auto* text = new QVBoxLayout;
    text->setSpacing(theme::space());
    text->addWidget(title);
    text->addWidget(words);
    text->addStretch(1);
    text->addWidget(close, 0, Qt::AlignTrailing);
    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(3 * theme::space(), 3 * theme::space(), 3 * theme::space(), 2 * theme::space());
    all->setSpacing(3 * theme::space());
    all->addWidget(sign);
    all->addLayout(text, 1);
}

}  // namespace earmark
