#include "ui/calltable/columnstate.h"

#include <QAction>
#include <QHeaderView>
#include <QMenu>
#include <utility>

#include "models/tables/callcolumns.h"
#include "ui/common/desksettings.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kSetting = u"table/columns"_s;

QString nameOf(int section) {
    return QString::fromLatin1(info(CallColumn(section)).name);
}

}  // namespace

ColumnState::ColumnState(QHeaderView* header, DeskSettings* settings, QObject* parent)
    : QObject(parent), m_header(header), m_settings(settings) {
    m_saveSoon.setSingleShot(true);
    m_saveSoon.setInterval(300);
    connect(&m_saveSoon, &QTimer::timeout, this, &ColumnState::save);
    const auto soon = [this] {
        if (!m_restoring) {
            m_saveSoon.start();
        }
    };
    connect(header, &QHeaderView::sectionMoved, this, soon);
    connect(header, &QHeaderView::sectionResized, this, soon);
}

ColumnState::~ColumnState() {
    if (m_saveSoon.isActive()) {
        save();
    }
}

int ColumnState::defaultWidth(int section) const {
    const QFontMetrics metrics = m_header->fontMetrics();
    const int text = info(CallColumn(section)).width * metrics.averageCharWidth() + 2 * theme::space();
    // A title is never cut by default: room for it, its margins and the sort sign.
    return qMax(text, metrics.horizontalAdvance(columnTitle(CallColumn(section))) + 4 * theme::space());
}

bool ColumnState::isShownByDefault(int section) const {
    const auto column = CallColumn(section);
    return info(column).shownByDefault || (column == CallColumn::Account && m_severalAccounts);
}

void ColumnState::setSeveralAccounts(bool several) {
    if (std::exchange(m_severalAccounts, several) != several) {
        restore();  // columns that somebody chose stay as they are
    }
}

void ColumnState::applyDefaults() {
    for (int section = 0; section < m_header->count(); ++section) {
        m_header->moveSection(m_header->visualIndex(section), section);
        m_header->setSectionHidden(section, !isShownByDefault(section));
        m_header->resizeSection(section, defaultWidth(section));
    }
}

void ColumnState::restore() {
    m_restoring = true;
    applyDefaults();
    const QVariantList columns = m_settings->value(kSetting).toList();
    int visual = 0;
    int shown = 0;
    for (const QVariant& entry : columns) {
        const QVariantMap column = entry.toMap();
        const std::optional<CallColumn> known = columnFromName(column.value(u"name"_s).toString());
        if (!known) {
            continue;  // written by another version
        }
        const int section = int(*known);
        m_header->moveSection(m_header->visualIndex(section), visual++);
        const bool visible = column.value(u"shown"_s).toBool();
        shown += visible ? 1 : 0;
        m_header->setSectionHidden(section, !visible);
        m_header->resizeSection(section, qBound(24, column.value(u"width"_s, defaultWidth(section)).toInt(), 2000));
    }
    if (!columns.isEmpty() && shown == 0) {
        applyDefaults();  // a table without columns could not be mended by the user
    }
    m_restoring = false;
    Q_EMIT shownColumnsChanged();
}

void ColumnState::reset() {
    m_restoring = true;
    applyDefaults();
    m_restoring = false;
    save();
    Q_EMIT shownColumnsChanged();
}

void ColumnState::show(int section, bool shown) {
    m_header->setSectionHidden(section, !shown);
    if (shown && m_header->sectionSize(section) < 24) {
        m_header->resizeSection(section, defaultWidth(section));
    }
    m_saveSoon.start();
    Q_EMIT shownColumnsChanged();
}

void ColumnState::fillMenu(QMenu* menu) {
    const int shown = m_header->count() - m_header->hiddenSectionCount();
    for (int section = 0; section < m_header->count(); ++section) {
        QAction* action = menu->addAction(columnTitle(CallColumn(section)));
        action->setCheckable(true);
        action->setChecked(!m_header->isSectionHidden(section));
        action->setEnabled(!action->isChecked() || shown > 1);
        connect(action, &QAction::toggled, this, [this, section](bool on) { show(section, on); });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Reset columns")), &QAction::triggered, this, &ColumnState::reset);
}

bool ColumnState::anyTextColumnShown() const {
    for (const CallColumnInfo& column : callColumns()) {
        if (column.needsTexts && !m_header->isSectionHidden(int(column.column))) {
            return true;
        }
    }
    return false;
}

int ColumnState::lastShownSection() const {
    for (int visual = m_header->count() - 1; visual >= 0; --visual) {
        if (const int section = m_header->logicalIndex(visual); !m_header->isSectionHidden(section)) {
            return section;
        }
    }
    return -1;
}

void ColumnState::save() {
    m_saveSoon.stop();
    const QVariantList before = m_settings->value(kSetting).toList();
    const auto widthBefore = [&](int section) {
        for (const QVariant& entry : before) {
            if (entry.toMap().value(u"name"_s).toString() == nameOf(section)) {
                return entry.toMap().value(u"width"_s).toInt();
            }
        }
        return defaultWidth(section);
    };
    const int stretched = lastShownSection();  // its width is the window's doing
    QVariantList columns;
    bool asDelivered = true;
    for (int visual = 0; visual < m_header->count(); ++visual) {
        const int section = m_header->logicalIndex(visual);
        const bool hidden = m_header->isSectionHidden(section);
        const int width = hidden || section == stretched ? widthBefore(section) : m_header->sectionSize(section);
        asDelivered =
            asDelivered && section == visual && hidden != isShownByDefault(section) && width == defaultWidth(section);
        columns.append(QVariantMap{{u"name"_s, nameOf(section)}, {u"shown"_s, !hidden}, {u"width"_s, width}});
    }
    // Who never touched the columns gets what a later version thinks best.
    m_settings->setValue(kSetting, asDelivered ? QVariantList() : columns);
}

}  // namespace earmark
