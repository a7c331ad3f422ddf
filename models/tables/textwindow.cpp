#include "models/tables/textwindow.h"

namespace earmark {

namespace {

constexpr qsizetype kKeptCharacters = 2'000;

void cut(std::optional<QString>& text) {
    if (text && text->size() > kKeptCharacters) {
        text = text->left(kKeptCharacters);  // left() copies, so the long one is really let go
    }
}

}  // namespace

TextWindow::TextWindow(Store* store, QObject* parent) : QObject(parent), m_store(store) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &TextWindow::ask);
}

void TextWindow::setWanted(std::vector<qint64> callRows) {
    m_wanted = std::move(callRows);
    m_unavailable.clear();  // looking at them again is reason enough to try again
    m_soon.start();
}

const CallTexts* TextWindow::find(qint64 callRow) const {
    return m_kept.object(callRow);
}

bool TextWindow::isUnavailable(qint64 callRow) const {
    return m_unavailable.contains(callRow);
}

void TextWindow::forget(const std::vector<qint64>& callRows) {
    for (const qint64 row : callRows) {
        m_kept.remove(row);
        if (m_underWay.contains(row)) {
            m_changedMeanwhile.insert(row);
        }
    }
    m_soon.start();
}

void TextWindow::ask() {
    if (!m_underWay.isEmpty()) {
        return;  // one question at a time; keep() looks again
    }
    std::vector<qint64> missing;
    for (const qint64 row : m_wanted) {
        if (!m_kept.contains(row) && !m_unavailable.contains(row)) {
            missing.push_back(row);
            m_underWay.insert(row);
        }
    }
    if (missing.empty()) {
        return;
    }
    m_store->loadTexts(missing, this, [this, missing](Result<std::vector<CallTexts>> texts) { keep(missing, texts); });
}

void TextWindow::keep(const std::vector<qint64>& asked, const Result<std::vector<CallTexts>>& texts) {
    m_underWay.clear();
    if (!texts) {
        m_unavailable.unite(QSet<qint64>(asked.begin(), asked.end()));
    } else {
        QSet<qint64> silent(asked.begin(), asked.end());
        for (const CallTexts& one : *texts) {
            silent.remove(one.callRow);
            if (m_changedMeanwhile.contains(one.callRow)) {
                continue;
            }
            auto* kept = new CallTexts(one);
            cut(kept->summary);
            cut(kept->notes);
            cut(kept->nextAction);
            m_kept.insert(one.callRow, kept);
        }
        m_unavailable.unite(silent);
    }
    m_changedMeanwhile.clear();
    m_soon.start();
    Q_EMIT arrived();
}

}  // namespace earmark
