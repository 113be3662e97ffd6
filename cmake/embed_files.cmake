# Writes OUTPUT, a C++ file whose FUNCTION gives FILES as constants; see ShmvideoEmbed.cmake. Byte by byte, so that a file
# may hold anything; a digest of each goes with it.
set(text "// Made by cmake/embed_files.cmake.\n#include \"${HEADER}\"\n\nnamespace shmvideo::sink {\nnamespace {\n\n")
string(APPEND text "using namespace std::string_view_literals;\n\nconstexpr EmbeddedFile kFiles[] = {\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  file(READ ${file} bytes HEX)
  # In lines of 24 bytes, each line a literal of its own.
  string(REGEX REPLACE "(................................................)" "\\1\"\n     \"" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  string(APPEND text "    {\"${name}\"sv,\n     \"${bytes}\"sv,\n     \"${digest}\"sv},\n")
endforeach()
string(APPEND text "};\n\n}  // namespace\n\nstd::span<const EmbeddedFile> ${FUNCTION}() noexcept { return kFiles; }\n\n"
  "}  // namespace shmvideo::sink\n")
file(WRITE ${OUTPUT} "${text}")
