// Random calls for tests of the index: nulls, zeros, words nobody knows, edits, several scripts. One thread.
#pragma once

#include <QRandomGenerator>
#include <vector>

#include "models/domain/indexrow.h"

namespace earmark::test {

/// Words from which texts are made; filters in tests draw from the same ones.
[[nodiscard]] const QStringList& textWords();
[[nodiscard]] const QStringList& codeWords();
[[nodiscard]] Moment randomMoment(QRandomGenerator& random);

class RandomCalls final {
 public:
    explicit RandomCalls(quint32 seed);
    /// Call with this number, id and row id; everything else is drawn.
    [[nodiscard]] ReviewedCall call(int number, qint64 callRow);
    [[nodiscard]] Review review(const Call& call);
    [[nodiscard]] QRandomGenerator& random() { return m_random; }

 private:
    [[nodiscard]] bool chance(int percent);
    [[nodiscard]] const QString& oneOf(const QStringList& list);
    [[nodiscard]] std::optional<QString> maybe(const QStringList& list, int percent);
    [[nodiscard]] std::optional<QString> maybeText(int percent);
    [[nodiscard]] std::optional<Moment> maybeMoment(int percent);
    [[nodiscard]] std::optional<double> maybeSeconds(int percent);
    [[nodiscard]] std::optional<LocalEdit> maybeEdit(const std::optional<QString>& base, bool isText, int percent);
    void drawNames(Call& call);
    void drawTimes(Call& call);

    QRandomGenerator m_random;
    qint64 m_sequence = 0;
};

/// What the store hands to the index: flags instead of the long texts.
[[nodiscard]] IndexRow indexRow(const ReviewedCall& call);
[[nodiscard]] CallTexts callTexts(const ReviewedCall& call);

}  // namespace earmark::test
