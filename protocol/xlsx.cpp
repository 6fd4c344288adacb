#include "protocol/xlsx.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/text.hpp"

namespace rastro::protocol {

namespace {

constexpr double kWidestColumn = 60;
constexpr std::size_t kMostSheetName = 31;  // ECMA-376: and none of []:*?/ and backslash

void check(lxw_error error) {
    if (error != LXW_NO_ERROR) {
        throw std::runtime_error(std::string("workbook: ") + lxw_strerror(error));
    }
}

std::string sheet_name(std::string_view title, std::set<std::string>& taken) {
    auto const colon = title.find(':');
    std::string name(trim(title.substr(0, colon)));
    std::erase_if(name, [](char c) {
        return std::string_view("[]:*?/\\'").find(c) != std::string_view::npos;
    });
    std::size_t end = std::min(name.size(), kMostSheetName - 3);
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U &&
           end < name.size()) {
        --end;  // not within a character
    }
    name.resize(end);
    auto unique = name;
    for (int n = 2; !taken.insert(unique).second; ++n) {
        unique = name + " " + std::to_string(n);
    }
    return unique;
}

// A file that is only memory: the library of Debian 12 writes to a path.
class MemoryFile {
 public:
    MemoryFile() : descriptor_(::memfd_create("workbook", MFD_CLOEXEC)) {
        if (descriptor_ < 0) {
            throw std::system_error(errno, std::generic_category(), "workbook");
        }
    }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;
    ~MemoryFile() { ::close(descriptor_); }

    [[nodiscard]] std::string path() const {
        return "/proc/self/fd/" + std::to_string(descriptor_);
    }
    [[nodiscard]] std::string read() const {
        std::string bytes;
        std::string block(65536, '\0');
        for (off_t at = 0;;) {
            auto const count = ::pread(descriptor_, block.data(), block.size(), at);
            if (count < 0) {
                throw std::system_error(errno, std::generic_category(), "workbook");
            }
            if (count == 0) {
                return bytes;
            }
            bytes.append(block, 0, static_cast<std::size_t>(count));
            at += count;
        }
    }

 private:
    int descriptor_;
};

class Workbook {
 public:
    explicit Workbook(Document const& document)
        : document_(document), book_(workbook_new(file_.path().c_str())) {
        if (book_ == nullptr) {
            throw std::runtime_error("workbook: not enough memory");
        }
        bold_ = workbook_add_format(book_);
        format_set_bold(bold_);
        format_set_text_wrap(bold_);
        format_set_align(bold_, LXW_ALIGN_VERTICAL_TOP);
        head_ = workbook_add_format(book_);
        format_set_bold(head_);
        format_set_text_wrap(head_);
        format_set_bottom(head_, LXW_BORDER_THIN);
        format_set_align(head_, LXW_ALIGN_VERTICAL_TOP);
        title_ = workbook_add_format(book_);
        format_set_bold(title_);
        format_set_font_size(title_, 14);
        wrapped_ = workbook_add_format(book_);
        format_set_text_wrap(wrapped_);
        format_set_align(wrapped_, LXW_ALIGN_VERTICAL_TOP);
        total_ = workbook_add_format(book_);
        format_set_bold(total_);
        format_set_top(total_, LXW_BORDER_THIN);
        properties();
    }
    Workbook(Workbook const&) = delete;
    Workbook& operator=(Workbook const&) = delete;
    ~Workbook() {
        if (book_ != nullptr) {
            lxw_workbook_free(book_);
        }
    }

    std::string write() {
        front();
        for (auto const& table : document_.tables) {
            sheet_of(table);
        }
        auto* const book = std::exchange(book_, nullptr);
        check(workbook_close(book));
        return file_.read();
    }

 private:
    void properties() {
        lxw_doc_properties properties{};
        auto title = document_.title;  // the library wants them writable
        auto subject = document_.footer;
        properties.title = title.data();
        properties.subject = subject.data();
        properties.created =
            std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(
                std::chrono::system_clock::time_point(document_.made_at.time_since_epoch())));
        check(workbook_set_properties(book_, &properties));
    }

    lxw_worksheet* add_sheet(std::string_view title) {
        auto* sheet = workbook_add_worksheet(book_, sheet_name(title, names_).c_str());
        if (sheet == nullptr) {
            throw std::runtime_error("workbook: no sheet " + std::string(title));
        }
        worksheet_set_landscape(sheet);
        worksheet_set_paper(sheet, 9);  // A4
        worksheet_fit_to_pages(sheet, 1, 0);
        return sheet;
    }

    static void text(lxw_worksheet* sheet,
                     lxw_row_t row,
                     lxw_col_t column,
                     std::string const& value,
                     lxw_format* format) {
        check(worksheet_write_string(sheet, row, column, value.c_str(), format));
    }

    void front() {
        auto* sheet = add_sheet(document_.title);
        check(worksheet_set_column(sheet, 0, 0, 34, nullptr));
        check(worksheet_set_column(sheet, 1, 1, 100, nullptr));
        lxw_row_t row = 0;
        text(sheet, row++, 0, document_.title, title_);
        if (!document_.subtitle.empty()) {
            text(sheet, row++, 0, document_.subtitle, nullptr);
        }
        ++row;
        for (auto const& [name, value] : document_.facts) {
            text(sheet, row, 0, name, bold_);
            text(sheet, row++, 1, value, wrapped_);
        }
        ++row;
        text(sheet, row++, 0, document_.definitions_title, title_);
        for (auto const& [name, meaning] : document_.definitions) {
            text(sheet, row, 0, name, bold_);
            text(sheet, row++, 1, meaning, wrapped_);
        }
    }

    void cell(lxw_worksheet* sheet,
              lxw_row_t row,
              lxw_col_t column,
              DocumentCell const& value,
              lxw_format* format) const {
        double number = 0;
        auto const& digits = value.text;
        auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (value.is_number && read.ec == std::errc() &&
            read.ptr == digits.data() + digits.size()) {
            check(worksheet_write_number(sheet, row, column, number, format));
        } else {
            text(sheet, row, column, value.text, format == nullptr ? wrapped_ : format);
        }
    }

    void sheet_of(DocumentTable const& table) {
        auto* sheet = add_sheet(table.title);
        text(sheet, 0, 0, table.title, title_);
        constexpr lxw_row_t first = 2;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            auto const column = static_cast<lxw_col_t>(c);
            double width = static_cast<double>(table.columns[c].size());
            for (auto const& row : table.rows) {
                width =
                    std::max(width, static_cast<double>(c < row.size() ? row[c].text.size() : 0));
            }
            check(worksheet_set_column(
                sheet, column, column, std::min(width + 2, kWidestColumn), nullptr));
            text(sheet, first, column, table.columns[c], head_);
        }
        worksheet_freeze_panes(sheet, first + 1, 1);
        auto at = static_cast<lxw_row_t>(first + 1);
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            bool const total = table.last_is_total && r + 1 == table.rows.size();
            for (std::size_t c = 0; c < table.rows[r].size(); ++c) {
                cell(sheet,
                     at,
                     static_cast<lxw_col_t>(c),
                     table.rows[r][c],
                     total ? total_ : nullptr);
            }
            ++at;
        }
        if (!table.note.empty()) {
            text(sheet, at + 1, 0, table.note, nullptr);
        }
    }

    Document const& document_;
    MemoryFile file_;
    lxw_workbook* book_ = nullptr;
    lxw_format* bold_ = nullptr;
    lxw_format* head_ = nullptr;
    lxw_format* title_ = nullptr;
    lxw_format* wrapped_ = nullptr;
    lxw_format* total_ = nullptr;
    std::set<std::string> names_;
};

}  // namespace

std::string write_xlsx(Document const& document) {
    return Workbook(document).write();
}

}  // namespace rastro::protocol
