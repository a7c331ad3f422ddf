#include "ui/detail/codesinuse.h"

#include "models/store/store.h"
#include "ui/common/desksettings.h"
#include "ui/detail/reviewblock.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

CodesInUse::CodesInUse(const DeskServices& services, ReviewBlock* block, QObject* parent)
    : QObject(parent), m_services(services), m_block(block) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(500ms);
    connect(&m_timer, &QTimer::timeout, this, &CodesInUse::load);
}

void CodesInUse::load() {
    m_services.store->loadDispositionCodes(this, [this](const Result<std::vector<DispositionCount>>& counts) {
        QStringList codes;
        if (counts) {
            for (const DispositionCount& count : *counts) {
                codes << count.code;
            }
        }
        if (m_services.settings != nullptr) {
            codes << m_services.settings->value(u"dispositions/list"_s).toStringList();
        }
        codes.removeDuplicates();
        m_block->setCodes(codes);
    });
}

void CodesInUse::loadSoon() {
    if (!m_timer.isActive()) {
        m_timer.start();
    }
}

}  // namespace earmark
