// The turns of a call as rows: who, when, what. Main thread only.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/calldetails.h"
#include "models/tables/textrowsmodel.h"

namespace earmark {

class TranscriptModel final : public TextRowsModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TranscriptModel)

 public:
    enum Role {
        SpeakerRole = Qt::UserRole + 1,  ///< word(Speaker)
        KindRole,                        ///< word(TurnKind)
        AtRole,                          ///< milliseconds since 1970, invalid where not told
        OffsetRole,                      ///< milliseconds in the recording, invalid where not known
        EstimatedRole,                   ///< the offset was computed here
        ToolRole,                        ///< name of the tool, "" for words
    };

    using TextRowsModel::TextRowsModel;
    /// nullptr = no turns. The turns are shared, not copied.
    void setDetails(std::shared_ptr<const CallDetails> details);
    /// Where turns without a told time are heard, by row; nullopt = not known. Rows stay as they are. False: nothing
    /// is other than before.
    bool setEstimated(std::vector<std::optional<std::chrono::milliseconds>> begins);
    /// The turn that is heard now, -1 = none: said to screen readers.
    void setHeard(int row) { m_heard = row; }
    [[nodiscard]] const Turn& turn(int row) const;
    /// The same with the time that was estimated from the sound, where it has no other.
    [[nodiscard]] Turn timedTurn(int row) const;
    [[nodiscard]] bool hasTimes() const { return m_hasTimes || !m_estimated.empty(); }
    [[nodiscard]] bool hasEstimates() const { return m_hasEstimates || !m_estimated.empty(); }
    [[nodiscard]] bool isEstimatedFromSound() const { return !m_estimated.empty(); }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] int rows() const override;
    [[nodiscard]] qsizetype length(int row) const override;
    [[nodiscard]] QString shownRow(int row) const override;
    [[nodiscard]] bool isCut(int row) const override;
    [[nodiscard]] std::function<QString(int)> textReader() const override;
    [[nodiscard]] QString copiedText(int first, int last) const override;

 private:
    std::shared_ptr<const CallDetails> m_details;
    std::vector<std::optional<std::chrono::milliseconds>> m_estimated;  ///< empty: none is
    int m_heard = -1;
    bool m_hasTimes = false;
    bool m_hasEstimates = false;
};

[[nodiscard]] QString speakerText(
    const Turn& turn);  ///< "Agent", "Customer", "Tool"; the provider's word where unknown
/// "1:05" in the recording, "≈ 1:05" where computed here, else the time of day; "" where none is known.
[[nodiscard]] QString timeText(const Turn& turn);
[[nodiscard]] bool isQuiet(const Turn& turn);  ///< not said by anybody: tools, interruptions, the system
/// Of a tool its name and the beginning of what it was asked or answered, in one line; else the text as it came.
[[nodiscard]] QString turnText(const Turn& turn);

}  // namespace earmark
