#include "protocol/pdf.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "common/text.hpp"
#include "common/time_text.hpp"

namespace rastro::protocol {

namespace {

// Points; A4 landscape.
constexpr double kWidth = 841.89;
constexpr double kHeight = 595.28;
constexpr double kMargin = 42;
constexpr double kFootHeight = 28;
constexpr double kText = 9;
constexpr double kTable = 8.5;
constexpr double kUnbounded = 20'000;  // no text is wrapped at it
constexpr double kSmall = 7.5;
constexpr double kHeading = 12;
constexpr double kTitle = 17;
constexpr double kPadding = 3;
constexpr double kLine = 0.5;
constexpr char const* kFont = "DejaVu Sans, Noto Sans, Liberation Sans, sans-serif";

template <auto free_one>
struct Freed {
    template <class T>
    void operator()(T* one) const {
        free_one(one);
    }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Cairo = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

cairo_status_t append(void* out, unsigned char const* data, unsigned length) {
    try {
        static_cast<std::string*>(out)->append(reinterpret_cast<char const*>(data),  // NOLINT
                                               length);
        return CAIRO_STATUS_SUCCESS;
    } catch (...) {
        return CAIRO_STATUS_NO_MEMORY;
    }
}

struct Style {
    double size = kText;
    bool bold = false;
    bool right = false;
};

// Structure of the page for screen readers, closed in the order of C++ scopes.
class Tag {
 public:
    Tag(cairo_t* cairo, char const* name) : cairo_(cairo), name_(name) {
        cairo_tag_begin(cairo_, name_, nullptr);
    }
    Tag(Tag const&) = delete;
    Tag& operator=(Tag const&) = delete;
    ~Tag() { cairo_tag_end(cairo_, name_); }

 private:
    cairo_t* cairo_;
    char const* name_;
};

class Writer {
 public:
    // `pages`: how many there are, once it is known; the first run counts them.
    Writer(Document const& document, int pages)
        : document_(document),
          pages_(pages),
          surface_(cairo_pdf_surface_create_for_stream(append, &bytes_, kWidth, kHeight)),
          cairo_(cairo_create(surface_.get())) {
        cairo_pdf_surface_set_metadata(
            surface_.get(), CAIRO_PDF_METADATA_TITLE, document.title.c_str());
        cairo_pdf_surface_set_metadata(
            surface_.get(), CAIRO_PDF_METADATA_SUBJECT, document.footer.c_str());
        auto const made = to_rfc3339(std::chrono::floor<std::chrono::seconds>(document.made_at));
        cairo_pdf_surface_set_metadata(
            surface_.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_MOD_DATE, made.c_str());
        cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "Rastro");
    }

    void run() {
        {
            Tag const whole(cairo_.get(), "Document");
            front();
            for (auto const& table : document_.tables) {
                if (!table.only_in_workbook) {
                    write(table);
                }
            }
            definitions();
        }
        foot();
        cairo_show_page(cairo_.get());
        cairo_surface_finish(surface_.get());
        auto const status = cairo_status(cairo_.get());
        if (status != CAIRO_STATUS_SUCCESS) {
            throw std::runtime_error(std::string("PDF: ") + cairo_status_to_string(status));
        }
    }

    [[nodiscard]] int page() const { return page_; }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
    [[nodiscard]] static double left() { return kMargin; }
    [[nodiscard]] static double inner() { return kWidth - 2 * kMargin; }
    [[nodiscard]] static double bottom() { return kHeight - kMargin - kFootHeight; }

    Layout layout(std::string const& text, double width, Style const& style) {
        Layout made(pango_cairo_create_layout(cairo_.get()));
        Font const font(pango_font_description_from_string(kFont));
        pango_font_description_set_size(font.get(), static_cast<int>(style.size * PANGO_SCALE));
        pango_font_description_set_weight(font.get(),
                                          style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_layout_set_font_description(made.get(), font.get());
        pango_layout_set_width(made.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_alignment(made.get(), style.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        pango_layout_set_text(made.get(), text.data(), static_cast<int>(text.size()));
        return made;
    }

    static double height_of(Layout const& made) {
        int height = 0;
        pango_layout_get_size(made.get(), nullptr, &height);
        return static_cast<double>(height) / PANGO_SCALE;
    }

    void show(Layout const& made, double x, double y) {
        cairo_move_to(cairo_.get(), x, y);
        pango_cairo_show_layout(cairo_.get(), made.get());
    }

    void rule(double y) {
        cairo_set_line_width(cairo_.get(), kLine);
        cairo_move_to(cairo_.get(), left(), y);
        cairo_line_to(cairo_.get(), left() + inner(), y);
        cairo_stroke(cairo_.get());
    }

    void foot() {
        auto const y = kHeight - kMargin - kFootHeight + 8;
        rule(y - 4);
        std::array<std::string, 2> const numbers{std::to_string(page_), std::to_string(pages_)};
        show(layout(document_.footer, inner() * 0.8, {.size = kSmall}), left(), y);
        show(layout(fill_placeholders(document_.page_text, numbers),
                    inner() * 0.19,
                    {.size = kSmall, .right = true}),
             left() + inner() * 0.81,
             y);
    }

    void next_page() {
        foot();
        cairo_show_page(cairo_.get());
        ++page_;
        y_ = kMargin;
    }
    void need(double height) {
        if (y_ + height > bottom()) {
            next_page();
        }
    }

    void block(char const* tag, std::string const& text, Style const& style, double after) {
        auto const made = layout(text, inner(), style);
        need(height_of(made));
        Tag const tagged(cairo_.get(), tag);
        show(made, left(), y_);
        y_ += height_of(made) + after;
    }

    void bookmark(std::string const& title) {
        auto const attributes = "page=" + std::to_string(page_);
        cairo_pdf_surface_add_outline(surface_.get(),
                                      CAIRO_PDF_OUTLINE_ROOT,
                                      title.c_str(),
                                      attributes.c_str(),
                                      static_cast<cairo_pdf_outline_flags_t>(0));
    }

    void pairs(std::vector<std::pair<std::string, std::string>> const& list, double share) {
        Tag const table(cairo_.get(), "Table");
        auto const first = inner() * share;
        for (auto const& [name, value] : list) {
            auto const head = layout(name, first - 8, {.bold = true});
            auto const body = layout(value, inner() - first, {});
            auto const height = std::max(height_of(head), height_of(body));
            need(height);
            Tag const row(cairo_.get(), "TR");
            {
                Tag const cell(cairo_.get(), "TH");
                show(head, left(), y_);
            }
            {
                Tag const cell(cairo_.get(), "TD");
                show(body, left() + first, y_);
            }
            y_ += height + kPadding;
        }
    }

    void front() {
        bookmark(document_.title);
        block("H1", document_.title, {.size = kTitle, .bold = true}, 4);
        if (!document_.subtitle.empty()) {
            block("P", document_.subtitle, {}, 4);
        }
        y_ += 6;
        pairs(document_.facts, 0.32);
        y_ += 10;
    }

    void definitions() {
        if (document_.definitions.empty()) {
            return;
        }
        need(60);
        bookmark(document_.definitions_title);
        block("H2", document_.definitions_title, {.size = kHeading, .bold = true}, 4);
        pairs(document_.definitions, 0.22);
    }

    // Every column has room for its longest word; what is left goes where text would wrap.
    std::vector<double> widths_of(DocumentTable const& table) {
        std::vector<double> least(table.columns.size(), 16);
        std::vector<double> wanted(table.columns.size(), 16);
        auto const take = [&](std::size_t column, std::string const& text, bool bold) {
            wanted[column] = std::max(wanted[column], natural(text, bold));
            for (auto const word : split(text, ' ')) {
                least[column] = std::max(least[column], natural(std::string(word), bold));
            }
        };
        for (std::size_t c = 0; c < wanted.size(); ++c) {
            take(c, table.columns[c], true);
            for (auto const& row : table.rows) {
                if (c < row.size()) {
                    take(c, row[c].text, false);
                }
            }
        }
        double const room = inner() - 2 * kPadding * static_cast<double>(wanted.size());
        double sum_least = 0;
        double sum_wanted = 0;
        for (std::size_t c = 0; c < wanted.size(); ++c) {
            sum_least += least[c];
            sum_wanted += wanted[c];
        }
        for (std::size_t c = 0; c < wanted.size(); ++c) {
            double width = wanted[c];
            if (sum_least >= room) {
                width = least[c] * room / sum_least;
            } else if (sum_wanted > room) {
                width = least[c] +
                        (room - sum_least) * (wanted[c] - least[c]) / (sum_wanted - sum_least);
            }
            wanted[c] = width + 2 * kPadding;
        }
        return wanted;
    }
    double natural(std::string const& text, bool bold) {
        auto const made = layout(text, kUnbounded, {.size = kTable, .bold = bold});
        int width = 0;
        pango_layout_get_size(made.get(), &width, nullptr);
        return static_cast<double>(width) / PANGO_SCALE + 1;
    }

    struct Line {
        std::vector<Layout> cells;
        double height = 0;
    };
    Line line_of(std::vector<DocumentCell> const& cells,
                 std::vector<double> const& widths,
                 bool bold) {
        Line line;
        for (std::size_t c = 0; c < cells.size() && c < widths.size(); ++c) {
            line.cells.push_back(
                layout(cells[c].text,
                       widths[c] - 2 * kPadding,
                       {.size = kTable, .bold = bold, .right = cells[c].is_number}));
            line.height = std::max(line.height, height_of(line.cells.back()));
        }
        line.height += 2 * kPadding;
        return line;
    }
    void show_line(Line const& line, std::vector<double> const& widths, bool head) {
        Tag const row(cairo_.get(), "TR");
        double x = left();
        for (std::size_t c = 0; c < line.cells.size(); ++c) {
            Tag const cell(cairo_.get(), head || c == 0 ? "TH" : "TD");
            show(line.cells[c], x + kPadding, y_ + kPadding);
            x += widths[c];
        }
        y_ += line.height;
    }

    void write(DocumentTable const& table) {
        need(90);  // no heading alone at the end of a page
        bookmark(table.title);
        block("H2", table.title, {.size = kHeading, .bold = true}, 4);
        if (!table.rows.empty()) {
            rows(table);
        }
        if (!table.note.empty()) {
            block("P", table.note, {}, 4);
        }
        y_ += 10;
    }

    void rows(DocumentTable const& table) {
        auto const widths = widths_of(table);
        std::vector<DocumentCell> head;
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            bool const number =
                c > 0 && c < table.rows.front().size() && table.rows.front()[c].is_number;
            head.push_back({table.columns[c], number});
        }
        auto const heading = line_of(head, widths, true);
        Tag const tagged(cairo_.get(), "Table");
        need(heading.height * 2);
        show_line(heading, widths, true);
        rule(y_);
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
            bool const total = table.last_is_total && r + 1 == table.rows.size();
            auto const line = line_of(table.rows[r], widths, total);
            if (y_ + line.height > bottom()) {
                next_page();
                show_line(heading, widths, true);
                rule(y_);
            }
            if (total) {
                rule(y_);
            }
            show_line(line, widths, false);
        }
        rule(y_);
        y_ += 4;
    }

    Document const& document_;
    int pages_;
    std::string bytes_;
    Surface surface_;
    Cairo cairo_;
    int page_ = 1;
    double y_ = kMargin;
};

}  // namespace

std::string write_pdf(Document const& document) {
    Writer counting(document, 0);
    counting.run();
    Writer writer(document, counting.page());
    writer.run();
    return writer.take();
}

}  // namespace rastro::protocol
