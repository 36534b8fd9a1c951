#include <yunhu/draft.hpp>

namespace yunhu::inline v0_1 {

namespace {

draft with_text(content_type kind, std::string text) {
    draft made(kind, {});
    made.content->text = std::move(text);
    return made;
}

} // namespace

draft text(std::string text) {
    return with_text(content_type::text, std::move(text));
}

draft markdown(std::string text) {
    return with_text(content_type::markdown, std::move(text));
}

draft html(std::string text) {
    return with_text(content_type::html, std::move(text));
}

draft image(std::string key) {
    draft made(content_type::image, {});
    made.content->image = std::move(key);
    return made;
}

draft file(std::string key, std::string name, std::uint64_t size) {
    draft made(content_type::file, {});
    made.content->file_url = std::move(key);
    made.content->file_name = std::move(name);
    made.content->file_size = size;
    return made;
}

draft video(std::string key) {
    draft made(content_type::video, {});
    made.content->video_url = std::move(key);
    return made;
}

draft audio(std::string key, std::uint64_t seconds) {
    draft made(content_type::audio, {});
    made.content->audio_url = std::move(key);
    made.content->audio_time = seconds;
    return made;
}

draft form(std::string form) {
    draft made(content_type::form, {});
    made.content->form = std::move(form);
    return made;
}

} // namespace yunhu::inline v0_1
